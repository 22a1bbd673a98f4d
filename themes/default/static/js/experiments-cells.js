/* The cells of the table of experiments: headings, the first cell of a row, and values. */
(function () {
  "use strict";
  var data = window.sitegen.experiments;
  var element = window.sitegen.gridCells.element;
  var button = window.sitegen.gridCells.button;

  function groupOf(column) {
    if (column.group === "models") return column.named ? "" : "Versions";
    if (column.group === "data") return "Data";
    return column.file || "";
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
    data.tips(row).forEach(function (name) { inner.append(element("span", "tag tip", name)); });
    if (row.hidden) inner.append(element("span", "tag why", row.hidden));
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
    cell.title = column.text(row);
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
        text = window.sitegen.values.difference(value, then) || text;
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
    cards: "",
    stretch: false,
    group: groupOf,
    heading: function (column) { return window.sitegen.gridCells.heading(data, column); },
    first: first,
    value: cellOf,
    mark: function (line, entry) {
      var row = entry.row;
      if (row === data.view.base) line.classList.add("is-base");
      if (data.view.selected.indexOf(row) >= 0) line.classList.add("is-chosen");
      if (row === data.view.row) line.classList.add("is-target");
      if (row.hidden) line.classList.add("is-hidden");
    },
    /* What the longest name needs, up to a third of the room, and what the other columns leave. */
    width: function (box) {
      var room = box.parentElement.clientWidth;
      if (room < 560) return 190;
      var longest = data.rows.reduce(function (most, row) {
        return row.hidden && !data.view.hidden ? most : Math.max(most, data.columns.name(row).length);
      }, 0);
      var others = data.table.columns.reduce(function (sum, column) {
        return sum + (column === data.table.name ? 0 : column.width);
      }, 0);
      return Math.max(300, Math.min(longest * 7 + 190, room * 0.34, 520), Math.min(room - others - 2, 640));
    }
  };
  window.sitegen.makeGrid(data);
})();
