/* Loads the browser's scripts into Node: `scripts(folder, names)` is the window they see. */
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");

exports.scripts = function (folder, names, more) {
  const window = Object.assign({ sitegen: {} }, more);
  window.window = window;
  window.console = console;
  window.atob = atob;
  window.TextDecoder = TextDecoder;
  window.setTimeout = setTimeout;
  window.performance = performance;
  vm.createContext(window);
  for (const name of ["lib/lunr.js"].concat(names.map((each) => "js/" + each))) {
    const file = path.join(folder, name);
    vm.runInContext(fs.readFileSync(file, "utf8"), window, { filename: file });
  }
  return window;
};
exports.question = () => JSON.parse(fs.readFileSync(0, "utf8"));
exports.answer = (value) => process.stdout.write(JSON.stringify(value));
