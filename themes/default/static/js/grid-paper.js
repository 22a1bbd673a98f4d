/* A drawn table on paper: all of its rows, and its columns in as many tables as pages are wide. Each begins
   with the columns that stay, so that a row is known in every one of them. It is made before printing,
   and gone afterwards. */
(function () {
  "use strict";
  var ROWS = 500;
  /* Pixels of a sheet that lies, A4 or Letter, with the margins that print.css gives it. */
  var ROOM = 960;
  /* A letter of 7.5 points, and what a cell has besides: its sides, and the mark of what is better. */
  var LETTER = 5.6, MONO = 6.2, SIDES = 12, MARK = 12;
  var FIRST = 270, NARROW = 150, LEAST = 40, MOST = 190;
  var GOALS = { higher: " ↑", lower: " ↓" };

  window.sitegen.onPaper = function (data) {
    var cells = data.cellsOf, element = window.sitegen.gridCells.element;
    var made = null;

    /* What the longest value needs, and of a title, which may break, about a third. */
    function widthOf(column, place, rows) {
      if (!place) return 0;
      var longest = rows.reduce(function (most, entry) {
        if (!entry.row) return most;
        var text = column.badges ? cells.value(column, entry.row).textContent : column.text(entry.row);
        return Math.max(most, String(text === undefined ? "" : text).length);
      }, 0);
      /* A long text breaks, a number never. */
      if (!column.numeric && longest > 12) longest = Math.max(12, longest / 2);
      var value = longest * (column.numeric ? LETTER : MONO) + (column.goal ? MARK : 0);
      return Math.max(LEAST, Math.min(MOST, Math.max(value, column.title.length * LETTER / 3) + SIDES));
    }
    /* Without what a screen does with it: a heading that holds buttons is not repeated on each sheet. */
    function heading(column) {
      var cell = element("th", column.numeric ? "number" : "", column.title + (GOALS[column.goal] || ""));
      cell.scope = "col";
      return cell;
    }
    /* The places of the columns of each table. Where those that stay leave no room, only the first does. */
    function blocks(widths) {
      var columns = data.table.columns, stay = [], used = 0;
      for (var i = 0; i < data.table.pinned; i += 1) {
        if (i && used + widths[i] > ROOM / 2) break;
        stay.push(i);
        used += widths[i];
      }
      var found = [], block = null, room = 0;
      for (i = stay.length; i < columns.length; i += 1) {
        if (!block || widths[i] > room + 1) {
          block = stay.slice();
          room = ROOM - used;
          found.push(block);
        }
        block.push(i);
        room -= widths[i];
      }
      return found.length ? found : [stay];
    }
    function groups(places, note) {
      var line = element("tr", "groups"), last = element("td", "muted", note);
      line.append(last);
      places.slice(1).forEach(function (place) {
        var title = cells.group(data.table.columns[place]);
        if (last.classList.contains("group") && last.textContent === title) last.colSpan += 1;
        else line.append(last = element("td", "group", title));
      });
      return line;
    }
    function row(entry, places) {
      var line = element("tr", entry.row ? "" : "branch");
      line.append(cells.first(entry));
      if (!entry.row) {
        if (places.length > 1) {
          line.append(element("td"));
          line.lastChild.colSpan = places.length - 1;
        }
        return line;
      }
      cells.mark(line, entry);
      places.slice(1).forEach(function (place) {
        line.append(cells.value(data.table.columns[place], entry.row));
      });
      return line;
    }
    function table(places, widths, note, name) {
      var drawn = element("table", name), head = drawn.createTHead(), body = drawn.createTBody();
      var sum = places.reduce(function (sum, place) { return sum + widths[place]; }, 0);
      var cols = element("colgroup"), names = element("tr");
      places.forEach(function (place) {
        var col = element("col");
        col.style.width = 100 * widths[place] / sum + "%";
        cols.append(col);
        names.append(heading(data.table.columns[place]));
      });
      /* A table that is not as wide as the sheet is not stretched. */
      drawn.style.width = Math.min(100, 100 * sum / ROOM) + "%";
      drawn.prepend(cols);
      head.append(groups(places, note));
      head.append(names);
      data.table.rows.slice(0, ROWS).forEach(function (entry) { body.append(row(entry, places)); });
      return drawn;
    }

    function lay(box) {
      take();
      var columns = data.table.columns, count = data.table.rows.length;
      var rows = data.table.rows.slice(0, ROWS);
      var widths = columns.map(function (column, place) { return widthOf(column, place, rows); });
      var rest = ROOM - widths.reduce(function (sum, width) { return sum + width; }, 0);
      widths[0] = rest < NARROW ? FIRST : Math.min(FIRST, rest);
      var all = blocks(widths), name = box.querySelector("table").className.replace("drawn", "paper-grid");
      made = element("div", "paper");
      if (count > ROWS) made.append(element("p", "muted", "The first " + ROWS + " of " + count + " rows."));
      all.forEach(function (places, number) {
        var from = number ? places.find(function (place) { return all[number - 1].indexOf(place) < 0; }) : 0;
        var note = all.length < 2 ? "" :
          "Columns " + (from + 1) + " to " + (places[places.length - 1] + 1) + " of " + columns.length;
        made.append(table(places, widths, note, name));
      });
      box.after(made);
    }
    function take() {
      if (made) made.remove();
      made = null;
    }
    return { lay: lay, take: take };
  };
})();
