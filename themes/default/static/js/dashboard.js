/* Starts the dashboard, and carries the reader's actions to its parts. */
(function () {
  "use strict";
  var data = window.sitegen.dashboard;
  var view = data.view;
  var section = document.querySelector("[data-dashboard]");
  if (!section || !data.head) return;
  var MOST_ON_PAPER = 500;
  var page = window.sitegen.gridPage(data, section, {
    rows: "models",
    parts: function () { return [data.facets, data.board]; },
    show: show,
    gone: function () { /* A view of models opens nothing. */ },
    act: function () { /* Names are links. */ },
    step: data.grid.step,
    press: press
  });
  var one = page.one, all = page.all, box = page.box, undo = page.undo;

  function number(count) { return count.toLocaleString("en"); }

  /* Tell what is shown, and what is not. */
  function tell() {
    var table = data.table;
    one("[data-count]").textContent = (table.shown < table.total ?
      number(table.shown) + " of " + number(table.total) : number(table.shown)) + " shown";
    one("[data-kept]").hidden = !table.kept;
    one("[data-kept-count]").textContent = number(table.kept);
    if (document.activeElement !== box) box.value = view.q;
    one("[data-none]").hidden = table.shown > 0 || !data.complete();
    one("[data-none] p").textContent = table.filtered ? "No model fits these filters." :
      "No model was there on that day.";
    one("[data-none] [data-clear]").hidden = !table.filtered;
    one("[data-scroll]").hidden = !table.shown;
    all("[data-open]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.open === view.name));
    });
    var sort = view.sort[0];
    one("[data-sort-by]").value = sort ? sort.id : "";
    one("[data-sort-way]").hidden = !sort;
    one("[data-sort-way]").textContent = sort && sort.desc ? "Descending" : "Ascending";
  }

  /* What is filtered, as a list of buttons that undo it. */
  function filters() {
    var made = [];
    data.fields.forEach(function (field) {
      view.chosen[field].forEach(function (value) {
        made.push(undo(titles[field] + " " + value, { field: field, value: value }));
      });
    });
    Object.keys(view.filters).forEach(function (id) {
      var button = undo(data.columns.byId.get(id).title + " " + view.filters[id], { unfilter: id });
      if (data.table.broken.indexOf(id) >= 0) button.classList.add("bad");
      made.push(button);
    });
    var filtered = made.length > 0 || view.q !== "";
    one(".filters [data-clear]").hidden = !filtered;
    one("[data-filter-list]").replaceChildren.apply(one("[data-filter-list]"), made.map(function (button) {
      var item = document.createElement("li");
      item.append(button);
      return item;
    }));
  }
  var titles = { stage: "Stage", repo: "Repository", type: "Type", state: "State",
    framework: "Framework", label: "Label" };

  function show() {
    data.table.update();
    all("[data-view]").forEach(function (part) { part.hidden = part.dataset.view !== view.name; });
    section.classList.toggle("is-board", view.name === "board");
    tell();
    filters();
    data.facets.show();
    if (view.name === "board") data.board.show();
    else data.grid.redraw();
  }

  /* Columns to sort by where there are no headings: on the board, and on a phone. */
  function sorts() {
    var select = one("[data-sort-by]");
    [{ id: "", title: "Usual order" }, data.table.name].concat(data.columns.all).forEach(function (column) {
      var option = document.createElement("option");
      option.value = column.id;
      option.textContent = column.title;
      select.append(option);
    });
    select.addEventListener("change", function () {
      var column = select.value === "name" ? data.table.name : data.columns.byId.get(select.value);
      if (!column) view.write({ sort: "" });
      else view.write({ sort: column.id + ":" + (column.numeric || column.date ? "descending" : "ascending") });
    });
    one("[data-sort-way]").addEventListener("click", function () {
      var sort = view.sort[0];
      view.write({ sort: sort.id + ":" + (sort.desc ? "ascending" : "descending") });
    });
  }

  function press(said) {
    if ("open" in said) view.write({ view: said.open === "table" ? "" : said.open });
    if ("keptShow" in said) view.write({ state: data.head.states });
    if ("field" in said) data.facets.toggle(said.field, said.value);
  }

  function start() {
    page.start();
    sorts();
    data.whenRenewed(function () {
      data.columns.again(true);
      show();
    });
    window.addEventListener("beforeprint", function () {
      if (view.name === "board") data.board.whole(MOST_ON_PAPER);
      else data.grid.whole(MOST_ON_PAPER);
    });
    window.addEventListener("afterprint", show);
  }

  /* What a reader may sort by next is worked out while nothing else is to be done. */
  function prepare() {
    var waiting = [data.table.name].concat(data.columns.all.filter(view.isShown));
    function next() {
      var column = waiting.shift();
      if (!column) return;
      data.table.prepare(column);
      requestIdleCallback(next);
    }
    if (window.requestIdleCallback) requestIdleCallback(next);
  }

  var learned = 0;
  function learn() {
    data.table.learn(data.rows.slice(learned));
    learned = data.rows.length;
  }

  data.listen(function (failed) {
    page.loading(failed);
    learn();
    if (!data.complete()) return;
    data.columns.again();
    show();
    prepare();
  });
  data.columns.make();
  data.columns.again();
  data.facets.make();
  learn();
  view.read();
  start();
  show();
  page.loading();
  if (data.complete()) prepare();
  else data.load(section.dataset.source.replace(/\.js$/, ""));
})();
