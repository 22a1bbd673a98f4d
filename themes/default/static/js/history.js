/* Lists of events [data-events="KEY"] that filter by kind, kept in the hash under KEY, and by the
   words of a filter box, kept under q. Of a list that goes on on older pages these events may come, too
   (older-events.js): older.list is {events, total, draw(those that fit)} then, else null. */
(function () {
  "use strict";
  var state = window.sitegen.state;
  var all = function (from, selector) { return Array.from(from.querySelectorAll(selector)); };

  function start(section) {
    var key = section.dataset.events;
    var box = section.querySelector("[data-quick]");
    var goesOn = "older" in section.dataset;
    var buttons = all(section, "button[data-kind]");
    var events = all(section, "li[data-kind], tr[data-kind]").map(function (element) {
      return {
        element: element,
        kind: element.dataset.kind,
        text: (element.dataset.text || element.textContent).toLowerCase()
      };
    });

    function pressed() {
      return buttons.filter(function (button) {
        return button.getAttribute("aria-pressed") === "true";
      }).map(function (button) { return button.dataset.kind; });
    }
    /* Where another day is shown, what came later had not happened; between two days only those events
       are listed. */
    function there(event) {
      return !event.element || !("later" in event.element.dataset || "earlier" in event.element.dataset);
    }
    function apply() {
      var kinds = pressed();
      var words = state.words(box ? box.value : "");
      var older = goesOn ? window.sitegen.older.list : null, total = older ? older.total : events.length;
      var shown = 0, counts = {};
      function fits(event) {
        if (!there(event)) return false;
        counts[event.kind] = (counts[event.kind] || 0) + 1;
        return (!kinds.length || kinds.indexOf(event.kind) >= 0) &&
          words.every(function (word) { return event.text.indexOf(word) >= 0; });
      }
      events.forEach(function (event) {
        event.element.hidden = !fits(event);
        if (!event.element.hidden) shown += 1;
      });
      if (older) {
        var fitting = older.events.filter(fits);
        shown += fitting.length;
        older.draw(fitting);
      }
      all(section, "tbody").forEach(function (month) {
        month.hidden = !month.querySelector("tr[data-kind]:not([hidden])");
      });
      var filtered = kinds.length || words.length || older || section.querySelector("[data-later], [data-earlier]");
      all(section, "[data-count]").forEach(function (place) {
        place.textContent = filtered ? shown + " of " + total :
          place.classList.contains("count") ? events.length : "";
      });
      buttons.forEach(function (button) {
        button.querySelector(".count").textContent = counts[button.dataset.kind] || 0;
      });
      all(section, "[data-none]").forEach(function (place) { place.hidden = shown > 0; });
      all(section, "[data-clear]").forEach(function (place) {
        place.hidden = !kinds.length && !words.length;
      });
      all(section, ".scroll").forEach(function (place) { place.hidden = shown === 0; });
      return shown;
    }
    function remember() {
      var values = {};
      values[key] = pressed();
      if (box) values.q = box.value.trim();
      state.write(values);
      state.announce(apply() + " events shown");
    }
    function restore() {
      var now = state.read();
      var kinds = now.getAll(key);
      buttons.forEach(function (button) {
        button.setAttribute("aria-pressed", String(kinds.indexOf(button.dataset.kind) >= 0));
      });
      if (box) box.value = now.get("q") || "";
      apply();
    }

    buttons.forEach(function (button) {
      button.addEventListener("click", function () {
        button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
        remember();
      });
    });
    if (box) box.addEventListener("input", remember);
    section.addEventListener("click", function (event) {
      if (!event.target.closest("[data-clear]")) return;
      buttons.forEach(function (button) { button.setAttribute("aria-pressed", "false"); });
      if (box) box.value = "";
      remember();
    });
    state.listen(restore);
    document.addEventListener("sitegen-events", apply);
    restore();
  }

  all(document, "[data-events]").forEach(start);
})();
