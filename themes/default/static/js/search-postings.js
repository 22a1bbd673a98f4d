/* Where terms stand: a file of postings, read term by term when it is asked for. */
(function () {
  "use strict";
  var FIRST = 48;

  /* Reads whole numbers of seven bits to a byte from a place on. */
  function Reader(data, at) {
    this.data = data;
    this.at = at || 0;
  }
  Reader.prototype.next = function () {
    var data = this.data, byte = data[this.at++];
    if (byte < 128) return byte;
    var number = byte & 127;
    for (var factor = 128; byte > 127; factor *= 128) {
      byte = data[this.at++];
      number += (byte & 127) * factor;
    }
    return number;
  };

  /* A file of postings: its terms, and for each of them the fields in which it stands. */
  function Postings(data) {
    var reader = new Reader(data);
    var size = reader.next();
    var text = new TextDecoder().decode(data.subarray(reader.at, reader.at + size));
    var before = "", rows = new Map();
    reader.at += size;
    var terms = text.split("\n").map(function (line) {
      before = before.slice(0, line.charCodeAt(0) - FIRST) + line.slice(1);
      return before;
    });
    var counts = terms.map(function () { return reader.next(); });
    terms.forEach(function (term, number) {
      var row = [];
      for (var fields = counts[number]; fields > 0; fields--) {
        row.push({ field: reader.next(), count: reader.next(), size: reader.next() });
      }
      rows.set(term, row);
    });
    var at = reader.at;
    rows.forEach(function (row) {
      row.forEach(function (each) {
        each.start = at;
        at += each.size;
      });
    });
    this.data = data;
    this.terms = terms;
    this.rows = rows;
    /* Of short fields, of long ones: see Group's `places`. */
    this.places = [];
  }
  /* Of a term {frequency, rows}: in how many documents it stands, each field counted by itself, as
     lunr.js counts; and field -> the documents that have it there, and how often: {documents, times}. */
  Postings.prototype.of = function (term) {
    var found = { frequency: 0, rows: [] };
    this.rows.get(term).forEach(function (row) {
      found.frequency += row.count;
      found.rows[row.field] = row;
    });
    return found;
  };
  Postings.prototype.read = function (row) {
    if (!row.documents) {
      var reader = new Reader(this.data, row.start);
      var number = 0;
      row.documents = new Uint32Array(row.count);
      row.times = new Uint32Array(row.count);
      for (var at = 0; at < row.count; at++) {
        var code = reader.next();
        number += code >>> 1;
        row.documents[at] = number;
        row.times[at] = code & 1 ? reader.next() : 1;
      }
    }
    return row;
  };

  /* The places of one range of terms, out of a file for several: it has the order of the postings'
     rows whose fields `isHere`, and `row` is one that `read` gave. The ordinals of the words, for each
     of the documents. */
  function Places(data, which, postings, isHere) {
    var reader = new Reader(data);
    for (; which > 0; which--) {
      var size = reader.next();
      reader.at += size;
    }
    reader.next();
    var starts = new Map(), rows = [];
    postings.rows.forEach(function (row) {
      row.forEach(function (each) { if (isHere(each.field)) rows.push(each); });
    });
    var sizes = rows.map(function () { return reader.next(); });
    var at = reader.at;
    rows.forEach(function (row, number) {
      starts.set(row, at);
      at += sizes[number];
    });
    this.data = data;
    this.starts = starts;
  }
  /* Goes through the documents of a row: `to` a number gives its places, null where it has none. */
  Places.prototype.walk = function (row) {
    var reader = new Reader(this.data, this.starts.get(row)), at = 0;
    return {
      to: function (number) {
        var documents = row.documents, times = row.times, left;
        while (at < row.count && documents[at] < number) {
          for (left = times[at]; left > 0; left--) reader.next();
          at += 1;
        }
        if (at === row.count || documents[at] !== number) return null;
        var place = 0, found = [];
        for (left = times[at]; left > 0; left--) found.push(place += reader.next());
        at += 1;
        return found;
      }
    };
  };

  /* A promise to add to `found` the documents in which terms stand together: rows of postings, one for
     each term, the files of their places, and how far from the first word each is. */
  function together(rows, places, offsets, found, isWanted) {
    var rarest = rows.reduce(function (least, row) { return row.count < least.count ? row : least; });
    var walks = rows.map(function (row, which) { return places[which].walk(row); });
    return window.sitegen.search.turns.each(rarest.documents, function (number) {
      var here = walks.map(function (walk) { return walk.to(number); });
      if (here.indexOf(null) >= 0) return;
      if (here[0].some(function (place) {
        var start = place - offsets[0];
        return here.every(function (each, which) { return each.indexOf(start + offsets[which]) >= 0; });
      })) found.add(number);
    }, isWanted);
  }

  window.sitegen.search.together = together;
  window.sitegen.search.Reader = Reader;
  window.sitegen.search.Postings = Postings;
  window.sitegen.search.Places = Places;
})();
