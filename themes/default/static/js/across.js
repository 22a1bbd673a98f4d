/* A metric across a model's versions as a line, drawn from the table that stands below it. Which
   metric it is, is kept in the hash under `metric`. */
(function () {
  "use strict";
  var state = window.sitegen.state;
  var place = document.querySelector("[data-across]");
  var table = place && place.parentElement.querySelector(".across-grid");
  if (!table) return;
  var select = place.querySelector("select");

  /* Versions stand greatest first in the table; time goes the other way. */
  var links = Array.from(table.tHead.rows[0].cells).slice(1).map(function (cell) {
    return cell.querySelector("a");
  });
  var metrics = Array.from(table.tBodies[0].rows).map(function (row) {
    var points = [];
    links.forEach(function (link, number) {
      var cell = row.cells[number + 1], value = Number(cell.title || NaN);
      if (!cell.title || !isFinite(value)) return;
      points.push({
        x: links.length - number, y: value, text: cell.firstChild.textContent,
        label: link.textContent, open: function () { link.click(); }
      });
    });
    return { key: row.cells[0].title, name: row.cells[0].textContent, points: points };
  }).filter(function (metric) { return metric.points.length > 1; });
  if (!metrics.length) return;

  metrics.forEach(function (metric) {
    var option = document.createElement("option");
    option.value = metric.key;
    option.textContent = metric.name;
    select.append(option);
  });
  function show() {
    var wanted = state.read().get("metric");
    var metric = metrics.find(function (one) { return one.key === wanted; }) || metrics[0];
    select.value = metric.key;
    window.sitegen.chart.draw(place.querySelector("[data-chart]"), {
      label: metric.name + " across versions",
      height: 180,
      whole: true,
      series: [{ name: "", points: metric.points }],
      ticks: function (x) { return links[links.length - Math.round(x)].textContent; }
    });
  }
  select.addEventListener("change", function () {
    state.write({ metric: select.value === metrics[0].key ? "" : select.value });
    show();
  });
  place.hidden = false;
  state.listen(show);
  new ResizeObserver(show).observe(place.parentElement);
  show();
})();
