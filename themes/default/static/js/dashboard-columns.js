/* The columns of the dashboard: what each shows of a model, sorts by, filters by and exports. */
(function () {
  "use strict";
  var data = window.sitegen.dashboard;
  var values = window.sitegen.values;
  /* Where a stage's date is on hover only, so that every stage stays in sight; see pages.css. */
  var narrow = matchMedia("(min-width: 641px) and (max-width: 1180px)");
  /* Pixels of a chip: its square, the gap between its parts, what is around it in its cell. */
  var SQUARE = 13;
  var GAP = 6;
  var AROUND = 29;
  var NOTHING = { state: 1, latest: null, held: [], event: null };

  /* What counts of a row on the day that is shown; of one that was not there yet nothing. */
  function at(row) { return data.values(row) || NOTHING; }

  function column(id, title, shown, text, more) {
    return Object.assign({
      id: id, group: "", file: "", key: title, title: title, goal: "", shown: shown, width: 120,
      least: 76, most: 260, beside: 22, numeric: false, date: false, text: text, full: text,
      value: function (row) { return text(row) || undefined; }, search: text
    }, more);
  }
  /* A column of days: `done` gives what was done. */
  function dated(id, title, shown, done, more) {
    function text(row) {
      var one = done(row);
      return one ? values.day(one.seconds) : "";
    }
    return column(id, title, shown, text, Object.assign({
      date: true,
      full: function (row) {
        var one = done(row);
        return one ? values.source(one.seconds, one.offset, " ") : "";
      },
      value: function (row) {
        var one = done(row);
        return one && one.seconds >= 0 ? one.seconds : undefined;
      },
      /* What a file has. */
      plain: function (row) {
        var one = done(row);
        return one ? values.source(one.seconds, one.offset, "T") : "";
      }
    }, more));
  }

  /* Sorts as SemVer does where text is compared: numbers padded, a prerelease before its release. */
  function padded(text) {
    return text.replace(/\d+/g, function (digits) { return ("000000000" + digits).slice(-10); });
  }
  function rank(version) {
    var name = version.replace(/^v/, "").split("+")[0];
    var cut = name.indexOf("-");
    return cut < 0 ? padded(name) + "~" : padded(name.slice(0, cut)) + "-" + padded(name.slice(cut));
  }

  function held(number) {
    return function (row) {
      var all = at(row).held;
      for (var i = 0; i < all.length; i += 1) if (all[i].stage === number) return all[i];
      return null;
    };
  }
  function stages() {
    return data.head.stages.map(function (stage, number) {
      var done = held(number);
      return dated("stage:" + stage[0], stage[0], true, done, {
        group: "stages", kind: "stage", stage: stage, holder: done, most: 320,
        text: function (row) {
          var one = done(row);
          return one ? stage[0] + " " + one.version + " " + values.day(one.seconds) : "";
        },
        search: function (row) {
          var one = done(row);
          return one ? one.version + " " + one.author + " " + values.day(one.seconds) : "";
        }
      });
    });
  }

  /* A cell is a number, [number, its source's spelling] or a text; see render/columnar.py. */
  function measured(number) {
    var cells = data.metrics[number];
    function full(row) {
      var cell = cells[row.place];
      return cell === undefined ? "" : String(Array.isArray(cell) ? cell[1] : cell);
    }
    /* Known of the version that is the latest now, whichever day is shown. */
    function value(row) {
      var then = at(row).latest, now = row.now.latest;
      var same = then === now || (then && now && then.version === now.version);
      var cell = same ? cells[row.place] : undefined;
      return Array.isArray(cell) ? Number(cell[0]) : cell;
    }
    return {
      value: value,
      full: function (row) { return value(row) === undefined ? "" : full(row); },
      text: function (row) {
        var found = value(row);
        return typeof found === "number" ? values.short(found, full(row)) :
          found === undefined ? "" : full(row);
      }
    };
  }
  function metrics(joined) {
    var all = data.head.metrics.map(function (key, number) {
      var cell = measured(number);
      return column("metric:" + key, key, !joined, cell.text, {
        group: "metrics", numeric: true, number: number, full: cell.full, value: cell.value,
        search: cell.full, beside: 40
      });
    });
    function pairs(row) {
      return all.filter(function (one) { return one.value(row) !== undefined; });
    }
    /* Models that measure different things share one column at first. */
    return [column("metrics", "Metrics of latest", joined, function (row) {
      return pairs(row).map(function (one) { return one.key + " " + one.text(row); }).join(", ");
    }, {
      group: "metrics", kind: "metrics", pairs: pairs, most: 300, beside: 4,
      order: function (row) {
        var first = pairs(row)[0];
        return first ? first.value(row) : undefined;
      }
    })].concat(all);
  }

  function make() {
    var head = data.head, has = head.has;
    function latest(row) { return at(row).latest; }
    function event(row) { return at(row).event; }
    function author(done) {
      return function (row) { return done(row) ? done(row).author : ""; };
    }
    var few = head.metrics.length <= 2;
    return [].concat(
      column("repo", "Repository", head.repos.length > 1, function (row) {
        return head.repos[row.repo][0];
      }, { kind: "repo", most: 184 }),
      column("latest", "Latest", true, function (row) {
        return latest(row) ? latest(row).version : "";
      }, {
        kind: "latest", most: 160, order: function (row) {
          return latest(row) ? rank(latest(row).version) : undefined;
        },
        exact: true
      }),
      stages(),
      column("framework", "Framework", has.framework, function (row) { return row.framework; }),
      head.metrics.length ? metrics(!few) : [],
      column("labels", "Labels", has.labels, function (row) { return row.labels.join(", "); }, {
        kind: "labels", beside: 36, most: 220
      }),
      dated("event", "Last event", true, event, {
        kind: "event", text: function (row) {
          var one = event(row);
          return one ? one.verb + " " + values.day(one.seconds) : "";
        }
      }),
      column("event-by", "Last event by", false, author(event)),
      dated("registered", "Latest since", false, latest),
      column("registered-by", "Latest by", false, author(latest)),
      column("versions", "Versions", false, function (row) { return String(row.versions); }, {
        numeric: true, value: function (row) { return row.versions; }
      }),
      column("type", "Type", false, function (row) { return row.type || "model"; }),
      column("state", "State", false, function (row) { return head.states[at(row).state]; }),
      has.description ? column("description", "Description", false, function (row) {
        return row.description;
      }, { most: 420 }) : []
    );
  }

  var pen = document.createElement("canvas").getContext("2d");
  var faces = null;
  /* The sizes and faces of the theme, in which widths are measured. */
  function facesOf() {
    var style = getComputedStyle(document.documentElement);
    var size = parseFloat(style.fontSize) * 0.75 + "px ";
    faces = {
      chip: size + style.getPropertyValue("--sans"),
      version: "600 " + size + style.getPropertyValue("--mono")
    };
    /* The widest of days. */
    faces.day = 0;
    for (var month = 0; month < 12; month += 1) {
      var day = values.day(Date.UTC(2028, month, 28, 12) / 1000);
      faces.day = Math.max(faces.day, wide(faces.chip, day));
    }
  }
  function wide(face, text) {
    pen.font = face;
    return pen.measureText(text).width;
  }
  /* A stage is as wide as its widest chip: its square, the version and the day. */
  function chips(one) {
    var longest = "";
    data.rows.forEach(function (row) {
      var done = one.holder(row);
      if (done && done.version.length > longest.length) longest = done.version;
    });
    if (!longest) return 0;
    var parts = narrow.matches ? 0 : faces.day + GAP;
    return SQUARE + wide(faces.version, longest) + parts + AROUND;
  }

  /* How wide a column has to be for the rows that are there. grows: it gets no narrower. */
  function measure(one, grows) {
    var longest = 0;
    for (var i = 0; i < data.rows.length && i < 400; i += 1) {
      longest = Math.max(longest, one.text(data.rows[i]).length);
    }
    /* Versions are in another face than the rest. */
    var wanted = one.stage ? chips(one) :
      longest * (one.kind === "latest" ? 8.2 : 7.2) + one.beside;
    var title = Math.min(one.title.length, 24) * 7 + (one.stage ? 56 : 44);
    var now = Math.ceil(Math.min(Math.max(wanted, title, one.least), Math.max(one.most, title)));
    one.width = grows ? Math.max(one.width, now) : now;
  }

  data.columns = {
    all: [],
    byId: new Map(),
    groups: [["", "Model"], ["stages", "Stages"], ["metrics", "Metrics of the latest version"]],
    at: at,
    /* How wide the first one is. */
    first: 200,

    make: function () {
      data.columns.all = make();
      data.columns.all.forEach(function (one) { data.columns.byId.set(one.id, one); });
    },
    /* More rows came. grows: it is another day, on which versions may be longer; that they are shorter
       moves no column. */
    again: function (grows) {
      if (!faces) facesOf();
      data.columns.all.forEach(function (one) { measure(one, grows); });
      var longest = 0;
      for (var i = 0; i < data.rows.length && i < 400; i += 1) {
        var row = data.rows[i], more = (at(row).state !== 0 ? 14 : 0) +
          (row.type && row.type !== "model" ? row.type.length + 4 : 0);
        longest = Math.max(longest, row.name.length + more);
      }
      data.columns.first = Math.min(Math.max(longest * 7.6 + 40, 200), 340);
    }
  };
  narrow.addEventListener("change", function () { data.columns.again(); });
})();
