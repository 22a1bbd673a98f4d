/* The index that was written to a folder, against lunr.js on one that it made of the same documents.

   {documents: [field -> text], fields: [[name, boost]], queries: [text], folder, languages: [code]} -> for each query
   that is answered otherwise what differs; and how many were answered at all. */
"use strict";
const { question, answer } = require("./scripts.js");
const { opened, indexed } = require("./opened.js");

(async function () {
  const asked = question();
  const window = opened(process.argv[2], asked.folder);
  const { lunr } = window;
  const search = window.sitegen.search;
  const [group] = await search.groups();
  const index = indexed(window, asked.documents, asked.fields, asked.languages);
  const differ = [];
  let answered = 0, found = 0;
  for (const text of asked.queries) {
    let clauses, theirs = null, ours = null, failed = "";
    try {
      theirs = index.search(text);
    } catch (error) {
      failed = error.name;
    }
    try {
      const query = new lunr.Query(group.fieldNames);
      new lunr.QueryParser(text, query).parse();
      clauses = query.clauses;
      ours = await group.find({ clauses });
    } catch (error) {
      if (error.name !== failed) differ.push([text, failed, error.stack]);
      continue;
    }
    if (!theirs) {
      differ.push([text, failed, "no error"]);
      continue;
    }
    answered += 1;
    if (theirs.length) found += 1;
    const scores = new Map(theirs.map((each) => [Number(each.ref), each.score]));
    const wrong = ours.documents.filter((number, at) =>
      !scores.has(number) || Math.abs(scores.get(number) - ours.scores[at]) > 1e-9);
    const falling = ours.scores.every((score, at) => !at || score <= ours.scores[at - 1]);
    if (ours.total !== theirs.length || ours.documents.length !== theirs.length || wrong.length || !falling) {
      differ.push([text, theirs.length, ours.total, wrong.slice(0, 3), falling,
        wrong.slice(0, 3).map((number) => [scores.get(number), ours.scores[ours.documents.indexOf(number)]])]);
    }
  }
  answer({ differ: differ.slice(0, 20), answered, found });
})();
