/* Filters by stage, repository, type, state, framework and label: their values, and their menus. */
(function () {
  "use strict";
  var data = window.sitegen.dashboard;
  var element = window.sitegen.gridCells.element;
  var NONE = "(none)";
  /* More values than these are found by words. */
  var MANY = 12;
  var MOST = 100;
  var menus = [];

  /* What a row has of each field. */
  var OF = {
    stage: function (row) {
      return data.columns.at(row).held.map(function (one) { return data.head.stages[one.stage][0]; });
    },
    repo: function (row) { return [data.head.repos[row.repo][0]]; },
    type: function (row) { return [row.type || "model"]; },
    state: function (row) { return [data.head.states[data.columns.at(row).state]]; },
    framework: function (row) { return row.framework ? [row.framework] : []; },
    label: function (row) { return row.labels; }
  };
  /* Values that have an order of their own stand in it. */
  var FIRST = {
    stage: function () { return data.head.stages.map(function (stage) { return stage[0]; }); },
    state: function () { return data.head.states; }
  };

  function number(facet, value) {
    var found = facet.numbers.get(value);
    if (found === undefined) {
      found = facet.values.length;
      facet.values.push(value);
      facet.numbers.set(value, found);
    }
    return found;
  }

  data.facets = {
    /* Every field, also one whose menu is not there: the hash may name it. values: in the order of
       their numbers. */
    all: [],

    make: function () {
      data.facets.all = data.fields.map(function (field) {
        var facet = { field: field, values: [], numbers: new Map() };
        (FIRST[field] ? FIRST[field]() : []).forEach(function (value) { number(facet, value); });
        return facet;
      });
    },

    /* The numbers of a row's values, one list for each facet. */
    of: function (row) {
      if (row.facetsOf !== data.day) {
        var found = row.facets = [];
        for (var i = 0; i < data.facets.all.length; i += 1) {
          var facet = data.facets.all[i], values = OF[facet.field](row);
          if (!values.length) found.push([number(facet, NONE)]);
          else if (values.length === 1) found.push([number(facet, values[0])]);
          else found.push(values.map(number.bind(null, facet)));
        }
        row.facetsOf = data.day;
      }
      return row.facets;
    },

    /* The chosen numbers of a facet, or null where nothing is. */
    wanted: function (facet) {
      var chosen = data.view.chosen[facet.field];
      return chosen.length ? new Set(chosen.map(function (value) {
        return number(facet, value);
      })) : null;
    },

    toggle: function (field, value) {
      var chosen = data.view.chosen[field], values = {};
      var rest = chosen.filter(function (one) { return one !== value; });
      values[field] = rest.length < chosen.length ? rest : chosen.concat(value);
      data.view.write(values);
    },

    start: function (section) {
      menus = Array.from(section.querySelectorAll("[data-facet]")).map(menu);
    },
    show: function () { menus.forEach(function (one) { one.show(); }); }
  };

  function menu(details) {
    var field = details.dataset.facet;
    var panel = details.querySelector(".panel");
    var list = details.querySelector("[data-values]");
    var find = panel.querySelector("[data-find-value]");
    var badge = details.querySelector("[data-chosen]");
    var place = data.facets.all.findIndex(function (facet) { return facet.field === field; });
    var facet = data.facets.all[place];
    var collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

    /* In their own order, else by name; what has none comes last. */
    function ordered() {
      var own = FIRST[field] ? FIRST[field]().length : 0;
      return facet.values.slice().sort(function (a, b) {
        if (a === NONE || b === NONE) return a === NONE ? 1 : -1;
        var one = facet.numbers.get(a), other = facet.numbers.get(b);
        if (one < own || other < own) return one - other;
        return collator.compare(a, b);
      });
    }
    function fill() {
      var words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      var counts = data.table.counts[place], chosen = data.view.chosen[field];
      var all = ordered();
      find.closest("label").hidden = all.length <= MANY;
      var fit = all.filter(function (value) {
        var lowered = value.toLowerCase();
        return words.every(function (word) { return lowered.indexOf(word) >= 0; });
      });
      if (fit.length > MOST) {
        /* Of very many the chosen ones and those that have most. */
        var best = new Set(fit.slice().sort(function (a, b) {
          return counts[facet.numbers.get(b)] - counts[facet.numbers.get(a)];
        }).slice(0, MOST));
        var more = fit.length - MOST;
        fit = fit.filter(function (value) { return best.has(value) || chosen.indexOf(value) >= 0; });
      }
      list.replaceChildren.apply(list, fit.map(function (value) {
        return choice(value, counts[facet.numbers.get(value)] || 0, chosen.indexOf(value) >= 0);
      }));
      if (more) list.append(element("p", "note", "and " + more + " more: find them by name"));
      if (!fit.length) list.append(element("p", "note", "None is called so."));
    }
    function choice(value, count, checked) {
      var label = element("label", "check" + (count || checked ? "" : " is-empty"));
      var box = element("input");
      box.type = "checkbox";
      box.value = value;
      box.checked = checked;
      var text = element("span", "check-text", value);
      text.title = value;
      if (field === "stage" && value !== NONE) {
        var stage = data.head.stages.find(function (one) { return one[0] === value; });
        if (stage) text.classList.add("stage", "stage-" + stage[1]);
      }
      label.append(box, text, element("span", "count", count.toLocaleString("en")));
      return label;
    }

    details.addEventListener("toggle", function () {
      if (!details.open) return;
      find.value = "";
      fill();
    });
    find.addEventListener("input", fill);
    list.addEventListener("change", function (event) {
      data.facets.toggle(field, event.target.value);
      window.sitegen.state.announce(data.table.shown + " shown");
    });

    return {
      show: function () {
        var chosen = data.view.chosen[field].length;
        badge.textContent = chosen || "";
        badge.hidden = !chosen;
        if (!details.open) return;
        /* The box that was pressed keeps the focus. */
        var focus = list.contains(document.activeElement) ? document.activeElement.value : null;
        var top = panel.scrollTop;
        fill();
        panel.scrollTop = top;
        if (focus === null) return;
        var again = Array.from(list.querySelectorAll("input")).find(function (box) {
          return box.value === focus;
        });
        if (again) again.focus({ preventScroll: true });
      }
    };
  }
})();
