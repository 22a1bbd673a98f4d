/* Dialogs that fill in the command of an action: [data-actions] holds what the page knows, and its
   buttons [data-do] open them. A dialog stands in the hash with what was filled in, so it can be
   linked to: #do=assign&stage=prod&version=v1.2.0 */
(function () {
  "use strict";
  var state = window.sitegen.state, command = window.sitegen.command;
  var bar = document.querySelector("[data-actions]");
  if (!bar) return;
  var known = JSON.parse(bar.dataset.actions);
  var asked = window.sitegen.actionForm(known);
  var OTHER = asked.OTHER, short = asked.short;

  function make(name, attributes, children) {
    var element = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) {
      var value = attributes[key];
      if (value === true) element.setAttribute(key, "");
      else if (value !== false && value !== undefined) element.setAttribute(key, value);
    });
    [].concat(children || []).forEach(function (child) { element.append(child); });
    return element;
  }
  function copyButton(text, what) {
    var button = document.querySelector("template[data-copy-button]").content
      .firstElementChild.cloneNode(true);
    button.dataset.copy = text;
    button.title = button.querySelector(".hidden").textContent = "Copy " + what;
    return button;
  }

  var dialog = null, opener = null, action = "", form = null, inputs = {};

  /* On pages whose hash holds filters of the same names the dialog's own begin with "add-". */
  function hashKey(key) {
    return known.model ? key : "add-" + key;
  }

  function fieldOf(field) {
    var id = "do-" + field.key, mono = field.mono ? "mono" : undefined;
    var input, other, row = make("div", { class: field.tick ? "field-row tick" : "field-row" });
    if (field.tick) {
      input = make("input", { type: "checkbox", id: id });
      row.append(make("label", { class: "check" }, [input, " " + field.label]));
    } else {
      row.append(make("label", { for: id }, field.label));
      if (field.options) {
        input = make("select", { id: id, class: mono }, field.options.map(function (pair) {
          return make("option", { value: pair[0] }, pair[1]);
        }));
      } else if (field.many) {
        input = make("textarea", { id: id, rows: 2 });
      } else {
        input = make("input", { type: "text", id: id, class: mono, autocomplete: "off",
          autocapitalize: "off", spellcheck: "false", list: field.offered ? id + "-offered" : undefined });
      }
      row.append(input);
      if (field.offered) row.append(make("datalist", { id: id + "-offered" }));
      if (field.other) {
        other = make("input", { type: "text", class: mono, "aria-label": field.other,
          autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
        row.append(other);
      }
      if (field.hint) row.append(make("p", { class: "hint", id: id + "-hint" }, field.hint));
    }
    var fault = make("p", { class: "fault", id: id + "-fault", hidden: true });
    row.append(fault);
    inputs[field.key] = { field: field, input: input, other: other, fault: fault, row: row };
    return row;
  }

  function valueOf(key) {
    var one = inputs[key];
    if (one.field.tick) return one.input.checked;
    if (one.other && one.input.value === OTHER) return one.other.value;
    return one.input.value;
  }
  /* A value that is none of the choices is another one; without such a field it is passed over. */
  function setValue(key, value) {
    var one = inputs[key];
    if (one.field.tick) {
      one.input.checked = value === true || value === "yes";
    } else if (!one.field.options) {
      one.input.value = value;
    } else {
      var choice = one.field.options.some(function (pair) { return pair[0] === value; });
      if (choice) one.input.value = value;
      else if (one.other) {
        one.input.value = OTHER;
        one.other.value = value === OTHER ? "" : value;
      } else if (key === "stage" && value !== OTHER) {
        /* What is not allowed is said to be so, not replaced by something that is. */
        one.field.options.push([value, value]);
        one.input.append(make("option", { value: value }, value));
        one.input.value = value;
      }
    }
  }
  function values() {
    var found = {};
    Object.keys(inputs).forEach(function (key) { found[key] = valueOf(key); });
    if (found.held !== undefined) {
      var parts = found.held.split(" ");
      found.stage = parts[0];
      found.version = parts[1] || "";
    }
    return found;
  }

  function remember() {
    var written = { do: action };
    Object.keys(inputs).forEach(function (key) {
      var field = inputs[key].field, value = valueOf(key);
      if (key === "held") {
        var parts = value.split(" ");
        written.stage = parts[0];
        written.version = parts[1];
      } else if (field.tick) {
        written[hashKey(key)] = value === field.begin ? "" : value ? "yes" : "no";
      } else {
        written[hashKey(key)] = value === field.begin || value === OTHER ? "" : value;
      }
    });
    state.write(written);
  }
  function forget() {
    var written = { do: "" };
    Object.keys(inputs).forEach(function (key) { written[hashKey(key)] = ""; });
    if (inputs.held) written.stage = written.version = "";
    state.write(written);
  }

  function code(text) {
    return make("code", {}, text);
  }
  function list(items) {
    return make("ul", {}, items.map(function (item) { return make("li", {}, item); }));
  }

  /* In words: which tags are made where, who is in the stage now, and whether rules hold. */
  function effect(built, now) {
    var parts = [];
    if (action === "add") {
      parts.push(["Commits what the model is to ", code("artifacts.yaml"), " or ",
        code("dvc.yaml"), " of the branch that is checked out or default."]);
    }
    built.tags.forEach(function (tag) {
      /* The counter is the next one as far as this page knows. */
      var numbered = /#\d+$/.test(tag);
      parts.push(["Makes the tag ", code(tag), numbered ? " (or the next free number)" : ""].concat(
        built.at ? [" at ", code(short(built.at)), "."] : ["."]));
    });
    if (action === "assign") {
      var holder = asked.holderOf(now.stage);
      if (holder) parts.push(["In " + now.stage + " now: " + short(holder) + "."]);
      if (built.again) {
        parts.push([short(now.version) + " was assigned to " + now.stage + " before and never taken " +
          "out: --force says it again, and so makes it the newest."]);
      }
      if (!command.isVersion.test(now.version.trim())) {
        parts.push(["A commit without a version is registered as the next one first."]);
      }
    }
    built.left.forEach(function (one) {
      parts.push(["It leaves " + one.stage + ", which " + (one.next ? short(one.next) +
        " then holds: it was assigned before." : "no version is in then.")]);
    });
    if (built.stays) {
      parts.push([built.stays.stage + " stays with " + short(built.stays.version) + "."]);
    }
    if (built.unsure) parts.push(["Whether there is " + built.unsure + " this page does not know."]);
    parts.push([built.address ? "It is pushed at once: no clone is needed." : now.push ?
      "It is pushed to the Git remote that the branch tracks." :
      "It stays in that clone until it is pushed."]);
    return parts;
  }
  function rulesOf(built, now) {
    if (action !== "assign") return null;
    var rule = known.rules.find(function (one) { return one.stage === now.stage; });
    if (!rule) return null;
    var unmet = rule.unmet[now.version];
    var told = known.active.indexOf(now.version) >= 0;
    var box = make("div", { class: unmet ? "rules unmet" : "rules" }, [
      make("h3", {}, "Rules of " + rule.stage), list(rule.lines)]);
    if (unmet) {
      box.append(make("p", {}, short(now.version) + " does not meet them: " + unmet +
        (built.again && now.message.trim() ? ". With --force and a message it goes past them." :
          ". The command will be refused, unless with --force and a message that says why.")));
    } else if (told) {
      box.append(make("p", {}, short(now.version) + " meets them."));
    }
    return box;
  }

  /* The page of the Git host that does the same, and what to enter there. */
  function runOf(built, now) {
    var run = action === "add" ? asked.repository(now).run : known.run;
    if (!run || Object.keys(built.wrong).length) return null;
    var href = run.href;
    if (run.prefilled) {
      Object.keys(built.inputs).forEach(function (key) {
        href += "&var[MODELREG_" + key.toUpperCase() + "]=" + encodeURIComponent(built.inputs[key]);
      });
    }
    var box = make("div", { class: "run" }, [
      make("h3", {}, "Without a terminal"),
      make("p", {}, [make("a", { href: href, rel: "noopener" }, "Run it on " + run.host),
        run.prefilled ? " with these values filled in:" : " with these values:"])]);
    box.append(make("dl", { class: "inputs" }, Object.keys(built.inputs).map(function (key) {
      return make("div", {}, [make("dt", {}, key), make("dd", {}, [code(built.inputs[key])].concat(
        run.prefilled ? [] : copyButton(built.inputs[key], "the " + key)))]);
    })));
    if (action === "add" && now.register) {
      box.append(make("p", { class: "muted" }, ["For its first version run it again: action ",
        code("register"), ", model ", code(built.inputs.model), ", version ", code("v0.0.1"), "."]));
    }
    return box;
  }

  /* What the choices of one field are by what stands in another. */
  function offer(now) {
    if (action === "assign") {
      Array.from(inputs.stage.input.options).forEach(function (option) {
        if (option.value !== OTHER) option.textContent = asked.stageLabel(option.value, now.version);
      });
    } else if (action === "add") {
      inputs.type.row.querySelector("datalist").replaceChildren.apply(
        inputs.type.row.querySelector("datalist"),
        asked.repository(now).types.map(function (name) { return make("option", { value: name }); }));
    }
  }

  function show() {
    var now = values(), wrongs = 0;
    offer(now);
    var built = command.build(action, known, now);
    Object.keys(inputs).forEach(function (key) {
      var one = inputs[key], fault = built.wrong[key] || "";
      var typed = one.other && one.input.value === OTHER;
      if (one.other) one.other.hidden = !typed;
      if (fault) wrongs += 1;
      /* What nobody has written yet is missing, not wrong: it is said without alarm. */
      if (!String(valueOf(key)).trim()) fault = "";
      one.fault.textContent = fault;
      one.fault.hidden = !fault;
      var target = typed ? one.other : one.input;
      var said = [one.field.hint && !one.field.tick ? "do-" + key + "-hint" : "",
        fault ? "do-" + key + "-fault" : ""].filter(Boolean).join(" ");
      [one.input, one.other].forEach(function (each) {
        if (!each) return;
        each.removeAttribute("aria-invalid");
        each.removeAttribute("aria-describedby");
      });
      if (fault) target.setAttribute("aria-invalid", "true");
      if (said) target.setAttribute("aria-describedby", said);
    });
    inputs.push.row.hidden = built.address;
    var result = form.querySelector("[data-result]");
    result.replaceChildren();
    if (wrongs) {
      result.append(make("p", { class: "muted" }, "The command stands here once every field is right."));
      return;
    }
    /* Short words stay whole: a line never ends after the hyphen of an option. */
    var pieces = built.command.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+|\s+/g).map(function (piece) {
      return /\s/.test(piece) || piece.length > 32 ? piece : make("span", { class: "word" }, piece);
    });
    var pre = make("pre", { tabindex: "0", role: "region", "aria-label": "The command" },
      make("code", { "data-command": true }, pieces));
    result.append(make("div", { class: "code" }, [copyButton(built.command, "the command"), pre]),
      make("div", { class: "effect" }, list(effect(built, now))));
    [rulesOf(built, now), runOf(built, now)].forEach(function (box) { if (box) result.append(box); });
  }

  function build(wanted) {
    action = wanted;
    inputs = {};
    var rows = asked.fields(action).map(fieldOf);
    form = make("form", { method: "dialog", novalidate: true }, [
      make("div", { class: "keys-head" }, [
        make("h2", { id: "do-title" }, known.model ? asked.titles[action] + " · " : asked.titles[action]),
        make("button", { type: "button", class: "button", "data-close": true }, "Close")]),
      make("p", { class: "muted", id: "do-about" }, asked.sentences[action]),
      make("div", { class: "do-fields" }, rows),
      make("div", { class: "result", "data-result": true, "aria-live": "polite" })]);
    if (known.model) {
      form.querySelector("h2").append(make("span", { class: "mono light" }, known.model));
    }
    dialog = make("dialog", { class: "keys do", "aria-labelledby": "do-title",
      "aria-describedby": "do-about" }, form);
    document.body.append(dialog);
    Object.keys(inputs).forEach(function (key) { setValue(key, inputs[key].field.begin || ""); });
    form.addEventListener("input", function (event) {
      if (action === "add" && event.target === inputs.repository.input) {
        setValue("where", asked.repository(values()).address || ".");
        setValue("push", Boolean(asked.repository(values()).address));
        setValue("type", asked.typeOf(asked.repository(values())));
      }
      show();
      var one = Object.keys(inputs).map(function (key) { return inputs[key]; })
        .find(function (each) { return each.input === event.target; });
      if (one && one.other && one.input.value === OTHER) one.other.focus();
      remember();
    });
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    dialog.addEventListener("click", function (event) {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
    dialog.addEventListener("close", closed);
  }
  /* By the reader: the page is as it was before. */
  function closed(event) {
    if (event.target !== dialog) return;
    forget();
    remove();
    if (opener) opener.focus();
  }
  function remove() {
    dialog.remove();
    dialog = null;
  }

  function open(wanted, from) {
    var buttons = Array.from(bar.querySelectorAll('[data-do="' + wanted + '"]'));
    /* On a phone the one in the menu, which may be closed. */
    var button = buttons.find(function (one) { return one.offsetParent !== null; }) ||
      buttons[buttons.length - 1];
    if (!button) return;
    var menu = button.closest("details");
    opener = from && menu ? menu.querySelector("summary") : from || (menu ?
      menu.querySelector("summary") : button);
    if (menu) menu.open = false;
    build(wanted);
    var now = state.read();
    if (inputs.held && now.get("stage")) {
      var version = now.get("version");
      var found = inputs.held.field.options.find(function (row) {
        var parts = row[0].split(" ");
        return parts[0] === now.get("stage") && (!version || parts[1] === version);
      });
      /* What is in no stage is said to be so, not replaced by something that is. */
      if (!found) {
        var pair = now.get("stage") + " " + (version || "");
        found = [pair, pair.trim().replace(" ", " · ")];
        inputs.held.field.options.push(found);
        inputs.held.input.append(make("option", { value: pair }, found[1]));
      }
      setValue("held", found[0]);
    }
    Object.keys(inputs).forEach(function (key) {
      var value = now.get(hashKey(key));
      if (value) setValue(key, value);
    });
    show();
    dialog.showModal();
    form.querySelector(".do-fields :is(select, input, textarea)").focus();
    remember();
  }

  function follow() {
    var wanted = state.read().get("do");
    if (dialog) remove();
    if (wanted && asked.titles[wanted]) open(wanted);
  }

  bar.addEventListener("click", function (event) {
    var button = event.target.closest("[data-do]");
    if (button) open(button.dataset.do, button);
  });
  state.listen(follow);
  follow();
})();
