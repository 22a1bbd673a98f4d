/* Which rows and columns of a table of experiments show, and in which order. The table's model is
   TanStack Table's: it filters and sorts rows within their branches, and orders and pins columns. */
(function () {
  "use strict";
  var data = window.sitegen.experiments;
  var core = window.TableCore;
  var state = window.sitegen.state;
  var collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  var table = null;
  var made = "";
  var words = [];

  /* What the box looks through: words of the row, and values that are no numbers. */
  function text(row) {
    if (row.text === undefined) {
      var badges = row.badges.map(function (badge) { return badge.name + " " + badge.label; });
      var values = words.map(function (column) { return column.search(row); });
      row.text = [row.name, row.message, row.author, row.oid, data.head.branches[row.branch][0]].concat(
        row.tips, row.tags, badges, values
      ).join("\n").toLowerCase();
    }
    return row.text;
  }

  /* Items of the model: a branch has its commits, a commit the DVC experiments made from it. fold: by
     what the hash says that it is folded. */
  function item(row) {
    return { key: row.id, fold: row.id, row: row, sub: [] };
  }
  function nested(rows) {
    var branches = data.head.branches.map(function (said, number) {
      return {
        key: "branch " + number, row: null, fold: said[0] || "no branch",
        name: said[0], parent: said[1], depth: said[2], sub: []
      };
    });
    var commit = null;
    rows.forEach(function (row) {
      var here = item(row);
      if (row.made && commit && commit.row.branch === row.branch) commit.sub.push(here);
      else branches[row.branch].sub.push(here);
      if (!row.made) commit = here;
    });
    return branches.filter(function (branch) { return branch.sub.length; });
  }
  function flat(rows) {
    return rows.map(item).sort(function (a, b) { return b.row.seconds - a.row.seconds; });
  }

  /* A branch, or a commit with DVC experiments, stays for what fits below it. */
  function fits(one, test) {
    if (!one.row) return true;
    return test(one.row) || one.sub.some(function (below) { return test(below.row); });
  }

  function definition(column) {
    return {
      id: column.id,
      accessorFn: function (one) {
        if (!one.row) return undefined;
        var value = column.value(one.row);
        /* Among numbers a text has no place: it comes last, like nothing. */
        return column.numeric && typeof value !== "number" || value === "" ? undefined : value;
      },
      sortUndefined: "last",
      sortingFn: function (a, b, id) {
        var one = a.getValue(id), other = b.getValue(id);
        if (typeof one === "number" && typeof other === "number") return one - other;
        return collator.compare(String(one), String(other));
      },
      sortDescFirst: false,
      filterFn: function (row, id, test) {
        return fits(row.original, function (one) {
          return test(column.value(one), String(column.search(one)).toLowerCase());
        });
      }
    };
  }
  var NAME = {
    id: "name", title: "Experiment", numeric: false,
    value: function (row) { return data.columns.name(row); },
    text: function (row) { return data.columns.name(row); },
    full: function (row) { return row.message; },
    search: function (row) { return row.message; }
  };

  function create() {
    words = data.columns.all.filter(function (column) {
      return column.group === "params" && !column.numeric;
    });
    table = core.createTable({
      data: [], columns: [NAME].concat(data.columns.all).map(definition), state: {},
      getRowId: function (one) { return one.key; },
      getSubRows: function (one) { return one.sub; },
      getCoreRowModel: core.getCoreRowModel(),
      getFilteredRowModel: core.getFilteredRowModel(),
      getSortedRowModel: core.getSortedRowModel(),
      getExpandedRowModel: core.getExpandedRowModel(),
      getColumnCanGlobalFilter: function (column) { return column.id === "name"; },
      globalFilterFn: function (row, id, words) {
        return fits(row.original, function (one) {
          return words.every(function (word) { return text(one).indexOf(word) >= 0; });
        });
      },
      onStateChange: function () { /* The hash is the state. */ },
      renderFallbackValue: null
    });
    /* So that values of rows that were made before do not keep an older state alive. */
    table.setOptions(function (options) {
      return Object.assign({}, options, { state: table.initialState });
    });
  }

  function source(view) {
    var rows = data.rows.filter(function (row) { return view.hidden || !row.hidden; });
    return view.flat ? flat(rows) : nested(rows);
  }

  function expanded(view, items, searching) {
    if (searching || !view.fold.length) return true;
    var open = {};
    items.forEach(function (one) {
      if (view.fold.indexOf(one.fold) < 0) open[one.key] = true;
      one.sub.forEach(function (commit) {
        if (view.fold.indexOf(commit.fold) < 0) open[commit.key] = true;
      });
    });
    return open;
  }

  data.table = {
    name: NAME,
    rows: [],
    columns: [],
    pinned: 1,
    shown: 0,
    filtered: false,
    broken: [],

    /* Work out rows and columns anew. rows: [{key, row, item, depth, count}] with branches among them,
       whose row is null and count that of their rows; columns: the `pinned` ones that stay first, NAME the first of all. */
    update: function () {
      var view = data.view;
      if (!table || made !== String(data.columns.all.length)) {
        create();
        made = String(data.columns.all.length);
      }
      var words = state.words(view.q);
      var broken = [];
      var filters = Object.keys(view.filters).map(function (id) {
        var test = window.sitegen.columnFilter.parse(view.filters[id], data.columns.byId.get(id));
        if (!test) broken.push(id);
        return { id: id, value: test };
      }).filter(function (one) { return one.value; });
      var items = data.table.items(view);
      var visible = {};
      data.columns.all.forEach(function (column) { visible[column.id] = view.isShown(column); });
      table.setOptions(function (options) {
        return Object.assign({}, options, {
          data: items,
          state: Object.assign({}, table.initialState, {
            columnFilters: filters,
            globalFilter: words.length ? words : undefined,
            sorting: view.sort,
            expanded: expanded(view, items, words.length || filters.length),
            columnVisibility: visible,
            columnOrder: ["name"].concat(view.ordered().map(function (one) { return one.id; })),
            columnPinning: { left: ["name"].concat(view.pin), right: [] }
          })
        });
      });
      var here = data.table;
      here.broken = broken;
      here.filtered = Boolean(words.length || filters.length);
      here.rows = table.getRowModel().rows.filter(function (row) {
        return row.original.row || row.subRows.length;
      }).map(function (row) {
        return {
          key: row.original.key, item: row.original, row: row.original.row, depth: row.depth,
          count: row.original.row ? 0 : row.subRows.reduce(function (sum, one) {
            return sum + 1 + one.subRows.length;
          }, 0)
        };
      });
      var pinned = table.getLeftVisibleLeafColumns();
      here.pinned = pinned.length;
      here.columns = pinned.concat(table.getCenterVisibleLeafColumns()).map(function (column) {
        return column.id === "name" ? NAME : data.columns.byId.get(column.id);
      });
      here.bestOf = new Map();
      here.every = null;
      here.shown = here.all().length;
    },

    /* The model's items stay the same objects while what they are made of does, so that what was
       worked out for them is kept. */
    items: (function () {
      var kept = null, key = "";
      return function (view) {
        var now = [view.hidden, view.flat, data.rows.length].join();
        if (key !== now) kept = source(view);
        key = now;
        return kept;
      };
    })(),

    /* Every row that fits, in order, whether its branch is folded or not. */
    all: function () {
      if (!data.table.every) {
        var found = data.table.every = [];
        (function walk(rows) {
          rows.forEach(function (row) {
            if (row.original.row) found.push(row.original.row);
            walk(row.subRows);
          });
        })(table.getPreExpandedRowModel().rows);
      }
      return data.table.every;
    },

    /* The best by a column's goal among the rows that fit: the value, or undefined where there is
       none or all are equal. */
    best: function (column) {
      var here = data.table;
      if (!column.goal) return undefined;
      if (!here.bestOf.has(column.id)) {
        var best, first, several = false;
        here.all().forEach(function (row) {
          var value = column.value(row);
          if (typeof value !== "number" || !isFinite(value)) return;
          if (first === undefined) first = value;
          else if (value !== first) several = true;
          if (best === undefined || (column.goal === "higher" ? value > best : value < best)) {
            best = value;
          }
        });
        here.bestOf.set(column.id, several ? best : undefined);
      }
      return here.bestOf.get(column.id);
    }
  };
})();
