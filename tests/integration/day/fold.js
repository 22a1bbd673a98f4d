/* Asks the browser's own fold in Node: {files: [paths of the published scripts], moments: [seconds]} ->
   for each moment, for each model what `gto show --json` says of it, and what changed since the moment
   before. */
"use strict";
const fs = require("fs");
const path = require("path");

const [scripts] = process.argv.slice(2);
const window = { sitegen: {} };
const run = (text) => new Function("window", text)(window);
for (const name of ["day-fold.js", "day-between.js", "columnar.js", "day-data.js"]) {
  run(fs.readFileSync(path.join(scripts, "js", name), "utf8"));
}
const { day, events } = window.sitegen;
const { files, moments } = JSON.parse(fs.readFileSync(0, "utf8"));
files.forEach((file) => run(fs.readFileSync(file, "utf8")));
if (!events.complete()) throw new Error("a chunk is missing");

const stages = events.head.stages;
const at = (model, seconds) => day.fold(model, day.count(model, seconds));

function shown(model, state) {
  const stage = {};
  Object.keys(state.held).forEach((number) => {
    stage[stages[number][0]] = state.held[number].map((held) => day.nameOf(model, held));
  });
  return {
    version: state.latest < 0 ? null : model.versions[state.latest],
    stage,
    registered: state.registered,
    active: !state.deprecated,
    versions: state.versions.map((version) => [
      day.nameOf(model, version) || null, version.registered, version.active
    ])
  };
}
function changed(model, before, after) {
  const named = (held) => (held ? day.nameOf(model, held) : "");
  return day.between(model, before, after).map((change) => [
    change.what, change.stage < 0 ? "" : stages[change.stage][0], named(change.old), named(change.new),
    change.event < 0 ? null : model.seconds[change.event],
    change.event < 0 ? "" : day.kinds[model.kinds[change.event]]
  ]);
}
console.log(JSON.stringify(moments.map((seconds, number) => {
  const found = {};
  events.models.forEach((model) => {
    const state = at(model, seconds);
    const before = at(model, number ? moments[number - 1] : -2);
    found[model.repo + "/" + model.name] = {
      ...shown(model, state), changes: changed(model, before, state)
    };
  });
  return found;
})));
