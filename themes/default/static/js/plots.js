/* Plots drawn from data: loads what is needed when it comes near the window, draws with Vega, and
   draws again when the colours or the width change.

   window.sitegen.plots.draw(container, plot, revisions) -> Promise
     container: an element; what is in it is replaced.
     plot: {title, kind: "data" or "image"}.
     revisions: [{name, digest, image, width, height, note}], at most seven, the first counts first;
       digest: of a plot's data file, image: its URL from the site's root; else note says why there
       is nothing. color: optional, any that CSS knows; else one of the theme's.
     When done, container.dataset.drawn is "plot", "image" or "nothing".
   window.sitegen.plots.lazy(container, draw): calls `draw` once `container` comes near the window.

   window.sitegen.plots.script(path) -> Promise: loads a script, from the site's root, once.

   Untrusted: a repository's own template is Vega-Lite. Nothing is loaded (no address is), no code is
   made of text (expressions are interpreted), events come from the drawing alone. */
(function () {
  "use strict";
  var plots = window.sitegen.plots;
  var ROOT = new URL("../../", document.currentScript.src);
  var LIBRARIES = ["vega.js", "vega-lite.js", "vega-interpreter.js"];
  /* SVG is sharp, can be read aloud and printed; of so many rows it is too slow. */
  var MOST_IN_SVG = 3000;
  /* DVC writes white on what is over half of the most: there it is dark enough for that. */
  var RAMP = ["#e8f1fb", "#9fc3e6", "#4078b0", "#2c5f96", "#184479", "#08294f"];
  var NARROWEST = 180, HEIGHT = 280;
  var texts = new Map(), parsed = new Map(), scripts = new Map();
  var dvc = null;
  var shown = new Map();

  plots.take = function (digest, text) { texts.set(digest, text); };
  plots.templates = function (found) { dvc = found; };

  function script(path) {
    if (!scripts.has(path)) {
      scripts.set(path, new Promise(function (done, failed) {
        var element = document.createElement("script");
        element.src = new URL(path, ROOT).href;
        element.onload = done;
        element.onerror = function () {
          scripts.delete(path);
          failed(new Error("a file of this plot is missing"));
        };
        document.head.append(element);
      }));
    }
    return scripts.get(path);
  }
  function libraries() {
    return LIBRARIES.reduce(function (before, name) {
      return before.then(function () { return script("static/lib/" + name); });
    }, Promise.resolve());
  }
  function data(digest) {
    return script("data/plots/" + digest + ".js").then(function () {
      if (!parsed.has(digest)) parsed.set(digest, JSON.parse(texts.get(digest)));
      texts.delete(digest);
      return parsed.get(digest);
    });
  }
  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /* Colours */

  function resolved(names) {
    var probe = element("span");
    document.body.append(probe);
    var found = names.map(function (name) {
      probe.style.color = "";
      probe.style.color = name;
      return getComputedStyle(probe).color;
    });
    probe.remove();
    return found;
  }
  function palette(revisions) {
    return resolved(revisions.map(function (one, at) {
      return one.color || "var(--plot-" + at % 7 + ")";
    }));
  }
  /* names: of the revisions; room: in pixels. */
  function config(names, room) {
    /* Names that are too long to stand beside each other stand below each other. */
    var beside = names.reduce(function (sum, name) { return sum + 7 * name.length + 36; }, 60);
    var found = resolved(["var(--text)", "var(--muted)", "var(--line)", "var(--plot-0)"]);
    var text = found[0], muted = found[1], line = found[2], mark = found[3];
    var font = getComputedStyle(document.body).fontFamily;
    return {
      background: "transparent",
      font: font,
      view: { stroke: line },
      title: { color: text, fontSize: 13 },
      axis: {
        labelColor: muted, titleColor: text, gridColor: line, domainColor: line, tickColor: line,
        labelFontSize: 11, titleFontSize: 12, titleFontWeight: "normal", labelLimit: 160
      },
      header: { labelColor: text, title: null, labelFontSize: 12, labelLimit: 200 },
      legend: {
        labelColor: text, titleColor: muted, labelFontSize: 12, titleFontWeight: "normal",
        orient: "top", symbolStrokeWidth: 2, labelLimit: 240, title: null,
        columns: beside > room ? 1 : 0
      },
      mark: { color: mark },
      line: { strokeWidth: 2 },
      rule: { color: muted },
      range: { heatmap: RAMP, ramp: RAMP }
    };
  }

  /* From DVC's drawing, which stands by itself, to one that stands in a page. */

  function isFacet(spec) {
    var encoding = spec.encoding || {};
    return Boolean(spec.facet || spec.repeat || spec.hconcat || spec.vconcat || spec.concat ||
      encoding.facet || (encoding.column && encoding.column.field) ||
      (encoding.row && encoding.row.field));
  }
  function each(value, visit) {
    if (value === null || typeof value !== "object") return;
    visit(value);
    Object.keys(value).forEach(function (key) {
      if (key !== "values") each(value[key], visit);
    });
  }
  /* How many drawings stand side by side in one. */
  function beside(spec) {
    var column = (spec.facet || spec.encoding || {}).column || {};
    var values = (spec.data || {}).values || [];
    return new Set(values.map(function (row) { return row[column.field]; })).size || 1;
  }
  /* Of one revision alone the page says the name already. */
  function fitted(spec, room, title, revisions) {
    var alone = revisions < 2;
    delete spec.title;
    /* Its colours are the theme's. */
    delete spec.background;
    spec.description = title;
    var facet = isFacet(spec);
    if (!facet) {
      spec.width = "container";
      spec.autosize = { type: "fit-x", contains: "padding" };
    }
    var wide = Math.max(Math.min(300, (room - 130) / beside(spec)), NARROWEST);
    each(spec, function (inner) {
      if (facet && inner.width === 300) inner.width = wide;
      if (inner.height === 300) inner.height = facet ? wide : room < 420 ? 220 : HEIGHT;
      /* The wheel scrolls the page; with Ctrl it zooms. */
      if (inner.select === "interval" && inner.bind === "scales") {
        inner.select = { type: "interval", zoom: "wheel![event.ctrlKey]" };
      }
      if (inner.name === "showValues" && inner.value === undefined) inner.value = true;
      if (alone && inner.color && inner.color.field === "rev") inner.color.legend = null;
      if (alone && inner.column && inner.column.field === "rev") {
        inner.column.header = { labels: false };
      }
    });
    return spec;
  }

  /* Drawing */

  function refuse() {
    return Promise.reject(new Error("nothing is loaded by plots"));
  }
  var LOADER = { options: {}, load: refuse, sanitize: refuse, http: refuse, file: refuse };
  function logger() {
    var quiet = {
      level: function () { return arguments.length ? quiet : 0; },
      error: function () { return quiet; },
      warn: function () { return quiet; },
      info: function () { return quiet; },
      debug: function () { return quiet; }
    };
    return quiet;
  }
  function close(container) {
    var known = shown.get(container);
    if (known && known.view) known.view.finalize();
    if (known) known.view = null;
    hideTip();
  }
  function paint(known) {
    var container = known.container, vega = window.vega;
    close(container);
    var made = plots.specification(known.found, { templates: dvc, colors: palette(known.revisions) });
    var errors = made.errors.map(function (pair) { return pair[0] + ": " + pair[1]; });
    var canvas = element("div", "plot-canvas"), inputs = element("div", "plot-inputs");
    /* While it is drawn again, what stands below stays where it is. */
    container.style.minHeight = container.dataset.drawn ? container.offsetHeight + "px" : "";
    container.replaceChildren(canvas, inputs);
    container.append.apply(container, known.notes.concat(errors).map(function (text) {
      return element("p", "note", text);
    }));
    if (!made.content) {
      canvas.remove();
      container.dataset.drawn = "nothing";
      return Promise.resolve();
    }
    var rows = known.found.reduce(function (sum, one) {
      return sum + Object.keys(one.data.files).reduce(function (most, file) {
        return Math.max(most, one.data.files[file].rows);
      }, 0);
    }, 0);
    var title = known.plot.title + ": " + made.revisions.join(", ");
    container.toggleAttribute("data-wide", isFacet(made.content) && made.revisions.length > 1);
    var spec = fitted(made.content, canvas.clientWidth, title, made.revisions.length);
    var options = { config: config(made.revisions, canvas.clientWidth), logger: logger() };
    var compiled = window.vegaLite.compile(spec, options).spec;
    /* Whatever a template says: inputs stand in its own drawing, and nothing else wakes it. */
    compiled.config = Object.assign({}, compiled.config, {
      events: { bind: "container", selector: false, timer: false }
    });
    var runtime = vega.parse(compiled, null, { ast: true });
    var view = new vega.View(runtime, {
      expr: vega.expressionInterpreter,
      loader: LOADER,
      logger: logger(),
      renderer: rows > MOST_IN_SVG ? "canvas" : "svg",
      container: canvas,
      bind: inputs,
      hover: true,
      tooltip: tip
    });
    known.view = view;
    known.width = container.clientWidth;
    return view.runAsync().then(function () {
      labelInputs(inputs);
      describe(container, canvas, title);
      container.dataset.drawn = "plot";
      container.style.minHeight = "";
    });
  }
  /* Vega names every point, which is a lot to listen to: the picture is one, and its data a link. */
  function describe(container, canvas, title) {
    canvas.setAttribute("role", "img");
    canvas.removeAttribute("aria-roledescription");
    canvas.setAttribute("aria-label", title);
    Array.from(canvas.children).forEach(function (child) {
      child.setAttribute("aria-hidden", "true");
    });
    var scrolls = container.scrollWidth > container.clientWidth;
    if (scrolls) {
      container.tabIndex = 0;
      container.setAttribute("role", "region");
      container.setAttribute("aria-label", title);
    } else {
      container.removeAttribute("tabindex");
      container.removeAttribute("role");
      container.removeAttribute("aria-label");
    }
  }
  function labelInputs(inputs) {
    inputs.querySelectorAll(".vega-bind").forEach(function (row) {
      var name = row.querySelector(".vega-bind-name");
      if (name) name.textContent = { smooth: "Smoothing", showValues: "Show values" }[
        name.textContent] || name.textContent;
    });
  }

  function image(container, plot, revisions) {
    var row = element("div", "plot-images");
    var seen = new Map();
    revisions.forEach(function (one) {
      var known = one.image && seen.get(one.image);
      if (known) {
        known.textContent += ", " + one.name;
        return;
      }
      var figure = element("figure", "plot-image");
      var caption = element("figcaption", "mono", one.name);
      if (one.image) {
        var picture = element("img");
        var address = new URL(one.image, ROOT).href;
        picture.src = address;
        picture.alt = plot.title + " of " + one.name;
        picture.loading = "lazy";
        if (one.width) picture.width = one.width;
        if (one.height) picture.height = one.height;
        figure.append(picture);
        seen.set(one.image, caption);
      } else {
        figure.append(element("p", "note", one.note));
      }
      if (revisions.length > 1) figure.append(caption);
      row.append(figure);
    });
    container.replaceChildren(row);
    container.dataset.drawn = "image";
    return Promise.resolve();
  }

  plots.script = script;
  plots.draw = function (container, plot, revisions) {
    close(container);
    shown.delete(container);
    delete container.dataset.drawn;
    container.style.minHeight = "";
    if (plot.kind === "image") return image(container, plot, revisions);
    var known = { container: container, plot: plot, revisions: [], found: [], notes: [], view: null };
    shown.set(container, known);
    var why = new Map();
    revisions.forEach(function (one) {
      var note = one.note || "not declared there";
      if (one.digest) known.revisions.push(one);
      else why.set(note, (why.get(note) || []).concat(one.name));
    });
    why.forEach(function (names, note) { known.notes.push(names.join(", ") + ": " + note); });
    var wanted = known.revisions.map(function (one) { return data(one.digest); });
    return Promise.all([libraries(), script("data/plots/templates.js")].concat(wanted))
      .then(function (found) {
        if (shown.get(container) !== known) return undefined;
        known.found = known.revisions.map(function (one, at) {
          return { name: one.name, data: found[at + 2] };
        });
        watch.observe(container);
        return paint(known);
      })
      .catch(function (error) {
        if (shown.get(container) !== known) return;
        container.replaceChildren(element("p", "note", "Not drawn: " + error.message));
        container.dataset.drawn = "nothing";
      });
  };

  /* Again, when the colours or the width change */

  function again() {
    shown.forEach(function (known, container) {
      if (!container.isConnected) {
        close(container);
        shown.delete(container);
      } else if (known.found.length) {
        paint(known).catch(function () { /* What was drawn once fails no second time. */ });
      }
    });
  }
  var waiting = 0;
  function soon() {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(again);
  }
  new MutationObserver(soon).observe(document.documentElement, { attributeFilter: ["data-scheme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", soon);
  var watch = new ResizeObserver(function (entries) {
    entries.forEach(function (entry) {
      var known = shown.get(entry.target);
      var width = entry.target.clientWidth;
      if (!known || !known.view || !width || Math.abs(known.width - width) < 8) return;
      known.width = width;
      clearTimeout(known.timer);
      known.timer = setTimeout(function () {
        if (shown.get(entry.target) === known) paint(known).catch(function () { /* as above */ });
      }, 120);
    });
  });

  /* What stands under the pointer */

  var box = null;
  function hideTip() {
    if (box) box.hidden = true;
  }
  function tip(handler, event, item, value) {
    if (value === null || value === undefined || value === "") return hideTip();
    if (!box) {
      box = element("div", "plot-tip");
      box.setAttribute("aria-hidden", "true");
      document.body.append(box);
    }
    var rows = typeof value === "object" ? Object.keys(value).map(function (key) {
      var row = element("tr");
      row.append(element("th", "", key), element("td", "", String(value[key])));
      return row;
    }) : [];
    var table = element("table");
    table.append.apply(table, rows);
    box.replaceChildren(rows.length ? table : document.createTextNode(String(value)));
    box.hidden = false;
    var left = Math.min(event.clientX + 14, innerWidth - box.offsetWidth - 8);
    var top = event.clientY + 16;
    if (top + box.offsetHeight > innerHeight - 8) top = event.clientY - box.offsetHeight - 12;
    box.style.left = Math.max(left, 8) + "px";
    box.style.top = Math.max(top, 8) + "px";
  }

  /* Only what somebody is about to see, or to print, is loaded and drawn */

  var pending = new Map();
  function start(container) {
    var draw = pending.get(container);
    pending.delete(container);
    near.unobserve(container);
    if (draw) draw();
  }
  var near = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (entry.isIntersecting) start(entry.target);
    });
  }, { rootMargin: "400px" });
  plots.lazy = function (container, draw) {
    pending.set(container, draw);
    near.unobserve(container);
    near.observe(container);
  };
  window.addEventListener("beforeprint", function () {
    Array.from(pending.keys()).forEach(start);
  });

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-plot]").forEach(function (container) {
      var said = container.dataset;
      plots.lazy(container, function () {
        plots.draw(container, { title: said.title, kind: "data" },
          [{ name: said.revision, digest: said.plot }]);
      });
    });
  });
})();
