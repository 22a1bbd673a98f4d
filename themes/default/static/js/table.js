/* Tables that filter and sort: a section [data-filterable] with a filter box and a table.

   A row says data-text, what the box looks through, or it is all of its text. The box and the sort are
   kept in the hash: q, sort. */
(function () {
  "use strict";
  var state = window.sitegen.state;
  var all = function (from, selector) { return Array.from(from.querySelectorAll(selector)); };

  function start(section) {
    var table = section.querySelector("table[data-rows]");
    if (!table) return;
    var rows = Array.from(table.tBodies[0].rows).map(function (row) {
      return {
        element: row,
        text: (row.dataset.text || row.textContent).toLowerCase()
      };
    });
    var box = section.querySelector("[data-quick]");

    function apply() {
      var words = state.words(box ? box.value : "");
      var shown = 0;
      rows.forEach(function (row) {
        row.element.hidden = !words.every(function (word) { return row.text.indexOf(word) >= 0; });
        if (!row.element.hidden) shown += 1;
      });
      var filtered = Boolean(words.length);
      all(section, "[data-clear]").forEach(function (button) { button.hidden = !filtered; });
      all(section, "[data-count]").forEach(function (place) {
        place.textContent = (filtered ? shown + " of " + rows.length : rows.length) + " shown";
      });
      all(section, "[data-none]").forEach(function (place) { place.hidden = shown > 0; });
      table.closest(".scroll").hidden = shown === 0;
      return shown;
    }

    function remember() {
      var values = {};
      if (box) values.q = box.value.trim();
      state.write(values);
      state.announce(apply() + " shown");
    }

    function restore() {
      var now = state.read();
      if (box) box.value = now.get("q") || "";
      apply();
      sortAs(now.get("sort") || "");
    }

    /* The library sorts when a header is clicked, and tells by aria-sort what it did. */
    function sortAs(wanted) {
      var parts = wanted.split(":");
      var header = parts[0] && all(table.tHead, "th[data-key]").find(function (th) {
        return th.dataset.key === parts[0];
      });
      if (!header || header.getAttribute("aria-sort") === parts[1]) return;
      header.removeAttribute("aria-sort");
      if (parts[1] === "descending") header.setAttribute("aria-sort", "ascending");
      header.click();
    }

    all(table.tHead, "th[data-key]").forEach(function (header) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append.apply(button, Array.from(header.childNodes));
      header.append(button);
    });
    table.addEventListener("sort-end", function () {
      var header = table.tHead.querySelector("[aria-sort]");
      state.write({ sort: header ? header.dataset.key + ":" + header.getAttribute("aria-sort") : "" });
    });

    if (box) box.addEventListener("input", remember);
    section.addEventListener("click", function (event) {
      if (!event.target.closest("[data-clear]")) return;
      if (box) box.value = "";
      remember();
      if (box) box.focus();
    });
    state.listen(restore);
    restore();
  }

  all(document, "[data-filterable]").forEach(start);
})();
