/* Regions that scroll sideways: where there is more to the left or right, the region says so
   (data-before, data-after), and the sheets show it. Code and tables of content pages that are
   wider than the page are made reachable by keyboard too. */
(function () {
  "use strict";
  var regions = Array.from(document.querySelectorAll(".scroll"));
  var prose = Array.from(document.querySelectorAll(".prose pre, .prose table"));

  function mark(region) {
    var left = region.scrollLeft;
    var rest = region.scrollWidth - region.clientWidth - left;
    region.toggleAttribute("data-before", left > 1);
    region.toggleAttribute("data-after", rest > 1);
  }
  function reach(part) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
  }
  function measure() {
    regions.forEach(mark);
    prose.forEach(reach);
  }

  regions.forEach(function (region) {
    region.addEventListener("scroll", function () { mark(region); }, { passive: true });
    /* Filters and dense rows change a table's width, and so may dates in the reader's zone. */
    var observer = new ResizeObserver(function () { mark(region); });
    observer.observe(region);
    if (region.firstElementChild) observer.observe(region.firstElementChild);
  });
  measure();
  window.addEventListener("resize", measure);
})();
