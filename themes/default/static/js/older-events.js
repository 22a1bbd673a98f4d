/* The events of older pages in the newest page's list, while two days are compared: data/activity/N.js, as
   render/activity.py writes them. Only pages that reach into these days are loaded; the filters of
   history.js hold for all of their events, and so many rows are drawn as a page would have. */
(function () {
  "use strict";
  var day = window.sitegen.day, values = window.sitegen.values, columnar = window.sitegen.columnar;
  var section = document.querySelector("[data-older]");
  if (!section) return;
  var DRAWN = 500;
  var table = section.querySelector("table"), says = section.querySelector("[data-older-says]");
  var more = section.querySelector("[data-older-more]"), alone = section.querySelector("[data-alone]");
  var pager = document.querySelector(".pager");
  var root = section.dataset.root, several = "repositories" in section.dataset;
  var spans = JSON.parse(section.dataset.spans);
  var pages = [], asked = 0, most = DRAWN, drawn = [];

  function make(tag, name, text) {
    var made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function link(name, text, address) {
    var made = make(address ? "a" : "span", name, text);
    if (address) made.href = address;
    return made;
  }

  /* A page's events, newest first, in the shape that history.js filters. */
  function read(chunk) {
    var column = function (name) { return columnar.each(chunk[name], chunk.count); };
    var when = column("when"), model = column("model"), version = column("version");
    var stage = column("stage"), author = column("author"), commit = column("commit");
    return when.map(function (moment, place) {
      var message = chunk.messages[place] || "";
      return {
        kind: day.kinds[chunk.kinds[place]],
        seconds: moment[0], offset: moment[1], model: model[place], version: version[place],
        stage: stage[place], author: author[place], commit: commit[place], message: message,
        text: [
          model[place][0], model[place][1], version[place][0], stage[place] ? stage[place][0] : "",
          author[place], message
        ].join(" ").toLowerCase()
      };
    });
  }
  function load(number) {
    if (pages[number]) return Promise.resolve();
    return new Promise(function (done, fail) {
      var script = document.createElement("script");
      script.src = section.dataset.older + "/" + number + ".js";
      script.onload = function () {
        script.remove();
        done();
      };
      script.onerror = fail;
      document.head.append(script);
    });
  }

  /* As the rows of activity.html. */
  function row(event) {
    var made = make("tr"), date = make("td", "date"), of = make("td", "of"), what = make("td", "what");
    var name = make("span", "name"), model = link("", event.model[0], root + event.model[2]);
    if (event.seconds < 0) date.append(make("span", "muted undated", values.day(event.seconds)));
    else {
      var time = make("time", "", values.day(event.seconds));
      time.dateTime = values.source(event.seconds, event.offset, "T");
      time.title = values.source(event.seconds, event.offset, " ");
      date.append(time);
    }
    model.title = event.model[0];
    model.dataset.row = "";
    name.append(model);
    if (several) name.append(" ", make("span", "muted", event.model[1]));
    of.append(name);
    if (event.version[0]) {
      what.append(link("mono", event.version[0], event.version[1] && root + event.version[1]), " ");
    }
    what.append(day.verbs[day.kinds.indexOf(event.kind)]);
    if (event.stage) {
      what.append(
        event.kind === "unassignment" ? " from " : " to ",
        make("span", "stage stage-" + event.stage[1], event.stage[0])
      );
    }
    var why = make("td", "why", event.message), who = make("td", "who", event.author);
    why.title = event.message;
    who.title = event.author;
    var commit = make("td", "commit");
    if (event.commit[0]) {
      var id = link("mono", event.commit[0].slice(0, 7), event.commit[1]);
      if (event.commit[1]) id.rel = "noopener";
      commit.append(id);
    }
    made.dataset.kind = event.kind;
    made.append(date, of, what, why, who, commit);
    return made;
  }
  function month(event) {
    if (event.seconds < 0) return "Without a date";
    /* Where the event happened, as on the pages themselves: noon of that day is in no zone another one. */
    var there = values.source(event.seconds, event.offset, "T").slice(0, 10);
    return values.day(new Date(there + "T12:00:00").getTime() / 1000).replace(/^\d+ /, "");
  }
  function draw(events) {
    drawn.forEach(function (element) { element.remove(); });
    drawn = [];
    /* The page's own last month may go on. */
    var last = table.tBodies[table.tBodies.length - 1], label = "", bodies = [];
    if (last.querySelector("tr[data-kind]:not([hidden])")) label = last.rows[0].textContent.trim();
    events.slice(0, most).forEach(function (event) {
      if (month(event) !== label) {
        label = month(event);
        last = make("tbody");
        var head = make("tr", "month"), cell = make("th");
        cell.scope = "rowgroup";
        cell.colSpan = 6;
        cell.append(make("h2", "", label));
        head.append(cell);
        last.append(head);
        bodies.push(last);
      }
      var made = row(event);
      last.append(made);
      drawn.push(made);
    });
    table.append.apply(table, bodies);
    drawn = drawn.concat(bodies);
    more.hidden = events.length <= most;
  }
  function say(text) {
    says.textContent = text;
    says.hidden = !text;
  }

  /* start, end: as day.parse gives them; null for no beginning, and for now. */
  var older = window.sitegen.older = {
    list: null,
    take: function (text) {
      var chunk = JSON.parse(text);
      pages[chunk.number] = read(chunk);
    },
    show: function (start, end) {
      var number = asked += 1;
      most = DRAWN;
      draw([]);
      say("");
      alone.hidden = Boolean(start);
      if (pager) pager.hidden = Boolean(start);
      older.list = start ? { events: [], total: Number(section.dataset.total), draw: draw } : null;
      if (!start) return;
      var wanted = spans.map(function (span, place) { return place; }).filter(function (place) {
        return spans[place][1] > start.seconds && (!end || spans[place][0] <= end.seconds);
      }).reverse();
      if (!wanted.length) return;
      say("Looking at older events…");
      wanted.reduce(function (before, place) {
        return before.then(function () { return number === asked ? load(place) : null; });
      }, Promise.resolve()).then(function () {
        if (number !== asked) return;
        say("");
        older.list.events = [].concat.apply([], wanted.map(function (place) {
          return pages[place].filter(function (event) {
            return event.seconds > start.seconds && (!end || event.seconds <= end.seconds);
          });
        }));
        document.dispatchEvent(new CustomEvent("sitegen-events"));
      }, function () {
        if (number === asked) say("Older events could not be loaded. Reload the page to try again.");
      });
    }
  };
  more.addEventListener("click", function () {
    most += DRAWN;
    document.dispatchEvent(new CustomEvent("sitegen-events"));
  });
})();
