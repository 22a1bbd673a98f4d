/* Which terms of an index a word of a query stands for: itself, all that fit a pattern (mod*, *boost),
   or all that are within some edits of it (modle~1), exactly as lunr.js's TokenSet has it. */
(function () {
  "use strict";
  var search = window.sitegen.search;
  var FIRST = 48, MANY_DIGITS = 3;
  /* A pattern's beginning is looked up in the postings' files where they are few, as they will be
     needed; else, and for anything else, in the list of terms. */
  var FEW_FILES = 4;

  function digitsIn(text) {
    return (text.match(/[0-9]/g) || []).length;
  }
  function backwards(text) {
    return Array.from(text).reverse().join("");
  }

  /* Where a term is in the list of terms: digits, UTF-16 units, the term from its end. */
  function shape(term) {
    return [Math.min(digitsIn(term), MANY_DIGITS), term.length, backwards(term)];
  }
  function compare(a, b) {
    for (var at = 0; at < 3; at++) {
      if (a[at] < b[at]) return -1;
      if (a[at] > b[at]) return 1;
    }
    return 0;
  }
  /* The parts of the list that may hold shapes from `low` to `high`. */
  function parts(shapes, low, high) {
    var found = [];
    shapes.forEach(function (first, at) {
      var next = shapes[at + 1];
      if (compare(first, high) <= 0 && (!next || compare(next, low) >= 0)) found.push(at);
    });
    return found;
  }

  /* The terms of a part of the list: [{term, often: powers of two, shown}]. */
  function readPart(data) {
    var before = "";
    return new TextDecoder().decode(data).split("\n").map(function (line) {
      var tab = line.indexOf("\t");
      var rest = line.slice(2, tab < 0 ? undefined : tab);
      var term = rest + before.slice(before.length - (line.charCodeAt(0) - FIRST));
      before = term;
      var shown = tab < 0 ? term : term.slice(0, line.charCodeAt(tab + 1) - FIRST) + line.slice(tab + 2);
      return { term: term, often: line.charCodeAt(1) - FIRST, shown: shown };
    });
  }

  /* Whether a term is what at most `edits` edits make of a word: a character more, less, another, or
     two that changed places, after which the first of them goes on with what follows. "*" in the word
     is any character. Both from a place on; `held` is a character that comes before the word's rest. */
  function within(term, at, word, from, held, edits) {
    var left = word.length - from + held.length;
    var more = term.length - at;
    if (left - more > edits || more - left > edits) return false;
    if (!left) return true;
    var first = held || word[from];
    var next = held ? from : from + 1;
    if (more && (first === "*" || term[at] === first) && within(term, at + 1, word, next, "", edits)) return true;
    if (!edits) return false;
    if (within(term, at, word, next, "", edits - 1)) return true;
    if (!more) return false;
    if (within(term, at + 1, word, next, "", edits - 1)) return true;
    if (within(term, at + 1, word, from, held, edits - 1)) return true;
    var second = word[next];
    return second !== undefined && (second === "*" || term[at] === second) &&
      within(term, at + 1, word, next + 1, first, edits - 1);
  }
  function fuzzy(word, edits) {
    return function (term) { return within(term, 0, word, 0, "", edits); };
  }

  /* A test for a pattern in which "*" stands for any characters or none. */
  function glob(pattern) {
    var pieces = pattern.split("*");
    var start = pieces.shift(), end = pieces.pop();
    return function (term) {
      if (end === undefined) return term === start;
      if (term.length < start.length + end.length || !term.startsWith(start) || !term.endsWith(end)) return false;
      var at = start.length, last = term.length - end.length;
      return pieces.every(function (piece) {
        at = term.indexOf(piece, at) + piece.length;
        return at >= piece.length && at <= last;
      });
    };
  }

  /* The ranges of shapes in which terms that fit a clause may be: [[low, high], ...]. */
  function ranges(clause) {
    var word = clause.term, edits = clause.editDistance || 0;
    var found = [], digits = digitsIn(word), stars = word.split("*").length - 1;
    var longest = 60, end = "";
    var low = word.length - edits, high = word.length + edits;
    var most = digits + edits + stars;
    if (!("editDistance" in clause)) {
      end = backwards(word.slice(word.lastIndexOf("*") + 1));
      low = word.length - stars;
      high = longest;
      most = MANY_DIGITS;
    }
    for (var d = Math.min(MANY_DIGITS, Math.max(0, digits - edits)); d <= Math.min(MANY_DIGITS, most); d++) {
      if (!end) {
        found.push([[d, Math.max(1, low), ""], [d, high, "\uffff"]]);
        continue;
      }
      for (var length = Math.max(1, low); length <= high; length++) {
        found.push([[d, length, end], [d, length, end + "\uffff"]]);
      }
    }
    return found;
  }

  search.terms = {
    shape: shape, parts: parts, readPart: readPart, fuzzy: fuzzy, glob: glob, ranges: ranges,
    FEW_FILES: FEW_FILES
  };
})();
