/* What is seen of a table of experiments as a file: its rows in their order, its columns in theirs.

   A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP); numbers
   stay as they are. */
(function () {
  "use strict";
  var data = window.sitegen.experiments;

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
  function exact(column, row) {
    /* The source's own digits, which a number of JavaScript may have lost. */
    var found = value(column, row);
    var plain = typeof found === "number" && found === column.value(row);
    return plain && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(column.full(row)) ? column.full(row) :
      typeof found === "number" ? String(found) : null;
  }

  function quoted(text) {
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  function harmless(text) {
    return quoted(/^[=+\-@\t\r]/.test(text) ? "'" + text : text);
  }
  function csv() {
    var all = columns();
    var lines = [["commit", "name", "branch", "message"].concat(all.map(title)).map(harmless)];
    data.table.all().forEach(function (row) {
      lines.push([row.oid, row.name, data.head.branches[row.branch][0], row.subject].map(harmless)
        .concat(all.map(function (column) {
          var found = value(column, row);
          if (found === null) return "";
          return typeof found === "number" ? exact(column, row) : harmless(String(found));
        })));
    });
    return lines.map(function (line) { return line.join(","); }).join("\r\n") + "\r\n";
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
          typeof cell === "number" && !isFinite(cell) ? String(cell) : cell;
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
    csv: csv,
    json: json,
    start: function (section) {
      section.querySelector("[data-export]").addEventListener("click", function (event) {
        var button = event.target.closest("[data-save]");
        if (!button) return;
        var kind = button.dataset.save;
        /* With a mark at its start, without which spreadsheets take UTF-8 for something else. */
        var text = kind === "csv" ? "\ufeff" + csv() : json();
        var type = kind === "csv" ? "text/csv" : "application/json";
        var link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([text], { type: type + ";charset=utf-8" }));
        link.download = data.head.repo.replace(/[^\w.-]+/g, "-") + "-experiments." + kind;
        link.click();
        setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
        event.currentTarget.open = false;
      });
    }
  };
})();
