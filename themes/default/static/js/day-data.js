/* The events of all models, loaded when a day is asked for: data/events.js says what there is, and its
   chunks follow, as render/day.py writes them. What takes long is done in slices. */
(function () {
  "use strict";
  var SLICE = 12;  /* milliseconds */
  var asked = null;

  function script(address) {
    return new Promise(function (done, fail) {
      var made = document.createElement("script");
      made.src = address;
      made.onerror = function () { fail(new Error("the events could not be loaded")); };
      made.onload = function () {
        made.remove();
        done();
      };
      document.head.append(made);
    });
  }

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
        script(source + ".js").then(function () { events.load(source); }, failed);
      });
      return asked;
    },

    /* A promise of the model at an address, of which the page says in which chunk it is: no other one is
       loaded. */
    one: function (source, chunk, url) {
      return script(source + ".js").then(function () {
        events.chunks = chunk;  /* the one that is taken next */
        return script(source + "/" + chunk + ".js");
      }).then(function () {
        var model = events.models.find(function (one) { return one.url === url; });
        if (!model) throw new Error("the events are of another build");
        return model;
      });
    },

    /* A promise of what `each` makes of every item, in order; the page answers its reader in between.
       wanted: says whether it still is. */
    sliced: function (items, each, wanted) {
      var found = new Array(items.length), at = 0;
      return new Promise(function (done) {
        function go() {
          if (!wanted()) return;
          /* What is made of it has a turn of its own, too, if it is still wanted by then. */
          if (at === items.length) {
            done(found);
            return;
          }
          var end = performance.now() + SLICE;
          while (at < items.length && performance.now() < end) {
            found[at] = each(items[at], at);
            at += 1;
          }
          setTimeout(go, 0);
        }
        go();
      });
    }
  };
  window.sitegen.columnar.chunked(events, function (chunk) {
    Array.prototype.push.apply(events.models, window.sitegen.day.models(chunk));
  });
})();
