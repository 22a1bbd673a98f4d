/* Parts of which the cells of tables are made, and the headings of their columns. */
(function () {
  "use strict";

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

  window.sitegen.gridCells = {
    element: element,
    button: button,

    /* A heading that sorts, with the menu of its column. data: of the table. */
    heading: function (data, column) {
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
      var name = element("span", "heading-name", column.title);
      if (column.stage) name.classList.add("stage", "stage-" + column.stage[1]);
      sort.append(name);
      sort.title = (column.file && column.key ? column.file + ": " : "") + column.title +
        (column.goal ? " (" + column.goal + " is better)" : "");
      inner.append(sort);
      if (column !== data.table.name) {
        cell.draggable = true;
        if (column.goal) inner.append(element("span", "goal-" + column.goal));
        if (data.view.filters[column.id]) cell.classList.add("filtered");
        var menu = button("dots", "menu", "Menu of column " + (column.label || column.title));
        menu.setAttribute("aria-haspopup", "dialog");
        inner.append(menu);
      }
      cell.append(inner);
      return cell;
    }
  };
})();
