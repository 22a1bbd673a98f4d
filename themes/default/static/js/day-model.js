/* A model's page, or one of its version, as it was on another day: what was in which stage, the versions
   there were, and what had happened. What is so today is hidden ([data-today]), and stands there again
   when now is shown. A model's page brings its events; a version's loads them when a day is asked for, or
   the pages of a model with many versions would hold all of them each. */
(function () {
  "use strict";
  var day = window.sitegen.day, values = window.sitegen.values;
  var place = document.querySelector("[data-day-model]");
  if (!place) return;
  var source = place.dataset.daySource, root = source.replace(/data\/events$/, "");
  var record = document.querySelector("[data-day-record]");
  var own = !record;  /* the page is a version's own */
  var model = null, stages = null, loading = null;
  var all = function (selector) { return Array.from(document.querySelectorAll(selector)); };

  function make(tag, name, text) {
    var made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function stage(number) {
    return make("span", "stage stage-" + stages[number][1], stages[number][0]);
  }

  function link(held) {
    var is = day.called(model, held), made = make("a", "mono", is.text);
    made.href = root + is.url;
    return made;
  }
  function chip(number, held) {
    var is = day.called(model, held), made = make("a", "chip stage-" + stages[number][1]);
    made.href = root + is.url;
    made.title = model.who[held.event] + ", " +
      values.source(model.seconds[held.event], model.offset[held.event], " ");
    made.append(
      make("span", "chip-stage", stages[number][0]), " ", make("span", "chip-version", is.text), " ",
      make("span", "chip-when", values.day(model.seconds[held.event]))
    );
    return made;
  }
  function held(state) {
    return Object.keys(state.held).sort(function (a, b) { return a - b; }).map(function (number) {
      return { stage: Number(number), held: state.held[number] };
    });
  }

  /* The answer: what was the latest, and what was in which stage. */
  function answer(state) {
    var says = make("span", "day-says");
    if (own) says.append(standing(state));
    if (!state.events) says.append("Nothing had happened yet.");
    else if (state.deprecated) says.append("It was deprecated.");
    if (state.latest >= 0) {
      var latest = make("span", "", "latest ");
      latest.append(link({ version: state.latest }));
      says.append(latest);
    }
    held(state).forEach(function (row) { says.append(chip(row.stage, row.held[0])); });
    if (state.events && !held(state).length) says.append("No version was in a stage.");
    return says;
  }
  /* What the version of the page was: registered or not, and in which stages. */
  function standing(state) {
    var chosen = shownVersion(), version = byName(state).get(chosen.name);
    var made = make("span", "day-own");
    made.append(make("b", "mono", chosen.label), " ");
    if (!version) {
      var early = held(state).filter(function (row) {
        return day.called(model, row.held[0]).later === chosen.name;
      });
      made.append(model.versions.indexOf(chosen.name) < 0 ? "was not there yet" : "was not registered yet");
      if (early.length) {
        made.append(", but its commit " + day.called(model, early[0].held[0]).text + " was");
        made.append.apply(made, inside(early.map(function (row) { return row.stage; })));
      }
    } else if (version.registered && !version.active) made.append("was deregistered");
    else {
      made.append(version.registered ? "was registered," : "was not registered, but");
      made.append.apply(made, inside(stagesOf(version, state)));
    }
    return made;
  }
  function inside(stages) {
    if (!stages.length) return [" in no stage"];
    return stages.reduce(function (parts, number, place) {
      return parts.concat(place ? ", " : " in ", stage(number));
    }, []);
  }

  /* In the banner, below the timeline, where a click chose the day, and above a version that was not there. */
  function sayAnswer(state) {
    all("[data-day-says]").forEach(function (place) { place.replaceChildren(answer(state)); });
    all("[data-then=timeline]").forEach(function (place) {
      place.replaceChildren(make("b", "", "As of " + day.shown.text), answer(state));
    });
    var chosen = shownVersion();
    all("[data-then=chosen]").forEach(function (place) {
      place.hidden = !chosen || byName(state).has(chosen.name);
      place.replaceChildren(
        make("b", "", (chosen ? chosen.name : "") + " was not there on " + day.shown.text + ":"), answer(state)
      );
    });
  }

  function sayStages(state) {
    var rows = held(state), list = make("ul", "holders");
    rows.forEach(function (row) {
      var item = make("li"), is = day.called(model, row.held[0]);
      item.append(chip(row.stage, row.held[0]), make("span", "muted", model.who[row.held[0].event]));
      if (is.later) item.append(make("span", "muted later", "registered later as " + is.later));
      list.append(item);
    });
    all("[data-then=stages]").forEach(function (place) {
      place.replaceChildren(rows.length ? list : make("p", "muted", "No version was in a stage."));
    });
  }

  /* Versions by name: of one name at two commits the one that counted. */
  function byName(state) {
    var found = new Map();
    state.versions.forEach(function (version) {
      var name = day.nameOf(model, version), other = found.get(name);
      if (!other || (version.active && !other.active)) found.set(name, version);
    });
    return found;
  }
  function stagesOf(version, state) {
    return held(state).filter(function (row) {
      var first = row.held[0];
      return first.version === version.version && first.commit === version.commit;
    }).map(function (row) { return row.stage; });
  }
  function marks(version, state) {
    var found = stagesOf(version, state).map(stage);
    if (version.version >= 0 && version.version === state.latest && version.active) {
      found.push(make("span", "tag", "latest"));
    }
    if (!version.registered) found.push(make("span", "tag", "unregistered"));
    else if (!version.active) found.push(make("span", "tag", "deregistered"));
    found.forEach(function (mark) { mark.dataset.then = ""; });
    return found;
  }

  var items = all("#versions > li").map(function (item) {
    var link = item.querySelector("a");
    return {
      item: item,
      gone: item.classList.contains("is-gone"),
      name: link.querySelector(".version-name").title,
      label: link.querySelector(".version-name").textContent,
      when: link.querySelector(".version-when"),
      today: Array.from(link.querySelectorAll(".stage, .tag"))
    };
  });
  function sayVersions(state) {
    var known = state && byName(state), there = 0;
    items.forEach(function (row) {
      var version = known && known.get(row.name);
      row.item.querySelectorAll("[data-then]").forEach(function (mark) { mark.remove(); });
      row.today.forEach(function (mark) { mark.toggleAttribute("data-today", Boolean(state)); });
      row.item.toggleAttribute("data-later", Boolean(state) && !version);
      row.item.classList.toggle("is-gone", version ? version.registered && !version.active : row.gone);
      if (version) {
        there += 1;
        marks(version, state).forEach(function (mark) { row.when.before(mark, " "); });
      }
    });
    all(".picker .section-head .count").forEach(function (place) {
      place.textContent = state ? there + " of " + items.length : items.length;
    });
  }

  function shownVersion() {
    return items.find(function (row) { return row.item.querySelector("[aria-current]"); });
  }
  /* The version that the page tells of is today's choice: what it was on that day. */
  function sayChosen(state) {
    var head = document.querySelector(".chosen-head");
    if (!head) return;
    head.querySelectorAll("[data-then]").forEach(function (mark) { mark.remove(); });
    if (!state) return;
    var chosen = shownVersion(), version = chosen && byName(state).get(chosen.name);
    var found = version ? marks(version, state) : [make("span", "tag", "not there yet")];
    found.forEach(function (mark) { mark.dataset.then = ""; });
    head.querySelector("h2").after.apply(head.querySelector("h2"), found);
  }

  function show() {
    var state = day.shown ? day.fold(model, day.count(model, day.shown.seconds)) : null;
    if (state) {
      sayStages(state);
      sayAnswer(state);
    } else all("[data-then=chosen]").forEach(function (place) { place.hidden = true; });
    all("[data-then=stages], [data-then=timeline]").forEach(function (place) { place.hidden = !state; });
    sayVersions(state);
    sayChosen(state);
    day.narrow(all("[data-events] .events > li[data-kind]"), null, day.shown && day.shown.seconds);
  }

  function say(text) {
    all("[data-day-says]").forEach(function (place) { place.textContent = text; });
  }
  function load() {
    if (!day.shown || loading) return;
    say("Looking at the events…");
    loading = window.sitegen.events.one(source, Number(place.dataset.dayChunk), place.dataset.dayModel);
    loading.then(function (found) {
      model = found;
      stages = window.sitegen.events.head.stages;
      show();
    }, function () {
      loading = null;
      delete document.documentElement.dataset.asOf;
      say("The events could not be loaded: this is how it is now.");
    });
  }
  if (record) {
    var events = JSON.parse(record.textContent);
    model = day.models(events)[0];
    stages = events.stages;
  }
  day.listen(function () {
    if (model) show();
    else load();
  });
})();
