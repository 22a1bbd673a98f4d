/* The browser's search on an index in a folder, and lunr.js on the same documents. */
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");
const { scripts } = require("./scripts.js");

const NAMES = [
  "search-words.js", "search-turns.js", "search-inflate.js", "search-files.js", "search-terms.js",
  "search-postings.js", "search-group.js", "search-find.js", "search-rank.js", "search-query.js",
];

/* A window with the scripts, whose files come from the folder; `read` is how many bytes of each. */
exports.opened = function (scriptFolder, folder) {
  const window = scripts(scriptFolder, NAMES, { document: {} });
  window.read = new Map();
  window.sitegen.search.files.insert = function (name) {
    const library = name.startsWith("static/lib/");
    const file = library ? path.join(scriptFolder, name.slice(7)) : path.join(folder, name.split("?")[0]);
    const bytes = fs.readFileSync(file);
    window.read.set(name, bytes.length);
    const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
    const text = isWide ? bytes.toString("utf16le", 2) : bytes.toString("utf8");
    vm.runInContext(text, window, { filename: file });
    return Promise.resolve();
  };
  return window;
};

/* lunr.js's own index of documents (field -> text), each named by its number. */
exports.indexed = function (window, documents, fields, codes = ["en"]) {
  const { lunr } = window;
  const languages = codes.map((code) => (code === "en" ? lunr : lunr[code]));
  const { words } = window.sitegen.search;
  const builder = new lunr.Builder();
  builder.pipeline.add(words.trimmer, ...languages.map((each) => each.stopWordFilter));
  builder.pipeline.add(...languages.map((each) => each.stemmer));
  builder.searchPipeline.add(...languages.map((each) => each.stemmer));
  builder.tokenizer = words.tokenizer;
  builder.ref("ref");
  fields.forEach(([name, boost]) => builder.field(name, { boost }));
  documents.forEach((each, number) => builder.add(Object.assign({ ref: String(number) }, each)));
  return builder.build();
};
