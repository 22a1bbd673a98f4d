/* How the reader looks at a table of experiments; all of it is in the URL's hash:

   q: words searched for. f.COLUMN: a filter. sort: COLUMN:descending, again for further ones.
   show, hide: columns other than at first. order: all columns that were moved. pin: columns that
   stay. base: the row that others are measured against, or none. goal.COLUMN: higher, lower, none.
   delta, flat, hidden: 1. fold: branches. sel: chosen rows. row: the one that is looked at.
   view: compare, trends. only: 1. metric, by: of the trends. */
(function () {
  "use strict";
  var data = window.sitegen.experiments;
  var state = window.sitegen.state;
  var listeners = [];
  var MOST = 7;
  var DIGITS = 10;

  function keyed(now, prefix) {
    var found = {};
    Array.from(now.keys()).forEach(function (key) {
      if (key.indexOf(prefix) === 0 && data.columns.byId.has(key.slice(prefix.length))) {
        found[key.slice(prefix.length)] = now.get(key);
      }
    });
    return found;
  }
  function known(ids) {
    return ids.filter(function (id, place) {
      return data.columns.byId.has(id) && ids.indexOf(id) === place;
    });
  }

  /* A row by its id, or by the first digits of its commit's; "~" and a name tell DVC experiments. */
  function find(id) {
    var parts = id.split("~"), digits = parts.shift(), name = parts.join("~");
    if (digits.length < 4) return undefined;
    return data.rows.find(function (row) {
      return row.oid.indexOf(digits) === 0 &&
        (parts.length || id.indexOf("~") >= 0 ? row.made && row.name === name : !row.made);
    }) || data.rows.find(function (row) { return row.oid.indexOf(digits) === 0; });
  }
  function reference(row) {
    return row.oid.slice(0, DIGITS) + (row.made ? "~" + row.name : "");
  }
  function rows(ids) {
    return ids.map(find).filter(function (row, place, all) {
      return row && all.indexOf(row) === place;
    }).slice(0, MOST);
  }

  var view = data.view = {
    most: MOST,
    find: find,
    reference: reference,

    /* Read the hash again. What names no row or column of this table says nothing. */
    read: function () {
      var now = state.read();
      view.q = now.get("q") || "";
      view.filters = keyed(now, "f.");
      view.goals = keyed(now, "goal.");
      view.sort = now.getAll("sort").map(function (text) {
        var cut = text.lastIndexOf(":");
        var id = text.slice(0, cut);
        return { id: id, desc: text.slice(cut + 1) === "descending" };
      }).filter(function (one) { return one.id === "name" || data.columns.byId.has(one.id); });
      view.show = known(now.getAll("show"));
      view.hide = known(now.getAll("hide"));
      view.order = known(now.getAll("order"));
      view.pin = known(now.getAll("pin"));
      view.delta = now.get("delta") === "1";
      view.flat = now.get("flat") === "1";
      view.hidden = now.get("hidden") === "1";
      view.fold = now.getAll("fold");
      view.selected = rows(now.getAll("sel"));
      var base = now.get("base");
      view.base = base === "none" ? undefined :
        (base && find(base)) || data.rows[data.head.baseline];
      view.row = now.get("row") ? find(now.get("row")) : undefined;
      view.name = ["compare", "trends"].indexOf(now.get("view")) >= 0 ? now.get("view") : "table";
      view.only = now.get("only") === "1";
      view.metric = now.get("metric") || "";
      view.by = now.get("by") === "date" ? "date" : "";
      data.columns.all.forEach(function (column) {
        if (column.guessed === undefined) return;
        var said = view.goals[column.id];
        column.goal = said === undefined ? column.guessed : said === "none" ? "" : said;
      });
    },

    /* Keep other values in the hash, and show the table by them. */
    write: function (values) {
      state.write(values);
      view.read();
      listeners.forEach(function (back) { back(values); });
    },
    listen: function (back) { listeners.push(back); },

    /* Words of one of the hash's keys that are kept by column: filters and goals. */
    setFilter: function (column, text) {
      var values = {};
      values["f." + column.id] = text.trim();
      view.write(values);
    },
    setGoal: function (column, goal) {
      var values = {};
      values["goal." + column.id] = goal === column.guessed ? "" : goal || "none";
      view.write(values);
    },
    clear: function () {
      var values = { q: "" };
      Object.keys(view.filters).forEach(function (id) { values["f." + id] = ""; });
      view.write(values);
    },

    /* Columns in the reader's order; those that were never moved stay where they were at first. */
    ordered: function () {
      var moved = view.order.map(function (id) { return data.columns.byId.get(id); });
      if (!moved.length) return data.columns.all;
      return moved.concat(data.columns.all.filter(function (column) {
        return view.order.indexOf(column.id) < 0;
      }));
    },
    isShown: function (column) {
      if (view.hide.indexOf(column.id) >= 0) return false;
      /* In one list for all branches a row says itself which one it is on. */
      return view.show.indexOf(column.id) >= 0 || column.shown || (view.flat && column.id === "branch");
    },
    /* Show these columns and hide those. */
    setShown: function (shown, hidden) {
      var show = new Set(view.show), hide = new Set(view.hide);
      shown.forEach(function (column) {
        hide.delete(column.id);
        if (!column.shown) show.add(column.id);
      });
      hidden.forEach(function (column) {
        show.delete(column.id);
        if (column.shown) hide.add(column.id);
      });
      view.write({ show: Array.from(show), hide: Array.from(hide) });
    },

    toggleRow: function (row) {
      var at = view.selected.indexOf(row);
      var rest = view.selected.filter(function (one) { return one !== row; });
      if (at < 0 && rest.length >= MOST) {
        view.write({});
        state.announce("Seven are chosen already");
        return;
      }
      view.write({ sel: (at < 0 ? rest.concat(row) : rest).map(reference) });
      state.announce(view.selected.length + " chosen");
    }
  };
})();
