/* What is different between two states of a model, as sitegen/registry/past.py has it. Pure: no page. */
(function () {
  "use strict";
  var day = window.sitegen.day;
  var NONE = -1;

  /* before, after: of day.fold. Each change is {what: "deprecated", "revived", "latest", "registered",
     "deregistered" or "stage", stage: its number or -1, old, new: held as day.nameOf takes it, or null,
     event: the place of the last event between that bears on it, or -1}. */
  day.between = function (model, before, after) {
    if (after.events <= before.events) return [];
    var found = [];
    function add(what, old, now, stage) {
      found.push({
        what: what, stage: stage, old: old, new: now,
        event: cause(model, before, after, [old, now], stage)
      });
    }
    if (after.deprecated !== before.deprecated) {
      found.push({
        what: after.deprecated ? "deprecated" : "revived", stage: NONE, old: null, new: null,
        event: after.events - 1
      });
    }
    if (before.latest !== after.latest) {
      add("latest", named(before.latest), named(after.latest), NONE);
    }
    var were = active(model, before), are = active(model, after);
    are.forEach(function (version) {
      if (were.indexOf(version) < 0) add("registered", null, named(version), NONE);
    });
    were.forEach(function (version) {
      if (are.indexOf(version) < 0) add("deregistered", named(version), null, NONE);
    });
    stages(before, after).forEach(function (stage) {
      var old = holder(before, stage), now = holder(after, stage);
      if (called(model, old) !== called(model, now)) add("stage", old, now, stage);
    });
    return found;
  };

  function named(version) { return version === NONE ? null : { version: version }; }
  function called(model, held) { return held ? day.nameOf(model, held) : ""; }
  function holder(state, stage) { return state.held[stage] ? state.held[stage][0] : null; }

  /* The registered versions that were not withdrawn, greatest first, each once. */
  function active(model, state) {
    var found = [];
    state.versions.forEach(function (draft) {
      if (draft.registered && draft.active && found.indexOf(draft.version) < 0) found.push(draft.version);
    });
    return found.sort(function (a, b) { return b - a; });
  }
  function stages(before, after) {
    var found = Object.keys(before.held).concat(Object.keys(after.held)).map(Number);
    return Array.from(new Set(found)).sort(function (a, b) { return a - b; });
  }

  /* The last event between that is about the stage, else about one of the versions itself. */
  function cause(model, before, after, both, stage) {
    var names = both.map(function (held) { return called(model, held); }), itself = NONE;
    for (var i = after.events - 1; i >= before.events; i -= 1) {
      var kind = day.kinds[model.kinds[i]];
      if (kind === "deprecation") continue;
      if (kind === "assignment" || kind === "unassignment") {
        if (model.what[i] === stage) return i;
      } else if (itself === NONE && names.indexOf(model.versions[model.what[i]]) >= 0) itself = i;
    }
    return itself;
  }
})();
