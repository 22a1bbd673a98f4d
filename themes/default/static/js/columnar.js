/* The data of large tables, handed over by scripts: one opens a table, one for each chunk of its
   rows; see render/columnar.py. Chunks come one by one, so that none holds up the page for long. */
(function () {
  "use strict";

  window.sitegen.columnar = {
    /* The values of `count` rows out of [values, places] or [values]. */
    each: function (column, count) {
      if (column.length === 1) return column[0];
      var values = column[0], places = column[1], found = new Array(count);
      for (var i = 0; i < count; i += 1) found[i] = values[places[i]];
      return found;
    },

    /* Give a table's data {head, chunks: how many came} what loads it. add: puts a parsed chunk into
       the table's own rows. The scripts call data.open, made by the table, and data.take. */
    chunked: function (data, add) {
      var listeners = [];
      var source = "";

      function next() {
        if (data.complete()) return;
        /* Between two chunks the page gets to draw, and to answer its reader. */
        setTimeout(function () {
          var script = document.createElement("script");
          script.src = source + "/" + data.chunks + ".js";
          script.onload = function () { script.remove(); };
          script.onerror = function () { listeners.forEach(function (back) { back("failed"); }); };
          document.head.append(script);
        }, 0);
      }

      data.chunks = 0;
      data.take = function (text) {
        var chunk = JSON.parse(text);
        if (!data.head || chunk.number !== data.chunks) return;
        add(chunk);
        data.chunks += 1;
        listeners.forEach(function (back) { back(); });
        if (source) next();
      };
      data.complete = function () { return data.chunks === data.head.chunks; };
      /* Call `back` after each chunk. */
      data.listen = function (back) { listeners.push(back); };
      /* Ask for the chunks that the page does not name itself. stem: their address without number. */
      data.load = function (stem) {
        source = stem;
        next();
      };
    }
  };
})();
