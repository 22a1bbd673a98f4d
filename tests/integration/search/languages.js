/* Words -> what lunr-languages makes of them: {code: [word]} -> {code: {stems, stopped}}. */
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");
const { scripts, question, answer } = require("./scripts.js");
const folder = process.argv[2];
const window = scripts(folder, []);
const load = (code) => {
  const file = path.join(folder, "lib", "lunr-" + code + ".js");
  vm.runInContext(fs.readFileSync(file, "utf8"), window, { filename: file });
};
load("support");
const found = {};
for (const [code, words] of Object.entries(question())) {
  load(code);
  const { lunr } = window;
  found[code] = {
    stems: words.map((word) => lunr[code].stemmer(new lunr.Token(word)).toString()),
    stopped: words.map((word) => !lunr[code].stopWordFilter(new lunr.Token(word))),
  };
}
answer(found);
