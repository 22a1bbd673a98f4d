/* The cells of the table of experiments: headings, the first cell of a row, and values. */
(function () {
  "use strict";
  var data = window.sitegen.experiments;

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function button(className, act, label) {
    var made = element("button", className);
    made.type = "button";
    made.dataset.act = act;
    made.setAttribute("aria-label", label);
    return made;
  }

  function groupOf(column) {
    if (column.group === "models") return column.named ? "" : "Versions";
    if (column.group === "data") return "Data";
    return column.file || "";
  }
  function heading(column) {
    var cell = element("th", "heading" + (column.numeric ? " number" : ""));
    cell.scope = "col";
    cell.dataset.column = column.id;
    var sorted = data.view.sort.find(function (one) { return one.id === column.id; });
    if (sorted && data.view.sort[0] === sorted) {
      cell.setAttribute("aria-sort", sorted.desc ? "descending" : "ascending");
    } else if (sorted) cell.dataset.further = sorted.desc ? "descending" : "ascending";
    var inner = element("span", "heading-inner");
    var sort = element("button", "sort");
    sort.type = "button";
    sort.dataset.act = "sort";
    sort.append(element("span", "heading-name", column.title));
    sort.title = (column.file && column.key ? column.file + ": " : "") + column.title +
      (column.goal ? " (" + column.goal + " is better)" : "");
    inner.append(sort);
    if (column !== data.table.name) {
      cell.draggable = true;
      if (column.goal) inner.append(element("span", "goal-" + column.goal));
      if (data.view.filters[column.id]) cell.classList.add("filtered");
      var menu = button("dots", "menu", "Menu of column " + column.title);
      menu.setAttribute("aria-haspopup", "dialog");
      inner.append(menu);
    }
    cell.append(inner);
    return cell;
  }

  function first(entry) {
    var cell = element("th", "first");
    cell.scope = "row";
    var row = entry.row, item = entry.item;
    var depth = row ? "depth-" + Math.min(entry.depth, 4) : "branch-" + Math.min(item.depth, 4);
    var inner = element("span", "first-inner " + depth);
    if (row) inner.append(checkbox(row));
    if (item.sub.length) {
      var folded = !data.table.filtered &&
        data.view.fold.indexOf(item.fold) >= 0;
      var name = row ? data.columns.name(row) : item.name || "No branch";
      var fold = button("fold", "fold", (row ? "DVC experiments from " : "Branch ") + name);
      fold.setAttribute("aria-expanded", String(!folded));
      inner.append(fold);
    }
    if (!row) {
      inner.append(element("b", "branch-name", item.name || "No branch"),
        element("span", "count", String(entry.count)));
      if (item.parent) inner.append(element("span", "muted from", "from " + item.parent));
      cell.append(inner);
      return cell;
    }
    var link = element("a", "row-name" + (row.made && row.name ? " mono" : ""), data.columns.name(row));
    link.href = "#row=" + encodeURIComponent(data.view.reference(row));
    link.dataset.row = "";
    link.dataset.act = "open";
    link.title = row.message;
    inner.append(link);
    if (row === data.view.base) inner.append(element("span", "tag mark", "baseline"));
    row.tips.forEach(function (name) { inner.append(element("span", "tag tip", name)); });
    if (row.hidden) inner.append(element("span", "tag", row.hidden));
    inner.append(element("span", "mono muted oid", row.short));
    var dots = button("dots", "details", "Menu of " + data.columns.name(row));
    dots.tabIndex = -1;
    inner.append(dots);
    cell.append(inner);
    return cell;
  }
  function checkbox(row) {
    var label = element("label", "choose");
    var input = element("input");
    input.type = "checkbox";
    input.dataset.act = "choose";
    input.checked = data.view.selected.indexOf(row) >= 0;
    input.setAttribute("aria-label", "Choose " + data.columns.name(row) + " " + row.short);
    label.append(input);
    return label;
  }
  function badges(column, row) {
    var cell = element("td", "badges-cell");
    column.badges(row).forEach(function (badge) {
      var link = element("a", "badge");
      link.href = cells.root + badge.url;
      if (column.named) link.append(element("span", "", badge.name), " ");
      link.append(element("span", "mono", badge.label));
      link.title = badge.name + " " + badge.label;
      badge.stages.forEach(function (stage) {
        link.append(" ", element("span", "stage stage-" + stage[1], stage[0]));
      });
      cell.append(link);
    });
    return cell;
  }
  function cellOf(column, row) {
    if (column.badges) return badges(column, row);
    var value = column.value(row), base = data.view.base;
    var cell = element("td", column.numeric ? "number" : "");
    if (column.group === "data" || column.id === "commit" || column.id === "parents") {
      cell.classList.add("mono");
    }
    if (value === undefined || value === "") {
      cell.classList.add("none");
      return cell;
    }
    var text = column.text(row), full = column.full(row);
    var measured = column.number !== undefined && base && base !== row;
    var then = measured ? column.value(base) : undefined;
    var verdict = measured ? data.columns.verdict(column.goal, value, then) : "";
    if (verdict) cell.classList.add(verdict, value > then ? "rise" : "fall");
    if (data.view.delta && measured && then !== undefined) {
      if (typeof value === "number" && typeof then === "number") {
        text = data.columns.difference(value, then) || text;
        cell.classList.add("is-delta");
      }
      if (value === then) cell.classList.add("same");
    }
    cell.textContent = text;
    cell.title = full + (column.size && column.size(row) ? ", " + column.size(row) : "") +
      (verdict ? ", " + verdict + " than the baseline's " + column.full(base) : "");
    if (column.goal && typeof value === "number" && value === data.table.best(column)) {
      cell.classList.add("best-value");
    }
    return cell;
  }

  var cells = data.cellsOf = {
    /* The way to the site's root, for links. */
    root: "",
    element: element,
    group: groupOf,
    heading: heading,
    first: first,
    value: cellOf
  };
})();
