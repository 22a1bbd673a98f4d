/* The stages' timeline: a bar says what it is below, arrows go from bar to bar, a click on the dates
   shows the model as it was then, and a line marks that day. */
(function () {
  "use strict";
  var day = window.sitegen.day, values = window.sitegen.values;
  var section = document.querySelector("[data-timeline]");
  if (!section) return;
  var start = Number(section.dataset.start), end = Number(section.dataset.end);
  var says = section.querySelector("[data-timeline-says]"), hint = says.textContent;
  var mark = section.querySelector("[data-mark]"), line = mark.firstElementChild;
  var lanes = Array.from(section.querySelectorAll(".timeline-lane:not(.axis)")).map(function (lane) {
    return Array.from(lane.querySelectorAll("a.stay"));
  });

  function tell(text) { says.textContent = text || hint; }
  function place(share, hover) {
    mark.toggleAttribute("hidden", share === null);
    if (share === null) return;
    mark.classList.toggle("is-hover", hover);
    line.setAttribute("x1", 100 * share + "%");
    line.setAttribute("x2", 100 * share + "%");
  }
  function settle() {
    var shown = day.shown && day.shown.seconds;
    var inside = shown !== null && shown >= start && shown <= end + 86400;
    place(inside ? Math.min(1, (shown - start) / (end - start)) : null, false);
    tell("");
  }

  /* Arrows go along a lane, and from lane to lane to the bar of the same time. */
  function bounds(bar) {
    var box = bar.querySelector("svg");
    return [box.x.baseVal.value, box.x.baseVal.value + box.width.baseVal.value];
  }
  function focus(bar) {
    lanes.forEach(function (bars) {
      bars.forEach(function (one) { one.setAttribute("tabindex", one === bar ? "0" : "-1"); });
    });
    bar.focus();
  }
  function across(bar, bars) {
    var from = bounds(bar)[0];
    var before = bars.filter(function (one) { return bounds(one)[0] <= from; });
    return before[before.length - 1] || bars[0];
  }
  section.addEventListener("keydown", function (event) {
    var bar = event.target.closest("a.stay");
    if (!bar || event.ctrlKey || event.altKey || event.metaKey) return;
    var lane = lanes.findIndex(function (bars) { return bars.indexOf(bar) >= 0; });
    var number = lanes[lane].indexOf(bar), next = null;
    if (event.key === "ArrowRight") next = lanes[lane][number + 1];
    else if (event.key === "ArrowLeft") next = lanes[lane][number - 1];
    else if (event.key === "Home") next = lanes[lane][0];
    else if (event.key === "End") next = lanes[lane][lanes[lane].length - 1];
    else if (event.key === "ArrowDown") next = lanes[lane + 1] && across(bar, lanes[lane + 1]);
    else if (event.key === "ArrowUp") next = lanes[lane - 1] && across(bar, lanes[lane - 1]);
    else return;
    event.preventDefault();
    if (next) focus(next);
  });
  lanes.forEach(function (bars, lane) {
    bars.forEach(function (bar, number) {
      var last = lane === 0 && number === bars.length - 1;
      bar.setAttribute("tabindex", last ? "0" : "-1");
      /* What the browser would show by itself comes late, and says no more. */
      var title = bar.querySelector("title");
      bar.setAttribute("aria-label", title.textContent);
      title.remove();
    });
  });
  ["pointerover", "focusin"].forEach(function (kind) {
    section.addEventListener(kind, function (event) {
      var bar = event.target.closest("a.stay");
      if (bar) tell(bar.getAttribute("aria-label"));
    });
  });
  ["pointerout", "focusout"].forEach(function (kind) {
    section.addEventListener(kind, function (event) {
      if (event.target.closest("a.stay")) tell("");
    });
  });

  /* The dates, and what is empty in a lane. */
  function moment(event) {
    var track = event.target.closest(".timeline-track");
    if (!track || event.target.closest("a.stay")) return null;
    var box = track.getBoundingClientRect();
    var share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    return { share: share, seconds: Math.round(start + share * (end - start)) };
  }
  section.addEventListener("pointermove", function (event) {
    var at = moment(event);
    if (!at) return;
    place(at.share, true);
    tell(values.day(at.seconds));
  });
  section.addEventListener("pointerleave", settle);
  section.addEventListener("click", function (event) {
    var at = moment(event);
    if (at) day.show(day.dateOf(at.seconds));
  });
  day.listen(settle);
  settle();
})();
