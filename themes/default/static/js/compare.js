/* Versions side by side: two to seven of a model's, kept in the hash as v=v1.0.0&v=v2.0.0, the first
   of them the one that the others are measured against; only=1 hides what is the same everywhere. */
(function () {
  "use strict";
  var MOST = 7;
  var state = window.sitegen.state;
  var section = document.querySelector("[data-compare]");
  var data = window.sitegen.compare;
  if (!section || !data) return;
  var element = window.sitegen.gridCells.element;
  var root = section.dataset.root;
  var table = section.querySelector("[data-table]");
  var boxes = Array.from(section.querySelectorAll("[data-versions] input"));
  var only = section.querySelector("[data-only]");
  var git = section.querySelector("[data-git]");
  var byName = new Map(data.versions.map(function (version) { return [version.name, version]; }));

  /* What a version says: the number of a key -> {text, full, number or null}. */
  function facts(version) {
    if (!version.found) {
      version.found = new Map(version.facts.map(function (pair) {
        var fact = data.facts[pair[1]];
        return [pair[0], { text: fact[0], full: fact[1] === 0 ? fact[0] : fact[1], number: fact[2] }];
      }));
    }
    return version.found;
  }
  function chosen() {
    var names = state.read().getAll("v").filter(function (name, place, all) {
      return byName.has(name) && all.indexOf(name) === place;
    }).slice(0, MOST);
    if (names.length < 2) {
      /* At first those that are ticked without scripts, the older one before the newer one. */
      names = names.concat(boxes.filter(function (box) { return box.defaultChecked; }).reverse()
        .concat(boxes).map(function (box) { return box.value; })
        .filter(function (name, place, all) {
          return byName.has(name) && names.indexOf(name) < 0 && all.indexOf(name) === place;
        })).slice(0, 2);
    }
    return names.map(function (name) { return byName.get(name); });
  }
  function heading(version, first) {
    var made = element("th");
    made.scope = "col";
    var link = element("a", "mono", version.label);
    link.href = root + version.url;
    made.append(link);
    version.stages.forEach(function (stage) {
      made.append(" ", element("span", "stage stage-" + stage[1], stage[0]));
    });
    if (first) made.append(" ", element("span", "tag", "baseline"));
    else {
      var base = element("button", "as-link base", "as baseline");
      base.setAttribute("aria-label", version.label + " as baseline");
      base.type = "button";
      base.dataset.base = version.name;
      made.append(" ", base);
    }
    return made;
  }

  function show() {
    var versions = chosen();
    var hides = state.read().get("only") === "1";
    var found = versions.map(facts);
    var groups = data.groups.map(function (name) { return [name, []]; });
    data.keys.forEach(function (key, number) {
      var values = found.map(function (map) { return map.get(number) || null; });
      if (values.some(Boolean)) groups[key[0]][1].push({ name: key[1], goal: key[2], facts: values });
    });
    var counts = window.sitegen.sideBySide(table, versions.map(function (version, place) {
      return heading(version, !place);
    }), groups, hides);
    boxes.forEach(function (box) {
      box.checked = versions.some(function (version) { return version.name === box.value; });
      box.disabled = box.checked ? versions.length <= 2 : versions.length >= MOST;
    });
    var limit = section.querySelector("[data-limit]");
    limit.hidden = versions.length > 2 && versions.length < MOST;
    limit.textContent = versions.length >= MOST ? "Seven is the most." :
      "Two is the least: choose another one before you leave one out.";
    section.querySelector("[data-chosen]").textContent = versions.length;
    section.querySelector("[data-count]").textContent = counts.different + " of " + counts.total +
      " different";
    section.querySelector("[data-none]").hidden = counts.different > 0 || !hides;
    only.setAttribute("aria-pressed", String(hides));
    var pair = versions.length === 2 && data.git && versions[0].commit !== versions[1].commit;
    git.hidden = !pair;
    if (pair) {
      git.href = data.git.replace("{a}", versions[0].commit).replace("{b}", versions[1].commit);
    }
    section.dispatchEvent(new CustomEvent("compared", { detail: { versions: versions, only: hides } }));
    return counts.different;
  }
  function remember(values) {
    state.write(values);
    state.announce(show() + " facts are different");
  }

  section.addEventListener("change", function (event) {
    var box = event.target.closest("[data-versions] input");
    if (!box) return;
    var names = chosen().map(function (version) { return version.name; })
      .filter(function (name) { return name !== box.value; });
    if (box.checked) names.push(box.value);
    remember({ v: names });
  });
  section.addEventListener("click", function (event) {
    var base = event.target.closest("[data-base]");
    if (!base) return;
    var names = chosen().map(function (version) { return version.name; });
    names = [base.dataset.base].concat(names.filter(function (name) {
      return name !== base.dataset.base;
    }));
    remember({ v: names });
    var link = table.tHead.querySelector("a");
    if (link) link.focus();
  });
  only.addEventListener("click", function () {
    remember({ only: state.read().get("only") === "1" ? "" : "1" });
  });
  state.listen(show);
  show();
})();
