/* The search box of every page: results as one types, by keyboard or pointer, and recent searches.

   What the search is made of is loaded when the box is first used. */
(function () {
  "use strict";
  var SCRIPTS = [
    "lib/lunr.js", "js/search-words.js", "js/search-turns.js", "js/search-inflate.js", "js/search-files.js",
    "js/search-terms.js", "js/search-postings.js", "js/search-group.js", "js/search-find.js",
    "js/search-rank.js", "js/search-query.js", "js/search-results.js"
  ];
  var SHOWN = { models: 6, versions: 3, experiments: 3, pages: 3, all: 3 };
  var preferences = window.sitegen.preferences;
  var here = document.currentScript.src;
  var statics = here.slice(0, here.lastIndexOf("js/"));
  var root = statics.slice(0, statics.lastIndexOf("static/"));
  var ready;

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /* A promise that the search is there. */
  function load() {
    ready = ready || Promise.all(SCRIPTS.map(function (name) {
      return new Promise(function (done, failed) {
        var script = element("script");
        script.src = statics + name;
        script.async = false;
        script.onload = done;
        script.onerror = function () { failed(new Error("there is no " + name)); };
        document.head.append(script);
      });
    })).then(function () { return window.sitegen.search.groups(); });
    ready.catch(function () { ready = null; });
    return ready;
  }

  /* What was looked for before, the last first. */
  var recent = {
    MOST: 8,
    all: function () {
      try {
        return [].concat(JSON.parse(preferences.load("searches") || "[]")).filter(function (each) {
          return typeof each === "string" && each;
        });
      } catch (error) { return []; }
    },
    add: function (text) {
      text = text.trim();
      if (!text) return;
      var rest = recent.all().filter(function (each) { return each !== text; });
      preferences.save("searches", JSON.stringify([text].concat(rest).slice(0, recent.MOST)));
    },
    clear: function () { preferences.save("searches", ""); }
  };

  function pageOf(text) {
    return root + "search.html#" + new URLSearchParams({ q: text });
  }

  function start(form) {
    var box = form.querySelector("input");
    var panel = form.querySelector("[data-search-panel]");
    var list = form.querySelector("[role=listbox]");
    var options = [], active = -1, turn = 0;

    function choose(at) {
      if (options[active]) options[active].removeAttribute("aria-selected");
      active = at;
      if (options[active]) {
        options[active].setAttribute("aria-selected", "true");
        box.setAttribute("aria-activedescendant", options[active].id);
        options[active].scrollIntoView({ block: "nearest" });
      } else {
        box.removeAttribute("aria-activedescendant");
      }
    }
    /* notes: what is said above the options. */
    function open(notes, children) {
      Array.from(panel.querySelectorAll(".search-note")).forEach(function (each) { each.remove(); });
      panel.prepend.apply(panel, notes.map(function (text) { return element("p", "search-note", text); }));
      list.replaceChildren.apply(list, children);
      options = Array.from(list.querySelectorAll("[role=option]"));
      options.forEach(function (option, at) { option.id = "search-option-" + at; });
      choose(-1);
      list.hidden = !options.length;
      panel.hidden = !options.length && !notes.length;
      box.setAttribute("aria-expanded", String(!list.hidden));
    }
    function close() {
      turn += 1;
      open([], []);
    }

    function group(title, children) {
      var made = element("div", "search-group");
      made.setAttribute("role", "group");
      made.setAttribute("aria-label", title);
      var head = element("div", "search-group-title", title);
      head.setAttribute("aria-hidden", "true");
      made.append(head);
      made.append.apply(made, children);
      return made;
    }
    function option(href, className) {
      var made = element("a", "search-option" + (className ? " " + className : ""));
      made.setAttribute("role", "option");
      made.tabIndex = -1;
      if (href) made.href = href;
      return made;
    }
    function result(each) {
      var search = window.sitegen.search;
      var made = option(root + each.url);
      var title = element("span", "search-title");
      title.append(search.marked(each.title, each.terms, ["name"]));
      made.append(title);
      if (each.version) {
        var version = element("span", "mono search-version");
        version.append(search.marked(each.version, each.terms, ["version"]));
        made.append(" ", version);
      }
      each.tags.forEach(function (tag) { made.append(" ", element("span", "tag", tag)); });
      each.stages.forEach(function (stage) {
        made.append(" ", element("span", "stage stage-" + stage[1], stage[0]));
      });
      var more = element("span", "search-more");
      if (each.where) more.append(search.marked(each.where, each.terms, ["repo"]));
      if (each.where && each.description) more.append(" · ");
      if (each.description) more.append(search.marked(each.description, each.terms, ["description", "message"]));
      if (more.childNodes.length) made.append(" ", more);
      return made;
    }

    function showRecent() {
      var found = recent.all();
      if (!found.length) {
        open([], []);
        return;
      }
      var forget = option("", "search-forget");
      forget.textContent = "Forget these";
      forget.dataset.forget = "";
      open([], [group("Recent searches", found.map(function (text) {
        var made = option(pageOf(text));
        made.append(element("span", "search-title", text));
        made.dataset.fill = text;
        return made;
      }).concat(forget))]);
    }
    function show(text, answer) {
      var notes = remarks(answer), children = [];
      answer.groups.forEach(function (each) {
        if (each.failed) notes.push("“" + each.failed + "” fits too many words: write more of it.");
        if (each.results.length) children.push(group(each.title, each.results.map(result)));
      });
      if (answer.total) {
        var all = option(pageOf(text), "search-all");
        all.textContent = answer.total === 1 ? "Show the one result" : "Show all " + answer.total.toLocaleString("en") + " results";
        children.push(all);
      }
      open(notes.slice(0, 1), children);
      window.sitegen.state.announce(answer.total + (answer.total === 1 ? " result" : " results"));
    }
    function remarks(answer) {
      return window.sitegen.search.query.remarks(answer);
    }
    function suggest(answer, mine) {
      return window.sitegen.search.suggest(answer.query).then(function (text) {
        if (mine !== turn) return;
        var children = [];
        if (text) {
          var made = option(pageOf(text));
          made.append("Did you mean ", element("b", "", text), "?");
          made.dataset.fill = text;
          children.push(made);
        }
        open(remarks(answer).slice(0, 1).concat("Nothing fits."), children);
        window.sitegen.state.announce(text ? "Nothing fits. Did you mean " + text + "?" : "Nothing fits.");
      });
    }
    function look() {
      var text = box.value, mine = turn += 1;
      if (!text.trim()) {
        showRecent();
        return;
      }
      load().then(function () {
        if (mine !== turn) return null;
        return window.sitegen.search.run(text, SHOWN, function () { return mine === turn; });
      }).then(function (answer) {
        if (!answer || mine !== turn) return null;
        if (answer.total || answer.groups.some(function (each) { return each.failed; })) {
          show(text, answer);
          return null;
        }
        return suggest(answer, mine);
      }).catch(function (error) {
        if (mine === turn) open(["The search cannot be loaded: " + error.message + "."], []);
      });
    }

    function follow(chosen) {
      if ("forget" in chosen.dataset) {
        recent.clear();
        box.focus();
        close();
        return;
      }
      recent.add(chosen.dataset.fill || box.value);
      location.href = chosen.href;
      close();
      box.blur();
    }
    box.addEventListener("focus", function () {
      load().catch(function () { /* told when something is looked for */ });
      if (panel.hidden) look();
    });
    box.addEventListener("input", look);
    box.addEventListener("keydown", function (event) {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (panel.hidden) look();
        if (!options.length) return;
        var step = event.key === "ArrowDown" ? 1 : -1;
        /* One more place than there are options: the box itself. */
        choose((active + 1 + step + options.length + 1) % (options.length + 1) - 1);
      } else if (event.key === "Escape") {
        if (panel.hidden && !box.value) box.blur();
        else if (panel.hidden) box.value = "";
        close();
        event.preventDefault();
      } else if (event.key === "Enter" && options[active]) {
        event.preventDefault();
        follow(options[active]);
      } else if (event.key === "Tab") {
        close();
      }
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      if (!box.value.trim()) return;
      recent.add(box.value);
      location.href = pageOf(box.value.trim());
      close();
    });
    /* The box keeps the focus while an option is clicked, so that the panel is still there. */
    panel.addEventListener("mousedown", function (event) { event.preventDefault(); });
    list.addEventListener("click", function (event) {
      var chosen = event.target.closest("[role=option]");
      if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      follow(chosen);
    });
    document.addEventListener("click", function (event) {
      if (!form.contains(event.target)) close();
    });
    form.addEventListener("focusout", function (event) {
      if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
    });
  }

  window.sitegen.recentSearches = recent;
  var form = document.querySelector("[data-search-box]");
  if (form) start(form);
})();
