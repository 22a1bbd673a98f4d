/* A row's own dialog: all that is known of its commit, and what can be done with it. */
(function () {
  "use strict";
  var data = window.sitegen.experiments;
  var view = data.view;
  var element = window.sitegen.gridCells.element;
  var dialog, root, shown = null;

  function action(text, act, pressed) {
    var made = element("button", "button", text);
    made.type = "button";
    made.dataset.do = act;
    if (pressed !== undefined) made.setAttribute("aria-pressed", String(pressed));
    return made;
  }
  function fact(list, name, parts) {
    if (!parts.length) return;
    var line = element("div");
    var value = element("dd");
    parts.forEach(function (part, place) {
      if (place) value.append(", ");
      value.append(part);
    });
    line.append(element("dt", "", name), value);
    list.append(line);
  }
  function commit(oid) {
    var short = oid.slice(0, 7);
    var row = data.rows.find(function (one) { return one.oid === oid && !one.made; });
    var link = element(row ? "a" : "span", "mono", short);
    if (row) link.href = "#row=" + encodeURIComponent(view.reference(row));
    link.title = row ? row.subject : oid;
    return link;
  }
  function host(oid) {
    var shape = data.head.git[0];
    if (!shape) return null;
    var link = element("a", "button", "On the Git host");
    link.href = shape.replace("{rev}", oid);
    link.rel = "noopener";
    return link;
  }
  function code(command) {
    var box = element("div", "code");
    var copy = element("button", "copy", "");
    copy.type = "button";
    copy.dataset.copy = command;
    copy.append(element("span", "copy-text", "Copy"));
    copy.setAttribute("aria-label", "Copy the command");
    var pre = element("pre");
    pre.tabIndex = 0;
    pre.setAttribute("role", "region");
    pre.setAttribute("aria-label", "Command that registers this commit");
    pre.append(element("code", "", command));
    box.append(copy, pre);
    return box;
  }

  /* The commands that register the commit, one for each model that has no version there yet. */
  function register(row) {
    var here = row.badges.map(function (badge) { return badge.model; });
    var models = data.head.models.filter(function (model, number) {
      return model[1] && here.indexOf(number) < 0;
    });
    if (!models.length) return null;
    var part = element("section", "register");
    part.append(element("h3", "", "Register this commit as a version"));
    var box = element("div", "register-box");
    var output = element("div");
    function command(name) {
      var model = models.find(function (one) { return one[0] === name; });
      output.replaceChildren(code(model[1].replace("{commit}", row.oid)));
    }
    if (models.length > 1) {
      var label = element("label", "field", "of ");
      var select = element("select");
      models.forEach(function (model) {
        var option = element("option", "", model[0]);
        option.value = model[0];
        select.append(option);
      });
      select.addEventListener("change", function () { command(select.value); });
      label.append(select);
      box.append(label);
    } else box.append(element("span", "muted", "of " + models[0][0]));
    box.append(output);
    part.append(box);
    command(models[0][0]);
    return part;
  }

  function fill(row) {
    var head = element("div", "keys-head");
    var title = element("h2", "", data.columns.name(row));
    title.id = "details-title";
    var close = action("Close", "close");
    head.append(title, close);
    var rest = row.message.slice(row.subject.length).trim();
    var facts = element("dl", "facts");
    var id = element("span", "mono", row.oid);
    var copy = element("button", "copy");
    copy.type = "button";
    copy.dataset.copy = row.oid;
    copy.append(element("span", "copy-text", "Copy"));
    copy.setAttribute("aria-label", "Copy the commit id");
    var commitLine = element("span");
    commitLine.append(id, copy);
    fact(facts, "Commit", [commitLine]);
    var when = element("time", "", window.sitegen.values.day(row.seconds));
    when.title = row.date.replace("T", " ");
    fact(facts, "By", [row.author, when]);
    fact(facts, "Parents", row.parents.map(commit));
    fact(facts, "Branches", row.branches.length ? [row.branches.join(", ")] : []);
    fact(facts, "Tags", row.tags.map(function (tag) { return element("span", "mono", tag); }));
    fact(facts, "Versions", row.badges.map(function (badge) {
      var link = element("a", "", badge.name + " ");
      link.href = root + badge.url;
      link.append(element("span", "mono", badge.label));
      return link;
    }));
    fact(facts, "Hidden", row.hidden ? [row.hidden === "skipped" ? "its message asks for it" :
      "it changes no metric, param or data"] : []);
    fact(facts, "Not here", row.notes);
    var tools = element("div", "details-tools");
    var chosen = view.selected.indexOf(row) >= 0;
    var tool = action(chosen ? "Chosen" : "Choose", "choose", chosen);
    tool.disabled = !chosen && view.selected.length >= view.most;
    tools.append(tool, action("Baseline", "base", view.base === row),
      action("Compare with the baseline", "compare"));
    tools.lastElementChild.disabled = !view.base || view.base === row;
    var link = element("button", "button", "Copy the link");
    link.type = "button";
    link.dataset.copy = location.href.split("#")[0] + "#row=" +
      encodeURIComponent(view.reference(row));
    tools.append(link);
    if (host(row.oid)) tools.append(host(row.oid));
    dialog.replaceChildren(head);
    if (rest) dialog.append(element("p", "description", rest));
    dialog.append(facts, tools);
    if (register(row)) dialog.append(register(row));
  }

  data.details = {
    start: function (section) {
      dialog = section.querySelector("[data-details]");
      root = section.dataset.root;
      dialog.addEventListener("click", function (event) {
        if (event.target === dialog) dialog.close();
        var link = event.target.closest("a[href^='#row=']");
        if (link) {
          event.preventDefault();
          event.stopPropagation();
          data.details.open(view.find(decodeURIComponent(link.hash.slice(5))));
          return;
        }
        var button = event.target.closest("[data-do]");
        if (!button) return;
        var act = button.dataset.do;
        if (act === "choose") view.toggleRow(shown);
        if (act === "base") view.write({ base: view.base === shown ? "none" : view.reference(shown) });
        if (act === "close") dialog.close();
        else if (act === "compare") {
          var pair = [view.base, shown].map(view.reference);
          dialog.close();
          view.write({ view: "compare", sel: pair });
        } else {
          fill(shown);
          dialog.querySelector("[data-do='" + act + "']").focus();
        }
      });
      dialog.addEventListener("close", function () {
        var key = shown && shown.id;
        shown = null;
        view.write({ row: "" });
        data.grid.focus({ act: "open", key: key });
      });
    },

    /* Show a row's dialog, and the row behind it. */
    open: function (row) {
      if (!row || shown === row) return;
      shown = row;
      fill(row);
      if (!dialog.open) dialog.showModal();
      dialog.querySelector("[data-do='choose']").focus();
      view.write({ row: view.reference(row) });
    }
  };
})();
