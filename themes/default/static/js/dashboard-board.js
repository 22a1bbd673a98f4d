/* The models as a board: a lane for each stage with what is in it, and one for models with none. */
(function () {
  "use strict";
  var data = window.sitegen.dashboard;
  var element = window.sitegen.gridCells.element;
  var lanes = [];
  var board;

  function lane(stage, number) {
    var section = element("section", "lane" + (stage ? " stage-" + stage[1] : ""));
    var title = element("h2", stage ? "stage stage-" + stage[1] : "", stage ? stage[0] : "No stage");
    var count = element("span", "count");
    var head = element("div", "lane-head");
    var box = element("div", "lane-box");
    var body = element("ul", "cards");
    var none = element("p", "note", "Nothing here.");
    title.id = "lane-" + number;
    if (stage && stage[2]) title.title = stage[2];
    section.setAttribute("aria-labelledby", title.id);
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Models in " + title.textContent);
    head.append(title, count);
    box.append(body, none);
    section.append(head, box);
    board.append(section);
    var here = { entries: [], height: 88, body: body, box: box };
    here.list = window.sitegen.inSight({
      box: box, body: body,
      head: function () { return 0; },
      top: function (place) { return place * here.height; },
      at: function (pixels) { return Math.floor(pixels / here.height); },
      count: function () { return here.entries.length; },
      make: function (place) { return card(here, place); },
      space: function (from, to) {
        body.style.paddingTop = from * here.height + "px";
        body.style.paddingBottom = (here.entries.length - to) * here.height + "px";
      }
    });
    box.addEventListener("scroll", function () { here.list.soon(); }, { passive: true });
    here.show = function () {
      here.height = parseFloat(getComputedStyle(box).getPropertyValue("--card")) || here.height;
      here.entries = entries(stage ? number : -1);
      count.textContent = here.entries.length.toLocaleString("en");
      none.hidden = here.entries.length > 0;
      here.list.forget();
      here.list.draw(true);
    };
    return here;
  }

  /* What stands in a lane: of a stage what came last first, unless the reader sorts otherwise. */
  function entries(number) {
    var found = [];
    data.table.rows.forEach(function (one) {
      var held = data.columns.at(one.row).held;
      if (number < 0 && !held.length) found.push({ row: one.row, done: null });
      held.forEach(function (done) {
        if (done.stage === number) found.push({ row: one.row, done: done });
      });
    });
    if (number >= 0 && !data.view.sort.length) {
      found.sort(function (a, b) { return b.done.seconds - a.done.seconds; });
    }
    return found;
  }

  function card(here, place) {
    var entry = here.entries[place], row = entry.row;
    var made = element("li", "card is-" + data.head.states[data.columns.at(row).state]);
    made.dataset.place = place;
    made.setAttribute("aria-setsize", here.entries.length);
    made.setAttribute("aria-posinset", place + 1);
    var top = element("p", "card-name");
    top.append(data.cellsOf.name(row));
    data.cellsOf.tags(row).forEach(function (tag) { top.append(" ", tag); });
    made.append(top, what(row, entry.done), about(row));
    return made;
  }
  function what(row, done) {
    var line = element("p", "card-what");
    var now = data.columns.at(row);
    var shown = done || now.latest || now.event;
    if (!shown) {
      line.append(element("span", "muted", "nothing registered"));
      return line;
    }
    if (shown.version) {
      line.append(data.cellsOf.link("mono", shown.url, shown.version, data.cellsOf.who(shown)), " ");
    } else line.append(element("span", "muted", shown.verb), " ");
    var when = data.cellsOf.date(shown);
    when.classList.add("muted");
    line.append(when);
    if (shown.author) line.append(element("span", "muted card-who", shown.author));
    return line;
  }
  function about(row) {
    var line = element("p", "card-about muted");
    var repo = data.head.repos[row.repo][0];
    line.textContent = (data.head.repos.length > 1 ? [repo] : []).concat(row.framework || [],
      row.labels.join(", ") || []).join(" · ");
    line.title = line.textContent;
    return line;
  }

  /* Up and down within a lane, left and right to the next one. */
  function step(event) {
    var line = event.target.closest(".card");
    if (!line || event.target.dataset.act !== "open") return;
    var at = lanes.findIndex(function (one) { return one.body.contains(line); });
    var place = Number(line.dataset.place);
    var down = { ArrowDown: 1, ArrowUp: -1, PageDown: lanes[at].list.page(), PageUp: -lanes[at].list.page() };
    var beside = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (beside) {
      do { at += beside; } while (lanes[at] && !lanes[at].entries.length);
      if (!lanes[at]) return;
      place = Math.floor(lanes[at].box.scrollTop / lanes[at].height);
    } else if (event.key === "Home") place = 0;
    else if (event.key === "End") place = lanes[at].entries.length - 1;
    else if (down[event.key]) place += down[event.key];
    else return;
    event.preventDefault();
    place = Math.max(0, Math.min(lanes[at].entries.length - 1, place));
    lanes[at].list.show(place).querySelector("[data-act=open]").focus({ preventScroll: true });
    lanes[at].box.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  data.board = {
    start: function (section) {
      board = section.querySelector("[data-board]");
      lanes = data.head.stages.map(lane).concat(lane(null, data.head.stages.length));
      board.addEventListener("keydown", step);
      new ResizeObserver(function () {
        if (data.view.name === "board") data.board.show();
      }).observe(board);
      new MutationObserver(function () {
        if (data.view.name === "board") data.board.show();
      }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-dense"] });
    },
    /* Draw everything anew; the card that has the focus keeps it, or else its lane. */
    show: function () {
      var active = document.activeElement, line = active.closest(".card");
      var here = line && lanes.find(function (one) { return one.body.contains(line); });
      var row = here && here.entries[line.dataset.place].row, link = active.getAttribute("href");
      lanes.forEach(function (one) { one.show(); });
      if (!here) return;
      var place = here.entries.findIndex(function (entry) { return entry.row === row; });
      var made = here.list.drawn.get(place);
      var again = made && Array.from(made.querySelectorAll("a")).find(function (one) {
        return one.getAttribute("href") === link;
      });
      (again || here.box).focus({ preventScroll: true });
    },
    /* Draw all cards up to a number, for paper. */
    whole: function (most) { lanes.forEach(function (one) { one.list.whole(most); }); }
  };
})();
