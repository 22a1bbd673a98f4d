/* The scores of what a query meets, as lunr.js has them.

   lunr.js keeps a vector for every field of every document. What is in it follows from how often a
   term stands in the field, in how many documents it does, and how long the field is (BM25, rounded
   to three digits), so here it is worked out for the documents that a query meets. */
(function () {
  "use strict";
  var search = window.sitegen.search;
  var Group = search.Group;
  var K1 = 1.2, B = 0.75;
  /* More than any score. */
  var LAST = 1e9;
  var presence = window.lunr.Query.presence;

  /* A promise: for each field its terms, with lunr.js's boosts added up: [{term, boost, row of
     postings}]. */
  Group.prototype.weigh = function (clauses, ready, isWanted) {
    var group = this;
    var weights = this.fields.map(function () { return new Map(); });
    clauses.forEach(function (clause, at) {
      if (clause.presence === presence.PROHIBITED) return;
      var numbers = clause.fields.map(group.fieldOf).filter(Boolean).map(function (field) { return field.number; });
      ready.expanded[at].forEach(function (terms) {
        terms.forEach(function (term) {
          numbers.forEach(function (number) {
            weights[number].set(term, (weights[number].get(term) || 0) + clause.boost);
          });
        });
      });
    });
    var found = this.fields.map(function () { return []; }), pairs = [];
    weights.forEach(function (boosts, number) {
      boosts.forEach(function (boost, term) { pairs.push([number, term, boost]); });
    });
    return search.turns.each(pairs, function (pair) {
      found[pair[0]].push({ term: pair[1], boost: pair[2], row: ready.row(pair[1], pair[0]) });
    }, isWanted).then(function () { return found; });
  };

  /* Notes for the documents of a group, used by one search at a time. */
  function Notes(count) {
    this.scores = new Float64Array(count);
    this.met = new Uint8Array(count);
    this.fits = new Uint8Array(count);
  }

  Group.prototype.rank = function (query, ready, rows, spoken, limit, isWanted) {
    var group = this, clauses = query.clauses;
    var notes = this.spare.pop() || new Notes(this.count);
    var met = notes.met.fill(0), steps = [];
    notes.scores.fill(0);
    if (clauses.every(function (clause) { return clause.presence === presence.PROHIBITED; })) met.fill(1);
    rows.forEach(function (each, number) { group.score(each, group.fields[number], ready, notes, steps); });

    function exclude(set) {
      for (var at = 0; at < set.length; at++) met[set[at]] = 0;
    }
    /* Of some sets of documents each has to be in one. */
    function keep(sets) {
      var fits = notes.fits;
      steps.push(function () { fits.fill(0); });
      sets.forEach(function (set) {
        steps.push(function () { for (var at = 0; at < set.length; at++) fits[set[at]] = 1; });
      });
      steps.push(function () { for (var at = 0; at < met.length; at++) met[at] &= fits[at]; });
    }
    function documentsOf(at) {
      var sets = [];
      var numbers = clauses[at].fields.map(group.fieldOf).filter(Boolean).map(function (field) { return field.number; });
      ready.expanded[at].forEach(function (terms) {
        terms.forEach(function (term) {
          numbers.forEach(function (number) {
            var row = ready.row(term, number);
            if (row) sets.push(row.documents);
          });
        });
      });
      return sets;
    }
    var needs = new Map(), never = [];
    function need(key, sets) {
      if (key !== undefined) needs.set(key, (needs.get(key) || []).concat(sets));
    }
    clauses.forEach(function (clause, at) {
      if (clause.presence === presence.PROHIBITED) never = never.concat(documentsOf(at));
      else if (clause.presence === presence.REQUIRED) need(at, documentsOf(at));
      else if (!clause.scores && clause.need !== undefined) need(clause.need, documentsOf(at));
    });
    (query.phrases || []).forEach(function (phrase, at) {
      if (phrase.never) never.push(spoken[at]);
      else need(phrase.need, [spoken[at]]);
    });
    needs.forEach(keep);
    (query.only || []).forEach(function (set) { keep([set]); });
    never.concat(query.never || []).forEach(function (set) { steps.push(function () { exclude(set); }); });
    (query.last || []).forEach(function (set) {
      steps.push(function () {
        for (var at = 0; at < set.length; at++) notes.scores[set[at]] -= LAST;
      });
    });
    function done() { group.spare.push(notes); }
    return search.turns.each(steps, function (step) { step(); }, isWanted).then(function () {
      var found = best(notes.scores, met, limit);
      done();
      return found;
    }, function (error) {
      done();
      throw error;
    });
  };

  /* Adds steps that add to the documents' scores what the terms of one field are worth. */
  Group.prototype.score = function (rows, field, ready, notes, steps) {
    var length = 0, lengths = this.lengths[field.number], count = this.count;
    var scores = notes.scores, met = notes.met;
    var bits = search.LENGTHS, mask = (1 << bits) - 1;
    rows.forEach(function (each) { length += each.boost * each.boost; });
    length = Math.sqrt(length);
    rows.forEach(function (each) {
      if (each.row) steps.push(function () { add(each); });
    });
    function add(each) {
      var documents = each.row.documents, times = each.row.times;
      var frequency = ready.of(each.term).frequency;
      var idf = Math.log(1 + Math.abs((count - frequency + 0.5) / (frequency + 0.5)));
      var share = length ? each.boost / length : 0;
      for (var at = 0; at < documents.length; at++) {
        var number = documents[at];
        var here = lengths[number >> bits][number & mask];
        var score = idf * ((K1 + 1) * times[at]) / (K1 * (1 - B + B * (here / field.average)) + times[at]);
        score *= field.boost;
        scores[number] += Math.round(score * 1000) / 1000 * share;
        met[number] = 1;
      }
    }
  };

  /* The documents that met everything, by score; of equal ones the newer first. */
  function best(scores, met, limit) {
    var found = [], total = 0;
    for (var number = met.length - 1; number >= 0; number--) {
      if (!met[number]) continue;
      total += 1;
      if (limit === Infinity) {
        found.push(number);
      } else if (found.length < limit || (limit && scores[number] > scores[found[limit - 1]])) {
        if (found.length === limit) found.pop();
        var low = 0, high = found.length;
        while (low < high) {
          var middle = low + high >> 1;
          if (scores[found[middle]] >= scores[number]) low = middle + 1;
          else high = middle;
        }
        found.splice(low, 0, number);
      }
    }
    if (limit === Infinity) found.sort(function (a, b) { return scores[b] - scores[a] || b - a; });
    return {
      total: total,
      documents: found,
      scores: found.map(function (each) { return scores[each]; })
    };
  }
})();
