/* One menu at a time; a click elsewhere closes it. What opens stays within the window, wherever its
   button stands. */
(function () {
  "use strict";
  /* Pixels between a panel and the window's edge, and the least height of one that scrolls. */
  var EDGE = 8;
  var LEAST = 200;

  function place(panel) {
    panel.style.translate = panel.style.maxHeight = "";
    /* On a phone the sheets have it at the bottom of the window. */
    if (getComputedStyle(panel).position === "fixed") return;
    var edge = panel.getBoundingClientRect(), width = document.documentElement.clientWidth;
    var over = Math.min(0, width - EDGE - edge.right);
    var shift = Math.max(over, EDGE - edge.left);
    if (shift < 0 || edge.left < EDGE) panel.style.translate = shift + "px";
    if (edge.bottom > innerHeight - EDGE) {
      panel.style.maxHeight = Math.max(LEAST, innerHeight - EDGE - edge.top) + "px";
    }
  }
  function placeAll() {
    document.querySelectorAll("details.menu[open] > .panel").forEach(place);
  }

  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  /* Before it is seen: after all listeners, for some fill their panel as it opens. */
  document.addEventListener("toggle", function (event) {
    if (event.target.matches("details.menu") && event.target.open) requestAnimationFrame(placeAll);
  }, true);
  window.addEventListener("resize", placeAll);
})();
