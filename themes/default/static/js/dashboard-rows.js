/* Which models show, in which order, and how many each value of a facet has.

   A table of models is flat, so its model is ours and needs no library: one pass over all rows tells
   which fit, and for each facet how many would if it were not for that facet alone. Sorting compares
   ranks, which are worked out once for a column, and beforehand while the page is idle. */
(function () {
  "use strict";
  var data = window.sitegen.dashboard;
  var state = window.sitegen.state;
  var collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  var DEPRECATED = 2;
  var NAME = {
    id: "name", title: "Model", group: "", file: "", key: "", goal: "", numeric: false, date: false,
    value: function (row) { return row.name; },
    text: function (row) { return row.name; },
    full: function (row) { return row.name; },
    search: function (row) { return row.name; }
  };

  /* What the box looks through. */
  function text(row) {
    if (row.textOf !== data.day) {
      var latest = data.columns.at(row).latest;
      row.text = [row.name, data.head.repos[row.repo][0], row.type, row.framework,
        latest ? latest.version : ""].concat(row.labels).join("\n").toLowerCase();
      row.textOf = data.day;
    }
    return row.text;
  }

  /* The place of each row's value among all values of a column, -1 for none. */
  function ranks(column) {
    var key = data.day + ":" + data.rows.length;
    if (column.ranked === key) return column.ranks;
    var by = column.order || column.value;
    var found = data.rows.map(by);
    var result;
    if (column.numeric || column.date || typeof found.find(function (value) {
      return value !== undefined;
    }) === "number") {
      result = Float64Array.from(found, function (value) {
        return typeof value === "number" ? value : NaN;
      });
    } else {
      var all = Array.from(new Set(found));
      all = all.filter(function (value) { return value !== undefined; });
      all.sort(column.exact ? undefined : collator.compare);
      var place = new Map();
      all.forEach(function (value, i) { place.set(value, i); });
      result = Float64Array.from(found, function (value) {
        return value === undefined ? NaN : place.get(value);
      });
    }
    column.ranked = key;
    column.ranks = result;
    return result;
  }

  function sorted(rows, sort) {
    var keys = sort.map(function (one) {
      var column = one.id === NAME.id ? NAME : data.columns.byId.get(one.id);
      return { ranks: ranks(column), sign: one.desc ? -1 : 1 };
    });
    if (!keys.length) return rows;
    return rows.slice().sort(function (a, b) {
      for (var i = 0; i < keys.length; i += 1) {
        var one = keys[i].ranks[a.place], other = keys[i].ranks[b.place];
        if (one === other) continue;
        /* What has no value comes last, whichever way. */
        if (one !== one) { if (other !== other) continue; return 1; }
        if (other !== other) return -1;
        return (one - other) * keys[i].sign;
      }
      return a.place - b.place;
    });
  }

  function entry(row) {
    return row.entry || (row.entry = { row: row, key: row.url });
  }

  function tests(view, broken) {
    var words = state.words(view.q);
    var found = words.length ? [function (row) {
      var where = text(row);
      return words.every(function (word) { return where.indexOf(word) >= 0; });
    }] : [];
    Object.keys(view.filters).forEach(function (id) {
      var column = data.columns.byId.get(id);
      var test = window.sitegen.columnFilter.parse(view.filters[id], column);
      if (!test) broken.push(id);
      else found.push(function (row) {
        return test(column.value(row), String(column.search(row)).toLowerCase());
      });
    });
    return found;
  }

  /* One pass: the rows that fit, and each facet's counts. */
  function fitting(view) {
    var here = data.table, facets = data.facets.all;
    var broken = here.broken = [];
    var all = tests(view, broken);
    /* So that every value has its number before any is counted. */
    data.rows.forEach(data.facets.of);
    var chosen = facets.map(function (facet) { return data.facets.wanted(facet); });
    var stateAt = facets.findIndex(function (facet) { return facet.field === "state"; });
    /* What is deprecated shows only where it was asked for, or where there is nothing else. */
    var hides = here.hides && !(stateAt >= 0 && chosen[stateAt]);
    var counts = facets.map(function (facet) { return new Int32Array(facet.values.length); });
    var rows = [], kept = 0, total = 0;
    data.rows.forEach(function (row) {
      var now = data.values(row);
      if (!now) return;
      total += 1;
      for (var i = 0; i < all.length; i += 1) if (!all[i](row)) return;
      var said = data.facets.of(row), failed = -1, fails = 0;
      for (i = 0; i < facets.length && fails < 2; i += 1) {
        if (!chosen[i]) continue;
        var numbers = said[i], fits = false;
        for (var j = 0; j < numbers.length && !fits; j += 1) fits = chosen[i].has(numbers[j]);
        if (!fits) { fails += 1; failed = i; }
      }
      var back = hides && now.state === DEPRECATED;
      if (back) { fails += 1; failed = stateAt; }
      if (fails > 1) return;
      if (!fails) rows.push(row);
      else if (back) kept += 1;
      for (i = fails ? failed : 0; i >= 0 && i < (fails ? failed + 1 : facets.length); i += 1) {
        said[i].forEach(function (number) { counts[i][number] += 1; });
      }
    });
    here.fit = rows;
    here.kept = kept;
    here.total = total;
    here.counts = counts;
  }

  var filteredBy = "", sortedBy = "";
  data.table = {
    name: NAME,
    rows: [],
    columns: [],
    pinned: 1,
    shown: 0,
    filtered: false,
    broken: [],

    /* Work out rows and columns anew. fit: the rows that show, in the site's order; rows: as entries,
       as sorted; kept: how many deprecated ones are not shown; total: how many there were on the day;
       counts: of each facet, by number of its value. */
    update: function () {
      var view = data.view, here = data.table;
      here.filtered = Boolean(state.words(view.q).length || Object.keys(view.filters).length ||
        data.fields.some(function (field) { return view.chosen[field].length; }));
      var key = JSON.stringify([data.rows.length, data.day, view.q, view.filters, view.chosen]);
      if (key !== filteredBy) {
        here.hides = hidesDeprecated();
        fitting(view);
      }
      if (key !== filteredBy || sortedBy !== JSON.stringify(view.sort)) {
        here.rows = sorted(here.fit, view.sort).map(entry);
      }
      filteredBy = key;
      sortedBy = JSON.stringify(view.sort);
      here.shown = here.rows.length;
      var visible = view.ordered().filter(view.isShown);
      var pins = view.pin.map(function (id) { return data.columns.byId.get(id); }).filter(view.isShown);
      here.pinned = 1 + pins.length;
      here.columns = [NAME].concat(pins, visible.filter(function (column) {
        return pins.indexOf(column) < 0;
      }));
    },

    /* Every row that shows, in order. */
    all: function () {
      return data.table.rows.map(function (one) { return one.row; });
    },

    /* Rank a column for whoever sorts by it next. */
    prepare: ranks,
    /* Learn of the rows of a chunk what filters ask for, so that it is not to be done for all at once. */
    learn: function (rows) {
      rows.forEach(function (row) {
        data.facets.of(row);
        text(row);
      });
    }
  };

  function hidesDeprecated() {
    var some = false, others = false;
    data.rows.forEach(function (row) {
      var now = data.values(row);
      if (!now) return;
      if (now.state === DEPRECATED) some = true;
      else others = true;
    });
    return some && others;
  }
})();
