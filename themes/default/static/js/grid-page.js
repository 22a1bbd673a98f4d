/* What a page of a drawn table does whatever its rows are: its box, its headings, the buttons that undo
   filters, and what it says while rows come.

   sitegen.gridPage(data, section, page) -> {one, all, box, undo, start, loading}
     page: {rows: how they are called, parts(): what starts with the page, besides the table, its menus
     and its files, show(): draws, gone(): called after it where the reader went to another view,
     act(name, control, event): a control of the table, but for those of headings, step(event): a key in
     the table, press(data): a button of the section, by its data} */
(function () {
  "use strict";
  var state = window.sitegen.state;

  window.sitegen.gridPage = function (data, section, page) {
    var view = data.view;
    var one = function (selector) { return section.querySelector(selector); };
    var box = one("[data-quick]");

    function act(control, event) {
      var heading = control.closest("th[data-column]");
      var column = heading && (data.columns.byId.get(heading.dataset.column) || data.table.name);
      var name = control.dataset.act;
      if (name === "menu") data.menus.show(column, control);
      else if (name === "sort") view.toggleSort(column, event.shiftKey);
      else page.act(name, control, event);
    }
    function press(said) {
      if ("clear" in said) {
        box.value = "";
        view.clear();
        box.focus();
      }
      if ("unfilter" in said) view.setFilter(data.columns.byId.get(said.unfilter), "");
      page.press(said);
      /* The button is gone; so is what has the focus, unless another one takes it. */
      if ("undo" in said) (one("[data-undo]") || box).focus();
    }
    function number(count) { return count.toLocaleString("en"); }

    return {
      one: one,
      all: function (selector) { return Array.from(section.querySelectorAll(selector)); },
      box: box,

      /* A button that takes a filter away: `unfilter`, a column's id, or what page.press knows. */
      undo: function (text, says) {
        var button = document.createElement("button");
        button.type = "button";
        button.className = "toggle";
        button.dataset.undo = "";
        Object.assign(button.dataset, says);
        button.textContent = text + " ×";
        button.setAttribute("aria-label", "Without the filter " + text);
        return button;
      },

      start: function () {
        window.sitegen.columnMenus(data);
        [data.grid, data.menus, data.save].concat(page.parts()).forEach(function (part) {
          part.start(section);
        });
        view.listen(page.show);
        state.listen(function () {
          view.read();
          box.value = view.q;
          page.show();
          page.gone();
        });
        data.grid.drag(data.menus.reorder);
        one("[data-grid]").addEventListener("click", function (event) {
          var control = event.target.closest("[data-act]");
          if (control && !event.ctrlKey && !event.metaKey) act(control, event);
        });
        one("[data-grid]").addEventListener("keydown", page.step);
        box.addEventListener("input", function () {
          view.write({ q: box.value.trim() });
          state.announce(data.table.shown + " shown");
        });
        section.addEventListener("click", function (event) {
          var button = event.target.closest("button");
          if (button) press(button.dataset);
        });
      },

      loading: function (failed) {
        var place = one("[data-loading]");
        place.hidden = data.complete() && !failed;
        section.toggleAttribute("data-complete", data.complete());
        place.textContent = failed ? "Some " + page.rows + " could not be loaded: load the page again." :
          "Loading " + number(data.rows.length) + " of " + number(data.head.rows) + " " + page.rows;
      }
    };
  };
})();
