/* What a form of an action says, as the commands for a POSIX shell, and the tags that they make.
   Pure: values in, texts out. Whatever a form holds, a link to the page may have put there. */
(function () {
  "use strict";

  var NAME = "[A-Za-z0-9](?:[A-Za-z0-9_/-]*[A-Za-z0-9])?";
  var isName = new RegExp("^" + NAME + "$");
  var isArtifact = new RegExp("^(?:[A-Za-z0-9._][A-Za-z0-9._/-]*:)?" + NAME + "$");
  var NUMBER = "(?:0|[1-9][0-9]*)";
  var PRERELEASE = "(?:" + NUMBER + "|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";
  var isVersion = new RegExp("^v" + NUMBER + "\\." + NUMBER + "\\." + NUMBER +
    "(?:-" + PRERELEASE + "(?:\\." + PRERELEASE + ")*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$");
  /* What Git refuses in the name of a ref, but for what may follow it: HEAD~2, main^{commit}. */
  var isRevision = /^[^\s\-:?*[\\][^\s:?*[\\]*$/;
  /* A terminal would act on these, or show them as what they are not. */
  var CONTROL = new RegExp("[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c" +
    "\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]", "g");

  function clean(text) {
    return String(text || "").replace(/\r\n?/g, "\n").replace(CONTROL, " ").trim();
  }
  function oneLine(text) {
    return clean(text).replace(/\s+/g, " ");
  }

  /* As Python's shlex.quote does it; a leading "=" is quoted for zsh, too. */
  function quote(text) {
    if (/^[A-Za-z0-9@%+:,./_-][A-Za-z0-9@%+=:,./_-]*$/.test(text)) return text;
    return "'" + text.replace(/'/g, "'\"'\"'") + "'";
  }
  /* An option and its value, which may begin as options do. */
  function option(short, long, value) {
    if (!value) return "";
    return value.charAt(0) === "-" ? long + "=" + quote(value) : short + " " + quote(value);
  }
  function line(parts) {
    return parts.filter(Boolean).join(" ");
  }

  /* Whether Git takes it for an address rather than for a folder. */
  function isAddress(where) {
    return where.indexOf("://") >= 0 || where.split("/")[0].indexOf(":") >= 0;
  }
  function place(values) {
    var where = oneLine(values.where) || ".";
    return {
      where: where,
      address: isAddress(where),
      /* At an address everything is pushed by itself. */
      option: line([
        where === "." ? "" : option("-r", "--repo", where),
        values.push && !isAddress(where) ? "--push" : ""
      ])
    };
  }

  function tagOf(model) {
    return model.replace(":", "=");
  }
  /* A tag without a counter can be made once; the next one has to have it. */
  function once(known, tag) {
    return known.taken.indexOf(tag) < 0 ? { tag: tag, option: "" } :
      { tag: tag + "#" + known.counter, option: "--simple false" };
  }

  /* Who is in a stage, the newest assignment first: that one counts. */
  function inStage(known, stage) {
    return known.held.filter(function (row) { return row[0] === stage; })
      .map(function (row) { return row[1]; });
  }
  /* The stages that a version counts in now, each with who counts there next. */
  function leaving(known, version) {
    var stages = known.held.map(function (row) { return row[0]; });
    return stages.filter(function (stage, at) {
      return stages.indexOf(stage) === at && inStage(known, stage)[0] === version;
    }).map(function (stage) { return { stage: stage, next: inStage(known, stage)[1] || "" }; });
  }
  /* The page of a version knows that one alone; `modelreg` refuses what is not there. */
  function missing(known, version, wrong) {
    if (known.active.indexOf(version) >= 0) return "";
    if (!known.whole) return version;
    wrong.version = known.model + " has no version " + version + ".";
    return "";
  }

  var builders = {
    register: function (known, values, to, wrong) {
      var version = oneLine(values.version), revision = oneLine(values.revision) || "HEAD";
      if (!isVersion.test(version)) wrong.version = "Write a version like v1.2.0.";
      else if (known.active.indexOf(version) >= 0 || known.gone.indexOf(version) >= 0) {
        wrong.version = version + " is registered already.";
      }
      if (!isRevision.test(revision)) wrong.revision = "Write a branch, a tag, a commit's id or HEAD.";
      return {
        commands: [line(["modelreg register", quote(known.model),
          revision === "HEAD" ? "" : quote(revision), "--version " + quote(version),
          option("-m", "--message", clean(values.message)), to.option])],
        tags: [tagOf(known.model) + "@" + version],
        at: revision,
        inputs: { version: version, revision: revision === "HEAD" ? "" : revision }
      };
    },

    assign: function (known, values, to, wrong) {
      var stage = oneLine(values.stage), what = oneLine(values.version);
      var version = isVersion.test(what);
      if (!isName.test(stage)) {
        wrong.stage = "A stage has letters, digits, - _ and /, and begins and ends with a letter or digit.";
      } else if (known.onlyThese && known.stages.indexOf(stage) < 0) {
        wrong.stage = "There is no stage " + stage + ": the repository's .gto allows " +
          known.stages.join(", ") + ".";
      }
      if (!version && !isRevision.test(what)) {
        wrong.version = "Write a version like v1.2.0, or a branch, a tag or a commit's id.";
      } else if (version && known.gone.indexOf(what) >= 0) {
        wrong.version = what + " was deregistered.";
      }
      var unsure = version && !wrong.version ? missing(known, what, wrong) : "";
      /* One that is there from before has to be said again by force. */
      var there = inStage(known, stage);
      if (there[0] === what) wrong.version = what.slice(0, 40) + " is in " + stage + " already.";
      var again = there.indexOf(what) > 0;
      var fresh = known.unregistered.indexOf(what) >= 0;
      return {
        commands: [line(["modelreg assign", quote(known.model), version ? "" : quote(what),
          version ? "--version " + quote(what) : "", "--stage " + quote(stage),
          again ? "--force" : "", option("-m", "--message", clean(values.message)), to.option])],
        again: again,
        unsure: unsure,
        tags: (fresh ? [tagOf(known.model) + "@" + known.next[0][0]] : [])
          .concat(tagOf(known.model) + "#" + stage + "#" + known.counter),
        at: what,
        inputs: { version: version ? what : "", revision: version ? "" : what, stage: stage }
      };
    },

    unassign: function (known, values, to, wrong) {
      var stage = oneLine(values.stage), version = oneLine(values.version);
      if (!isName.test(stage)) wrong.held = "Choose what is to leave its stage.";
      else if (!isVersion.test(version) && !/^[0-9a-f]{40,64}$/.test(version)) {
        wrong.held = "Choose the version that is to leave " + stage + ".";
      } else if (inStage(known, stage).indexOf(version) < 0) {
        wrong.held = version + " is not in " + stage + ".";
      }
      var newest = inStage(known, stage)[0];
      return {
        commands: [line(["modelreg unassign", quote(known.model), quote(stage),
          "--version " + quote(version), option("-m", "--message", clean(values.message)),
          to.option])],
        tags: [tagOf(known.model) + "#" + stage + "!#" + known.counter],
        left: leaving(known, version).filter(function (one) { return one.stage === stage; }),
        stays: newest === version ? null : { stage: stage, version: newest },
        at: version,
        inputs: { version: version, stage: stage }
      };
    },

    deregister: function (known, values, to, wrong) {
      var version = oneLine(values.version);
      if (!isVersion.test(version)) wrong.version = "Write a version like v1.2.0.";
      else if (known.gone.indexOf(version) >= 0) wrong.version = version + " was deregistered already.";
      var unsure = wrong.version ? "" : missing(known, version, wrong);
      var made = once(known, tagOf(known.model) + "@" + version + "!");
      return {
        commands: [line(["modelreg deregister", quote(known.model), "--version " + quote(version),
          made.option, option("-m", "--message", clean(values.message)), to.option])],
        tags: [made.tag],
        left: leaving(known, version),
        unsure: unsure,
        at: version,
        inputs: { version: version }
      };
    },

    deprecate: function (known, values, to) {
      var made = once(known, tagOf(known.model) + "@deprecated");
      return {
        commands: [line(["modelreg deprecate", quote(known.model), made.option,
          option("-m", "--message", clean(values.message)), to.option])],
        tags: [made.tag],
        at: "",
        inputs: {}
      };
    },

    /* Two steps: a commit that says what the model is, and its first version. */
    add: function (known, values, to, wrong) {
      var name = oneLine(values.name), path = oneLine(values.path), kind = oneLine(values.type);
      var description = clean(values.description);
      var labels = oneLine(values.labels).split(",").map(function (label) {
        return label.trim();
      }).filter(Boolean);
      if (!isArtifact.test(name)) {
        wrong.name = "A name has letters, digits, - _ and /, after an optional folder and a colon.";
      }
      if (isArtifact.test(name) && known.isModel(name, values.repository)) {
        wrong.name = name + " is in this repository already: register its next version on its page.";
      }
      var types = known.typesOf(values.repository);
      if (kind && types.length && types.indexOf(kind) < 0) {
        wrong.type = "There is no type " + kind + ": the repository's .gto allows " + types.join(", ") + ".";
      }
      if (!path && !description && !labels.length && !kind) {
        wrong.path = "Say where its file is, or describe it.";
      }
      var annotate = line(["modelreg annotate", quote(name), option("--path", "--path", path),
        option("--type", "--type", kind)]
        .concat(labels.map(function (label) { return option("--label", "--label", label); }))
        .concat([option("--desc", "--desc", description), to.address ? "" : "--commit", to.option]));
      var register = line(["modelreg register", quote(name), "--version v0.0.1", to.option]);
      return {
        commands: values.register ? [annotate, register] : [annotate],
        tags: values.register ? [tagOf(name) + "@v0.0.1"] : [],
        at: "",
        inputs: { path: path, type: kind, description: description, labels: labels.join(",") }
      };
    }
  };

  /* known: what the page knows of the model (model, next, counter, taken, stages, active, ...).
     Gives the command, the tags it makes, what it works on (`at`), the inputs of the Git host's job,
     and what is wrong with the values, by field. */
  function build(action, known, values) {
    var wrong = {}, to = place(values);
    var built = builders[action](known, values, to, wrong);
    var inputs = { action: action === "add" ? "annotate" : action };
    inputs.model = action === "add" ? oneLine(values.name) : known.model;
    Object.keys(built.inputs).forEach(function (key) {
      if (built.inputs[key]) inputs[key] = built.inputs[key];
    });
    if (action !== "add" && clean(values.message)) inputs.message = clean(values.message);
    return {
      command: built.commands.join(" &&\n"),
      tags: built.tags,
      at: built.at,
      again: Boolean(built.again),
      left: built.left || [],
      stays: built.stays || null,
      unsure: built.unsure || "",
      where: to.where,
      address: to.address,
      inputs: inputs,
      wrong: wrong
    };
  }

  window.sitegen.command = { build: build, quote: quote, isVersion: isVersion };
})();
