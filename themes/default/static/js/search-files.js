/* The files of the index, each a script that hands over one string: from disk a page cannot fetch.
   `load(name, read)` is a promise of what `read` makes of a file's bytes; what was used last is kept,
   up to as many bytes in all. */
(function () {
  "use strict";
  var search = window.sitegen.search;
  var KEPT = 12e6;
  var ESCAPE = 0xE000, FIRST = 0x100, SURROGATES = 0xD800, APART = "\0\n\r\"\\\u2028\u2029\uE000";
  var here = document.currentScript ? document.currentScript.src : "";
  var kept = new Map(), size = 0, waiting = new Map();

  var files = {
    root: here.slice(0, here.lastIndexOf("static/js/")),

    /* Run a script of the site; replaced where there is no page. */
    insert: function (path) {
      return new Promise(function (done, failed) {
        var script = document.createElement("script");
        script.src = files.root + path;
        script.onload = function () { script.remove(); done(); };
        script.onerror = function () {
          script.remove();
          failed(new Error("the search index has no file " + path));
        };
        document.head.append(script);
      });
    },

    /* stamp: what a file's name does not say of its content. */
    load: function (name, read, stamp) {
      if (name[0] === "=") return Promise.resolve(read(search.inflate(ofBase64(name.slice(1)))));
      var found = kept.get(name);
      kept.delete(name);
      if (!found) {
        found = { size: 0 };
        found.promise = fetched(name, stamp).then(function (data) {
          found.size = data.length;
          size += data.length;
          forget();
          return read(data);
        });
        found.promise.catch(function () { kept.delete(name); });
      }
      kept.set(name, found);
      return found.promise;
    },
    json: function (data) {
      return JSON.parse(new TextDecoder().decode(data));
    }
  };

  function forget() {
    var names = kept.keys();
    while (size > KEPT) {
      var name = names.next().value;
      size -= kept.get(name).size;
      kept.delete(name);
    }
  }
  function fetched(name, stamp) {
    var path = "data/search/" + name + ".js";
    return new Promise(function (done, failed) {
      waiting.set(name, done);
      files.insert(stamp ? path + "?" + stamp : path).then(function () {
        if (waiting.has(name)) throw new Error(path + " does not hand over what it is named for");
      }).catch(function (error) {
        waiting.delete(name);
        failed(error);
      });
    });
  }

  function ofBase64(packed) {
    var text = atob(packed);
    var data = new Uint8Array(text.length);
    for (var at = 0; at < data.length; at++) data[at] = text.charCodeAt(at);
    return data;
  }
  /* Two bytes of each character; what may not stand in a string is two characters, as in packing.py. */
  function ofText(text) {
    var data = new Uint8Array(2 * text.length), used = 0;
    for (var at = 0; at < text.length; at++) {
      var unit = text.charCodeAt(at);
      if (unit === ESCAPE) {
        unit = text.charCodeAt(++at) - FIRST;
        unit = unit < APART.length ? APART.charCodeAt(unit) : SURROGATES + unit - APART.length;
      }
      data[used++] = unit & 255;
      data[used++] = unit >> 8;
    }
    return data.subarray(0, used);
  }

  search.take = function (name, packed) {
    var done = waiting.get(name);
    waiting.delete(name);
    if (done) done(search.inflate(ofText(packed)));
  };
  search.files = files;
})();
