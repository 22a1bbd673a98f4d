/* The plots of compared revisions: data laid over each other, images side by side.

   Of versions: compare.js tells which ones by the event "compared"; "Only differences" hides what is
   the same everywhere. Of experiments: window.sitegen.plots.overlay(place, rows, only), rows:
   [{commit, label}], place: an element whose data-plots is the script that says which commit has
   which plots; it is loaded when it is needed. */
(function () {
  "use strict";
  var plots = window.sitegen.plots;
  var known = new WeakMap();
  var index = null;

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function figureOf(section, name) {
    if (!known.has(section)) known.set(section, new Map());
    var figures = known.get(section);
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
  function show(section, versions, only) {
    var grid = section.querySelector(".plot-grid");
    var names = new Map();
    versions.forEach(function (version) {
      version.plots.forEach(function (plot) {
        if (!names.has(plot.name)) names.set(plot.name, plot);
      });
    });
    /* What no revision has a drawing of stands last. */
    var kept = [], without = [];
    names.forEach(function (plot, name) {
      var rows = versions.map(function (version) {
        return version.plots.find(function (one) {
          return one.name === name && one.kind === plot.kind;
        });
      });
      var equal = same(rows);
      if (equal && only) return;
      var made = figureOf(section, name);
      var drawn = rows.some(function (row) { return row && (row.digest || row.image); });
      (drawn ? kept : without).push(made.figure);
      made.figure.classList.toggle("is-wide", !equal && widthOf(rows) > 380);
      made.caption.firstChild.textContent = plot.title;
      made.caption.firstChild.title = name;
      made.caption.lastChild.textContent = equal && drawn ? "the same in all" : "";
      var revisions = versions.map(function (version, at) {
        var row = rows[at] || { note: version.note || "not declared there" };
        /* A revision has one colour, whatever others have of a plot. */
        return {
          color: "var(--plot-" + at % 7 + ")", name: version.label, digest: row.digest,
          image: row.image, width: row.width, height: row.height, note: row.note
        };
      });
      /* What is equal in all of them is drawn once, under all their names. */
      if (equal) {
        revisions = [Object.assign({}, revisions[0], {
          color: "",
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
    grid.replaceChildren.apply(grid, kept.concat(without));
    section.hidden = !grid.firstChild;
  }

  plots.index = function (text) { index = JSON.parse(text); };
  plots.overlay = function (place, rows, only) {
    var ready = index ? Promise.resolve() : plots.script(place.dataset.plots);
    return ready.then(function () {
      if (!place.firstChild) {
        var title = element("h2", "", "Plots");
        place.className = "plots";
        place.append(title, element("div", "plot-grid"));
      }
      var labels = rows.map(function (row) { return row.label; });
      show(place, rows.map(function (row, at) {
        /* Two commits may have one message, and a drawing tells them apart by name alone. */
        var twice = labels.indexOf(row.label) !== at || labels.lastIndexOf(row.label) !== at;
        var found = index.commits[row.commit];
        return {
          label: twice ? row.label + " " + row.commit.slice(0, 7) : row.label,
          plots: (found || []).map(function (at) { return index.plots[at]; }),
          note: found ? "" : "the plots of this commit were not read"
        };
      }), only);
    }, function () { place.hidden = true; });
  };

  var source = document.querySelector("[data-compare]");
  var section = document.querySelector("[data-compared-plots]");
  if (source && section) {
    source.addEventListener("compared", function (event) {
      show(section, event.detail.versions, event.detail.only);
    });
  }
})();
