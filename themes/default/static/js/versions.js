/* The list of a model's versions: a filter box, kept in the hash under `versions`, and arrow keys from
   the box through the versions that fit. Enter in the box opens the first of them. */
(function () {
  "use strict";
  var state = window.sitegen.state;
  var list = document.getElementById("versions");
  if (!list) return;
  var box = document.querySelector("[data-list=versions]");
  var items = Array.from(list.querySelectorAll("li"));

  function links() {
    return items.filter(function (item) { return !item.hidden; }).map(function (item) {
      return item.querySelector("a");
    });
  }
  function apply() {
    var words = state.words(box.value);
    items.forEach(function (item) {
      var text = item.textContent.toLowerCase();
      item.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
    });
    var shown = links().length;
    document.querySelector("[data-list-none]").hidden = shown > 0;
    list.hidden = shown === 0;
    return shown;
  }

  if (box) {
    box.addEventListener("input", function () {
      var shown = apply();
      state.write({ versions: box.value.trim() });
      state.announce(shown + (shown === 1 ? " version shown" : " versions shown"));
    });
    box.addEventListener("keydown", function (event) {
      var first = links()[0];
      if (!first || (event.key !== "Enter" && event.key !== "ArrowDown")) return;
      event.preventDefault();
      if (event.key === "Enter") first.click();
      else first.focus();
    });
    state.listen(restore);
    restore();
  }
  function restore() {
    var said = state.read().get("versions") || "";
    if (said !== box.value.trim()) box.value = said;
    apply();
  }

  list.addEventListener("keydown", function (event) {
    var rows = links(), here = rows.indexOf(document.activeElement);
    var to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (to < 0 && box && here === 0) box.focus();
    else rows[Math.max(0, Math.min(rows.length - 1, to))].focus();
  });

  /* The chosen one of 300 versions should be in sight, without the page moving. */
  var current = list.querySelector("[aria-current]");
  if (current) {
    var distance = current.getBoundingClientRect().top - list.getBoundingClientRect().top;
    list.scrollTop += distance - list.clientHeight / 3;
  }
})();
