/* Asks the browser's own fold in Node: {files: [paths of the published scripts], moments: [seconds]} ->
   for each moment, for each model what `gto show --json` says of it. */
"use strict";
const fs = require("fs");
const path = require("path");

const [scripts] = process.argv.slice(2);
const window = { sitegen: {} };
const run = (text) => new Function("window", text)(window);
run(fs.readFileSync(path.join(scripts, "js/day-fold.js"), "utf8"));

const day = window.sitegen.day;
let head = null;
const models = [];
day.open = (text) => { head = JSON.parse(text); };
day.take = (text) => { models.push(...day.models(JSON.parse(text))); };

const { files, moments } = JSON.parse(fs.readFileSync(0, "utf8"));
files.forEach((file) => run(fs.readFileSync(file, "utf8")));

function shown(model, seconds) {
  const state = day.fold(model, day.count(model, seconds));
  const stage = {};
  Object.keys(state.held).forEach((number) => {
    stage[head.stages[number][0]] = state.held[number].map((held) => day.nameOf(model, held));
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
console.log(JSON.stringify(moments.map((seconds) => {
  const found = {};
  models.forEach((model) => { found[model.repo + "/" + model.name] = shown(model, seconds); });
  return found;
})));
