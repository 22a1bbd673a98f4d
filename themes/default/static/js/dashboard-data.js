/* The data of the dashboard, as columnar.js brings it; see render/dashboard.py.

   A row is a model: what never changes stands in the row itself, and what is so on a given day in
   row.now, in this shape:

     {state: 0,                                 a place in head.states: registered, unregistered, deprecated
      latest: DONE or null,                     the greatest version that is registered and active
      held: [DONE, ...],                        what is in which stage, in the stages' order
      event: DONE or null}                      what was done last

     DONE = {version: "v1.0.0", url: "models/...", seconds: 1700000000, offset: "+01:00", author: "Ada",
             stage: 2 (of held: a place in head.stages), verb: "assigned" (of event)}

   `values` alone says which of these count. Where the page shows another day, `window.sitegen.day` is
   there: `day.row(row)` gives the same shape for that day, null for a model that was not there yet, or
   undefined to leave the row as it is now. Whoever changes the day calls `data.renew()` after it. */
(function () {
  "use strict";
  var columnar = window.sitegen.columnar;
  var each = columnar.each;
  var listeners = [];

  /* rows: in the order of the site, as far as they came. metrics: one array of cells for each key of
     head.metrics, by place. day: counts up whenever other values may count. */
  var data = window.sitegen.dashboard = {
    head: null,
    rows: [],
    metrics: [],
    day: 0,

    open: function (text) {
      var head = data.head = JSON.parse(text);
      data.metrics = head.metrics.map(function () { return new Array(head.rows); });
    },

    /* What counts of a row: row.now, or that of the day that is shown; null where it was not there. */
    values: function (row) {
      if (row.day !== data.day) {
        var other = window.sitegen.day;
        var shown = other && other.row ? other.row(row) : undefined;
        row.shown = shown === undefined ? row.now : shown;
        row.day = data.day;
      }
      return row.shown;
    },
    /* Other values may count: show the table by them. */
    renew: function () {
      data.day += 1;
      listeners.forEach(function (back) { back(); });
    },
    whenRenewed: function (back) { listeners.push(back); }
  };
  columnar.chunked(data, add);

  function add(chunk) {
    var count = chunk.name.length;
    var repos = each(chunk.repo, count), types = each(chunk.type, count);
    var states = each(chunk.state, count), frameworks = each(chunk.framework, count);
    var labels = each(chunk.labels, count), versions = each(chunk.versions, count);
    var descriptions = each(chunk.description, count);
    var rows = chunk.name.map(function (name, i) {
      var repo = data.head.repos[repos[i]];
      return {
        place: chunk.start + i,
        name: name,
        repo: repos[i],
        url: chunk.url[i] || repo[2] + name + ".html",
        type: types[i],
        framework: frameworks[i],
        labels: labels[i],
        description: descriptions[i],
        versions: versions[i],
        now: { state: states[i], latest: null, held: [], event: null },
        day: -1,
        shown: null
      };
    });
    done(chunk.latest, rows, function (row, one) { row.now.latest = one; });
    done(chunk.held, rows, function (row, one, i) {
      one.stage = chunk.held.stage[i];
      row.now.held.push(one);
    });
    var verbs = each(chunk.event.verb, chunk.event.at.length);
    done(chunk.event, rows, function (row, one, i) {
      one.verb = verbs[i];
      row.now.event = one;
    });
    chunk.metrics.at.forEach(function (at, i) {
      data.metrics[chunk.metrics.metric[i]][chunk.start + at] = chunk.metrics.value[i];
    });
    rows.forEach(function (row) { data.rows.push(row); });
  }

  /* What was done by somebody at a time: of each that a part of the chunk says. */
  function done(part, rows, keep) {
    var count = part.at.length;
    var versions = part.version ? each(part.version, count) : [];
    var offsets = each(part.when[1], count), authors = each(part.author, count);
    part.at.forEach(function (at, i) {
      var row = rows[at], version = versions[i] || "";
      keep(row, {
        version: version,
        url: part.url && part.url[i] || row.url.replace(/\.html$/, "") + "/" + version + ".html",
        seconds: part.when[0][i],
        offset: offsets[i],
        author: authors[i]
      }, i);
    });
  }
})();
