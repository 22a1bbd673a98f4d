/* The data of a table of experiments, handed over by scripts: one opens the table, one for each
   chunk of its rows. They call open and take with a string of JSON, which is parsed far faster than
   an object literal. Chunks come one by one, so that none holds up the page for long. */
(function () {
  "use strict";
  var listeners = [];
  var waiting = null;
  var source = "";

  /* rows: in the order of the table, as far as they came. columns: those of the values, as
     experiments-columns.js completes them. cells: one array for each of these columns, by place. */
  var data = window.sitegen.experiments = {
    head: null,
    rows: [],
    cells: [],
    chunks: 0,

    open: function (text) {
      var head = data.head = JSON.parse(text);
      data.cells = head.columns.map(function () { return new Array(head.rows); });
    },

    take: function (text) {
      var chunk = JSON.parse(text);
      if (!data.head || chunk.number !== data.chunks) return;
      addRows(chunk);
      addCells(chunk);
      data.chunks += 1;
      listeners.forEach(function (back) { back(); });
      if (waiting) next();
    },

    complete: function () { return data.chunks === data.head.chunks; },

    /* Call `back` after each chunk. */
    listen: function (back) { listeners.push(back); },

    /* Ask for the chunks that the page does not name itself. stem: their address without number. */
    load: function (stem) {
      source = stem;
      waiting = true;
      next();
    }
  };

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

  /* [values, places] or [values]: what render/experiments.py calls distinct. */
  function each(column, count) {
    if (column.length === 1) return column[0];
    var values = column[0], places = column[1], found = new Array(count);
    for (var i = 0; i < count; i += 1) found[i] = values[places[i]];
    return found;
  }

  function addRows(chunk) {
    var count = chunk.id.length;
    var author = each(chunk.author, count), branch = each(chunk.branch, count);
    var branches = each(chunk.branches, count), notes = each(chunk.notes, count);
    for (var i = 0; i < count; i += 1) {
      var subject = chunk.subject[i], kind = chunk.kind[i], oid = chunk.id[i].split("~")[0];
      data.rows.push({
        place: chunk.start + i,
        id: chunk.id[i],
        oid: oid,
        short: oid.slice(0, 7),
        subject: subject,
        message: chunk.message[i] || subject,
        author: author[i],
        date: chunk.date[i],
        seconds: chunk.seconds[i],
        parents: chunk.parents[i] === 1 ? [chunk.id[i + 1]] : chunk.parents[i],
        made: kind !== 0,
        name: typeof kind === "string" ? kind : "",
        branch: branch[i],
        branches: branches[i],
        tips: chunk.tips[i] || [],
        tags: chunk.tags[i] || [],
        notes: notes[i],
        hidden: chunk.hidden[i] || "",
        badges: (chunk.badges[i] || []).map(badge)
      });
    }
  }

  function badge(number) {
    var found = data.head.badges[number];
    return {
      model: found[0], name: data.head.models[found[0]][0], label: found[1], url: found[2],
      stages: found[3]
    };
  }

  function addCells(chunk) {
    chunk.cells.forEach(function (column, number) {
      if (!column) return;
      var cells = data.cells[number], found = each(column, chunk.id.length);
      for (var i = 0; i < found.length; i += 1) {
        if (found[i] !== null) cells[chunk.start + i] = found[i];
      }
    });
  }
})();
