/* The day that the page shows: a date control [data-day], a banner, and `at` in the hash.

   at=2026-03-03 is that day to its end in the reader's zone; a time with an offset (2026-03-03T12:00:00Z)
   and Unix seconds are that moment. Nothing there: now. Whoever shows something of that day listens. */
(function () {
  "use strict";
  var day = window.sitegen.day;
  var state = window.sitegen.state, values = window.sitegen.values;
  var page = document.documentElement;
  var listeners = [];
  var all = function (selector) { return Array.from(document.querySelectorAll(selector)); };

  function two(number) { return (number < 10 ? "0" : "") + number; }

  /* A moment as {seconds, value: for the hash, text: for people, date: for the control}, null for what
     is none. begins: of a day not its end, but the second before its beginning. */
  day.parse = function (text, begins) {
    var parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text || "");
    if (parts) {
      var year = Number(parts[1]), month = Number(parts[2]) - 1, number = Number(parts[3]);
      var start = new Date(year, month, number);
      /* While a year is typed it is 0002, 0020 and 0202 first; and nothing is older than Unix time. */
      if (year < 1000 || start.getTime() < 0 || start.getMonth() !== month) return null;
      var end = Math.floor(new Date(year, month, number + 1).getTime() / 1000) - 1;
      var before = Math.floor(start.getTime() / 1000) - 1;
      return { seconds: begins ? before : end, value: text, text: values.day(end), date: text };
    }
    var at = /^\d{9,11}$/.test(text || "") ? Number(text) :
      /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text || "") ?
        Math.floor(Date.parse(text) / 1000) : NaN;
    if (!(at >= 0)) return null;
    var date = new Date(at * 1000);
    return {
      seconds: at,
      value: text,
      text: values.day(at) + ", " + two(date.getHours()) + ":" + two(date.getMinutes()),
      date: day.dateOf(at)
    };
  };
  /* The reader's date at a moment, as a date control has it. */
  day.dateOf = function (seconds) {
    var date = new Date(seconds * 1000);
    return date.getFullYear() + "-" + two(date.getMonth() + 1) + "-" + two(date.getDate());
  };

  /* The moment that is shown, null for now. */
  day.shown = null;

  /* Show another day: the value of `at`, "" for now. */
  day.show = function (value, step) {
    var before = day.shown && day.shown.value;
    var found = day.parse(value);
    if ((found ? found.value : null) === before) return;
    state.write({ at: found ? found.value : "" }, step);
    apply();
    state.announce(found ? "As of " + found.text : "As of now");
  };
  /* Call `back` whenever the day changes, and now if it is not today's. */
  day.listen = function (back) {
    listeners.push(back);
    if (day.shown) back();
  };

  /* Links to the pages that know of days lead to the same day of them. While none is shown they lead
     where the page says: it may name a part of the other page. */
  var KNOWS = /^(index\.html|models\/[^/]+\/[^/]+(\/(?!compare\.html)[^/]+)?\.html)$/;
  var source = document.querySelector("[data-day-source]").dataset.daySource;
  var root = new URL(source.replace(/data\/events$/, "") || "./", location.href).href;
  var led = new WeakMap();  /* link -> where it led, and where it was made to lead */
  day.address = function (href) {
    if (!day.shown || href[0] === "#") return href;
    var path = new URL(href, location.href).href.replace(/[?#].*$/, "");
    var knows = path.indexOf(root) === 0 && KNOWS.test(path.slice(root.length));
    return knows ? href.replace(/#.*$/, "") + "#at=" + encodeURIComponent(day.shown.value) : href;
  };
  ["click", "auxclick", "contextmenu"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var link = event.target.closest("main a[href]");
      if (!link) return;
      var href = link.getAttribute("href"), before = led.get(link);
      if (before && before[1] === href) href = before[0];
      led.set(link, [href, day.address(href)]);
      link.setAttribute("href", led.get(link)[1]);
    }, true);
  });

  /* Of rows of events, newest or oldest first, mark those that a span of time leaves out: until a moment,
     and after another; null for no such moment. What has no date was always there. */
  day.narrow = function (rows, until, after) {
    rows.forEach(function (row) {
      var time = row.querySelector("time");
      var at = time ? Math.floor(Date.parse(time.dateTime) / 1000) : -1;
      row.toggleAttribute("data-earlier", until !== null && at <= until);
      row.toggleAttribute("data-later", after !== null && at > after);
    });
    document.dispatchEvent(new CustomEvent("sitegen-events"));
  };

  function apply() {
    var found = day.parse(state.read().get("at"));
    var same = (found ? found.seconds : null) === (day.shown ? day.shown.seconds : null);
    day.shown = found;
    if (found) page.dataset.asOf = "";
    else delete page.dataset.asOf;
    all("[data-day-input]").forEach(function (input) {
      if (input !== document.activeElement || !found) input.value = found ? found.date : "";
    });
    all("[data-day-banner]").forEach(function (banner) { banner.hidden = !found; });
    all("[data-day-text]").forEach(function (place) { place.textContent = found ? found.text : ""; });
    all("[data-day-changes]").forEach(function (link) {
      var model = link.dataset.dayChanges;
      /* Since a day is from the beginning of the next one on. */
      var since = found && (found.value === found.date ? day.dateOf(found.seconds + 1) : found.value);
      link.hash = !found ? "" : "from=" + encodeURIComponent(since) +
        (model ? "&q=" + encodeURIComponent(model) : "");
    });
    if (!same) listeners.forEach(function (back) { back(); });
  }

  all("[data-day-input]").forEach(function (input) {
    input.addEventListener("input", function () {
      if (!input.value || day.parse(input.value)) day.show(input.value);
    });
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-day-now]");
    if (!button) return;
    day.show("");
    var input = document.querySelector("[data-day-input]");
    if (input) input.focus();
  });
  state.listen(apply);
  apply();
})();
