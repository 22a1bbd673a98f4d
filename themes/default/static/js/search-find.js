/* What a query finds in a group of documents, scored as lunr.js scores.

   lunr.js keeps a vector for every field of every document. What is in it follows from how often a
   term stands in the field, in how many documents it does, and how long the field is (BM25, rounded
   to three digits), so here it is worked out for the documents that a query meets. */
(function () {
  "use strict";
  var search = window.sitegen.search;
  var Group = search.Group;
  var K1 = 1.2, B = 0.75;
  /* Files that one query may read, and terms that it may stand for: one that needs more is told to be
     too wide. */
  var MOST_FILES = 100, MOST_TERMS = 4000;
  var presence = window.lunr.Query.presence;

  function TooWide(clause) {
    this.name = "TooWide";
    this.term = clause.term;
    this.message = clause.term + " fits too many words";
  }

  /* The parts of the list of terms that a clause needs, and a test for what is in them. */
  Group.prototype.listed = function (clause) {
    var shapes = this.shapes, needed = new Set();
    search.terms.ranges(clause).forEach(function (range) {
      search.terms.parts(shapes, range[0], range[1]).forEach(function (part) { needed.add(part); });
    });
    return Promise.all(Array.from(needed, this.words, this)).then(function (lists) {
      return [].concat.apply([], lists);
    });
  };

  /* A promise of the terms of the index that a clause stands for. */
  Group.prototype.expand = function (clause) {
    var group = this, word = clause.term;
    if (clause.begins) return this.beginnings(word);
    if ("editDistance" in clause) {
      var fits = search.terms.fuzzy(word, clause.editDistance);
      return this.listed(clause).then(function (words) {
        return words.map(function (each) { return each.term; }).filter(fits);
      });
    }
    var star = word.indexOf("*");
    if (star < 0) return Promise.resolve([word]);
    var test = search.terms.glob(word);
    var start = word.slice(0, star);
    var first = Math.max(0, this.fileOf(start)), last = this.fileOf(start + "\uffff");
    if (star && last - first < search.terms.FEW_FILES) {
      var files = [];
      for (var number = first; number <= last; number++) files.push(this.postings(number));
      return Promise.all(files).then(function (found) {
        return [].concat.apply([], found.map(function (each) { return each.terms.filter(test); }));
      });
    }
    if (star && last - first > MOST_FILES) return Promise.reject(new TooWide(clause));
    return group.listed(clause).then(function (words) {
      return words.map(function (each) { return each.term; }).filter(test);
    });
  };

  /* A promise of the terms that begin with a half-written word, none where they are too many to
     read. A stem may be shorter than what is written ("predicti" is on the way to "predict"-ions): it
     will do where nothing else begins so. */
  Group.prototype.beginnings = function (word) {
    var first = Math.max(0, this.fileOf(word)), last = this.fileOf(word + "\uffff");
    if (last - first >= search.terms.FEW_FILES) return Promise.resolve([]);
    var files = [];
    for (var number = first; number <= last; number++) files.push(this.postings(number));
    return Promise.all(files).then(function (found) {
      var terms = [].concat.apply([], found.map(function (each) {
        return each.terms.filter(function (term) { return term.startsWith(word); });
      }));
      for (var length = word.length - 1; !terms.length && length > 3 && length > word.length - 6; length--) {
        var stem = word.slice(0, length);
        if (found.some(function (each) { return each.rows.has(stem); })) terms = [stem];
      }
      return terms;
    });
  };

  /* A promise of what is needed for clauses, and for terms beside them: each clause's terms, and
     term -> postings. */
  Group.prototype.prepare = function (clauses, others) {
    var group = this, terms = new Map();
    return Promise.all(clauses.map(function (clause) {
      var words = clause.usePipeline ? group.pipeline.runString(clause.term) : [clause.term];
      return Promise.all(words.map(function (word) {
        return group.expand(Object.assign({}, clause, { term: word }));
      }));
    })).then(function (expanded) {
      var files = new Map(), total = 0;
      expanded.forEach(function (lists, at) {
        lists.forEach(function (each) { total += each.length; });
        if (total > MOST_TERMS) throw new TooWide(clauses[at]);
      });
      expanded.forEach(function (lists, at) {
        lists.forEach(function (terms) {
          terms.forEach(function (term) {
            var number = group.fileOf(term);
            if (number >= 0) files.set(number, clauses[at]);
          });
        });
      });
      others.forEach(function (term) {
        var number = group.fileOf(term);
        if (number >= 0) files.set(number, { term: term });
      });
      if (files.size > MOST_FILES) throw new TooWide(Array.from(files.values()).pop());
      return Promise.all(Array.from(files.keys(), function (number) {
        return group.postings(number).then(function (postings) { return [number, postings]; });
      })).then(function (pairs) {
        var read = new Map(pairs);
        return {
          expanded: expanded.map(function (lists) {
            return lists.map(function (terms) {
              return terms.filter(function (term) {
                var postings = read.get(group.fileOf(term));
                return postings && postings.rows.has(term);
              });
            });
          }),
          postings: function (term) { return read.get(group.fileOf(term)); },
          /* A term that is in the index, and where it stands: see Postings.of. */
          of: function (term) {
            var known = terms.get(term);
            if (!known) {
              known = this.postings(term).of(term);
              terms.set(term, known);
            }
            return known;
          },
          row: function (term, field) {
            var row = this.of(term).rows[field];
            return row ? this.postings(term).read(row) : null;
          }
        };
      });
    });
  };

  /* A promise of what is found: {total, documents, scores, terms}, the best first, at most `limit`.

     query.clauses: lunr.Query's. A clause may say `need`: of the clauses that need the same one has to
     fit; lunr's required ones need themselves. One that only `scores` fits nothing by itself.
     query.phrases: {terms, offsets, fields, need, never}. query.only, query.never: documents.
     terms: for each field those that were looked for in it. */
  Group.prototype.find = function (query, limit) {
    var group = this, clauses = query.clauses, phrases = query.phrases || [];
    var spoken = [].concat.apply([], phrases.map(function (phrase) { return phrase.terms; }));
    return this.prepare(clauses, spoken).then(function (ready) {
      var rows = group.weigh(clauses, ready);
      return Promise.all([group.spoken(phrases, ready)].concat(rows.map(function (each, number) {
        return group.needLengths(number, each.map(function (one) { return one.row; }).filter(Boolean));
      }))).then(function (all) {
        var found = group.rank(query, ready, rows, all[0], limit === undefined ? Infinity : limit);
        found.terms = {};
        rows.forEach(function (each, number) {
          found.terms[group.fieldNames[number]] = new Set(each.map(function (one) { return one.term; }));
        });
        return found;
      });
    });
  };

  /* For each field its terms, with lunr.js's boosts added up: [{term, boost, row of postings}]. */
  Group.prototype.weigh = function (clauses, ready) {
    var group = this;
    var weights = this.fields.map(function () { return new Map(); });
    clauses.forEach(function (clause, at) {
      if (clause.presence === presence.PROHIBITED) return;
      ready.expanded[at].forEach(function (terms) {
        terms.forEach(function (term) {
          clause.fields.forEach(function (name) {
            var field = group.fieldOf(name);
            if (!field) return;
            var boosts = weights[field.number];
            boosts.set(term, (boosts.get(term) || 0) + clause.boost);
          });
        });
      });
    });
    return weights.map(function (boosts, number) {
      return Array.from(boosts, function (pair) {
        return { term: pair[0], boost: pair[1], row: ready.row(pair[0], number) };
      });
    });
  };

  /* A promise of the documents that hold each of the phrases. */
  Group.prototype.spoken = function (phrases, ready) {
    var group = this;
    return Promise.all(phrases.map(function (phrase) {
      var found = new Set();
      return Promise.all(phrase.fields.map(group.fieldOf).filter(Boolean).map(function (field) {
        var rows = phrase.terms.map(function (term) {
          var postings = ready.postings(term);
          return postings && postings.rows.has(term) ? ready.row(term, field.number) : null;
        });
        if (rows.indexOf(null) >= 0) return null;
        return Promise.all(phrase.terms.map(function (term) {
          return group.places(group.fileOf(term), ready.postings(term), field.number);
        })).then(function (places) { search.together(rows, places, phrase.offsets, found); });
      })).then(function () { return Array.from(found); });
    }));
  };

  Group.prototype.rank = function (query, ready, rows, spoken, limit) {
    var group = this, count = this.count, clauses = query.clauses;
    if (!this.scores) {
      this.scores = new Float64Array(count);
      this.met = new Uint8Array(count);
    }
    var scores = this.scores.fill(0), met = this.met.fill(0);
    var negated = clauses.every(function (clause) { return clause.presence === presence.PROHIBITED; });
    if (negated) met.fill(1);
    rows.forEach(function (each, number) { group.score(each, group.fields[number], ready, scores, met); });

    function exclude(set) {
      set.forEach(function (number) { met[number] = 0; });
    }
    function keep(sets) {
      var found = new Uint8Array(count);
      sets.forEach(function (set) { set.forEach(function (number) { found[number] = 1; }); });
      for (var at = 0; at < count; at++) if (!found[at]) met[at] = 0;
    }
    function documentsOf(at) {
      var sets = [];
      ready.expanded[at].forEach(function (terms) {
        terms.forEach(function (term) {
          clauses[at].fields.forEach(function (name) {
            var field = group.fieldOf(name);
            var row = field && ready.row(term, field.number);
            if (row) sets.push(row.documents);
          });
        });
      });
      return sets;
    }
    var needs = new Map();
    function need(key, sets) {
      if (key !== undefined) needs.set(key, (needs.get(key) || []).concat(sets));
    }
    clauses.forEach(function (clause, at) {
      if (clause.presence === presence.PROHIBITED) documentsOf(at).forEach(exclude);
      else if (clause.presence === presence.REQUIRED) need(at, documentsOf(at));
      else if (!clause.scores) need(clause.need, clause.need === undefined ? [] : documentsOf(at));
    });
    (query.phrases || []).forEach(function (phrase, at) {
      if (phrase.never) exclude(spoken[at]);
      else need(phrase.need, [spoken[at]]);
    });
    needs.forEach(keep);
    (query.only || []).forEach(function (set) { keep([set]); });
    (query.never || []).forEach(exclude);
    return best(scores, met, limit);
  };

  /* Adds to the documents' scores what the terms of one field are worth. */
  Group.prototype.score = function (rows, field, ready, scores, met) {
    var length = 0, lengths = this.lengths[field.number], count = this.count;
    var bits = search.LENGTHS;
    rows.forEach(function (each) { length += each.boost * each.boost; });
    length = Math.sqrt(length);
    rows.forEach(function (each) {
      if (!each.row) return;
      var documents = each.row.documents, times = each.row.times;
      var frequency = ready.of(each.term).frequency;
      var idf = Math.log(1 + Math.abs((count - frequency + 0.5) / (frequency + 0.5)));
      var share = length ? each.boost / length : 0;
      for (var at = 0; at < documents.length; at++) {
        var number = documents[at];
        var here = lengths[number >> bits][number & (1 << bits) - 1];
        var score = idf * ((K1 + 1) * times[at]) / (K1 * (1 - B + B * (here / field.average)) + times[at]);
        score *= field.boost;
        scores[number] += Math.round(score * 1000) / 1000 * share;
        met[number] = 1;
      }
    });
  };

  /* The documents that met everything, by score; of equal ones the newer first. */
  function best(scores, met, limit) {
    var found = [], least = -Infinity;
    for (var number = met.length - 1; number >= 0; number--) if (met[number]) found.push(number);
    var total = found.length;
    if (total > limit) {
      var ordered = Float64Array.from(found, function (each) { return scores[each]; }).sort();
      least = ordered[total - limit];
      var above = found.filter(function (each) { return scores[each] > least; });
      var equal = found.filter(function (each) { return scores[each] === least; });
      found = above.concat(equal.slice(0, limit - above.length));
    }
    found.sort(function (a, b) { return scores[b] - scores[a] || b - a; });
    return {
      total: total,
      documents: found,
      scores: found.map(function (each) { return scores[each]; })
    };
  }

  search.TooWide = TooWide;
})();
