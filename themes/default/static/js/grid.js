/* A table as it is drawn: a plain table of which only the rows and columns in sight are there. Empty
   rows and cells keep the place of all others.

   data.table: {rows: [{row, key}], columns, pinned: how many of them stay, name: the first column}; a
   row of null is a heading. data.cellsOf: {heading(column), group(column) or null: the title above it,
   first(entry), value(column, row), mark(tr, entry), width(box): of the first column, stretch: whether
   columns fill the region, cards: the media query under which a row is a card, or "", height(row, width):
   of such a card in a region of that width} */
(function () {
  "use strict";
  var BESIDE = 240;

  window.sitegen.makeGrid = function (data) {
    var cells = data.cellsOf;
    var element = window.sitegen.gridCells.element;
    var box, table, body, before, after, list;
    var rowHeight = 36;
    /* Of cards, which are not all as high, where each begins; null for rows. */
    var tops = null;
    var sight = { from: 0, to: 0, lefts: [], widths: [] };
    var headed = "";
    var cards = cells.cards ? matchMedia(cells.cards) : { matches: false };

    /* Header: titles over their columns where there are any, then the columns. */
    function head() {
      var columns = data.table.columns, pinned = data.table.pinned;
      measureColumns(columns);
      var now = JSON.stringify([pinned, data.view.sort, data.view.filters, sight.widths,
        columns.map(function (column) { return [column.id, column.goal]; })]);
      if (now === headed) return;
      headed = now;
      var groups = element("tr", "groups"), names = element("tr");
      var cols = document.createElement("colgroup");
      columns.forEach(function (column, place) {
        var col = document.createElement("col");
        col.style.width = sight.widths[place] + "px";
        cols.append(col);
        var cell = cells.heading(column);
        if (place < pinned) stay(cell, place);
        names.append(cell);
        if (cells.group) addGroup(groups, column, place);
      });
      box.style.scrollPaddingLeft = (pinned < columns.length ? sight.lefts[pinned] : 0) + "px";
      table.querySelectorAll("colgroup").forEach(function (old) { old.remove(); });
      table.prepend(cols);
      table.tHead.replaceChildren.apply(table.tHead, cells.group ? [groups, names] : [names]);
      table.setAttribute("aria-colcount", columns.length);
    }
    function addGroup(groups, column, place) {
      var pinned = data.table.pinned;
      var last = groups.lastElementChild;
      var title = cells.group(column);
      if (last && last.dataset.group === title && (place < pinned) === ("pinned" in last.dataset)) {
        last.colSpan += 1;
        return;
      }
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
    function measureColumns(columns) {
      var widths = columns.map(function (column) {
        return column === data.table.name ? cells.width(box) : column.width;
      });
      var total = widths.reduce(function (sum, width) { return sum + width; }, 0);
      var rest = box.clientWidth - total;
      if (cells.stretch && rest > 0) {
        widths = widths.map(function (width) { return width + rest * width / total; });
        total += rest;
      }
      var left = 0;
      sight.widths = widths;
      sight.lefts = widths.map(function (width) { return (left += width) - width; });
      table.style.width = total + "px";
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
      if (tops) made.style.height = tops[place + 1] - tops[place] + "px";
      made.setAttribute("aria-rowindex", place + table.tHead.rows.length + 1);
      var name = cells.first(entry);
      stay(name, 0);
      made.append(name);
      if (!entry.row) {
        if (columns.length > 1) made.append(gap(columns.length - 1));
        return made;
      }
      cells.mark(made, entry);
      var row = entry.row, pinned = data.table.pinned;
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
        if (cards.matches) return [pinned, columns.length];
        var from = pinned, to = pinned;
        var left = box.scrollLeft + stays - more, right = box.scrollLeft + box.clientWidth + more;
        while (from < columns.length && sight.lefts[from] + sight.widths[from] < left) from += 1;
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

    function draw(first) {
      if (look()) keeping(function () { list.forget(); list.draw(first); });
      else list.draw(first);
    }
    function keep(place, pixels) {
      place.hidden = pixels <= 0;
      place.rows[0].cells[0].style.height = pixels + "px";
      place.rows[0].cells[0].colSpan = data.table.columns.length;
    }
    function spacer() {
      var made = document.createElement("tbody");
      made.className = "space";
      made.setAttribute("aria-hidden", "true");
      made.append(document.createElement("tr"));
      made.rows[0].append(document.createElement("td"));
      return made;
    }
    function measure() {
      var height = parseFloat(getComputedStyle(table).getPropertyValue("--row"));
      if (height) rowHeight = height;
    }
    function measureCards() {
      tops = null;
      if (!cards.matches) return;
      var width = box.clientWidth, sum = 0;
      tops = new Float64Array(data.table.rows.length + 1);
      data.table.rows.forEach(function (entry, place) {
        sum += cells.height(entry.row, width);
        tops[place + 1] = sum;
      });
    }
    function top(place) { return tops ? tops[place] : place * rowHeight; }
    function at(pixels) {
      if (!tops) return Math.floor(pixels / rowHeight);
      var low = 0, high = tops.length - 1;
      while (low < high) {
        var middle = (low + high + 1) >> 1;
        if (tops[middle] <= pixels) low = middle;
        else high = middle - 1;
      }
      return low;
    }
    function anew() {
      keeping(function () {
        head();
        measureCards();
        sight.from = sight.to = 0;
        list.forget();
        draw(true);
      });
    }
    /* Draw something anew: what has the focus keeps it, or whatever took its place. */
    function keeping(work) {
      var focus = data.grid.focused();
      work();
      if (focus) data.grid.focus(focus);
    }
    function keyOf(place) {
      return data.table.rows[place] ? data.table.rows[place].key : "";
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
        list = window.sitegen.inSight({
          box: box, paged: function () { return cards.matches; }, body: body, make: make,
          top: top, at: at,
          head: function () { return table.tHead.offsetHeight; },
          count: function () { return data.table.rows.length; },
          space: function (from, to) {
            keep(before, top(from));
            keep(after, top(data.table.rows.length) - top(to));
          }
        });
        measure();
        function scrolled() { list.soon(function () { draw(); }); }
        box.addEventListener("scroll", scrolled, { passive: true });
        /* Cards have no region of their own that scrolls. */
        ["scroll", "resize"].forEach(function (name) {
          window.addEventListener(name, function () { if (cards.matches) scrolled(); }, { passive: true });
        });
        new ResizeObserver(function () {
          if (!box.clientWidth || !data.table.columns.length) return;
          measure();
          anew();
        }).observe(box);
        new MutationObserver(function () {
          measure();
          keeping(function () { list.forget(); draw(); });
        }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-dense"] });
      },

      /* Draw everything anew. */
      redraw: function () {
        measure();
        anew();
        table.setAttribute("aria-rowcount", data.table.rows.length + table.tHead.rows.length);
      },

      /* What has the focus: {act, column} in the header, {act, link, key} in a row, or null. */
      focused: function () {
        var active = document.activeElement;
        if (!table.contains(active)) return null;
        var row = active.closest("tr[data-place]"), cell = active.closest("th[data-column]");
        if (row) {
          return { act: active.dataset.act, link: active.getAttribute("href"), key: keyOf(row.dataset.place) };
        }
        return cell ? { act: active.dataset.act, column: cell.dataset.column } : null;
      },
      /* The control that `focused` told of, where it is drawn. */
      control: function (wanted) {
        var found = null;
        if (wanted.column) {
          found = Array.from(table.tHead.querySelectorAll("th[data-column]")).find(function (cell) {
            return cell.dataset.column === wanted.column;
          });
        } else {
          list.drawn.forEach(function (made, place) { if (keyOf(place) === wanted.key) found = made; });
        }
        return found && Array.from(found.querySelectorAll("[data-act], a")).find(function (one) {
          return wanted.act ? one.dataset.act === wanted.act : one.getAttribute("href") === wanted.link;
        });
      },
      focus: function (wanted) {
        (data.grid.control(wanted) || box).focus({ preventScroll: true });
      },

      /* Keys that go from row to row: true where the event was one of them. */
      step: function (event) {
        var line = event.target.closest("tr[data-place]");
        if (!line || !event.target.dataset.act) return false;
        var page = list.page(), last = data.table.rows.length - 1;
        var steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
        var wanted = Number(line.dataset.place) + steps[event.key];
        if (event.key === "Home") wanted = 0;
        if (event.key === "End") wanted = last;
        if (isNaN(wanted)) return false;
        event.preventDefault();
        var there = list.show(Math.max(0, Math.min(last, wanted)));
        var control = there.querySelector("[data-act='" + event.target.dataset.act + "']") ||
          there.querySelector("[data-act]");
        control.focus({ preventScroll: true });
        return true;
      },

      /* Bring a row into sight. */
      show: function (place) { return list.show(place); },

      /* Headings that can be dragged before or behind another one. */
      drag: function (reorder) {
        var dragged = null;
        function over(event) {
          var heading = event.target.closest && event.target.closest("th[data-column]");
          return heading && heading.dataset.column !== data.table.name.id ? heading : null;
        }
        table.addEventListener("dragstart", function (event) {
          var heading = over(event);
          dragged = heading && data.columns.byId.get(heading.dataset.column);
          if (dragged) event.dataTransfer.setData("text/plain", dragged.id);
        });
        table.addEventListener("dragover", function (event) {
          if (dragged && over(event)) event.preventDefault();
        });
        table.addEventListener("drop", function (event) {
          var heading = over(event);
          if (!dragged || !heading || heading.dataset.column === dragged.id) return;
          event.preventDefault();
          var edge = heading.getBoundingClientRect();
          reorder(dragged, data.columns.byId.get(heading.dataset.column),
            event.clientX > edge.left + edge.width / 2);
        });
        table.addEventListener("dragend", function () { dragged = null; });
      },

      /* Draw all rows up to a number, for paper. */
      whole: function (most) {
        sight.from = data.table.pinned;
        sight.to = data.table.columns.length;
        list.whole(most);
      }
    };
  };
})();
