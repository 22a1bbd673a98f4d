/* Words -> what lunr.js and the browser make of them:
   {words: [...], texts: [...]} -> {stems, trimmed, terms: of each word; split: of each text}. */
"use strict";
const { scripts, question, answer } = require("./scripts.js");
const window = scripts(process.argv[2], ["search-words.js"]);
const { lunr } = window;
const { words } = window.sitegen.search;
const one = (step, word) => step(new lunr.Token(word)).toString();
const asked = question();
answer({
  stems: asked.words.map((word) => one(lunr.stemmer, word)),
  trimmed: asked.words.map((word) => one(lunr.trimmer, word)),
  ours: asked.words.map((word) => one(words.trimmer, word)),
  stopped: asked.words.map((word) => !lunr.stopWordFilter(new lunr.Token(word))),
  terms: asked.words.map(words.terms),
  split: asked.texts.map(words.split),
});
