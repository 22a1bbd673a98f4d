/* Long work in turns: a page must not stand still for longer than an eye notices, so after some
   milliseconds whatever else waits has its turn. */
(function () {
  "use strict";
  var search = window.sitegen.search;
  var TURN = 10;
  var started = 0, waiting = [];
  var channel = window.MessageChannel ? new window.MessageChannel() : null;

  function next() {
    started = performance.now();
    waiting.shift()();
  }
  if (channel) channel.port1.onmessage = next;

  /* A promise that it is one's turn again. */
  function turn() {
    return new Promise(function (done) {
      waiting.push(done);
      if (channel) channel.port2.postMessage(0);
      else setTimeout(next, 0);
    });
  }

  /* What is given up since nobody waits for it any more. */
  function Given() {
    this.name = "Given";
    this.message = "another search was begun";
  }

  /* A promise that work was done for each of some things, in order. isWanted: whether to go on. */
  function each(things, work, isWanted) {
    var at = 0;
    function go() {
      while (at < things.length) {
        if (performance.now() - started > TURN) {
          return turn().then(function () {
            if (isWanted && !isWanted()) throw new Given();
            return go();
          });
        }
        work(things[at], at);
        at += 1;
      }
      return Promise.resolve();
    }
    return go();
  }

  search.turns = { each: each, Given: Given };
})();
