/* A long list of which only what is in sight is there, so that ten thousand rows scroll as ten do.

   list: {box: the region that scrolls, paged(): whether it does not, and the page scrolls instead, body: what the rows stand in, head(): height of what stays above
   them, count(): rows there are, top(place): pixels from the first row's top to this one's, that of the
   count being the height of all, at(pixels): the place of the row there, make(place): draws one,
   space(from, to): keeps room for the rows before and from these places on} */
(function () {
  "use strict";
  /* Rows above and below those in sight: for a first look few, then as many as a step of scrolling. */
  var FEW = 2;
  var MORE = 8;

  window.sitegen.inSight = function (list) {
    var box = list.box;
    var drawn = new Map();
    var asked = 0;

    function paged() { return Boolean(list.paged && list.paged()); }
    /* Pixels of the region that are above what is in sight, and the height of what is. */
    function sight() {
      if (!paged()) return { top: box.scrollTop, height: box.clientHeight };
      return { top: Math.max(0, -box.getBoundingClientRect().top), height: innerHeight };
    }
    function scrollTo(top) {
      if (paged()) window.scrollTo(scrollX, scrollY + box.getBoundingClientRect().top + top);
      else box.scrollTop = top;
    }

    function draw(first) {
      asked = 0;
      var now = sight();
      var count = list.count(), last = now.top + now.height - list.head();
      var from = list.at(now.top), to = list.at(last) + 1;
      /* A jump is as a first look: nothing that is drawn stays. */
      if (!drawn.has(from) && !drawn.has(to - 1)) first = true;
      var more = first ? FEW : MORE;
      var end = Math.min(count, to + more), top = Math.min(end, Math.max(0, from - more));
      drawn.forEach(function (made, place) {
        if (place >= top && place < end) return;
        if (made.contains(document.activeElement)) box.focus({ preventScroll: true });
        made.remove();
        drawn.delete(place);
      });
      var previous = null;
      for (var place = top; place < end; place += 1) {
        var made = drawn.get(place);
        if (!made) {
          made = list.make(place);
          drawn.set(place, made);
          if (previous) previous.after(made);
          else list.body.prepend(made);
        }
        previous = made;
      }
      list.space(top, end);
    }

    var here = {
      /* Place -> what is drawn of it. */
      drawn: drawn,
      /* first: where all is drawn anew. */
      draw: draw,
      /* Draw in the next frame; `instead` in place of draw, where more than rows has to be. */
      soon: function (instead) {
        if (!asked) asked = requestAnimationFrame(function () { asked = 0; (instead || draw)(); });
      },
      forget: function () {
        drawn.forEach(function (made) { made.remove(); });
        drawn.clear();
        /* As high as before, or the region would shrink while it is measured. */
        list.space(0, 0);
      },
      /* Bring a row into sight. */
      show: function (place) {
        var top = list.top(place), end = list.top(place + 1), head = list.head();
        var now = sight();
        /* A page that scrolls may still have something above the list in sight. */
        var over = paged() ? Math.max(0, box.getBoundingClientRect().top) : 0;
        if (top < now.top) scrollTo(top);
        else if (end > now.top + now.height - head - over) scrollTo(end - now.height + head);
        draw();
        return drawn.get(place);
      },
      /* How many rows a page is. */
      page: function () {
        var now = sight();
        return Math.max(1, list.at(now.top + now.height) - list.at(now.top) - 3);
      },
      /* Draw all rows up to a number, for paper. */
      whole: function (most) {
        here.forget();
        for (var place = 0; place < Math.min(most, list.count()); place += 1) {
          drawn.set(place, list.make(place));
          list.body.append(drawn.get(place));
        }
        list.space(0, list.count());
      }
    };
    return here;
  };
})();
