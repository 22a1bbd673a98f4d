/* A group of documents (models, versions, ...) and what is found in it, scored as lunr.js scores.

   lunr.js keeps a vector for every field of every document. What is in it follows from how often a
   term stands in the field, in how many documents it does, and how long the field is (BM25, rounded
   to three digits), so here it is worked out for the documents that a query meets. */
(function () {
  "use strict";
  var search = window.sitegen.search;
  var K1 = 1.2, B = 0.75;
  /* A file of lengths is for 2 ** LENGTHS documents. */
  var LENGTHS = 14;
  /* Files that one query may read: one that needs more is told to be too wide. */
  var MOST_FILES = 100;
  var presence = window.lunr.Query.presence;

  function TooWide(clause) {
    this.name = "TooWide";
    this.term = clause.term;
    this.message = clause.term + " fits too many words";
  }

  /* record: as sitegen/render/search/group.py's Group. */
  function Group(record) {
    var group = this;
    this.name = record.name;
    this.count = record.count;
    this.record = record;
    this.fields = record.fields.map(function (field, number) {
      return { name: field[0], number: number, boost: field[1], average: field[2] / record.count };
    });
    this.fieldNames = this.fields.map(function (field) { return field.name; });
    this.shapes = record.words.map(function (part) { return search.terms.shape(part[0]); });
    this.lengths = this.fields.map(function () { return []; });
    this.scores = null;
    this.pipeline = new window.lunr.Pipeline();
    this.pipeline.add(window.lunr.stemmer);
    this.fieldOf = function (name) { return group.fields[group.fieldNames.indexOf(name)]; };
  }

  /* The number of the file of postings in which a term would be, -1 for none. */
  Group.prototype.fileOf = function (term) {
    var terms = this.record.terms, low = 0, high = terms.length;
    while (low < high) {
      var middle = low + high >> 1;
      if (terms[middle][0] <= term) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  Group.prototype.postings = function (number) {
    return search.files.load(this.record.terms[number][1], function (data) {
      return new search.Postings(data);
    });
  };
  Group.prototype.places = function (number, postings) {
    return search.files.load(this.record.terms[number][2], function (data) {
      return new search.Places(data, postings);
    });
  };
  Group.prototype.words = function (number) {
    return search.files.load(this.record.words[number][1], search.terms.readPart);
  };

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

  /* A promise of what is needed for clauses: each one's terms, and term -> postings. */
  Group.prototype.prepare = function (clauses) {
    var group = this;
    return Promise.all(clauses.map(function (clause) {
      var words = clause.usePipeline ? group.pipeline.runString(clause.term) : [clause.term];
      return Promise.all(words.map(function (word) {
        return group.expand(Object.assign({}, clause, { term: word }));
      }));
    })).then(function (expanded) {
      var files = new Map();
      expanded.forEach(function (lists, at) {
        lists.forEach(function (terms) {
          terms.forEach(function (term) {
            var number = group.fileOf(term);
            if (number >= 0) files.set(number, clauses[at]);
          });
        });
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
          postings: function (term) { return read.get(group.fileOf(term)); }
        };
      });
    });
  };

  /* A promise that the lengths of a field are there for all of these documents. */
  Group.prototype.needLengths = function (field, rows) {
    var names = this.record.lengths[field], lengths = this.lengths[field];
    var needed = new Set();
    rows.forEach(function (row) {
      row.documents.forEach(function (number) { needed.add(number >> LENGTHS); });
    });
    return Promise.all(Array.from(needed, function (at) {
      return lengths[at] || search.files.load(names[at], readLengths).then(function (found) {
        lengths[at] = found;
      });
    }));
  };
  function readLengths(data) {
    var reader = new search.Reader(data), found = [];
    while (reader.at < data.length) found.push(reader.next());
    return Uint32Array.from(found);
  }

  /* A promise of what is found: {total, documents, scores}, the best first, at most `limit`.

     clauses: lunr.Query's. A clause may say `need`: of the clauses that need the same one has to fit;
     lunr's required ones need themselves. only, never: sets of documents, rising numbers. */
  Group.prototype.find = function (clauses, options) {
    var group = this;
    return this.prepare(clauses).then(function (ready) {
      var weights = group.fields.map(function () { return new Map(); });
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
      var rows = weights.map(function (boosts, number) {
        return Array.from(boosts, function (pair) {
          return { term: pair[0], boost: pair[1], row: ready.postings(pair[0]).read(pair[0], number) };
        });
      });
      return Promise.all(rows.map(function (each, number) {
        return group.needLengths(number, each.map(function (one) { return one.row; }).filter(Boolean));
      })).then(function () {
        return group.rank(clauses, ready, rows, options || {});
      });
    });
  };

  Group.prototype.rank = function (clauses, ready, rows, options) {
    var group = this, count = this.count;
    if (!this.scores) {
      this.scores = new Float64Array(count);
      this.met = new Uint8Array(count);
    }
    var scores = this.scores.fill(0), met = this.met.fill(0);
    var negated = clauses.every(function (clause) { return clause.presence === presence.PROHIBITED; });
    if (negated) met.fill(1);
    rows.forEach(function (each, number) { group.score(each, group.fields[number], ready, scores, met); });

    function exclude(fits) {
      for (var at = 0; at < count; at++) if (!fits[at]) met[at] = 0;
    }
    function marked(sets) {
      var found = new Uint8Array(count);
      sets.forEach(function (set) { set.forEach(function (number) { found[number] = 1; }); });
      return found;
    }
    function documentsOf(at) {
      var sets = [];
      ready.expanded[at].forEach(function (terms) {
        terms.forEach(function (term) {
          clauses[at].fields.forEach(function (name) {
            var field = group.fieldOf(name);
            var row = field && ready.postings(term).read(term, field.number);
            if (row) sets.push(row.documents);
          });
        });
      });
      return sets;
    }
    var needs = new Map();
    clauses.forEach(function (clause, at) {
      if (clause.presence === presence.PROHIBITED) {
        documentsOf(at).forEach(function (set) { set.forEach(function (number) { met[number] = 0; }); });
        return;
      }
      var key = clause.presence === presence.REQUIRED ? at : clause.need;
      if (key === undefined) return;
      needs.set(key, (needs.get(key) || []).concat(documentsOf(at)));
    });
    needs.forEach(function (sets) { exclude(marked(sets)); });
    (options.only || []).forEach(function (set) { exclude(marked([set])); });
    (options.never || []).forEach(function (set) { set.forEach(function (number) { met[number] = 0; }); });
    return best(scores, met, options.limit === undefined ? Infinity : options.limit);
  };

  /* Adds to the documents' scores what the terms of one field are worth. */
  Group.prototype.score = function (rows, field, ready, scores, met) {
    var length = 0, lengths = this.lengths[field.number], count = this.count;
    rows.forEach(function (each) { length += each.boost * each.boost; });
    length = Math.sqrt(length);
    rows.forEach(function (each) {
      if (!each.row) return;
      var documents = each.row.documents, times = each.row.times;
      var frequency = ready.postings(each.term).frequency(each.term);
      var idf = Math.log(1 + Math.abs((count - frequency + 0.5) / (frequency + 0.5)));
      var share = length ? each.boost / length : 0;
      for (var at = 0; at < documents.length; at++) {
        var number = documents[at];
        var here = lengths[number >> LENGTHS][number & (1 << LENGTHS) - 1];
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

  /* A promise of the groups, in their order; the directory is read once. */
  var groups;
  search.groups = function () {
    groups = groups || search.files.load("index", search.files.json).then(function (found) {
      return found.groups.map(function (record) { return new Group(record); });
    });
    groups.catch(function () { groups = null; });
    return groups;
  };

  search.Group = Group;
  search.TooWide = TooWide;
})();
