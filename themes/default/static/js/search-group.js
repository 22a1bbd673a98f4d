/* A group of documents (models, versions, ...): its record in the directory, and what is in its files. */
(function () {
  "use strict";
  var search = window.sitegen.search;
  /* A file of lengths is for 2 ** LENGTHS documents. */
  var LENGTHS = 16;

  /* record: as sitegen/render/search/group.py's Group. */
  function Group(record) {
    var group = this;
    this.name = record.name;
    this.count = record.count;
    this.record = record;
    this.fields = record.fields.map(function (field, number) {
      return { name: field[0], number: number, boost: field[1], average: field[2] / record.count, long: field[3] };
    });
    this.fieldNames = this.fields.map(function (field) { return field.name; });
    this.shapes = record.words.map(function (part) { return search.terms.shape(part[0]); });
    this.lengths = this.fields.map(function () { return []; });
    this.spare = [];
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
  /* A promise of the places of a range of terms, in a long field or a short one. */
  Group.prototype.places = function (number, postings, field) {
    var fields = this.fields, long = fields[field].long;
    var files = this.record.places[long ? 1 : 0], at = files.length - 1;
    while (files[at][0] > number) at -= 1;
    var known = postings.places[long ? 1 : 0];
    if (known) return known;
    known = search.files.load(files[at][1], function (data) { return data; }).then(function (data) {
      return new search.Places(data, number - files[at][0], postings, function (each) {
        return fields[each].long === long;
      });
    });
    known.catch(function () { postings.places = []; });
    postings.places[long ? 1 : 0] = known;
    return known;
  };
  Group.prototype.words = function (number) {
    return search.files.load(this.record.words[number][1], search.terms.readPart);
  };

  /* A promise that the lengths of a field are there for all of these documents. */
  Group.prototype.needLengths = function (field, rows) {
    var names = this.record.lengths[field], lengths = this.lengths[field];
    var needed = new Set();
    rows.forEach(function (row) {
      var documents = row.documents;
      for (var at = 0; at < documents.length; at = firstFrom(documents, (documents[at] >> LENGTHS) + 1 << LENGTHS)) {
        needed.add(documents[at] >> LENGTHS);
      }
    });
    return Promise.all(Array.from(needed, function (at) {
      return lengths[at] || search.files.load(names[at], readLengths).then(function (found) {
        lengths[at] = found;
      });
    }));
  };
  /* The place of the first of rising numbers that is not below another. */
  function firstFrom(numbers, other) {
    var low = 0, high = numbers.length;
    while (low < high) {
      var middle = low + high >> 1;
      if (numbers[middle] < other) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  function readLengths(data) {
    var reader = new search.Reader(data), found = new Uint32Array(data.length), count = 0;
    while (reader.at < data.length) {
      var length = data[reader.at++];
      found[count++] = length < 255 ? length : length + reader.next();
    }
    return found.slice(0, count);
  }

  /* A promise of the documents in a state. */
  Group.prototype.inState = function (state) {
    return search.files.load(this.record.states, search.files.json).then(function (states) {
      return added(states[state] || []);
    });
  };
  /* A promise of the documents with a metric of that name, or of one that ends in it, that is such. */
  Group.prototype.measured = function (metric) {
    var wanted = metric.name.toLowerCase();
    function isMeant(name) {
      var lower = name.toLowerCase();
      return lower === wanted || lower.endsWith("." + wanted);
    }
    return search.files.load(this.record.numbers, search.files.json).then(function (files) {
      return Promise.all(files.filter(function (file) { return file[1].some(isMeant); })
        .map(function (file) { return search.files.load(file[0], search.files.json); }));
    }).then(function (files) {
      var found = new Set();
      files.forEach(function (rows) {
        Object.keys(rows).filter(isMeant).forEach(function (name) {
          added(rows[name][0]).forEach(function (number, at) {
            if (compares(rows[name][1][at], metric.than, metric.value)) found.add(number);
          });
        });
      });
      return Array.from(found);
    });
  };
  function compares(value, than, other) {
    if (than === ">") return value > other;
    if (than === ">=") return value >= other;
    if (than === "<") return value < other;
    return than === "<=" ? value <= other : value === other;
  }
  function added(distances) {
    var number = 0;
    return distances.map(function (distance) { return number += distance; });
  }

  /* A promise of what shows a document's result, and of the whole text that it was found in. */
  Group.prototype.card = function (number) {
    return this.shown("cards", number, this.record.cards);
  };
  Group.prototype.passage = function (number) {
    return this.shown("passages", number, this.record.passages);
  };
  Group.prototype.shown = function (folder, number, size) {
    var name = this.name + "/" + folder + "/" + Math.floor(number / size);
    return search.files.load(name, search.files.json, this.record.stamp).then(function (rows) {
      return rows[number % size];
    });
  };

  /* A promise that the words of languages are known. */
  function learn(codes) {
    var files = codes.filter(function (code) { return code !== "en"; });
    if (files.length) files.unshift("support");
    return files.reduce(function (before, code) {
      return before.then(function () { return search.files.insert("static/lib/lunr-" + code + ".js"); });
    }, Promise.resolve()).then(function () { search.words.speak(codes); });
  }

  /* A promise of the groups, in their order; the directory is read once. */
  var groups;
  search.groups = function () {
    groups = groups || search.files.load("index", search.files.json).then(function (found) {
      return learn(found.languages).then(function () {
        return found.groups.map(function (record) { return new Group(record); });
      });
    });
    groups.catch(function () { groups = null; });
    return groups;
  };

  search.Group = Group;
  search.LENGTHS = LENGTHS;
})();
