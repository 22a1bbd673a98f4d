/* The table as it is drawn: a plain table of which only the rows and columns in sight are there, so
   that ten thousand rows scroll as ten do. Empty rows and cells keep the place of all others. */
(function () {
  "use strict";
  var data = window.sitegen.experiments;
  var MORE = 8;
  var BESIDE = 240;
  var box, table, body, before, after;
  var rowHeight = 36;
  var drawn = new Map();
  var sight = { from: 0, to: 0, lefts: [], rights: [] };
  var asked = 0;

  var cells = data.cellsOf;
  var element = cells.element;

  function firstWidth() {
    return box.clientWidth < 560 ? 190 : Math.min(Math.max(box.clientWidth * 0.27, 300), 460);
  }
  function widthOf(column) { return column === data.table.name ? firstWidth() : column.width; }

  /* Header: files over their columns, then the columns. */
  function head() {
    var columns = data.table.columns, pinned = data.table.pinned;
    var groups = element("tr", "groups"), names = element("tr");
    var cols = document.createElement("colgroup");
    var total = 0;
    sight.lefts = [];
    columns.forEach(function (column, place) {
      var width = widthOf(column);
      var col = document.createElement("col");
      col.style.width = width + "px";
      cols.append(col);
      sight.lefts.push(total);
      total += width;
      var cell = cells.heading(column);
      if (place < pinned) stay(cell, place);
      names.append(cell);
      var last = groups.lastElementChild;
      var title = cells.group(column);
      if (last && last.dataset.group === title && (place < pinned) === ("pinned" in last.dataset)) {
        last.colSpan += 1;
      } else {
        last = element(title ? "th" : "td", "group");
        if (title) {
          last.scope = "colgroup";
          last.append(element("span", "group-name", title));
        }
        last.dataset.group = title;
        last.title = title;
        if (place < pinned) { last.dataset.pinned = ""; stay(last, place); }
        groups.append(last);
      }
    });
    table.style.width = total + "px";
    box.style.scrollPaddingLeft = (pinned < columns.length ? sight.lefts[pinned] : 0) + "px";
    table.querySelectorAll("colgroup").forEach(function (old) { old.remove(); });
    table.prepend(cols);
    table.tHead.replaceChildren(groups, names);
    table.setAttribute("aria-colcount", columns.length);
  }
  function stay(cell, place) {
    cell.classList.add("stay");
    if (place) cell.style.left = sight.lefts[place] + "px";
  }
  function gap(count) {
    var cell = element("td", "gap");
    cell.colSpan = count;
    return cell;
  }

  function make(place) {
    var entry = data.table.rows[place], columns = data.table.columns;
    var made = element("tr", entry.row ? "" : "branch");
    made.dataset.place = place;
    made.setAttribute("aria-rowindex", place + 3);
    var name = cells.first(entry);
    stay(name, 0);
    made.append(name);
    if (!entry.row) {
      if (columns.length > 1) made.append(gap(columns.length - 1));
      return made;
    }
    var row = entry.row;
    if (row === data.view.base) made.classList.add("is-base");
    if (data.view.selected.indexOf(row) >= 0) made.classList.add("is-chosen");
    if (row === data.view.row) made.classList.add("is-target");
    if (row.hidden) made.classList.add("is-hidden");
    var pinned = data.table.pinned;
    for (var i = 1; i < pinned; i += 1) {
      var cell = cells.value(columns[i], row);
      stay(cell, i);
      made.append(cell);
    }
    if (sight.from > pinned) made.append(gap(sight.from - pinned));
    for (i = sight.from; i < sight.to; i += 1) made.append(cells.value(columns[i], row));
    if (sight.to < columns.length) made.append(gap(columns.length - sight.to));
    return made;
  }

  /* Columns in sight and some beside them: true where others have to be drawn. */
  function look() {
    var columns = data.table.columns, pinned = data.table.pinned;
    var stays = sight.lefts[pinned] || 0;
    function range(more) {
      var from = pinned, to = pinned;
      var left = box.scrollLeft + stays - more, right = box.scrollLeft + box.clientWidth + more;
      while (from < columns.length && sight.lefts[from] + columns[from].width < left) from += 1;
      to = from;
      while (to < columns.length && sight.lefts[to] < right) to += 1;
      return [from, to];
    }
    var now = range(0);
    if (now[0] >= sight.from && now[1] <= sight.to) return false;
    var wide = range(BESIDE);
    sight.from = wide[0];
    sight.to = wide[1];
    return true;
  }

  function draw() {
    asked = 0;
    if (look()) forget();
    var count = data.table.rows.length;
    var head = table.tHead.offsetHeight;
    var top = Math.max(0, Math.floor(box.scrollTop / rowHeight) - MORE);
    var end = Math.min(count, Math.ceil((box.scrollTop + box.clientHeight - head) / rowHeight) + MORE);
    drawn.forEach(function (made, place) {
      if (place >= top && place < end) return;
      if (made.contains(document.activeElement)) box.focus({ preventScroll: true });
      made.remove();
      drawn.delete(place);
    });
    var previous = null;
    for (var place = top; place < end; place += 1) {
      var made = drawn.get(place);
      if (!made) {
        made = make(place);
        drawn.set(place, made);
        if (previous) previous.after(made);
        else body.prepend(made);
      }
      previous = made;
    }
    space(before, top);
    space(after, count - end);
  }
  function space(place, count) {
    place.hidden = count <= 0;
    place.rows[0].cells[0].style.height = Math.max(count, 0) * rowHeight + "px";
    place.rows[0].cells[0].colSpan = data.table.columns.length;
  }
  function forget() {
    drawn.forEach(function (made) { made.remove(); });
    drawn.clear();
    /* As high as before, or the region would shrink while it is measured. */
    space(before, 0);
    space(after, data.table.rows.length);
  }
  function spacer() {
    var made = document.createElement("tbody");
    made.className = "space";
    made.setAttribute("aria-hidden", "true");
    made.append(document.createElement("tr"));
    made.rows[0].append(document.createElement("td"));
    return made;
  }
  function soon() {
    if (!asked) asked = requestAnimationFrame(draw);
  }
  function measure() {
    var height = parseFloat(getComputedStyle(table).getPropertyValue("--row"));
    if (height) rowHeight = height;
  }

  data.grid = {
    start: function (section) {
      cells.root = section.dataset.root;
      box = section.querySelector("[data-scroll]");
      table = section.querySelector("[data-grid]");
      body = document.createElement("tbody");
      before = spacer();
      after = spacer();
      table.append(before, body, after);
      measure();
      box.addEventListener("scroll", soon, { passive: true });
      new ResizeObserver(function () {
        if (!box.clientWidth || !data.table.columns.length) return;
        head();
        sight.from = sight.to = 0;
        forget();
        draw();
      }).observe(box);
      new MutationObserver(function () {
        measure();
        forget();
        draw();
      }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-dense"] });
    },

    /* Draw everything anew; what has the focus keeps it, or whatever took its place. */
    redraw: function () {
      var focus = data.grid.focused();
      head();
      sight.from = sight.to = 0;
      forget();
      table.setAttribute("aria-rowcount", data.table.rows.length + 2);
      draw();
      if (focus) data.grid.focus(focus);
    },

    /* What has the focus: {act, column} in the header, {act, key} in a row, or null. */
    focused: function () {
      var active = document.activeElement;
      if (!table.contains(active)) return null;
      var row = active.closest("tr[data-place]"), cell = active.closest("th[data-column]");
      if (row) return { act: active.dataset.act, key: data.table.rows[row.dataset.place] &&
        keyOf(row.dataset.place) };
      return cell ? { act: active.dataset.act, column: cell.dataset.column } : null;
    },
    focus: function (wanted) {
      var found = null;
      if (wanted.column) {
        found = Array.from(table.tHead.querySelectorAll("th[data-column]")).find(function (cell) {
          return cell.dataset.column === wanted.column;
        });
      } else {
        drawn.forEach(function (made, place) { if (keyOf(place) === wanted.key) found = made; });
      }
      var control = found && found.querySelector("[data-act='" + wanted.act + "']");
      (control || box).focus({ preventScroll: true });
    },

    /* Bring a row into sight. */
    show: function (place) {
      var top = place * rowHeight, head = table.tHead.offsetHeight;
      if (top < box.scrollTop) box.scrollTop = top;
      else if (top + rowHeight > box.scrollTop + box.clientHeight - head) {
        box.scrollTop = top + rowHeight - box.clientHeight + head;
      }
      draw();
      return drawn.get(place);
    },
    page: function () { return Math.max(1, Math.floor(box.clientHeight / rowHeight) - 3); },

    /* Draw all rows up to a number, for paper. */
    whole: function (most) {
      sight.from = data.table.pinned;
      sight.to = data.table.columns.length;
      forget();
      for (var place = 0; place < Math.min(most, data.table.rows.length); place += 1) {
        drawn.set(place, make(place));
        body.append(drawn.get(place));
      }
      space(before, 0);
      space(after, 0);
    }
  };
  function keyOf(place) {
    return data.table.rows[place] ? data.table.rows[place].item.key : "";
  }
})();
