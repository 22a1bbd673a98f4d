/* What a column's menu offers, and the list in which columns are chosen and moved. Of a table's data
   it needs columns.groups: [group, its title]; setGoal of its view where metrics have goals. */
(function () {
  "use strict";
  var state = window.sitegen.state;
  var filter = window.sitegen.columnFilter;
  var element = window.sitegen.gridCells.element;

  window.sitegen.columnMenus = function (data) {
    var view = data.view;
    var panel, list, find, open = null;

    function action(text, act, pressed) {
      var made = element("button", pressed === undefined ? "item" : "toggle", text);
      made.type = "button";
      made.dataset.do = act;
      if (typeof pressed === "boolean") made.setAttribute("aria-pressed", String(pressed));
      return made;
    }
    function row(label) {
      var made = element("div", "menu-row");
      made.setAttribute("role", "group");
      made.setAttribute("aria-label", label);
      made.append(element("span", "muted", label));
      Array.prototype.slice.call(arguments, 1).forEach(function (part) { made.append(part); });
      return made;
    }

    /* The menu of one column. */
    function fill(column) {
      var sorted = view.sort.find(function (one) { return one.id === column.id; });
      var box = element("input");
      box.type = "search";
      box.dataset.filter = "";
      box.value = view.filters[column.id] || "";
      box.placeholder = filter.example(column);
      box.autocomplete = "off";
      box.spellcheck = false;
      var label = element("label", "menu-filter");
      label.append(element("span", "muted", "Only rows where it is"), box);
      var wrong = element("p", "bad note", "Not understood: try " + filter.example(column));
      wrong.dataset.wrong = "";
      wrong.hidden = data.table.broken.indexOf(column.id) < 0;
      panel.replaceChildren(
        element("p", "menu-title", (column.file && column.key ? column.file + ": " : "") + column.title),
        label, wrong,
        row("Sort", action("Up", "up", Boolean(sorted) && !sorted.desc),
          action("Down", "down", Boolean(sorted) && sorted.desc))
      );
      if (view.setGoal && column.group === "metrics" && column.numeric) {
        panel.append(row("Better", action("Higher", "higher", column.goal === "higher"),
          action("Lower", "lower", column.goal === "lower"),
          action("Neither", "neither", !column.goal)));
      }
      panel.append(row("Move", action("Left", "left", null), action("Right", "right", null),
        action("Keep in sight", "pin", view.pin.indexOf(column.id) >= 0)));
      if (data.trends && column.numeric) panel.append(action("Trend over commits", "trend"));
      panel.append(action("Hide this column", "hide"));
    }

    function place(button) {
      var edge = button && button.getBoundingClientRect();
      if (!edge || !edge.width) return;
      panel.style.top = edge.bottom + 4 + "px";
      panel.style.left = Math.max(8, Math.min(edge.left, innerWidth - panel.offsetWidth - 8)) + "px";
    }

    /* Put a column before or behind its neighbour among those that show. */
    function move(column, step) {
      var shown = data.table.columns.slice(1);
      var at = shown.indexOf(column), other = shown[at + step];
      if (!other) return;
      reorder(column, other, step > 0);
    }
    function reorder(column, other, behind) {
      var pins = view.pin.slice();
      var pinned = pins.indexOf(column.id) >= 0, beside = pins.indexOf(other.id) >= 0;
      if (pinned && beside) {
        pins = pins.filter(function (id) { return id !== column.id; });
        pins.splice(pins.indexOf(other.id) + (behind ? 1 : 0), 0, column.id);
        view.write({ pin: pins });
        return;
      }
      var order = view.ordered().filter(function (one) { return one !== column; });
      order.splice(order.indexOf(other) + (behind ? 1 : 0), 0, column);
      view.write({ order: order.map(function (one) { return one.id; }) });
    }

    var actions = {
      up: function (column) { view.sortBy(column, false); },
      down: function (column) { view.sortBy(column, true); },
      higher: function (column) { view.setGoal(column, "higher"); },
      lower: function (column) { view.setGoal(column, "lower"); },
      neither: function (column) { view.setGoal(column, ""); },
      left: function (column) { move(column, -1); },
      right: function (column) { move(column, 1); },
      pin: function (column) {
        var rest = view.pin.filter(function (id) { return id !== column.id; });
        view.write({ pin: rest.length < view.pin.length ? rest : rest.concat(column.id) });
      },
      trend: function (column) { view.write({ view: "trends", metric: column.id }); },
      hide: function (column) { view.setShown([], [column]); }
    };
    var CLOSES = ["trend", "hide"];

    function show(column, button) {
      open = column;
      fill(column);
      /* By keyboard the menu of another column is reached while this one is open. */
      if (!panel.matches(":popover-open")) panel.showPopover();
      place(button);
      panel.querySelector("input").focus();
    }

    /* The list of all columns. */
    function choose() {
      var words = state.words(find.value);
      list.replaceChildren.apply(list, data.columns.groups.map(function (group) {
        var all = view.ordered().filter(function (column) { return column.group === group[0]; });
        var fit = all.filter(function (column) {
          var text = (column.file + " " + column.title).toLowerCase();
          return words.every(function (word) { return text.indexOf(word) >= 0; });
        });
        if (!fit.length) return "";
        var shown = all.filter(view.isShown).length;
        var set = element("fieldset");
        var legend = element("legend", "", group[1] + " ");
        legend.append(element("span", "count", shown + " of " + all.length));
        var every = action(shown ? "None" : "All", "all");
        every.dataset.group = group[0];
        every.setAttribute("aria-label", every.textContent + " of " + group[1]);
        set.append(legend, every);
        var file = "";
        fit.forEach(function (column) {
          if (column.file !== file && column.key && column.file) {
            file = column.file;
            set.append(element("p", "file mono muted", file));
          }
          set.append(choice(column));
        });
        return set;
      }).filter(Boolean));
    }
    function choice(column) {
      var line = element("div", "column-line");
      line.dataset.column = column.id;
      var label = element("label", "check");
      var box = element("input");
      box.type = "checkbox";
      box.checked = view.isShown(column);
      var text = element("span", "check-text", column.title);
      text.title = column.title;
      label.append(box, text);
      line.append(label);
      [["left", "Move " + column.title + " to the left", "←"],
        ["right", "Move " + column.title + " to the right", "→"]].forEach(function (said) {
        var button = action(said[2], said[0]);
        button.className = "step";
        button.setAttribute("aria-label", said[1]);
        button.disabled = !box.checked;
        line.append(button);
      });
      return line;
    }

    data.menus = {
      start: function (section) {
        panel = section.querySelector("[data-column-menu]");
        list = section.querySelector("[data-column-list]");
        find = section.querySelector("[data-find]");
        panel.addEventListener("click", function (event) {
          var button = event.target.closest("[data-do]");
          if (!button) return;
          var act = button.dataset.do;
          if (CLOSES.indexOf(act) >= 0) panel.hidePopover();
          actions[act](open);
          if (CLOSES.indexOf(act) >= 0) return;
          fill(open);
          panel.querySelector("[data-do='" + act + "']").focus();
        });
        panel.addEventListener("input", function (event) {
          if (!event.target.matches("[data-filter]")) return;
          view.setFilter(open, event.target.value);
          /* What is filtered stands above the table, which moves down for it. */
          place(data.grid.control({ act: "menu", column: open.id }));
          panel.querySelector("[data-wrong]").hidden = data.table.broken.indexOf(open.id) < 0;
        });
        panel.addEventListener("keydown", function (event) {
          if (!event.target.matches("[data-filter]")) return;
          /* Escape would empty the box as well, and with it what is filtered. */
          if (event.key !== "Enter" && event.key !== "Escape") return;
          event.preventDefault();
          panel.hidePopover();
        });
        panel.addEventListener("toggle", function (event) {
          if (event.newState === "closed" && open) {
            if (document.activeElement === document.body || panel.contains(document.activeElement)) {
              data.grid.focus({ act: "menu", column: open.id });
            }
            open = null;
          }
        });
        find.addEventListener("input", choose);
        section.querySelector("[data-columns]").addEventListener("toggle", choose);
        list.addEventListener("change", function (event) {
          var column = columnOf(event.target);
          view.setShown(event.target.checked ? [column] : [], event.target.checked ? [] : [column]);
          again(column, "input");
        });
        list.addEventListener("click", function (event) {
          var button = event.target.closest("[data-do]");
          if (!button) return;
          if (button.dataset.do === "all") {
            var all = data.columns.all.filter(function (column) {
              return column.group === button.dataset.group;
            });
            if (all.some(view.isShown)) view.setShown([], all);
            else view.setShown(all, []);
            choose();
            list.querySelector("[data-group='" + button.dataset.group + "']").focus();
            return;
          }
          var column = columnOf(button);
          actions[button.dataset.do](column);
          again(column, "[data-do='" + button.dataset.do + "']");
        });
        section.querySelector("[data-reset-columns]").addEventListener("click", function () {
          view.write({ show: [], hide: [], order: [], pin: [] });
          choose();
        });
        var changing = section.querySelector("[data-changing]");
        if (changing) changing.addEventListener("click", function () {
          var same = data.columns.all.filter(function (column) {
            return !column.changing && view.isShown(column);
          });
          view.setShown([], same);
          state.announce(same.length + " columns hidden");
          choose();
        });
      },
      show: show,
      reorder: reorder
    };
    function columnOf(target) {
      return data.columns.byId.get(target.closest("[data-column]").dataset.column);
    }
    function again(column, selector) {
      choose();
      var line = Array.from(list.querySelectorAll("[data-column]")).find(function (one) {
        return one.dataset.column === column.id;
      });
      if (line) line.querySelector(selector).focus();
    }
  };
})();
