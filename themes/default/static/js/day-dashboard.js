/* The dashboard on another day: `day.row` gives a row's values as they were, in the shape that
   dashboard-data.js tells of. The events are loaded, and all models folded, when a day is asked for. */
(function () {
  "use strict";
  var day = window.sitegen.day, events = window.sitegen.events, dashboard = window.sitegen.dashboard;
  var values = window.sitegen.values, state = window.sitegen.state;
  var source = document.querySelector("[data-day-source]");
  if (!source || !dashboard) return;
  var says = Array.from(document.querySelectorAll("[data-day-says]"));
  var rows = null, asked = 0;

  function say(text) {
    says.forEach(function (place) { place.textContent = text; });
  }
  function done(model, held, event) {
    var at = model.seconds[event], is = held ? day.called(model, held) : { text: "", url: model.url };
    return {
      version: is.text,
      url: is.url,
      seconds: at >= 0 ? at : -1,
      offset: model.offset[event] || "",
      author: model.who[event] || ""
    };
  }
  function stateOf(found) {
    return dashboard.head.states.indexOf(found.deprecated ? "deprecated" : "registered");
  }
  /* When the version that is the latest was registered. */
  function registered(found) {
    return found.versions.reduce(function (event, one) {
      return one.version === found.latest && one.active ? Math.max(event, one.event) : event;
    }, -1);
  }

  /* A model's values on a day; undefined for what no tag names: it was only annotated, and nobody knows
     since when. */
  function valuesOf(model, found) {
    if (!model.count) return undefined;
    if (!found.events) return null;
    var last = found.events - 1, event = done(model, null, last);
    event.verb = day.verbs[model.kinds[last]];
    return {
      state: stateOf(found),
      latest: found.latest < 0 ? null : done(model, { version: found.latest }, registered(found)),
      held: Object.keys(found.held).map(Number).sort(function (a, b) { return a - b; })
        .map(function (stage) {
          var holder = found.held[stage][0], one = done(model, holder, holder.event);
          one.stage = stage;
          return one;
        }),
      event: event
    };
  }
  day.row = function (row) { return rows ? rows[row.place] : undefined; };

  /* The answer, in the banner: how many models there were, and how many in each stage. */
  function count() {
    var models = 0, inside = events.head.stages.map(function () { return 0; });
    var deprecated = dashboard.head.states.indexOf("deprecated");
    rows.forEach(function (row) {
      if (!row) return;
      models += 1;
      if (row.state !== deprecated) row.held.forEach(function (one) { inside[one.stage] += 1; });
    });
    var parts = [models + " registered"];
    inside.forEach(function (number, stage) {
      if (number) parts.push(number + " in " + events.head.stages[stage][0]);
    });
    return parts.join(" · ");
  }

  function show() {
    var number = asked += 1, wanted = function () { return number === asked; };
    var shown = day.shown;
    if (!shown) {
      rows = null;
      dashboard.renew();
      return;
    }
    say("Looking at the events…");
    events.whole(source.dataset.daySource).then(function (models) {
      return events.sliced(models, function (model) {
        return valuesOf(model, day.fold(model, day.count(model, shown.seconds)));
      }, wanted);
    }).then(function (found) {
      if (!wanted()) return;
      rows = found;
      say(count());
      state.announce("As of " + shown.text + ": " + count());
      dashboard.renew();
    }, function () {
      if (!wanted()) return;
      rows = null;
      say("The events could not be loaded: this is how it is now.");
      dashboard.renew();
    });
  }
  day.listen(show);
})();
