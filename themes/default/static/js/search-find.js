/* What a query finds in a group of documents: the terms that its clauses stand for, and where they
   stand; search-rank.js has the scores. */
(function () {
  "use strict";
  var search = window.sitegen.search;
  var Group = search.Group;
  /* Files that one query may read, and terms that it may stand for: one that needs more is told to be
     too wide. */
  var MOST_FILES = 100, MOST_TERMS = 4000, FIRST_FILES = 2;

  function TooWide(clause) {
    this.name = "TooWide";
    this.term = clause.term;
    this.message = clause.term + " fits too many words";
  }

  /* A promise of the words of the list of terms that fit, out of the parts that a clause needs. */
  Group.prototype.listed = function (clause, fits, isWanted) {
    var shapes = this.shapes, needed = new Set(), found = [];
    search.terms.ranges(clause).forEach(function (range) {
      search.terms.parts(shapes, range[0], range[1]).forEach(function (part) { needed.add(part); });
    });
    return Promise.all(Array.from(needed, this.words, this)).then(function (lists) {
      return search.turns.each(lists, function (words) {
        words.forEach(function (each) { if (fits(each.term)) found.push(each); });
      }, isWanted);
    }).then(function () { return found; });
  };

  /* A promise of the terms of the index that a clause stands for. */
  Group.prototype.expand = function (clause, isWanted) {
    var word = clause.term;
    function termsOf(words) {
      return words.map(function (each) { return each.term; });
    }
    if (clause.begins) return this.beginnings(word);
    if ("editDistance" in clause) {
      return this.listed(clause, search.terms.fuzzy(word, clause.editDistance), isWanted).then(termsOf);
    }
    var star = word.indexOf("*");
    if (star < 0) return Promise.resolve([word]);
    var test = search.terms.glob(word);
    var files = star ? this.filesOf(word.slice(0, star)) : [];
    if (star && files.length <= search.terms.FEW_FILES) return this.read(files, test);
    if (files.length > MOST_FILES) return Promise.reject(new TooWide(clause));
    return this.listed(clause, test, isWanted).then(termsOf);
  };

  /* The numbers of the files of postings for terms that begin so. */
  Group.prototype.filesOf = function (start) {
    var found = [], last = this.fileOf(start + "\uffff");
    for (var number = Math.max(0, this.fileOf(start)); number <= last; number++) found.push(number);
    return found;
  };
  /* A promise of the terms in files of postings that fit. */
  Group.prototype.read = function (numbers, fits) {
    return Promise.all(numbers.map(this.postings, this)).then(function (files) {
      return [].concat.apply([], files.map(function (each) { return each.terms.filter(fits); }));
    });
  };

  /* A promise of the terms that begin with a half-written word; of very many the first, which are the
     shorter ones. A stem may be shorter than what is written ("predicti" is on the way to
     "predict"-ions): it will do where nothing else begins so. */
  Group.prototype.beginnings = function (word) {
    var files = this.filesOf(word);
    if (files.length > search.terms.FEW_FILES) files = files.slice(0, FIRST_FILES);
    return this.read(files, function (term) {
      return term.startsWith(word) || (word.startsWith(term) && term.length > 3 && term.length > word.length - 6);
    }).then(function (terms) {
      var longer = terms.filter(function (term) { return term.startsWith(word); });
      /* Stems are sorted, so the longest of them is the last. */
      return longer.length ? longer : terms.slice(-1);
    });
  };

  /* A promise of what is needed for clauses, and for terms beside them: each clause's terms, and
     term -> postings. */
  Group.prototype.prepare = function (clauses, others, isWanted) {
    var group = this, terms = new Map();
    return Promise.all(clauses.map(function (clause) {
      var words = clause.usePipeline ? search.words.queryTerms(clause.term) : [clause.term];
      return Promise.all(words.map(function (word) {
        return group.expand(Object.assign({}, clause, { term: word }), isWanted);
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
     query.phrases: {terms, offsets, fields, need, never}. query.only, query.never, query.last: sets of
     documents, the latter to come after the others.
     isWanted: asked now and then whether to go on. terms: for each field those that were looked for. */
  Group.prototype.find = function (query, limit, isWanted) {
    var group = this, clauses = query.clauses, phrases = query.phrases || [];
    var spoken = [].concat.apply([], phrases.map(function (phrase) { return phrase.terms; }));
    return this.prepare(clauses, spoken, isWanted).then(function (ready) {
      return group.weigh(clauses, ready, isWanted).then(function (rows) {
        return Promise.all([group.spoken(phrases, ready, isWanted)].concat(rows.map(function (each, number) {
          return group.needLengths(number, each.map(function (one) { return one.row; }).filter(Boolean));
        }))).then(function (all) {
          return group.rank(query, ready, rows, all[0], limit === undefined ? Infinity : limit, isWanted);
        }).then(function (found) {
          found.terms = {};
          rows.forEach(function (each, number) {
            found.terms[group.fieldNames[number]] = new Set(each.map(function (one) { return one.term; }));
          });
          return found;
        });
      });
    });
  };

  /* A promise of the documents that hold each of the phrases. */
  Group.prototype.spoken = function (phrases, ready, isWanted) {
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
        })).then(function (places) {
          return search.together(rows, places, phrase.offsets, found, isWanted);
        });
      })).then(function () { return Array.from(found); });
    }));
  };

  search.TooWide = TooWide;
})();
