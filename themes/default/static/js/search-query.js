/* The language of queries: lunr.js's, and conditions on fields, metrics and states.

   A query is parts with spaces between them. Each is a word or a "phrase", with + (must be there) or -
   (must not) before it, or a field and a colon; a word may hold * and end in ~ (misspelt) and ^ (counts
   more). Parts of one field are alternatives; parts of different fields, phrases, metric.f1>0.9 and
   is:deprecated all have to fit, and so does one of the words that stand alone. */
(function () {
  "use strict";
  var search = window.sitegen.search;
  var lunr = window.lunr;
  var FIELDS = [
    "name", "label", "framework", "stage", "version", "repo", "description", "author", "type", "column",
    "package", "message", "text"
  ];
  var OTHERS = { repository: "repo", model: "name", card: "text", labels: "label", requirement: "package" };
  var STATES = ["registered", "unregistered", "deprecated"];
  var MOST_EDITS = 2, MOST_PARTS = 30;
  /* A letter that no text holds stands for "*" while words are cut. */
  var STAR = "\ue0ff";
  var METRIC = /^metric\.([^\s<>=:"]+)\s*(>=|<=|>|<|=)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(?=\s|$)/i;

  /* The parts of a text as they are written: {from, to, sign, field, phrase or word, edits, boost}. */
  function cut(text) {
    var found = [], at = 0;
    while (at < text.length && found.length < MOST_PARTS) {
      if (/\s/.test(text[at])) {
        at += 1;
        continue;
      }
      var part = cutOne(text, at);
      found.push(part);
      at = part.to;
    }
    return found;
  }
  function cutOne(text, from) {
    var part = { from: from, sign: "", field: "", edits: 0, boost: 1, open: false };
    var rest = text.slice(from);
    var sign = /^[+-](?=\S)/.exec(rest);
    if (sign) {
      part.sign = sign[0];
      rest = rest.slice(1);
    }
    var metric = METRIC.exec(rest);
    if (metric) {
      part.metric = { name: metric[1], than: metric[2], value: Number(metric[3]), text: metric[3] };
      part.to = text.length - rest.length + metric[0].length;
      return part;
    }
    var field = /^([A-Za-z]+):/.exec(rest);
    var name = field ? nameOf(field[1].toLowerCase()) : "";
    if (name) rest = rest.slice(field[0].length);
    else if (field && field[0].length < rest.length) part.other = field[1];
    var written = /^"([^"]*)("|$)/.exec(rest) || /^\S*/.exec(rest);
    part.to = text.length - rest.length + written[0].length;
    part.open = part.to === text.length && !/"$/.test(written[0]);
    if (written.length > 1) part.phrase = written[1];
    else readWord(part, written[0]);
    if (name === "is") {
      var state = part.phrase === undefined ? part.word.toLowerCase() : "";
      if (STATES.indexOf(state) >= 0) part.state = state;
      else part.noState = part.phrase === undefined ? part.word : part.phrase;
    } else {
      part.field = name;
    }
    return part;
  }
  /* The field that a name means, "" for none: a word and a colon may just be what is looked for. */
  function nameOf(name) {
    if (Object.prototype.hasOwnProperty.call(OTHERS, name)) return OTHERS[name];
    return name === "is" || FIELDS.indexOf(name) >= 0 ? name : "";
  }
  /* A word, and what lunr.js's operators after it say. */
  function readWord(part, text) {
    var ends = /^(.*?)((?:[~^]\d*)*)$/.exec(text);
    part.word = ends[1];
    (ends[2].match(/[~^]\d*/g) || []).forEach(function (each) {
      var number = each.length > 1 ? Math.min(Number(each.slice(1)), 1000) : 1;
      if (each[0] === "~") part.edits = Math.min(number, MOST_EDITS);
      else part.boost = number;
      part.open = false;
    });
  }

  /* The words of a part; "*" stays in them. */
  function wordsOf(part) {
    if (part.phrase === undefined && /\*/.test(part.word)) {
      var bare = search.words.split(part.word.replace(/[.*]+/g, ""));
      /* What has nothing but stars fits everything, and is no condition. */
      if (!bare.length) return [];
      if (bare.length === 1 && bare[0] !== "\n") return [part.word.toLowerCase()];
    }
    var text = part.phrase !== undefined ? part.phrase : part.word.replace(/\*+/g, STAR);
    return search.words.split(text).filter(function (word) { return word !== "\n" && word !== STAR; })
      .map(function (word) { return word.replace(new RegExp(STAR, "g"), "*").toLowerCase(); });
  }
  function isStopWord(word) {
    return word.indexOf("*") < 0 && !search.words.terms(word).length;
  }

  /* What a text asks for: {parts}, each part with its words, those that mean nothing left out. */
  function parse(text) {
    var parts = cut(text).filter(function (part) {
      if (part.metric || part.state) return true;
      part.words = wordsOf(part);
      return part.words.length > 0;
    });
    /* Stop words are in no index; where there is nothing else they are what was asked for. */
    var useful = parts.filter(function (part) {
      return !part.words || part.words.some(function (word) { return !isStopWord(word); });
    });
    return { text: text, parts: useful.length ? useful : parts };
  }

  /* A clause as lunr.js's own parser makes it. */
  function clauseOf(part, word, fields) {
    var query = new lunr.Query(FIELDS);
    var text = (part.field ? part.field + ":" : "") + word;
    if (part.edits) text += "~" + part.edits;
    if (part.boost !== 1) text += "^" + part.boost;
    new lunr.QueryParser(text, query).parse();
    var clause = query.clauses[0];
    if (!part.field) clause.fields = fields;
    return clause;
  }

  /* A promise of the query in a group: {clauses, phrases, only, never, last} for its `find`. */
  function inGroup(query, group) {
    var found = { clauses: [], phrases: [], only: [], never: [], last: [] };
    var wait = [];
    /* What is deprecated comes after all the others, unless states are what was asked for. */
    if (!query.parts.some(function (part) { return part.state; })) {
      wait.push(group.inState("deprecated").then(function (numbers) { found.last.push(numbers); }));
    }
    var must = query.parts.some(function (part) { return part.sign === "+" && !part.field; });
    query.parts.forEach(function (part) {
      if (part.metric || part.state) {
        var set = part.metric ? group.measured(part.metric) : group.inState(part.state);
        wait.push(set.then(function (numbers) {
          found[part.sign === "-" ? "never" : "only"].push(numbers);
        }));
        return;
      }
      var together = part.words.length > 1 && (part.field || part.sign || part.phrase !== undefined);
      var need = part.field ? "field " + part.field : must ? undefined : "words";
      if (part.sign === "+" || (part.phrase !== undefined && !part.field)) need = "part " + part.from;
      if (together && part.words.every(function (word) { return word.indexOf("*") < 0; })) {
        addPhrase(found, part, need, group);
        return;
      }
      part.words.forEach(function (word, at) {
        if (part.words.length > 1 && isStopWord(word)) return;
        var clause = clauseOf(part, word, group.fieldNames);
        if (part.sign === "-") {
          clause.presence = lunr.Query.presence.PROHIBITED;
        } else {
          /* Of words that are written together under a field each has to be there. */
          clause.need = together ? need + " " + at : need;
          if (part.open && at === part.words.length - 1 && word.indexOf("*") < 0) {
            found.clauses.push({
              term: word, fields: beginningIn(part, word, group), boost: 1, usePipeline: false, begins: true,
              presence: lunr.Query.presence.OPTIONAL, need: clause.need
            });
            clause.boost = 3;
          }
        }
        found.clauses.push(clause);
      });
    });
    return Promise.all(wait).then(function () { return found; });
  }
  /* The fields in which what begins so is looked for: with a letter alone too much does. */
  function beginningIn(part, word, group) {
    if (part.field) return [part.field];
    return word.length > 1 || !group.fieldOf("name") ? group.fieldNames : ["name"];
  }
  function addPhrase(found, part, need, group) {
    var phrase = { terms: [], offsets: [], fields: part.field ? [part.field] : group.fieldNames, need: need };
    phrase.never = part.sign === "-";
    part.words.forEach(function (word, at) {
      if (isStopWord(word)) return;
      phrase.terms.push(search.words.terms(word)[0]);
      phrase.offsets.push(at);
      if (phrase.never) return;
      var clause = clauseOf({ field: part.field, boost: part.boost }, word, group.fieldNames);
      clause.scores = true;
      found.clauses.push(clause);
    });
    found.phrases.push(phrase);
  }

  /* What a part means, in words for a chip. */
  function meaning(part) {
    var sign = part.sign === "-" ? "not " : part.sign === "+" ? "must: " : "";
    if (part.metric) return sign + part.metric.name + " " + part.metric.than + " " + part.metric.text;
    if (part.state) return sign + part.state;
    var text = part.phrase !== undefined ? "“" + part.phrase.trim() + "”" : part.word;
    if (part.edits) text += ", or " + part.edits + (part.edits > 1 ? " letters" : " letter") + " else";
    if (part.boost !== 1) text += " ×" + part.boost;
    return sign + (part.field ? part.field + ": " : "") + text;
  }

  /* What of a part was not understood, and what there is instead; "" where all was, or where there are
     results of such a name (ocr:price-reader). */
  function remark(part, results) {
    if (part.noState !== undefined) {
      return "“" + part.noState + "” is no state, so it is looked for as a word. States: " + STATES.join(", ") + ".";
    }
    if (/^metric\.[^\s<>=]*[<>=]/i.test(part.word || "")) {
      return "“" + part.word + "” has no number after its sign, so it is looked for as words, unlike metric.f1>0.9.";
    }
    if (!part.other || results.some(function (each) {
      return each.title.toLowerCase().indexOf(part.word.toLowerCase()) >= 0;
    })) return "";
    return "“" + part.other + "” is no field, so “" + part.word + "” is looked for as words. Fields: " +
      FIELDS.join(", ") + ", and is and metric.";
  }

  /* What was not understood of a query that was answered so. */
  function remarks(answer) {
    var results = [].concat.apply([], answer.groups.map(function (each) { return each.results; }));
    return answer.query.parts.map(function (part) { return remark(part, results); }).filter(Boolean);
  }

  search.query = { parse: parse, inGroup: inGroup, meaning: meaning, remarks: remarks, FIELDS: FIELDS, STATES: STATES };
})();
