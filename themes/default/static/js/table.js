/* Tables that filter and sort: a section [data-filterable] with a filter box, facets and a table.

   A row says data-text (what the box looks through) and data-facets (JSON: facet -> its values).
   The box, the facets and the sort are kept in the hash: q, one key per facet, sort. */
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
        text: (row.dataset.text || row.textContent).toLowerCase(),
        facets: JSON.parse(row.dataset.facets || "{}")
      };
    });
    var box = section.querySelector("[data-quick]");
    var facets = all(section, "[data-facet]").map(function (menu) {
      return { name: menu.dataset.facet, menu: menu, boxes: all(menu, "input") };
    });
    var hides = "hides" in section.dataset;

    function chosen(facet) {
      return facet.boxes.filter(function (input) { return input.checked; })
        .map(function (input) { return input.value; });
    }

    function apply() {
      var words = state.words(box ? box.value : "");
      var wanted = {};
      facets.forEach(function (facet) {
        var values = chosen(facet);
        if (values.length) wanted[facet.name] = values;
        var badge = facet.menu.querySelector("[data-chosen]");
        badge.textContent = values.length || "";
        badge.hidden = !values.length;
      });
      var keys = Object.keys(wanted);
      var shown = 0, kept = 0;
      rows.forEach(function (row) {
        var fits = words.every(function (word) { return row.text.indexOf(word) >= 0; }) &&
          keys.every(function (key) {
            return (row.facets[key] || []).some(function (value) {
              return wanted[key].indexOf(value) >= 0;
            });
          });
        /* What is deprecated shows only where it was asked for. */
        var back = fits && hides && !wanted.state && row.element.classList.contains("is-deprecated");
        if (back) kept += 1;
        row.element.hidden = !fits || back;
        if (!row.element.hidden) shown += 1;
      });
      var filtered = Boolean(words.length || keys.length);
      all(section, "[data-clear]").forEach(function (button) { button.hidden = !filtered; });
      all(section, "[data-count]").forEach(function (place) {
        place.textContent = (filtered || kept ? shown + " of " + rows.length : rows.length) +
          " shown" + (kept ? ", " + kept + " deprecated hidden" : "");
      });
      all(section, "[data-none]").forEach(function (place) { place.hidden = shown > 0; });
      table.closest(".scroll").hidden = shown === 0;
      section.dataset.ready = "";
      return shown;
    }

    function remember() {
      var values = {};
      if (box) values.q = box.value.trim();
      facets.forEach(function (facet) { values[facet.name] = chosen(facet); });
      state.write(values);
      state.announce(apply() + " shown");
    }

    function restore() {
      var now = state.read();
      if (box) box.value = now.get("q") || "";
      facets.forEach(function (facet) {
        var values = now.getAll(facet.name);
        facet.boxes.forEach(function (input) { input.checked = values.indexOf(input.value) >= 0; });
      });
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
    facets.forEach(function (facet) { facet.menu.addEventListener("change", remember); });
    section.addEventListener("click", function (event) {
      if (!event.target.closest("[data-clear]")) return;
      if (box) box.value = "";
      facets.forEach(function (facet) {
        facet.boxes.forEach(function (input) { input.checked = false; });
      });
      remember();
      if (box) box.focus();
    });
    state.listen(restore);
    restore();
  }

  all(document, "[data-filterable]").forEach(start);
})();
