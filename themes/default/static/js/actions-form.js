/* What the dialog of each action asks for, out of what the page knows: its title, a sentence, and its
   fields. See actions.js, which shows them. */
(function () {
  "use strict";
  var OTHER = "\n"; /* no version, stage or commit is called so */

  var titles = {
    register: "Register version", assign: "Assign stage", unassign: "Unassign",
    deregister: "Deregister", deprecate: "Deprecate", add: "Add model"
  };
  var sentences = {
    register: "A commit becomes a version.",
    assign: "A version enters a stage. Of several in one stage the newest assignment counts.",
    unassign: "A version leaves a stage.",
    deregister: "A version is withdrawn, and leaves its stages.",
    deprecate: "The model should not be used any more. A later version or assignment revives it.",
    add: "What a model is stands in a metadata file, a version of it is a tag."
  };

  window.sitegen.actionForm = function (known) {
    /* A version that a button or link means, before anybody chose one. */
    function chosenVersion() {
      return known.chosen && known.active.indexOf(known.chosen) >= 0 ? known.chosen :
        known.active[0] || "";
    }
    function short(version) {
      return /^[0-9a-f]{40,64}$/.test(version) ? version.slice(0, 7) : version;
    }
    function versions(unregistered) {
      var rows = known.active.map(function (name) {
        return [name, name === known.latest ? name + " (latest)" : name];
      });
      return unregistered ? rows.concat(known.unregistered.map(function (oid) {
        return [oid, short(oid) + " (unregistered)"];
      })) : rows;
    }
    /* The first stage that the chosen version is not in and that rules let it enter; a version goes
       through them in their order. */
    function nextStage() {
      var version = chosenVersion();
      var held = known.held.filter(function (row) { return row[1] === version; })
        .map(function (row) { return row[0]; });
      var free = known.stages.filter(function (name) { return held.indexOf(name) < 0; });
      return free.find(function (name) { return !unmet(name, version); }) || free[0] || known.stages[0];
    }
    function unmet(stage, version) {
      var rule = known.rules.find(function (one) { return one.stage === stage; });
      return rule && rule.unmet[version] || "";
    }
    function stageLabel(stage, version) {
      return unmet(stage, version) ? stage + " (its rules are not met)" : stage;
    }
    function holderOf(stage) {
      return (known.held.find(function (row) { return row[0] === stage; }) || ["", ""])[1];
    }
    function repositories() {
      return known.repositories.map(function (row) { return [row.name, row.name]; });
    }
    /* Of a large portal the names are in the dashboard's table alone. */
    known.isModel = function (name, repository) {
      var table = window.sitegen.dashboard;
      return known.models.some(function (row) { return row[0] === repository && row[1] === name; }) ||
        Boolean(table) && table.rows.some(function (row) {
          return table.head.repos[row.repo][0] === repository && row.name === name;
        });
    };
    known.typesOf = function (name) { return repository({ repository: name }).types; };
    function repository(values) {
      return known.repositories.find(function (row) { return row.name === values.repository; }) ||
        known.repositories[0];
    }

    /* The fields of each action: key, label, what it may be, and how it begins. */
    function fields(action) {
      var message = { key: "message", label: "Message", many: true, hint: "why; optional" };
      var last = [
        { key: "where", label: "Repository", begin: known.address || ".", mono: true,
          hint: "an address, or the folder of a clone; . is the working folder" },
        /* A repository without an address may have nowhere to push to. */
        { key: "push", label: "Push the tag, so that others see it", tick: true,
          begin: Boolean(known.address) }
      ];
      var held = known.held && known.held.map(function (row) {
        var newest = holderOf(row[0]) === row[1];
        return [row[0] + " " + row[1],
          row[0] + " · " + short(row[1]) + (newest ? "" : " (assigned before)")];
      });
      switch (action) {
      case "register":
        return [
          { key: "version", label: "Version", mono: true, begin: known.next[0][0],
            options: known.next.map(function (row) { return [row[0], row[0] + " (" + row[1] + ")"]; })
              .concat([[OTHER, "another version…"]]), other: "Another version" },
          { key: "revision", label: "Commit", mono: true,
            begin: known.unregistered.indexOf(known.chosen) >= 0 ? known.chosen : "HEAD",
            hint: "HEAD, a branch, a tag or a commit's id" }, message].concat(last);
      case "assign":
        return [
          { key: "stage", label: "Stage", begin: nextStage() || OTHER,
            options: known.stages.map(function (name) { return [name, name]; }).concat(
              known.onlyThese ? [] : [[OTHER, "another stage…"]]),
            other: known.onlyThese ? undefined : "Another stage",
            hint: known.onlyThese ? "those that the repository's .gto allows" : undefined },
          { key: "version", label: "Version", mono: true,
            begin: known.unregistered.indexOf(known.chosen) >= 0 ? known.chosen : chosenVersion(),
            options: versions(true).concat([[OTHER, "another version or commit…"]]),
            other: "Another version or commit" }, message].concat(last);
      case "unassign":
        return [{ key: "held", label: "Stage and version", options: held,
          begin: (held.find(function (row) {
            return row[0].split(" ")[1] === known.chosen;
          }) || held[0] || [""])[0] }, message].concat(last);
      case "deregister":
        return [{ key: "version", label: "Version", mono: true, begin: chosenVersion(),
          options: versions(false).concat([[OTHER, "another version…"]]),
          other: "Another version" }, message].concat(last);
      case "add":
        return [
          { key: "repository", label: "Repository of the portal", options: repositories(),
            begin: known.repositories[0].name },
          { key: "name", label: "Name", mono: true, hint: "in a folder of a monorepo: folder:name" },
          { key: "path", label: "File", mono: true, hint: "its path in the repository, or an address" },
          { key: "type", label: "Type", begin: typeOf(known.repositories[0]), offered: true },
          { key: "labels", label: "Labels", hint: "with commas between them" },
          { key: "description", label: "Description", many: true },
          { key: "register", label: "Register its first version, v0.0.1", tick: true, begin: true },
          { key: "where", label: "Address or folder", mono: true,
            begin: known.repositories[0].address || ".",
            hint: "an address, or the folder of a clone; . is the working folder" },
          { key: "push", label: "Push, so that others see it", tick: true,
            begin: Boolean(known.repositories[0].address) }];
      default:
        return [message].concat(last);
      }
    }

    function typeOf(one) {
      return !one.types.length || one.types.indexOf("model") >= 0 ? "model" : one.types[0];
    }

    return {
      OTHER: OTHER, titles: titles, sentences: sentences, fields: fields, short: short, stageLabel: stageLabel,
      typeOf: typeOf, holderOf: holderOf, repository: repository
    };
  };
})();
