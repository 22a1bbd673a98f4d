/* What the dialogs' own script makes of values: [{action, known, values}] -> what `build` gives. */
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const window = { sitegen: {} };
const script = path.join(process.argv[2], "js/actions-command.js");
vm.runInNewContext(fs.readFileSync(script, "utf8"), { window });
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const answers = asked.map(function (one) {
  return window.sitegen.command.build(one.action, one.known, one.values);
});
process.stdout.write(JSON.stringify(answers));
