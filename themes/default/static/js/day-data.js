/* The events of all models, loaded when a day is asked for: data/events.js says what there is, and its
   chunks follow, as render/day.py writes them. What takes long is done in slices. */
(function () {
  "use strict";
  var SLICE = 12;  /* milliseconds */
  var asked = null;

  /* models: in the site's order, as far as they came; see day.models. */
  var events = window.sitegen.events = {
    head: null,
    models: [],
    open: function (text) { events.head = JSON.parse(text); },

    /* A promise that all models came. source: the address of the chunks' folder. */
    whole: function (source) {
      asked = asked || new Promise(function (done, fail) {
        function failed() {
          asked = null;
          fail(new Error("the events could not be loaded"));
        }
        events.listen(function (trouble) {
          if (trouble) failed();
          else if (events.complete()) done(events.models);
        });
        var script = document.createElement("script");
        script.src = source + ".js";
        script.onerror = failed;
        script.onload = function () {
          script.remove();
          events.load(source);
        };
        document.head.append(script);
      });
      return asked;
    },

    /* A promise of what `each` makes of every item, in order; the page answers its reader in between.
       wanted: says whether it still is. */
    sliced: function (items, each, wanted) {
      var found = new Array(items.length), at = 0;
      return new Promise(function (done) {
        function go() {
          if (!wanted()) return;
          var end = performance.now() + SLICE;
          while (at < items.length && performance.now() < end) {
            found[at] = each(items[at], at);
            at += 1;
          }
          if (at < items.length) setTimeout(go, 0);
          else done(found);
        }
        go();
      });
    }
  };
  window.sitegen.columnar.chunked(events, function (chunk) {
    Array.prototype.push.apply(events.models, window.sitegen.day.models(chunk));
  });
})();
