/* Two to seven experiments side by side. The first is the one that the others are measured
   against: better and worse are by each metric's goal. Plots are drawn where their script is there:
   window.sitegen.plots.overlay(place, commits). */
(function () {
  "use strict";
  var data = window.sitegen.experiments;
  var view = data.view;
  var state = window.sitegen.state;
  var element = window.sitegen.gridCells.element;
  var place, table, drawn = "";

  function fixed(name, of) {
    return { name: name, of: function (row) {
      var text = of(row);
      return text ? { text: text, full: text } : null;
    } };
  }
  function join(list) { return list.join(", "); }

  /* Everything that can be compared of these rows, as side-by-side.js has it. */
  function groups(rows) {
    var commit = [["Commit", [
      fixed("Message", function (row) { return row.message; }),
      fixed("Author", function (row) { return row.author; }),
      fixed("Date", function (row) { return window.sitegen.values.day(row.seconds); }),
      fixed("Branches", function (row) { return join(row.branches); }),
      fixed("Tags", function (row) { return join(row.tags); }),
      fixed("Parents", function (row) {
        return join(row.parents.map(function (oid) { return oid.slice(0, 7); }));
      })
    ]], ["Versions", data.head.models.map(function (model) {
      return fixed(model[0], function (row) {
        return join(row.badges.filter(function (badge) { return badge.name === model[0]; })
          .map(function (badge) { return badge.label; }));
      });
    })]];
    var found = [];
    [["metrics", "Metrics"], ["params", "Params"], ["data", "Data"]].forEach(function (group) {
      var columns = data.columns.all.filter(function (column) { return column.group === group[0]; });
      var files = new Set(columns.map(function (column) { return column.file; }));
      found.push([group[1], columns.map(function (column) {
        return {
          name: column.key && files.size > 1 ? column.file + ": " + column.key : column.title,
          goal: column.goal,
          hash: column.group === "data",
          of: function (row) {
            var value = column.value(row);
            if (value === undefined) return null;
            var size = column.size ? column.size(row) : "";
            /* What a dvc.yaml lists, and no dvc.lock or *.dvc has the hash of. */
            if (column.group === "data" && !value) return { text: "not recorded", full: "", number: null };
            return {
              text: column.text(row) + (size ? ", " + size : ""), full: column.full(row),
              number: typeof value === "number" ? value : null
            };
          }
        };
      })]);
    });
    return found.concat(commit.reverse()).map(function (group) {
      return [group[0], group[1].map(function (fact) {
        return Object.assign({}, fact, { facts: rows.map(fact.of) });
      }).filter(function (fact) { return fact.facts.some(Boolean); })];
    });
  }

  function heading(row, first) {
    var cell = element("th");
    cell.scope = "col";
    var link = element("a", "row-name", data.columns.name(row));
    link.href = "#row=" + encodeURIComponent(view.reference(row));
    link.title = row.message;
    var under = element("span", "under");
    under.append(element("span", "mono muted", row.short));
    if (first) under.append(element("span", "tag", "baseline"));
    else {
      var base = element("button", "as-link base", "as baseline");
      base.setAttribute("aria-label", data.columns.name(row) + " as baseline");
      base.type = "button";
      base.dataset.base = view.reference(row);
      under.append(base);
    }
    var away = element("button", "as-link away", "remove");
    away.type = "button";
    away.dataset.away = view.reference(row);
    away.setAttribute("aria-label", "Remove " + data.columns.name(row));
    under.append(away);
    cell.append(link, under);
    return cell;
  }

  function show() {
    var rows = view.selected;
    var few = rows.length < 2;
    place.querySelector("[data-few]").hidden = !few;
    place.querySelector(".bar").hidden = few;
    var scroll = table.closest(".scroll");
    if (few) {
      scroll.hidden = true;
      place.querySelector("[data-equal]").hidden = true;
      return;
    }
    var counts = window.sitegen.sideBySide(table, rows.map(function (row, at) {
      return heading(row, !at);
    }), groups(rows), view.only);
    place.querySelector("[data-equal]").hidden = counts.different > 0 || !view.only;
    place.querySelector("[data-different]").textContent = counts.different + " of " + counts.total +
      " different";
    place.querySelector("[data-only]").setAttribute("aria-pressed", String(view.only));
    var git = place.querySelector("[data-git]"), shape = data.head.git[1];
    git.hidden = rows.length !== 2 || !shape;
    if (!git.hidden) git.href = shape.replace("{a}", rows[0].oid).replace("{b}", rows[1].oid);
    plots(rows);
  }

  /* Drawing plots takes long, so they are drawn anew for other rows alone. */
  function plots(rows) {
    var commits = rows.map(function (row) { return row.oid; });
    var script = window.sitegen.plots;
    if (!script || !script.overlay || drawn === commits.join() + view.only) return;
    drawn = commits.join() + view.only;
    script.overlay(place.querySelector("[data-plots]"), rows.map(function (row) {
      return { commit: row.oid, label: data.columns.name(row) };
    }), view.only);
  }

  data.compare = {
    start: function (section) {
      place = section.querySelector("[data-view='compare']");
      table = place.querySelector("[data-compare-grid]");
      place.addEventListener("click", function (event) {
        var ids = view.selected.map(view.reference);
        var base = event.target.closest("[data-base]"), away = event.target.closest("[data-away]");
        if (event.target.closest("[data-only]")) view.write({ only: view.only ? "" : "1" });
        if (!base && !away) return;
        var id = base ? base.dataset.base : away.dataset.away;
        var rest = ids.filter(function (one) { return one !== id; });
        view.write({ sel: base ? [id].concat(rest) : rest });
        state.announce(base ? "Measured against another" : "Removed");
        var link = table.tHead.querySelector("a");
        if (link && !table.closest(".scroll").hidden) link.focus();
        else place.querySelector("[data-few] button").focus();
      });
    },
    show: show
  };
})();
