/* From a query to what is shown: the results of every group, their texts with what was found marked,
   and what may have been meant where nothing is found. */
(function () {
  "use strict";
  var search = window.sitegen.search;
  var TITLES = { models: "Models", versions: "Versions", experiments: "Experiments", pages: "Documentation" };
  /* A card's places: see `card` of sitegen/render/search/documents.py. */
  var KEYS = ["title", "url", "where", "description", "tags", "version", "stages", "framework", "labels", "when"];
  var WINDOW = 28, BEFORE = 6;

  /* A promise of {query, total, groups: [{name, title, total, results, failed}]}.

     limits: group -> how many results of it, with `all` for the others. isWanted: asked now and then
     whether to go on, else the promise fails. */
  search.run = function (text, limits, isWanted) {
    var query;
    return search.groups().then(function (groups) {
      query = search.query.parse(text);
      if (!query.parts.length) return [];
      return Promise.all(groups.map(function (group) {
        var limit = group.name in limits ? limits[group.name] : limits.all;
        return inGroup(query, group, limit, isWanted).catch(function (error) {
          if (!(error instanceof search.TooWide)) throw error;
          return { name: group.name, total: 0, results: [], failed: error.term };
        });
      }));
    }).then(function (found) {
      found.forEach(function (each) { each.title = TITLES[each.name] || each.name; });
      return {
        query: query,
        total: found.reduce(function (sum, each) { return sum + each.total; }, 0),
        groups: found
      };
    });
  };
  function inGroup(query, group, limit, isWanted) {
    return search.query.inGroup(query, group).then(function (asked) {
      return group.find(asked, limit, isWanted);
    }).then(function (found) {
      return Promise.all(found.documents.map(function (number) {
        return group.card(number).then(function (card) {
          var result = { number: number, group: group, terms: found.terms };
          KEYS.forEach(function (key, at) { result[key] = card[at]; });
          return result;
        });
      })).then(function (results) {
        return { name: group.name, total: found.total, results: results, failed: "" };
      });
    });
  }

  function union(terms, fields) {
    var found = new Set();
    fields.forEach(function (field) {
      (terms[field] || []).forEach(function (term) { found.add(term); });
    });
    return found;
  }
  function isMeant(word, terms) {
    return search.words.terms(word).some(function (term) { return terms.has(term); });
  }

  /* A text with what was looked for in some fields marked. */
  search.marked = function (text, terms, fields) {
    var wanted = union(terms, fields), fragment = document.createDocumentFragment(), at = 0;
    if (wanted.size) {
      search.words.places(text).forEach(function (place) {
        if (!isMeant(text.slice(place[0], place[1]), wanted)) return;
        fragment.append(text.slice(at, place[0]));
        var mark = document.createElement("mark");
        mark.textContent = text.slice(place[0], place[1]);
        fragment.append(mark);
        at = place[1];
      });
    }
    fragment.append(text.slice(at));
    return fragment;
  };

  /* A promise of the part of a result's whole text in which most of the words stand, "" where none
     does. */
  search.excerpt = function (result) {
    var wanted = union(result.terms, ["text"]);
    if (!wanted.size) return Promise.resolve("");
    return result.group.passage(result.number).then(function (text) {
      return text ? excerpt(text, wanted) : "";
    }, function () { return ""; });
  };
  function excerpt(text, wanted) {
    var places = search.words.places(text), hits = [];
    places.forEach(function (place, at) {
      var word = text.slice(place[0], place[1]);
      search.words.terms(word).forEach(function (term) { if (wanted.has(term)) hits.push([at, term]); });
    });
    if (!hits.length) return "";
    var start = 0, most = 0;
    hits.forEach(function (hit, first) {
      var here = new Set();
      for (var at = first; at < hits.length && hits[at][0] < hit[0] + WINDOW - BEFORE; at++) here.add(hits[at][1]);
      if (here.size > most) {
        most = here.size;
        start = hit[0];
      }
    });
    var from = Math.max(0, start - BEFORE), to = Math.min(places.length, from + WINDOW);
    var found = text.slice(places[from][0], places[to - 1][1]).replace(/\s+/g, " ");
    return (from ? "… " : "") + found + (to < places.length ? " …" : "");
  }

  /* A promise of the query with its unknown words replaced by the nearest known ones, "" for none. */
  search.suggest = function (query) {
    var plain = query.parts.filter(function (part) {
      return part.words && part.words.length === 1 && part.phrase === undefined && !part.sign &&
        part.words[0].indexOf("*") < 0 && part.words[0].length > 2;
    });
    return search.groups().then(function (groups) {
      return Promise.all(plain.map(function (part) {
        return nearest(part.words[0], groups).then(function (word) { return [part, word]; });
      }));
    }).then(function (pairs) {
      var changed = pairs.filter(function (pair) { return pair[1]; });
      var text = query.text;
      changed.reverse().forEach(function (pair) {
        var part = pair[0];
        var written = text.slice(part.from, part.to);
        text = text.slice(0, part.from) + written.replace(part.word, pair[1]).replace(/~\d*/, "") + text.slice(part.to);
      });
      return changed.length ? text : "";
    });
  };
  /* The known word that is the fewest edits away, and of several the most frequent; "" where the word
     is known itself. */
  function nearest(word, groups) {
    var edits = word.length > 4 ? 2 : 1;
    var stem = search.words.terms(word)[0] || word;
    return Promise.all(groups.map(function (group) {
      return group.listed({ term: stem, editDistance: edits }, search.terms.fuzzy(stem, edits));
    })).then(function (lists) {
      var found = null;
      [].concat.apply([], lists).forEach(function (each) {
        for (var distance = 0; distance <= edits; distance++) {
          if (!search.terms.fuzzy(stem, distance)(each.term)) continue;
          if (!found || distance < found.distance || (distance === found.distance && each.often > found.often)) {
            found = { distance: distance, often: each.often, shown: each.shown };
          }
          return;
        }
      });
      return found && found.distance ? found.shown : "";
    });
  }
})();
