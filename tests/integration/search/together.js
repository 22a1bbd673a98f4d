/* Searches in an index in a folder, one after the other and all at once: {queries, folder} ->
   {apart, together: of each what is found, given: the name of the error of one nobody waits for}. */
"use strict";
const { question, answer } = require("./scripts.js");
const { opened } = require("./opened.js");

(async function () {
  const asked = question();
  const window = opened(process.argv[2], asked.folder);
  const search = window.sitegen.search;
  const [group] = await search.groups();
  const find = async (text, isWanted) => {
    const found = await group.find(await search.query.inGroup(search.query.parse(text), group), 10, isWanted);
    return [found.total, found.documents, found.scores];
  };
  const apart = [];
  for (const text of asked.queries) apart.push(await find(text));
  const together = await Promise.all(asked.queries.map((text) => find(text)));
  let turns = 0;
  const given = await Promise.all(asked.queries.map((text) =>
    find(text, () => (turns += 1) < 0).then(() => "", (error) => error.name)));
  answer({ apart, together, given: given.filter(Boolean), turns });
})();
