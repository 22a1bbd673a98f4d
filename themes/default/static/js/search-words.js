/* From text to words and terms, as sitegen/render/search does it when it makes the index: words.py,
   trimmer.py and analysis.py say what the rules are for. Stop words and stemmer are lunr.js's. */
(function () {
  "use strict";
  var lunr = window.lunr;
  var LONGEST = 60, MOST_PARTS = 4;
  var MOST_KNOWN = 5000, known = new Map();
  /* What stands between words, and the characters that are a word each: ranges of classes. */
  var BETWEEN = "\\u0080-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u00d7\\u00f7\\u05be\\u05c0\\u05c3" +
    "\\u05f3\\u05f4\\u060c\\u061b\\u061f\\u066a-\\u066d\\u06d4\\u0964\\u0965\\u0e4f\\u0e5a\\u0e5b" +
    "\\u1680\\u2000-\\u206f\\u20a0-\\u20cf\\u2190-\\u2bff\\u2e00-\\u2e7f\\u3000-\\u3004" +
    "\\u3008-\\u3020\\u3030\\u303d-\\u303f\\ufe10-\\ufe1f\\ufe30-\\ufe6f\\uff00-\\uff0f" +
    "\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65\\ufff0-\\uffff" +
    "\\u{1f000}-\\u{1faff}\\u{e0000}-\\u{e0fff}";
  var ALONE = "\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  var OUTSIDE = "\\x00-/:-@\\[-^`{-\\x7f" + BETWEEN;
  var LETTER = "[^_" + OUTSIDE + ALONE + "]";
  var WORD = new RegExp(
    "\\n|[" + ALONE + "]|(?:" + LETTER + "*[0-9]\\.(?=[0-9]))*" + LETTER + "+", "gu"
  );
  var START = new RegExp("^[" + OUTSIDE + "]+", "u");
  var END = new RegExp("[" + OUTSIDE + "]+$", "u");
  var PART = /[0-9.]+|[^0-9.]+/gu;

  /* The words of a text: [start, end) of each, in order; a line's end is one that is never found. */
  function places(text) {
    var found = [];
    var match;
    WORD.lastIndex = 0;
    while ((match = WORD.exec(text))) found.push([match.index, WORD.lastIndex]);
    return found;
  }
  function split(text) {
    return text.match(WORD) || [];
  }

  /* What a word in lower case is found by. */
  function parts(word) {
    if (word === "\n" || word.length > LONGEST) return [];
    var found = word.match(PART);
    if (found.length < 2 || found.length > MOST_PARTS) return [word];
    return [word].concat(found.filter(function (part) {
      return Array.from(part).length > 1 || /^[0-9]$/.test(part);
    }));
  }

  function trimmer(token) {
    return token.update(function (text) { return text.replace(START, "").replace(END, ""); });
  }
  lunr.Pipeline.registerFunction(trimmer, "trimmer-as-index");

  /* The terms that stand in the index for a word of a text, stop words left out; and the terms of a
     word of a query. Of several languages the stemmers work one after the other, as in lunr-languages. */
  var pipeline, queries;
  function speak(codes) {
    var languages = codes.map(function (code) { return code === "en" ? lunr : lunr[code]; });
    pipeline = new lunr.Pipeline();
    pipeline.add(trimmer);
    languages.forEach(function (each) { pipeline.add(each.stopWordFilter); });
    queries = new lunr.Pipeline();
    languages.forEach(function (each) {
      pipeline.add(each.stemmer);
      queries.add(each.stemmer);
    });
    known.clear();
  }
  function terms(word) {
    var found = known.get(word);
    if (found) return found;
    found = [].concat.apply([], parts(word.toLowerCase()).map(function (part) {
      return pipeline.runString(part).filter(Boolean);
    }));
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(word, found);
    return found;
  }

  /* For lunr.js itself: lunr.Builder's tokenizer. */
  function tokenizer(text, metadata) {
    var found = [];
    places(text || "").forEach(function (place, number) {
      parts(text.slice(place[0], place[1]).toLowerCase()).forEach(function (part) {
        var kept = lunr.utils.clone(metadata) || {};
        kept.position = [place[0], place[1] - place[0]];
        kept.index = number;
        found.push(new lunr.Token(part, kept));
      });
    });
    return found;
  }

  speak(["en"]);
  window.sitegen.search = {
    words: {
      places: places, split: split, parts: parts, terms: terms, trimmer: trimmer, tokenizer: tokenizer,
      speak: speak, queryTerms: function (word) { return queries.runString(word); }
    }
  };
})();
