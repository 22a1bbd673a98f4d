/* How the reader looks at the dashboard, beside what grid-view.js has of all tables: the chosen values
   of each facet, under its own name (stage=prod&stage=dev), and view: board. */
(function () {
  "use strict";
  var data = window.sitegen.dashboard;
  var FIELDS = ["stage", "repo", "type", "state", "framework", "label"];

  data.fields = FIELDS;
  window.sitegen.gridView(data, function (now, view) {
    /* Field -> chosen values. */
    view.chosen = {};
    FIELDS.forEach(function (field) { view.chosen[field] = now.getAll(field); });
    if (view.name !== "board") view.name = "table";
  }, FIELDS);
})();
