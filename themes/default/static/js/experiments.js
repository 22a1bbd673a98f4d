/* Starts the page of a repository's experiments, and carries the reader's actions to its parts. */
(function () {
  "use strict";
  var data = window.sitegen.experiments;
  var view = data.view;
  var state = window.sitegen.state;
  var section = document.querySelector("[data-experiments]");
  if (!section || !data.head) return;
  var page = window.sitegen.gridPage(data, section, {
    rows: "experiments",
    parts: function () { return [data.details, data.compare, data.trends]; },
    show: show,
    gone: open,
    act: act,
    step: step,
    press: press
  });
  var one = page.one, all = page.all, box = page.box;

  /* Tell what is shown, chosen and hidden. */
  function tell() {
    var table = data.table;
    var hidden = data.rows.filter(function (row) { return row.hidden; }).length;
    one("[data-count]").textContent = table.filtered ?
      table.shown + " of " + (view.hidden ? data.rows.length : data.rows.length - hidden) + " shown" :
      table.shown + " shown";
    one("[data-hidden]").hidden = !hidden;
    one("[data-hidden-count]").textContent = hidden;
    var toggle = one("[data-hidden-toggle]");
    toggle.previousSibling.textContent = view.hidden ? " unchanged or skipped: " : " hidden: ";
    toggle.textContent = view.hidden ? "hide" : "show";
    toggle.setAttribute("aria-pressed", String(view.hidden));
    one("[data-delta]").setAttribute("aria-pressed", String(view.delta));
    one("[data-delta]").disabled = !view.base;
    one("[data-flat]").setAttribute("aria-pressed", String(view.flat));
    var compare = one("[data-table-tools] [data-open='compare']");
    compare.disabled = view.selected.length < 2;
    var chosen = one("[data-selected]");
    chosen.hidden = !view.selected.length;
    var full = view.selected.length === view.most;
    chosen.textContent = view.selected.length + (full ? " of " + view.most : "");
    section.toggleAttribute("data-full", full);
    one("[data-unchoose]").hidden = !view.selected.length;
    var too = one("[data-hidden-too]");
    too.hidden = view.hidden || !hidden;
    too.textContent = (table.filtered ? "Look through " : "Show ") + (hidden === 1 ? "the hidden one" : hidden + " hidden ones") + (table.filtered ? " too" : "");
    if (document.activeElement !== box) box.value = view.q;
    one("[data-none]").hidden = table.shown > 0;
    one("[data-none-why]").textContent = table.filtered ? "No experiment fits." :
      "No commit here changes a metric, a param or data, and none has a version.";
    one("[data-none] [data-clear]").hidden = !table.filtered;
    one("[data-scroll]").hidden = !table.shown;
  }

  /* What is filtered, as a list of buttons that undo it. */
  function filters() {
    var ids = Object.keys(view.filters);
    one("[data-filters]").hidden = !ids.length || view.name === "compare";
    one("[data-filter-list]").replaceChildren.apply(one("[data-filter-list]"), ids.map(function (id) {
      var column = data.columns.byId.get(id);
      var item = document.createElement("li");
      var button = page.undo(column.label + " " + view.filters[id], { unfilter: id });
      item.append(button);
      if (data.table.broken.indexOf(id) >= 0) {
        button.classList.add("bad");
        var example = window.sitegen.columnFilter.example(column);
        item.append(" ", document.createElement("span"));
        item.lastChild.className = "bad note";
        item.lastChild.textContent = "not understood: try " + example;
      }
      return item;
    }));
  }

  /* What is best above the table, by the goals that the reader chose. */
  function answers() {
    document.querySelectorAll("[data-best] [data-column]").forEach(function (place) {
      var column = data.columns.byId.get(place.dataset.column);
      if (!column || !data.complete()) return;
      place.hidden = !column.goal;
      if (!column.goal || column.goal === (place.dataset.goal || column.guessed)) return;
      place.dataset.goal = column.goal;
      var best = null;
      data.rows.forEach(function (row) {
        var value = column.value(row);
        if (row.hidden || typeof value !== "number" || !isFinite(value)) return;
        var better = best === null || (column.goal === "higher" ? value > column.value(best) :
          value < column.value(best));
        if (better) best = row;
      });
      if (!best) return;
      place.querySelector("dt > [class^='goal-']").className = "goal-" + column.goal;
      place.querySelector("dt .hidden").textContent = column.goal + " is better";
      place.querySelector("b").textContent = column.text(best);
      place.querySelector("b").title = column.full(best);
      place.querySelector("a").textContent = data.columns.name(best);
      place.querySelector("a").href = "#row=" + encodeURIComponent(view.reference(best));
      place.querySelector("dd .mono").textContent = best.short;
    });
  }

  function show() {
    data.table.update();
    all("[data-view]").forEach(function (part) { part.hidden = part.dataset.view !== view.name; });
    one("[data-table-tools]").hidden = view.name !== "table";
    document.querySelectorAll(".answers").forEach(function (part) {
      part.hidden = view.name !== "table";
    });
    tell();
    filters();
    answers();
    if (view.name === "compare") data.compare.show();
    else if (view.name === "trends") data.trends.show();
    else data.grid.redraw();
  }

  /* Show the row that the hash names, whatever hides it. */
  function target() {
    if (!view.row) return;
    var row = view.row, wanted = {};
    if (row.hidden && !view.hidden) wanted.hidden = "1";
    if (data.table.filtered && data.table.all().indexOf(row) < 0) {
      wanted.q = "";
      Object.keys(view.filters).forEach(function (id) { wanted["f." + id] = ""; });
    }
    wanted.fold = view.fold.filter(function (name) {
      return name !== (data.head.branches[row.branch][0] || "no branch") &&
        row.parents.indexOf(name) < 0;
    });
    if (wanted.fold.length !== view.fold.length || wanted.hidden || "q" in wanted) view.write(wanted);
    var place = data.table.rows.findIndex(function (entry) { return entry.row === row; });
    if (place >= 0 && view.name === "table") data.grid.show(place);
  }
  function open() {
    target();
    if (view.row) data.details.open(view.row);
  }

  function switchTo(name) {
    view.write({ view: name === "table" ? "" : name });
    if (name === "table") one("[data-scroll]").focus();
    else document.getElementById(name).focus();
  }

  /* The table's own controls. */
  function act(name, control, event) {
    var line = control.closest("tr[data-place]");
    var entry = line && data.table.rows[line.dataset.place];
    if (name === "choose") view.toggleRow(entry.row);
    if (name === "open" || name === "details") {
      event.preventDefault();
      data.details.open(entry.row);
    }
    if (name === "fold") {
      var key = entry.item.fold;
      var rest = view.fold.filter(function (each) { return each !== key; });
      view.write({ fold: rest.length < view.fold.length ? rest : rest.concat(key) });
    }
  }
  function step(event) {
    var line = event.target.closest("tr[data-place]");
    if (line && event.key === " " && event.target.dataset.act === "open") {
      event.preventDefault();
      view.toggleRow(data.table.rows[line.dataset.place].row);
    } else data.grid.step(event);
  }

  function press(said) {
    if ("delta" in said) view.write({ delta: view.delta ? "" : "1" });
    if ("flat" in said) view.write({ flat: view.flat ? "" : "1" });
    if ("hiddenToggle" in said || "hiddenToo" in said) view.write({ hidden: view.hidden ? "" : "1" });
    if ("unchoose" in said) {
      view.write({ sel: [] });
      state.announce("None is chosen");
      box.focus();
    }
    if ("open" in said) switchTo(said.open);
  }

  function start() {
    page.start();
    /* Links to a row keep the view that they are followed from. */
    document.addEventListener("click", function (event) {
      var link = event.target.closest("a[href^='#row=']");
      if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      var row = view.find(decodeURIComponent(link.getAttribute("href").slice(5)));
      view.write({ row: row ? view.reference(row) : "" });
      open();
    });
    var paper = window.sitegen.onPaper(data);
    window.addEventListener("beforeprint", function () { paper.lay(one("[data-scroll]")); });
    window.addEventListener("afterprint", paper.take);
  }

  data.listen(function (failed) {
    page.loading(failed);
    if (!data.complete()) return;
    data.columns.again();
    view.read();
    show();
    open();
  });
  data.columns.make();
  view.read();
  start();
  show();
  page.loading();
  if (data.complete()) open();
  else data.load(section.dataset.source.replace(/\.js$/, ""));
})();
