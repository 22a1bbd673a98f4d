/* Code and tables of content pages that are wider than the page: made reachable by keyboard. */
(function () {
  "use strict";
  function mark() {
    document.querySelectorAll(".prose pre, .prose table").forEach(function (part) {
      if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
      else part.removeAttribute("tabindex");
    });
  }
  mark();
  window.addEventListener("resize", mark);
})();
