/* Versions side by side: two to seven of a model's, kept in the hash as v=v1.0.0&v=v2.0.0, the first
   of them the one that the others are measured against; only=1 hides what is the same everywhere. */
(function () {
  "use strict";
  var MOST = 7;
  var state = window.sitegen.state;
  var section = document.querySelector("[data-compare]");
  var data = window.sitegen.compare;
  if (!section || !data) return;
  var root = section.dataset.root;
  var table = section.querySelector("[data-table]");
  var boxes = Array.from(section.querySelectorAll("[data-versions] input"));
  var only = section.querySelector("[data-only]");
  var git = section.querySelector("[data-git]");
  var byName = new Map(data.versions.map(function (version) { return [version.name, version]; }));

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  /* What a version says of a key: [text, full, number or null], or undefined. */
  function facts(version) {
    if (!version.found) {
      version.found = new Map(version.facts.map(function (pair) {
        var fact = data.facts[pair[1]];
        return [pair[0], [fact[0], fact[1] === 0 ? fact[0] : fact[1], fact[2]]];
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
  function difference(now, base) {
    var value = now - base;
    if (!isFinite(value)) return "";
    if (value === 0) return "±0";
    return (value > 0 ? "+" : "−") + Number(Math.abs(value).toPrecision(3));
  }
  function cell(fact, base, first, goal) {
    if (!fact) {
      var none = element("td", "none");
      none.append(element("span", "hidden", "none"));
      return none;
    }
    var made = element("td", fact[2] === null ? "" : "number", fact[0]);
    made.title = fact[1];
    if (!first && base && fact[1] !== base[1]) {
      made.classList.add("differs");
      if (fact[2] !== null && base[2] !== null) {
        var better = goal && fact[2] !== base[2] && isFinite(fact[2] - base[2]) ?
          ((fact[2] > base[2]) === (goal === "higher") ? "better" : "worse") : "";
        var delta = element("span", "delta " + (better || "muted"), difference(fact[2], base[2]));
        if (better) delta.append(element("span", "hidden", " " + better));
        made.append(" ", delta);
      }
    }
    return made;
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
    var head = element("tr");
    var corner = element("th", "stay", "Fact");
    corner.scope = "col";
    head.append(corner);
    versions.forEach(function (version, place) { head.append(heading(version, !place)); });
    table.tHead.replaceChildren(head);
    Array.from(table.tBodies).forEach(function (body) { body.remove(); });
    var different = 0, total = 0;
    data.groups.forEach(function (name, group) {
      var body = element("tbody");
      var here = 0;
      var rows = [];
      data.keys.forEach(function (key, number) {
        if (key[0] !== group) return;
        var values = found.map(function (map) { return map.get(number); });
        if (!values.some(Boolean)) return;
        total += 1;
        var same = values.every(function (value) {
          return value && values[0] && value[1] === values[0][1];
        });
        if (!same) { different += 1; here += 1; }
        if (same && hides) return;
        var row = element("tr", same ? "same" : "");
        var title = element("th", "stay key", key[1]);
        title.scope = "row";
        title.title = key[1];
        if (key[2]) {
          title.append(" ", element("span", "goal-" + key[2]),
            element("span", "hidden", key[2] + " is better"));
        }
        row.append(title);
        values.forEach(function (value, place) {
          row.append(cell(value, values[0], !place, key[2]));
        });
        rows.push(row);
      });
      if (!rows.length) return;
      var line = element("tr", "group");
      var label = element("th", "stay", name);
      label.scope = "rowgroup";
      label.colSpan = versions.length + 1;
      if (here) label.append(" ", element("span", "count", here + " different"));
      line.append(label);
      body.append(line, ...rows);
      table.append(body);
    });
    boxes.forEach(function (box) {
      box.checked = versions.some(function (version) { return version.name === box.value; });
      box.disabled = box.checked ? versions.length <= 2 : versions.length >= MOST;
    });
    var limit = section.querySelector("[data-limit]");
    limit.hidden = versions.length > 2 && versions.length < MOST;
    limit.textContent = versions.length >= MOST ? "Seven is the most." :
      "Two is the least: choose another one before you leave one out.";
    section.querySelector("[data-chosen]").textContent = versions.length;
    section.querySelector("[data-count]").textContent = different + " of " + total + " different";
    section.querySelector("[data-none]").hidden = different > 0 || !hides;
    table.closest(".scroll").hidden = hides && !different;
    only.setAttribute("aria-pressed", String(hides));
    var pair = versions.length === 2 && data.git && versions[0].commit !== versions[1].commit;
    git.hidden = !pair;
    if (pair) {
      git.href = data.git.replace("{a}", versions[0].commit).replace("{b}", versions[1].commit);
    }
    section.dispatchEvent(new CustomEvent("compared", { detail: { versions: versions, only: hides } }));
    return different;
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
