/* A long list of which only what is in sight is there, so that ten thousand rows scroll as ten do.

   list: {box: the region that scrolls, body: what the rows stand in, height(): of one row, head():
   height of what stays above them, count(): rows there are, make(place): draws one, space(before,
   after): keeps the place of as many rows that are not drawn} */
(function () {
  "use strict";
  /* Rows above and below those in sight: for a first look few, then as many as a step of scrolling. */
  var FEW = 2;
  var MORE = 8;

  window.sitegen.inSight = function (list) {
    var box = list.box;
    var drawn = new Map();
    var asked = 0;

    function draw(first) {
      asked = 0;
      var more = first ? FEW : MORE;
      var count = list.count(), height = list.height();
      var top = Math.max(0, Math.floor(box.scrollTop / height) - more);
      var end = Math.min(count, Math.ceil((box.scrollTop + box.clientHeight - list.head()) / height) + more);
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
      list.space(Math.min(top, count), Math.max(count - end, 0));
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
        list.space(0, list.count());
      },
      /* Bring a row into sight. */
      show: function (place) {
        var height = list.height(), top = place * height, head = list.head();
        if (top < box.scrollTop) box.scrollTop = top;
        else if (top + height > box.scrollTop + box.clientHeight - head) {
          box.scrollTop = top + height - box.clientHeight + head;
        }
        draw();
        return drawn.get(place);
      },
      /* How many rows a page is. */
      page: function () { return Math.max(1, Math.floor(box.clientHeight / list.height()) - 3); },
      /* Draw all rows up to a number, for paper. */
      whole: function (most) {
        here.forget();
        for (var place = 0; place < Math.min(most, list.count()); place += 1) {
          drawn.set(place, list.make(place));
          list.body.append(drawn.get(place));
        }
        list.space(0, 0);
      }
    };
    return here;
  };
})();
