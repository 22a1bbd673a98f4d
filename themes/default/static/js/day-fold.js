/* The fold: what a model's events up to a moment amount to, as sitegen/registry/state.py has it. Which
   version an assignment means depends on the moment too: it is found by its commit. Pure: no page. */
(function () {
  "use strict";
  var REGISTRATION = 0, DEREGISTRATION = 1, ASSIGNMENT = 2, UNASSIGNMENT = 3, DEPRECATION = 4;
  var NONE = -1;

  var day = window.sitegen.day = window.sitegen.day || {};
  day.verbs = ["registered", "deregistered", "assigned", "unassigned", "deprecated"];
  day.kinds = ["registration", "deregistration", "assignment", "unassignment", "deprecation"];

  /* The models of a chunk (see render/day.py), their events apart. seconds: NaN without a date.
     ranks: of versions, equal where SemVer takes them for equal. */
  day.models = function (chunk) {
    var at = 0;
    return chunk.counts.map(function (count, number) {
      var start = at, seconds = new Array(count), before = 0, rank = 0;
      at += count;
      for (var i = 0; i < count; i += 1) {
        var step = chunk.seconds[start + i];
        seconds[i] = step === "" ? NaN : before += step;
      }
      var ties = chunk.ties[number] || [], trailers = {};
      for (i = 0; i < count; i += 1) {
        if (start + i in chunk.trailers) trailers[i] = chunk.trailers[start + i];
      }
      return {
        name: chunk.names[number],
        repo: chunk.repos[number],
        url: chunk.urls[number],
        count: count,
        versions: chunk.versions[number],
        ranks: chunk.versions[number].map(function (name, place) {
          return place && ties.indexOf(place) < 0 ? rank += 1 : rank;
        }),
        slugs: chunk.slugs[number] || {},
        ids: chunk.ids[number] || {},
        seconds: seconds,
        kinds: Array.from(chunk.kinds.slice(start, at), Number),
        what: chunk.what.slice(start, at),
        commit: chunk.commit.slice(start, at),
        who: chunk.who.slice(start, at).map(function (number) { return chunk.people[number][0]; }),
        offset: chunk.who.slice(start, at).map(function (number) { return chunk.people[number][1]; }),
        trailers: trailers
      };
    });
  };

  /* How many of a model's events happened by a moment; those without a date come first. */
  day.count = function (model, seconds) {
    var low = 0, high = model.count;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (model.seconds[middle] > seconds) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  /* The state after the first `count` events:
     {events, registered, deprecated, latest: the number of a version or -1,
      versions: [{version (-1: a commit without one), commit, registered, active, event}], in the
      order in which they came, event being the one that registered them,
      held: stage -> [{version, commit, event}], the holder first, event being its assignment}.
     Events are named by their place. */
  day.fold = function (model, count) {
    var there = versionsAt(model, count);
    var meant = there.crowded ? resolve(model, count, there) : null;
    var drafts = new Map();
    for (var i = 0; i < count; i += 1) {
      var kind = model.kinds[i], commit = model.commit[i];
      if (kind === DEPRECATION) continue;
      var version = kind === REGISTRATION || kind === DEREGISTRATION ? model.what[i] :
        meant && meant[i] !== undefined ? meant[i] : at(there, commit);
      var key = (version + 1) * count + commit;
      var draft = drafts.get(key);
      if (!draft) {
        draft = {
          version: version, commit: commit, registered: false, active: true, event: NONE, staged: null
        };
        drafts.set(key, draft);
      }
      if (kind === REGISTRATION) {
        draft.registered = draft.active = true;
        draft.event = i;
      } else if (kind === DEREGISTRATION) draft.active = false;
      else (draft.staged = draft.staged || new Map()).set(model.what[i], i);
    }
    return outcome(model, count, Array.from(drafts.values()));
  };

  function outcome(model, count, drafts) {
    var latest = NONE, held = {};
    drafts.forEach(function (draft) {
      if (!draft.active) return;
      /* Of two that are equal the later one counts. */
      if (draft.registered &&
          (latest === NONE || model.ranks[draft.version] >= model.ranks[latest])) {
        latest = draft.version;
      }
      if (draft.staged) draft.staged.forEach(function (event, stage) {
        if (model.kinds[event] !== ASSIGNMENT) return;
        (held[stage] = held[stage] || []).push({
          version: draft.version, commit: draft.commit, event: event
        });
      });
    });
    Object.keys(held).forEach(function (stage) {
      held[stage].sort(function (a, b) { return b.event - a.event; });
    });
    return {
      events: count,
      registered: count > 0,
      deprecated: count > 0 && model.kinds[count - 1] === DEPRECATION,
      latest: latest,
      versions: drafts,
      held: held
    };
  }

  /* Commit -> the versions registered there by then, or else those only withdrawn there. */
  function versionsAt(model, count) {
    var registered = new Map(), withdrawn = new Map(), crowded = false;
    for (var i = 0; i < count; i += 1) {
      var kind = model.kinds[i];
      if (kind !== REGISTRATION && kind !== DEREGISTRATION) continue;
      var here = kind === REGISTRATION ? registered : withdrawn;
      var row = here.get(model.commit[i]);
      if (!row) here.set(model.commit[i], [model.what[i]]);
      else if (row.indexOf(model.what[i]) < 0) {
        row.push(model.what[i]);
        crowded = true;
      }
    }
    return { registered: registered, withdrawn: withdrawn, crowded: crowded };
  }
  function row(there, commit) {
    return there.registered.get(commit) || there.withdrawn.get(commit) || [];
  }
  function at(there, commit) {
    var found = row(there, commit);
    return found.length ? found[0] : NONE;
  }

  /* Event -> version, for (un)assignments at commits that hold several: the version that the tag's
     message names; else, to leave a stage, the one in it; else the newest registered by then, an
     active one first; else the first. */
  function resolve(model, count, there) {
    var known = new Map(), staged = new Map(), meant = {};
    for (var i = 0; i < count; i += 1) {
      var kind = model.kinds[i], commit = model.commit[i], several = row(there, commit);
      if (kind === DEPRECATION || several.length < 2) continue;
      var versions = known.get(commit);
      if (!versions) known.set(commit, versions = new Map());
      if (kind === REGISTRATION || kind === DEREGISTRATION) {
        versions.delete(model.what[i]);
        versions.set(model.what[i], kind === REGISTRATION);
        continue;
      }
      var place = commit + "#" + model.what[i];
      var inside = staged.get(place);
      if (!inside) staged.set(place, inside = new Set());
      var chosen = several.indexOf(model.trailers[i]) >= 0 ? model.trailers[i] :
        choose(kind === UNASSIGNMENT ? Array.from(inside) : [], versions);
      if (chosen === NONE) chosen = first(model, count, commit);
      inside.delete(chosen);
      if (kind === ASSIGNMENT) inside.add(chosen);
      meant[i] = chosen;
    }
    return meant;
  }
  function choose(inside, versions) {
    var every = Array.from(versions.keys());
    var active = every.filter(function (version) { return versions.get(version); });
    var from = inside.length ? inside : active.length ? active : every;
    return from.length ? from[from.length - 1] : NONE;
  }
  function first(model, count, commit) {
    for (var i = 0; i < count; i += 1) {
      if (model.commit[i] === commit && model.kinds[i] <= DEREGISTRATION) return model.what[i];
    }
    return NONE;
  }

  /* What a version, or a commit without one, is called, in full. */
  day.nameOf = function (model, held) {
    return held.version >= 0 ? model.versions[held.version] : model.ids[held.commit];
  };

  /* The same as it is shown, and the page of it, from the site's root: that of what its commit became,
     where it had no version then. later: the version that it became, "" for none. */
  day.called = function (model, held) {
    var now = held.version >= 0 ? held : today(model).versions.find(function (one) {
      return one.commit === held.commit && one.version >= 0;
    }) || held;
    var name = day.nameOf(model, held);
    return {
      text: held.version >= 0 ? name : name.slice(0, 7),
      url: model.url.replace(/\.html$/, "/") + (model.slugs[now.version] || day.nameOf(model, now)) + ".html",
      later: now.version === held.version ? "" : model.versions[now.version]
    };
  };
  function today(model) {
    return model.today = model.today || day.fold(model, model.count);
  }
})();
