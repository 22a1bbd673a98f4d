/* What is seen of a table of experiments as a file: its rows in their order, its columns in theirs. */
(function () {
  "use strict";
  var data = window.sitegen.experiments;
  var save = window.sitegen.save;

  function columns() {
    return data.table.columns.slice(1);
  }
  function title(column) {
    return column.group === "models" && column.id !== "versions" ? "version of " + column.title :
      column.file && column.key ? column.file + ":" + column.key : column.title;
  }
  /* The difference where differences are shown, else the value: a number, or a text. */
  function value(column, row) {
    var found = column.value(row), base = data.view.base;
    if (found === undefined || found === "") return null;
    if (data.view.delta && base && base !== row && column.number !== undefined) {
      var then = column.value(base);
      if (typeof found === "number" && typeof then === "number") return found - then;
    }
    if (column.date) return row.date;
    return typeof found === "number" ? found : column.full(row);
  }
  function csv() {
    var all = columns();
    var lines = [["commit", "name", "branch", "message"].concat(all.map(title))];
    data.table.all().forEach(function (row) {
      lines.push([row.oid, row.name, data.head.branches[row.branch][0], row.subject].concat(
        all.map(function (column) {
          var found = value(column, row);
          return typeof found === "number" ? save.number(found, column.full(row)) : found;
        })
      ));
    });
    return save.csv(lines);
  }

  /* A whole number with more digits than JavaScript keeps, in its source's own. */
  function exact(number, full) {
    var long = /^-?(0|[1-9]\d*)$/.test(full) && !Number.isSafeInteger(number) && Number(full) === number;
    return long && JSON.rawJSON ? JSON.rawJSON(full) : number;
  }
  function json() {
    var all = columns();
    var rows = data.table.all().map(function (row) {
      var found = {
        commit: row.oid, name: row.name || null, branch: data.head.branches[row.branch][0] || null,
        message: row.message, parents: row.parents
      };
      all.forEach(function (column) {
        if (column.id === "parents" || column.id === "commit") return;
        var cell = value(column, row);
        if (column.number === undefined) {
          if (column.group !== "models") found[column.id] = cell;
          return;
        }
        if (cell === null) return;
        var group = found[column.group] = found[column.group] || {};
        if (column.group === "data") group[column.file] = cell;
        else (group[column.file] = group[column.file] || {})[column.key] =
          typeof cell !== "number" ? cell : isFinite(cell) ? exact(cell, column.full(row)) : String(cell);
      });
      found.versions = {};
      row.badges.forEach(function (badge) { found.versions[badge.name] = badge.label; });
      return found;
    });
    return JSON.stringify({
      repo: data.head.repo,
      deltas_from: data.view.delta && data.view.base ? data.view.base.oid : null,
      experiments: rows
    }, null, 1) + "\n";
  }

  data.save = {
    start: function (section) {
      save.start(section, data.head.repo + "-experiments", { csv: csv, json: json });
    }
  };
})();
