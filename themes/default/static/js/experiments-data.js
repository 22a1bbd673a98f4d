/* The data of a table of experiments, as columnar.js brings it: one script opens the table, each chunk
   adds rows. */
(function () {
  "use strict";
  var columnar = window.sitegen.columnar;
  var each = columnar.each;

  /* rows: in the order of the table, as far as they came. columns: those of the values, as
     experiments-columns.js completes them. cells: one array for each of these columns, by place. */
  var data = window.sitegen.experiments = {
    head: null,
    rows: [],
    cells: [],

    open: function (text) {
      var head = data.head = JSON.parse(text);
      data.cells = head.columns.map(function () { return new Array(head.rows); });
    }
  };
  columnar.chunked(data, function (chunk) {
    addRows(chunk);
    addCells(chunk);
  });

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

  /* Branches without commits of their own that end at a row; while the commits that change nothing are
     hidden, also those that end at such a one after it. */
  data.tips = function (row) {
    if (data.view.hidden) return row.tips;
    if (!data.lent || data.lent.of !== data.rows.length) {
      var byId = new Map(data.rows.map(function (one) { return [one.oid, one]; }));
      data.lent = { of: data.rows.length, to: new Map() };
      data.rows.forEach(function (one) {
        if (!one.hidden || !one.tips.length) return;
        var shown = one;
        while (shown && shown.hidden) shown = byId.get(shown.parents[0]);
        if (shown) data.lent.to.set(shown, (data.lent.to.get(shown) || []).concat(one.tips));
      });
    }
    return row.tips.concat(data.lent.to.get(row) || []);
  };

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
