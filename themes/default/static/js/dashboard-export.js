/* What is seen of the dashboard as a file: its models in their order, its columns in theirs. */
(function () {
  "use strict";
  var data = window.sitegen.dashboard;
  var save = window.sitegen.save;

  function columns() { return data.table.columns; }

  function csv() {
    var all = columns(), lines = [[]];
    all.forEach(function (column) {
      if (column.kind !== "stage") lines[0].push(column.title);
      else lines[0].push(column.title, column.title + " since", column.title + " by");
    });
    data.table.all().forEach(function (row) {
      var line = [];
      all.forEach(function (column) {
        if (column.kind === "stage") {
          var done = column.holder(row);
          line.push(done ? done.version : null, done ? column.plain(row) : null,
            done ? done.author : null);
        } else line.push(cell(column, row));
      });
      lines.push(line);
    });
    return save.csv(lines);
  }
  function cell(column, row) {
    var value = column.value(row);
    if (value === undefined) return null;
    if (typeof value === "number" && !column.date) return save.number(value, column.full(row));
    return column.date ? column.plain(row) : column.full(row);
  }

  function json() {
    var all = columns();
    return JSON.stringify({
      title: data.head.title,
      models: data.table.all().map(function (row) {
        var found = { name: row.name, repo: data.head.repos[row.repo][0], url: row.url };
        all.forEach(function (column) { add(found, column, row); });
        return found;
      })
    }, null, 1) + "\n";
  }
  function add(found, column, row) {
    if (column === data.table.name || column.id === "repo" || column.id === "metrics") {
      if (column.id === "metrics") column.pairs(row).forEach(function (one) { add(found, one, row); });
      return;
    }
    if (column.kind === "stage") {
      var done = column.holder(row);
      found.stages = found.stages || {};
      if (done) {
        found.stages[column.title] = {
          version: done.version, since: column.plain(row), author: done.author
        };
      }
    } else if (column.group === "metrics") {
      var value = column.value(row);
      found.metrics = found.metrics || {};
      if (value !== undefined) {
        found.metrics[column.key] = typeof value === "number" && !isFinite(value) ? String(value) :
          value;
      }
    } else if (column.kind === "labels") found.labels = row.labels;
    else if (column.kind === "event") {
      var event = data.columns.at(row).event;
      found.event = event ? { verb: event.verb, at: column.plain(row), author: event.author } : null;
    } else {
      var said = cell(column, row);
      found[column.id.replace("-", "_")] = said && typeof said === "object" ? Number(said.number) : said;
    }
  }

  data.save = {
    start: function (section) {
      save.start(section, data.head.title + "-models", { csv: csv, json: json });
    }
  };
})();
