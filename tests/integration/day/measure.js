/* {files: [paths of the published scripts]} -> milliseconds: [each chunk's to take, all models' to fold]. */
"use strict";
const fs = require("fs");
const path = require("path");

const [scripts] = process.argv.slice(2);
const window = { sitegen: {} };
const run = (text) => new Function("window", text)(window);
for (const name of ["day-fold.js", "columnar.js", "day-data.js"]) {
  run(fs.readFileSync(path.join(scripts, "js", name), "utf8"));
}
const { day, events } = window.sitegen;
const timed = (work) => {
  const start = performance.now();
  work();
  return performance.now() - start;
};
const texts = JSON.parse(fs.readFileSync(0, "utf8")).files.map((file) => fs.readFileSync(file, "utf8"));
run(texts[0]);
const chunks = texts.slice(1).map((text) => timed(() => run(text)));
const middle = (events.head.first + events.head.last) / 2;
const fold = () => events.models.forEach((model) => day.fold(model, day.count(model, middle)));
fold();
console.log(JSON.stringify([chunks, Math.min(timed(fold), timed(fold), timed(fold))]));
