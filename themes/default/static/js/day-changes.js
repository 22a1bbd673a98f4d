/* What changed between two days, model by model: [data-between]. The days are in the hash, `from`, from its
   beginning, and `at`, to its end; without `at` it is until now. The words of the page's filter box, `q`,
   narrow it to some models; the days narrow the page's list of events. */
(function () {
  "use strict";
  var day = window.sitegen.day, events = window.sitegen.events;
  var state = window.sitegen.state, values = window.sitegen.values;
  var section = document.querySelector("[data-between]");
  if (!section) return;
  var MOST = 40;  /* models that are listed at once: their rows are drawn within a frame or two */
  var source = section.dataset.daySource, root = source.replace(/data\/events$/, "");
  var from = section.querySelector("[data-between-from]"), to = section.querySelector("[data-day-input]");
  var found = section.querySelector("[data-between-found]"), region = found.querySelector(".scroll");
  var count = section.querySelector("[data-between-count]"), table = section.querySelector("table");
  var more = section.querySelector("[data-between-more]"), clear = section.querySelector("[data-between-clear]");
  var box = document.querySelector("[data-quick]");
  var changed = [], listed = [], shown = 0, asked = 0, span = "";

  function make(tag, name, text) {
    var made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function version(model, held) {
    var cell = make("td", held ? "" : "none");
    if (!held) {
      cell.append(make("span", "hidden", "none"));
      return cell;
    }
    var is = day.called(model, held), link = make("a", "mono", is.text);
    link.href = root + is.url;
    link.title = day.nameOf(model, held);
    cell.append(link);
    return cell;
  }
  function what(change) {
    var cell = make("td");
    if (change.what !== "stage") cell.textContent = change.what;
    else {
      var stage = events.head.stages[change.stage];
      cell.append(make("span", "stage stage-" + stage[1], stage[0]));
    }
    return cell;
  }
  function rows(one) {
    var body = make("tbody"), model = one.model;
    one.changes.forEach(function (change, number) {
      var row = make("tr");
      if (!number) {
        var head = make("th", "of"), name = make("span", "name"), link = make("a", "", model.name);
        head.scope = "rowgroup";
        head.rowSpan = one.changes.length;
        link.href = root + model.url;
        link.title = model.name;
        link.dataset.row = "";
        name.append(link, " ", make("span", "muted", model.repo));
        head.append(name);
        row.append(head);
      }
      var alone = change.what === "deprecated" || change.what === "revived";
      row.append(
        what(change),
        alone ? make("td") : version(model, change.old), alone ? make("td") : version(model, change.new)
      );
      var when = make("td", "date"), at = change.event < 0 ? NaN : model.seconds[change.event];
      if (at >= 0) {
        var time = make("time", "", values.day(at));
        time.dateTime = new Date(at * 1000).toISOString();
        time.title = values.source(at, model.offset[change.event], " ");
        when.append(time);
      }
      row.append(when, make("td", "who", change.event < 0 ? "" : model.who[change.event]));
      body.append(row);
    });
    return body;
  }
  function filter() {
    var words = state.words(box ? box.value : "");
    Array.from(table.tBodies).forEach(function (body) { body.remove(); });
    shown = 0;
    listed = changed.filter(function (one) {
      var text = (one.model.name + " " + one.model.repo).toLowerCase();
      return words.every(function (word) { return text.indexOf(word) >= 0; });
    });
    list();
    var number = words.length ? listed.length + " of " + changed.length : listed.length || "No";
    say(number + (listed.length === 1 && !words.length ? " model" : " models") + " changed from " + span + ".");
  }
  function list() {
    listed.slice(shown, shown + MOST).forEach(function (one) { table.append(rows(one)); });
    shown = Math.min(listed.length, shown + MOST);
    more.hidden = shown >= listed.length;
    region.hidden = !listed.length;
  }
  function say(text) {
    count.textContent = text;
    state.announce(text);
  }
  function empty() {
    changed = [];
    span = "";
    Array.from(table.tBodies).forEach(function (body) { body.remove(); });
    region.hidden = more.hidden = true;
  }

  /* The list of events below has those between. */
  function narrow(start, end) {
    day.narrow(
      document.querySelectorAll("[data-events] tr[data-kind]"),
      start ? start.seconds : null, start && end ? end.seconds : null
    );
  }

  function show() {
    var start = day.parse(state.read().get("from"), true), end = day.shown;
    var number = asked += 1, wanted = function () { return number === asked; };
    if (from !== document.activeElement || !start) from.value = start ? start.date : "";
    clear.hidden = !start && !end;
    found.hidden = !start;
    empty();
    if (window.sitegen.older) window.sitegen.older.show(start, end);
    narrow(start, end);
    if (!start) return;
    if (end && end.seconds <= start.seconds) {
      say("The first day is later than the second: exchange them.");
      return;
    }
    say("Looking at the events…");
    events.whole(source).then(function (models) {
      return events.sliced(models, function (model) {
        var last = end ? day.count(model, end.seconds) : model.count;
        var first = day.count(model, start.seconds);
        if (first === last) return [];
        return day.between(model, day.fold(model, first), day.fold(model, last));
      }, wanted);
    }).then(function (changes) {
      changes.forEach(function (row, place) {
        if (row.length) changed.push({ model: events.models[place], changes: row });
      });
      span = (start.date === start.value ? "the start of " : "") + start.text + " to " +
        (end ? (end.date === end.value ? "the end of " : "") + end.text : "now");
      filter();
      section.dataset.ready = "";
    }, function () {
      if (wanted()) say("The events could not be loaded. Reload the page to try again.");
    });
  }

  from.addEventListener("input", function () {
    if (from.value && !day.parse(from.value)) return;
    state.write({ from: from.value });
    show();
  });
  section.addEventListener("click", function (event) {
    var days = event.target.closest("[data-between-days]");
    if (days) {
      var before = new Date();
      before.setDate(before.getDate() - Number(days.dataset.betweenDays));
      state.write({ from: day.dateOf(before.getTime() / 1000) });
      if (day.shown) day.show("");
      else show();
    } else if (event.target.closest("[data-between-clear]")) {
      state.write({ from: "" });
      if (day.shown) day.show("");
      else show();
      from.focus();
    } else if (event.target.closest("[data-between-more]")) list();
  });
  if (box) box.addEventListener("input", function () { if (span) filter(); });
  state.listen(show);
  day.listen(show);
  if (!day.shown) show();
})();
