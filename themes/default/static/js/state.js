/* View state in the URL's hash, as in a query: #q=churn&stage=prod&stage=dev&sort=latest:descending */
(function () {
  "use strict";

  /* A hash without "=" is an anchor, such as that of the skip link, and says nothing of the view. */
  function isState(hash) {
    return hash.length < 2 || hash.indexOf("=") > 0;
  }
  function read() {
    return new URLSearchParams(isState(location.hash) ? location.hash.slice(1) : "");
  }

  window.sitegen.state = {
    read: read,

    /* Replace the values of the named keys and leave the others: {q: "churn", stage: ["prod"]}.
       step: whether the browser's button leads back to what was before. */
    write: function (values, step) {
      var state = read();
      Object.keys(values).forEach(function (key) {
        state.delete(key);
        [].concat(values[key]).forEach(function (value) {
          if (value) state.append(key, value);
        });
      });
      var hash = state.toString();
      var address = hash ? "#" + hash : location.pathname + location.search;
      if (step) history.pushState(null, "", address);
      else history.replaceState(null, "", address);
    },

    /* Call `back` when the reader goes to another view of the same page. */
    listen: function (back) {
      window.addEventListener("hashchange", function () {
        if (isState(location.hash)) back();
      });
    },

    /* Words of a filter box: all of them have to stand in a row's text. */
    words: function (text) {
      return text.toLowerCase().split(/\s+/).filter(Boolean);
    },

    announce: function (text) {
      var place = document.querySelector("[data-announce]");
      if (place) place.textContent = text;
    }
  };
})();
