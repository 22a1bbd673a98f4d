/* A table of facts of several things side by side, the first of which the others are measured against:
   sitegen.sideBySide(table, headings, groups, only) -> {different, total}: how many rows.

   headings: a cell for each thing. groups: [[title, [{name, goal, hash, facts}]]]; facts: of each thing
   {text, full, number: or null} or null; goal: "higher" or "lower" where that is better; hash: whether
   texts are hashes, of which a change is said in words. only: leave out what is the same everywhere. */
(function () {
  "use strict";
  var element = window.sitegen.gridCells.element;

  function verdict(goal, now, base) {
    if (!goal || now === base || isNaN(now) || isNaN(base)) return "";
    return (now > base) === (goal === "higher") ? "better" : "worse";
  }
  function cell(row, fact, base, first) {
    if (!fact) {
      var none = element("td", !first && base ? "none differs" : "none");
      none.append(element("span", "hidden", "none"));
      return none;
    }
    var numeric = typeof fact.number === "number";
    var made = element("td", numeric ? "number" : "", fact.text);
    made.title = fact.full;
    if (first || (base && fact.full === base.full)) return made;
    made.classList.add("differs");
    if (numeric && base && typeof base.number === "number") {
      var better = verdict(row.goal, fact.number, base.number);
      var delta = element("span", "delta " + (better || "muted"),
        window.sitegen.values.difference(fact.number, base.number));
      if (better) delta.append(element("span", "hidden", " " + better));
      made.append(" ", delta);
    } else if (row.hash && base && base.full && fact.full) {
      made.append(" ", element("span", "delta muted", "changed"));
    }
    return made;
  }
  function line(row, same) {
    var made = element("tr", same ? "same" : "");
    var title = element("th", "stay key", row.name);
    title.scope = "row";
    title.title = row.name;
    if (row.goal) {
      title.append(" ", element("span", "goal-" + row.goal),
        element("span", "hidden", row.goal + " is better"));
    }
    made.append(title);
    row.facts.forEach(function (fact, place) {
      made.append(cell(row, fact, row.facts[0], !place));
    });
    return made;
  }

  window.sitegen.sideBySide = function (table, headings, groups, only) {
    var head = element("tr"), corner = element("th", "stay", "Fact");
    corner.scope = "col";
    head.append(corner);
    headings.forEach(function (heading) { head.append(heading); });
    table.tHead.replaceChildren(head);
    Array.from(table.tBodies).forEach(function (body) { body.remove(); });
    var different = 0, total = 0;
    groups.forEach(function (group) {
      var here = 0, lines = [];
      group[1].forEach(function (row) {
        var same = row.facts.every(function (fact) {
          return fact && row.facts[0] && fact.full === row.facts[0].full;
        });
        total += 1;
        if (!same) here += 1;
        if (!same || !only) lines.push(line(row, same));
      });
      different += here;
      if (!lines.length) return;
      var body = element("tbody"), title = element("tr", "group");
      var label = element("th", "stay", group[0]);
      label.scope = "rowgroup";
      label.colSpan = headings.length + 1;
      if (here) label.append(" ", element("span", "count", here + " different"));
      title.append(label);
      body.append.apply(body, [title].concat(lines));
      table.append(body);
    });
    table.closest(".scroll").hidden = only && !different;
    return { different: different, total: total };
  };
})();
