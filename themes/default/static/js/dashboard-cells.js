/* The cells of the dashboard: a model's name, its latest version, what is in which stage. */
(function () {
  "use strict";
  var data = window.sitegen.dashboard;
  var values = window.sitegen.values;
  var element = window.sitegen.gridCells.element;
  var NARROW = "(max-width: 640px)";
  /* Pixels of a card on a phone with a name and one line of text, of a further line of text, and of a
     line of chips, of which there are so many. */
  var CARD = 67;
  var LINE_OF_TEXT = 24;
  var LINE = 32;
  var LINES = 14;
  var LABELS = 2;
  var PAIRS = 2;
  /* Kinds of columns that a card has elsewhere than in its lines of text, or not at all. */
  var ELSEWHERE = ["latest", "stage", "labels"];

  function link(className, url, text, title) {
    var made = element("a", className, text);
    made.href = cells.root + url;
    if (title) made.title = title;
    return made;
  }
  /* Who did it, and when in the source's own time. */
  function who(done) {
    return (done.author ? done.author + ", " : "") + values.source(done.seconds, done.offset, " ");
  }
  function date(done) {
    var made = element("time", "", values.day(done.seconds));
    var iso = values.source(done.seconds, done.offset, "T");
    if (done.seconds >= 0) made.dateTime = iso;
    made.title = values.source(done.seconds, done.offset, " ");
    return made;
  }
  function chip(stage, done) {
    var made = link("chip stage-" + stage[1], done.url, undefined, who(done));
    var when = element("span", "chip-when", values.day(done.seconds));
    made.append(element("span", "chip-stage", stage[0]), " ",
      element("span", "chip-version", done.version), " ", when);
    if (done.author) made.append(element("span", "hidden", " by " + done.author));
    return made;
  }
  function tags(row) {
    var state = data.head.states[data.columns.at(row).state];
    return [row.type && row.type !== "model" ? row.type : "", state !== "registered" ? state : ""]
      .filter(Boolean).map(function (text) { return element("span", "tag", text); });
  }
  function name(row) {
    var made = link("", row.url, row.name, row.name);
    made.dataset.row = "";
    made.dataset.act = "open";
    return made;
  }
  function list(row) {
    var made = element("ul", "labels");
    row.labels.slice(0, LABELS).forEach(function (text) {
      var item = element("li", "", text);
      item.title = text;
      made.append(item);
    });
    if (row.labels.length > LABELS) {
      var more = element("li", "more", "+" + (row.labels.length - LABELS));
      more.title = row.labels.slice(LABELS).join(", ");
      made.append(more);
    }
    return made;
  }
  function pairs(cell, column, row) {
    var all = column.pairs(row), inner = element("span", "metric-pairs");
    cell.append(inner);
    all.slice(0, PAIRS).forEach(function (one) {
      var pair = element("span", "pair");
      pair.title = one.key + " = " + one.full(row);
      pair.append(element("span", "muted", one.key.length <= 18 ? one.key :
        one.key.split(".").slice(-2).join(".")), " ", element("span", "pair-value", one.text(row)));
      inner.append(pair);
    });
    if (all.length <= PAIRS) return;
    var more = element("span", "muted pair", "+" + (all.length - PAIRS));
    more.title = all.slice(PAIRS).map(function (one) {
      return one.key + " = " + one.full(row);
    }).join(", ");
    inner.append(more);
  }

  /* kind of a column -> what its cell holds. */
  var KINDS = {
    repo: function (cell, column, row) {
      var repo = data.head.repos[row.repo];
      cell.classList.add("repo");
      cell.append(link("", repo[1], repo[0], repo[0]));
    },
    latest: function (cell, column, row) {
      var latest = data.columns.at(row).latest;
      cell.classList.add("latest");
      cell.append(link("mono", latest.url, latest.version, who(latest)));
    },
    stage: function (cell, column, row) {
      cell.classList.add("held");
      cell.append(chip(column.stage, column.holder(row)));
    },
    labels: function (cell, column, row) {
      cell.classList.add("has-labels");
      cell.append(list(row));
    },
    metrics: function (cell, column, row) {
      cell.classList.add("numbers");
      pairs(cell, column, row);
    },
    event: function (cell, column, row) {
      var event = data.columns.at(row).event;
      cell.classList.add("event");
      cell.append(element("span", "muted", event.verb), " ", date(event));
      if (event.author) cell.title = event.author;
    }
  };

  /* How many lines parts of these widths take. */
  function lines(widths, room) {
    var count = 0, left = 0;
    widths.forEach(function (width) {
      if (width > left) { count += 1; left = room; }
      left -= width;
    });
    return count;
  }

  function value(column, row) {
    var text = column.text(row);
    var cell = element("td", column.numeric ? "number" : "");
    if (!text) {
      cell.classList.add("none");
      cell.append(element("span", "hidden", "none"));
    } else if (KINDS[column.kind]) KINDS[column.kind](cell, column, row);
    else {
      cell.textContent = text;
      cell.title = column.full(row);
      cell.classList.add("plain-cell");
      if (column.numeric) cell.dataset.label = column.title;
    }
    return cell;
  }

  var cells = data.cellsOf = {
    /* The way to the site's root, for links. */
    root: "",
    cards: NARROW,
    stretch: true,
    group: null,
    heading: function (column) { return window.sitegen.gridCells.heading(data, column); },
    first: function (entry) {
      var cell = element("th", "first");
      cell.scope = "row";
      var inner = element("span", "name");
      inner.append(name(entry.row));
      tags(entry.row).forEach(function (tag) { inner.append(" ", tag); });
      cell.append(inner);
      return cell;
    },
    value: value,
    mark: function (line, entry) {
      line.classList.add("is-" + data.head.states[data.columns.at(entry.row).state]);
    },
    width: function (box) {
      return Math.min(data.columns.first, Math.max(box.clientWidth * 0.4, 160));
    },

    /* A card on a phone: its name, lines of chips, its metrics, and the rest. */
    height: function (row, width) {
      var room = width - 28;
      var chips = data.columns.at(row).held.map(function (done) {
        return (data.head.stages[done.stage][0].length + done.version.length) * 6.6 + 32;
      });
      var numbers = 0, rest = [];
      data.table.columns.slice(1).forEach(function (column) {
        if (ELSEWHERE.indexOf(column.kind) >= 0) return;
        var text = column.text(row);
        if (!text) return;
        if (column.kind === "metrics") numbers = LINE_OF_TEXT;
        else rest.push(Math.min(room,
          (text.length + (column.numeric ? column.title.length + 1 : 0)) * 7.4 + 12));
      });
      return CARD + Math.min(lines(chips, room), LINES) * LINE + numbers +
        Math.max(0, lines(rest, room) - 1) * LINE_OF_TEXT;
    },

    /* Parts of the board's cards. */
    name: name,
    tags: tags,
    link: link,
    date: date,
    who: who
  };
  window.sitegen.makeGrid(data);
})();
