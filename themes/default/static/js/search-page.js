/* The page of results: the query in the hash (q), one group of results by itself (in), and what the
   query means as chips that can be taken out of it. */
(function () {
  "use strict";
  var state = window.sitegen.state;
  var search = window.sitegen.search;
  var section = document.querySelector("[data-search-page]");
  if (!section) return;
  var root = section.dataset.root;
  var box = section.querySelector("[data-search-query]");
  var chips = section.querySelector("[data-search-parts]");
  var tabs = section.querySelector("[data-search-groups]");
  var place = section.querySelector("[data-search-results]");
  var help = section.querySelector("[data-search-help]");
  var FEW = 10, ALONE = 25;
  var more = {}, turn = 0;

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function button(className, text, action) {
    var made = element("button", className, text);
    made.type = "button";
    made.addEventListener("click", action);
    return made;
  }

  function set(text) {
    box.value = text;
    more = {};
    state.write({ q: text.trim(), in: "" });
    show();
    box.focus();
  }
  function showParts(answer) {
    var query = answer.query, before = "";
    chips.replaceChildren.apply(chips, query.parts.map(function (part) {
      var item = element("li");
      if (part.field && part.field === before) item.append(element("span", "muted", "or "));
      before = part.sign ? "" : part.field;
      var text = search.query.meaning(part);
      var remove = button("search-part", text, function () {
        set((query.text.slice(0, part.from) + query.text.slice(part.to)).replace(/\s+/g, " ").trim());
      });
      remove.append(element("span", "hidden", ": remove"));
      item.append(remove);
      return item;
    }));
    search.query.remarks(answer).forEach(function (text) {
      chips.append(element("li", "search-remark", text));
    });
    chips.hidden = !query.parts.length;
  }

  function result(each) {
    var item = element("li", "result");
    var head = element("h3");
    var link = element("a");
    link.href = root + each.url;
    link.dataset.row = "";
    link.append(search.marked(each.title, each.terms, ["name"]));
    head.append(link);
    if (each.version) {
      var version = element("span", "mono search-version");
      version.append(search.marked(each.version, each.terms, ["version"]));
      head.append(" ", version);
    }
    each.tags.forEach(function (tag) { head.append(" ", element("span", "tag", tag)); });
    item.append(head);

    var facts = element("p", "result-facts");
    function fact(text, fields) {
      if (!text) return;
      var made = element("span");
      made.append(search.marked(text, each.terms, fields));
      facts.append(made);
    }
    fact(each.where, ["repo"]);
    each.stages.forEach(function (stage) {
      var made = element("span", "stage stage-" + stage[1]);
      made.append(search.marked(stage[0], each.terms, ["stage"]));
      facts.append(made);
    });
    fact(each.framework, ["framework"]);
    if (each.when.length) {
      var when = element("time", "", each.when[1]);
      when.dateTime = each.when[0];
      facts.append(when);
    }
    if (each.labels.length) {
      var labels = element("ul", "labels");
      each.labels.slice(0, 8).forEach(function (label) {
        var one = element("li");
        one.title = label;
        one.append(search.marked(label, each.terms, ["label"]));
        labels.append(one);
      });
      facts.append(labels);
    }
    if (facts.childNodes.length) item.append(facts);
    if (each.description) {
      var description = element("p", "result-text");
      description.append(search.marked(each.description, each.terms, ["description", "message"]));
      item.append(description);
    }
    search.excerpt(each).then(function (text) {
      if (!text) return;
      var excerpt = element("p", "result-text muted");
      excerpt.append(search.marked(text, each.terms, ["text"]));
      item.append(excerpt);
    });
    return item;
  }
  function group(found, alone) {
    var made = element("section", "results");
    made.setAttribute("aria-label", found.title);
    var head = element("div", "section-head");
    head.append(element("h2", "", found.title));
    head.append(element("span", "count", found.total.toLocaleString("en")));
    made.append(head);
    var list = element("ol");
    list.append.apply(list, found.results.map(result));
    made.append(list);
    var left = found.total - found.results.length;
    if (left) {
      made.append(button("button", "Show " + Math.min(left, ALONE) + " more", function () {
        more[found.name] = found.results.length + ALONE;
        show().then(function () {
          var links = place.querySelectorAll("[aria-label='" + found.title + "'] [data-row]");
          if (links[found.results.length]) links[found.results.length].focus();
        });
      }));
    }
    return made;
  }
  function showGroups(answer, only) {
    var found = answer.groups.filter(function (each) { return each.total; });
    tabs.hidden = found.length < 2;
    tabs.replaceChildren.apply(tabs, [{ name: "", title: "All", total: answer.total }].concat(found)
      .map(function (each) {
        var made = button("toggle", each.title + " ", function () {
          state.write({ in: each.name });
          show();
        });
        made.append(element("span", "count", each.total.toLocaleString("en")));
        made.setAttribute("aria-pressed", String(only === each.name));
        return made;
      }));
  }
  function nothing(answer, mine) {
    search.suggest(answer.query).then(function (text) {
      if (mine !== turn) return;
      var made = element("div", "empty small");
      made.append(element("p", "", "Nothing fits all of this."));
      if (text) {
        var line = element("p", "", "Did you mean ");
        line.append(button("as-link", text, function () { set(text); }), "?");
        made.append(line);
      }
      place.replaceChildren(made);
      state.announce(text ? "Nothing fits. Did you mean " + text + "?" : "Nothing fits.");
    });
  }

  function show() {
    var mine = turn += 1, text = box.value;
    var only = state.read().get("in") || "";
    return search.run(text, limits(only), function () { return mine === turn; }).then(function (answer) {
      if (mine !== turn) return;
      var groups = answer.groups.filter(function (each) { return each.total || each.failed; });
      if (!groups.some(function (each) { return each.name === only; })) only = "";
      showParts(answer);
      showGroups(answer, only);
      help.hidden = Boolean(answer.query.parts.length);
      section.dataset.ready = text;
      if (help.hidden && !groups.length) {
        nothing(answer, mine);
        return;
      }
      place.replaceChildren.apply(place, groups.filter(function (each) {
        return !only || each.name === only;
      }).map(function (each) {
        if (!each.failed) return group(each);
        return element("p", "note", "“" + each.failed + "” fits too many words of " + each.title.toLowerCase() + ": write more of it.");
      }));
      if (help.hidden) state.announce(answer.total + (answer.total === 1 ? " result" : " results"));
    }).catch(function (error) {
      if (mine !== turn) return;
      place.replaceChildren(element("p", "note", "The search cannot be loaded: " + error.message + "."));
    });
  }
  function limits(only) {
    var found = Object.assign({ all: only ? ALONE : FEW }, more);
    return found;
  }
  function restore() {
    box.value = state.read().get("q") || "";
    more = {};
    show();
  }

  box.addEventListener("input", function () {
    more = {};
    state.write({ q: box.value.trim(), in: "" });
    show();
  });
  section.querySelector("form").addEventListener("submit", function (event) {
    event.preventDefault();
    window.sitegen.recentSearches.add(box.value);
    var first = place.querySelector("[data-row]");
    if (first) first.focus();
  });
  box.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && box.value) {
      set("");
      event.preventDefault();
    } else if (event.key === "ArrowDown") {
      var first = place.querySelector("[data-row]");
      if (first) first.focus();
      event.preventDefault();
    }
  });
  section.addEventListener("click", function (event) {
    if (event.target.closest(".result a")) window.sitegen.recentSearches.add(box.value);
  });
  state.listen(restore);
  restore();
  if (!box.value) box.focus();
})();
