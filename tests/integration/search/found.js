/* What queries in the portal's own language find in an index in a folder:
   {queries, folder} -> for each {parts: their meanings, found: group -> documents, failed, files}. */
"use strict";
const { question, answer } = require("./scripts.js");
const { opened } = require("./opened.js");

(async function () {
  const asked = question();
  const window = opened(process.argv[2], asked.folder);
  const search = window.sitegen.search;
  const groups = await search.groups();
  const answers = [];
  for (const text of asked.queries) {
    window.read.clear();
    const query = search.query.parse(text);
    const one = { parts: query.parts.map(search.query.meaning), found: {}, failed: "" };
    try {
      for (const group of groups) {
        const found = await group.find(await search.query.inGroup(query, group), asked.limit);
        one.found[group.name] = found.documents;
      }
    } catch (error) {
      one.failed = error.name === "TooWide" ? "TooWide" : error.stack;
    }
    one.files = window.read.size;
    one.bytes = Array.from(window.read.values()).reduce((sum, size) => sum + size, 0);
    answers.push(one);
  }
  answer(answers);
})();
