/* The columns of a table of experiments: what each shows of a row, sorts by and exports.

   A cell of a value is a number, a text, [number, the source's spelling], or of data [hash, size];
   see render/experiments.py. */
(function () {
  "use strict";
  var data = window.sitegen.experiments;
  var values = window.sitegen.values;

  /* A fixed column says `text` of a row, and sorts and filters by `value`, else by the text. */
  function fixed(id, title, shown, width, text, value) {
    return {
      id: id, group: "", file: "", key: title, title: title, goal: "", shown: shown, width: width,
      numeric: false, text: text, full: text, value: value || text, search: text, label: title
    };
  }
  function join(list) { return list.join(", "); }

  function commits() {
    var columns = [
      fixed("author", "Author", true, 128, function (row) { return row.author; }),
      fixed("date", "Date", true, 116, function (row) { return values.day(row.seconds); },
        function (row) { return row.seconds < 0 ? undefined : row.seconds; }),
      fixed("branch", "Branch", false, 160, function (row) {
        return data.head.branches[row.branch][0];
      }),
      fixed("commit", "Commit", false, 84, function (row) { return row.short; }),
      fixed("parents", "Parents", false, 150, function (row) {
        return join(row.parents.map(function (oid) { return oid.slice(0, 7); }));
      }),
      fixed("branches", "Branches", false, 200, function (row) { return join(row.branches); }),
      fixed("tags", "Tags", false, 180, function (row) { return join(row.tags); })
    ];
    columns[1].full = function (row) { return row.date.replace("T", " "); };
    columns[1].date = true;
    columns[3].full = function (row) { return row.oid; };
    columns[4].full = function (row) { return join(row.parents); };
    return columns;
  }

  /* A column for each model that has a version here; at first one for all of more than two, so that
     metrics are in sight. */
  function models() {
    var used = new Set(data.head.badges.map(function (badge) { return badge[0]; }));
    function column(id, title, shown, fits) {
      function text(row) { return join(row.badges.filter(fits).map(label)); }
      function label(badge) { return id === "versions" ? badge.name + " " + badge.label : badge.label; }
      var width = Math.max(96, Math.min(title.length * 7 + 30, 132));
      data.head.badges.forEach(function (said) {
        if (!fits({ model: said[0], label: said[1] })) return;
        var stages = said[3].reduce(function (sum, stage) { return sum + stage[0].length * 7 + 24; }, 0);
        var name = id === "versions" ? data.head.models[said[0]][0].length * 7 + 6 : 0;
        width = Math.max(width, Math.min(name + said[1].length * 8 + stages + 20, 300));
      });
      var found = fixed(id, title, shown, width, text, function (row) {
        return text(row) || undefined;
      });
      found.group = "models";
      found.badges = function (row) { return row.badges.filter(fits); };
      found.named = id === "versions";
      return found;
    }
    var many = used.size > 2;
    var all = column("versions", "Versions", many, function () { return true; });
    return (used.size > 1 ? [all] : []).concat(Array.from(used).sort(function (a, b) {
      return a - b;
    }).map(function (number) {
      return column("model:" + data.head.models[number][0], data.head.models[number][0], !many,
        function (badge) { return badge.model === number; });
    }));
  }

  /* label: the title, with the file where another file of the group has the same key. */
  function measured() {
    var alike = {};
    data.head.columns.forEach(function (said) {
      alike[said[1] + said[3]] = (alike[said[1] + said[3]] || 0) + 1;
    });
    return data.head.columns.map(function (said, number) {
      var cells = data.cells[number];
      var isData = said[1] === "data";
      function full(row) {
        var cell = cells[row.place];
        return cell === undefined ? "" : String(Array.isArray(cell) ? cell[isData ? 0 : 1] : cell);
      }
      function value(row) {
        var cell = cells[row.place];
        if (!Array.isArray(cell)) return cell;
        return isData ? cell[0] : Number(cell[0]);
      }
      function text(row) {
        if (isData) return full(row).replace(/^(.{7})[^.]*/, "$1");
        var found = value(row);
        return typeof found === "number" ? values.short(found, full(row)) : full(row);
      }
      return {
        id: said[0], group: said[1], file: said[2], key: said[3], title: said[3] || said[2],
        label: said[3] && alike[said[1] + said[3]] > 1 ? said[3] + " (" + said[2] + ")" : said[3] || said[2],
        guessed: said[4], goal: said[4], shown: Boolean(said[5]), number: number,
        text: text, full: full, value: value, search: full,
        size: isData ? function (row) {
          var cell = cells[row.place];
          return cell ? cell[1] : "";
        } : null
      };
    });
  }

  /* What only shows once rows are there: whether a column is numeric, and how wide it has to be. */
  function measure(column) {
    var numbers = 0, others = 0, longest = 0, distinct = new Set();
    data.rows.forEach(function (row) {
      var value = column.value(row);
      if (value === undefined) return;
      if (typeof value === "number") numbers += 1;
      else others += 1;
      if (distinct.size < 2) distinct.add(value);
      if (numbers + others < 400) longest = Math.max(longest, column.text(row).length);
    });
    column.numeric = numbers > 0 && numbers >= others;
    column.changing = distinct.size > 1 || (distinct.size === 1 && numbers + others < data.rows.length);
    column.empty = !(numbers + others);
    var title = Math.min(column.title.length, 24) * 7 + (column.guessed ? 58 : 44);
    column.width = Math.min(Math.max(longest * 8 + (column.numeric ? 40 : 22), title, column.guessed ? 120 : 84), 260);
  }

  data.columns = {
    all: [],
    byId: new Map(),
    groups: [["", "Commit"], ["models", "Versions"], ["metrics", "Metrics"], ["params", "Params"],
      ["data", "Data"]],

    make: function () {
      data.columns.all = commits().concat(models(), measured());
      data.columns.all.forEach(function (column) {
        if (column.number !== undefined) measure(column);
        else column.changing = true;
        if (!data.columns.byId.has(column.id)) data.columns.byId.set(column.id, column);
      });
    },
    /* More rows came. */
    again: function () {
      data.columns.all.forEach(function (column) {
        if (column.number !== undefined) measure(column);
      });
    },

    /* "better", "worse" or "" for a number against the baseline's. */
    verdict: function (goal, now, base) {
      if (!goal || typeof now !== "number" || typeof base !== "number" || now === base) return "";
      if (isNaN(now) || isNaN(base)) return "";
      return (now > base) === (goal === "higher") ? "better" : "worse";
    },

    /* How a row is called. */
    name: function (row) {
      return row.made && row.name ? row.name : row.subject || row.short;
    }
  };
})();
