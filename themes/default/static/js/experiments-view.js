/* How the reader looks at a table of experiments, beside what grid-view.js has of all tables:

   base: the row that others are measured against, or none. goal.COLUMN: higher, lower, none.
   delta, flat, hidden: 1. fold: branches. sel: chosen rows. row: the one that is looked at.
   view: compare, trends. only: 1. metric, by: of the trends. */
(function () {
  "use strict";
  var data = window.sitegen.experiments;
  var state = window.sitegen.state;
  var MOST = 7;
  var DIGITS = 10;

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

  var view = window.sitegen.gridView(data, function (now, view) {
    view.goals = view.keyed(now, "goal.");
    view.delta = now.get("delta") === "1";
    view.flat = now.get("flat") === "1";
    view.hidden = now.get("hidden") === "1";
    view.fold = now.getAll("fold");
    view.selected = rows(now.getAll("sel"));
    var base = now.get("base");
    view.base = base === "none" ? undefined :
      (base && find(base)) || data.rows[data.head.baseline];
    view.row = now.get("row") ? find(now.get("row")) : undefined;
    if (["compare", "trends"].indexOf(view.name) < 0) view.name = "table";
    view.only = now.get("only") === "1";
    view.metric = now.get("metric") || "";
    view.by = now.get("by") === "date" ? "date" : "";
    data.columns.all.forEach(function (column) {
      if (column.guessed === undefined) return;
      var said = view.goals[column.id];
      column.goal = said === undefined ? column.guessed : said === "none" ? "" : said;
    });
  }, []);

  var isShown = view.isShown;
  Object.assign(view, {
    most: MOST,
    find: find,
    reference: reference,

    /* In one list for all branches a row says itself which one it is on. */
    isShown: function (column) {
      return isShown(column) ||
        (view.flat && column.id === "branch" && view.hide.indexOf(column.id) < 0);
    },

    setGoal: function (column, goal) {
      var values = {};
      values["goal." + column.id] = goal === column.guessed ? "" : goal || "none";
      view.write(values);
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
  });
})();
