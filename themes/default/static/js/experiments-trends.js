/* A metric or param over the commits of each branch, of the rows that fit the table's filters. */
(function () {
  "use strict";
  var data = window.sitegen.experiments;
  var view = data.view;
  var place, select;
  /* More lines than that say nothing. */
  var MOST = 8;

  function columns() {
    return data.columns.all.filter(function (column) {
      return column.number !== undefined && column.numeric;
    });
  }
  function fill(all) {
    var key = all.map(function (column) { return column.id; }).join("\n");
    if (select.dataset.filled === key) return;
    select.dataset.filled = key;
    select.replaceChildren();
    var group = null, title = "";
    all.forEach(function (column) {
      var file = (column.group === "metrics" ? "Metrics" : "Params") + " in " + column.file;
      if (file !== title) {
        group = document.createElement("optgroup");
        group.label = title = file;
        select.append(group);
      }
      var option = document.createElement("option");
      option.value = column.id;
      option.textContent = column.label;
      group.append(option);
    });
  }

  function show() {
    var all = columns();
    fill(all);
    var column = all.find(function (one) { return one.id === view.metric; }) || all[0];
    var rows = data.table.all().filter(function (row) {
      var value = column && column.value(row);
      return typeof value === "number" && isFinite(value) && (view.by !== "date" || row.seconds >= 0);
    });
    place.querySelector("[data-trend-none]").hidden = rows.length > 0;
    place.querySelectorAll("[data-by]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.by === view.by));
    });
    place.querySelector("[data-trend-count]").textContent = "";
    if (!rows.length) { place.querySelector("[data-chart]").replaceChildren(); return; }
    select.value = column.id;
    var ordered = rows.slice().sort(function (a, b) { return a.seconds - b.seconds || b.place - a.place; });
    var number = new Map(ordered.map(function (row, at) { return [row, at + 1]; }));
    var series = new Map();
    ordered.forEach(function (row) {
      var name = data.head.branches[row.branch][0] || "No branch";
      if (!series.has(row.branch)) series.set(row.branch, { name: name, points: [] });
      series.get(row.branch).points.push({
        x: view.by === "date" ? row.seconds : number.get(row),
        y: column.value(row),
        /* One of several tries from its commit is no step of the branch. */
        apart: row.made,
        text: column.text(row),
        label: (row.made ? "DVC experiment " : "") + data.columns.name(row) + " (" + row.short + "), " +
          window.sitegen.values.day(row.seconds),
        open: function () { data.details.open(row); }
      });
    });
    /* Branches in the table's order keep their colour whatever the filter. */
    var lines = Array.from(series.keys()).sort(function (a, b) { return a - b; });
    var left = lines.length - MOST;
    var tries = rows.filter(function (row) { return row.made; }).length;
    place.querySelector("[data-trend-count]").textContent = rows.length +
      (rows.length === 1 ? " point" : " points") +
      (tries ? ", " + tries + " of them " + (tries === 1 ? "a DVC experiment" : "DVC experiments") +
        " beside the lines" : "") +
      (left > 0 ? " on the first " + MOST + " of " + lines.length + " branches" : "");
    window.sitegen.chart.draw(place.querySelector("[data-chart]"), {
      label: column.label,
      height: 380,
      whole: view.by !== "date",
      series: lines.slice(0, MOST).map(function (line) { return series.get(line); }),
      ticks: function (x) {
        if (view.by === "date") return window.sitegen.values.day(x);
        return window.sitegen.values.day(ordered[Math.round(x) - 1].seconds);
      }
    });
  }

  data.trends = {
    start: function (section) {
      place = section.querySelector("[data-view='trends']");
      select = place.querySelector("[data-metric]");
      select.addEventListener("change", function () { view.write({ metric: select.value }); });
      place.addEventListener("click", function (event) {
        var by = event.target.closest("[data-by]");
        if (by) view.write({ by: by.dataset.by });
      });
      new ResizeObserver(function () {
        if (view.name === "trends" && data.rows.length) show();
      }).observe(place);
    },
    show: show
  };
})();
