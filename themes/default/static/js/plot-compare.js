/* The plots of compared versions: data laid over each other, images side by side. compare.js tells
   which versions by the event "compared"; "Only differences" hides what is the same everywhere. */
(function () {
  "use strict";
  var plots = window.sitegen.plots;
  var source = document.querySelector("[data-compare]");
  var section = document.querySelector("[data-compared-plots]");
  if (!source || !section) return;
  var grid = section.querySelector(".plot-grid");
  var figures = new Map();

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function figureOf(name) {
    if (!figures.has(name)) {
      var figure = element("figure", "plot");
      var caption = element("figcaption");
      var title = element("span", "plot-title");
      caption.append(title, element("span", "plot-links muted"));
      var body = element("div", "plot-body");
      figure.append(caption, body);
      figures.set(name, { figure: figure, caption: caption, body: body, key: "" });
    }
    return figures.get(name);
  }
  function same(rows) {
    return rows.every(function (row) {
      return row && row.digest === rows[0].digest && row.image === rows[0].image &&
        row.note === rows[0].note;
    });
  }
  /* Of images side by side, in pixels. */
  function widthOf(rows) {
    return rows.reduce(function (sum, row) {
      return sum + (row && row.image ? Math.min(row.width, 460) + 16 : 0);
    }, 0);
  }
  function show(versions, only) {
    var names = new Map();
    versions.forEach(function (version) {
      version.plots.forEach(function (plot) {
        if (!names.has(plot.name)) names.set(plot.name, plot);
      });
    });
    var kept = [];
    names.forEach(function (plot, name) {
      var rows = versions.map(function (version) {
        return version.plots.find(function (one) {
          return one.name === name && one.kind === plot.kind;
        });
      });
      var equal = same(rows);
      if (equal && only) return;
      var made = figureOf(name);
      kept.push(made.figure);
      made.figure.classList.toggle("is-wide", !equal && widthOf(rows) > 380);
      made.caption.firstChild.textContent = plot.title;
      made.caption.firstChild.title = name;
      made.caption.lastChild.textContent = equal ? "the same in all" : "";
      var revisions = versions.map(function (version, at) {
        var row = rows[at] || { note: "not in this version" };
        return {
          name: version.label, digest: row.digest, image: row.image, width: row.width,
          height: row.height, note: row.note
        };
      });
      /* What is equal in all of them is drawn once, under all their names. */
      if (equal) {
        revisions = [Object.assign({}, revisions[0], {
          name: versions.map(function (version) { return version.label; }).join(", ")
        })];
      }
      var key = JSON.stringify(revisions);
      if (made.key === key) return;
      made.key = key;
      plots.lazy(made.body, function () {
        plots.draw(made.body, { title: plot.title, kind: plot.kind }, revisions);
      });
    });
    grid.replaceChildren.apply(grid, kept);
    section.hidden = !kept.length;
  }

  source.addEventListener("compared", function (event) {
    show(event.detail.versions, event.detail.only);
  });
})();
