/* Runs before anything is painted: the reader's choice of colours and row height. */
(function () {
  "use strict";
  var root = document.documentElement;
  var names = ["system", "light", "dark"];

  /* Storage can be switched off; the page works without it. */
  function load(key) {
    try { return localStorage.getItem("sitegen." + key) || ""; } catch (error) { return ""; }
  }
  function save(key, value) {
    try { localStorage.setItem("sitegen." + key, value); } catch (error) { /* not kept, then */ }
  }

  function scheme() {
    return names.indexOf(root.dataset.scheme) > 0 ? root.dataset.scheme : "system";
  }
  function show() {
    document.querySelectorAll("[data-scheme-name]").forEach(function (place) {
      place.textContent = scheme();
    });
    document.querySelectorAll("[data-dense]").forEach(function (button) {
      if (button !== root) button.setAttribute("aria-pressed", String("dense" in root.dataset));
    });
  }
  function setScheme(name) {
    if (name === "system") delete root.dataset.scheme;
    else root.dataset.scheme = name;
    save("scheme", name);
    show();
  }

  var preferences = {
    load: load,
    save: save,
    nextScheme: function () {
      setScheme(names[(names.indexOf(scheme()) + 1) % names.length]);
      return scheme();
    },
    toggleDense: function () {
      if ("dense" in root.dataset) delete root.dataset.dense;
      else root.dataset.dense = "";
      save("dense", "dense" in root.dataset ? "yes" : "");
      show();
    }
  };
  window.sitegen = { preferences: preferences };

  root.dataset.js = "";
  if (names.indexOf(load("scheme")) > 0) root.dataset.scheme = load("scheme");
  if (load("dense")) root.dataset.dense = "";

  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("click", function (event) {
    var target = event.target.closest ? event.target : event.target.parentElement;
    if (target.closest("[data-scheme-switch]")) preferences.nextScheme();
    else if (target.closest("button[data-dense]")) preferences.toggleDense();
  });
  window.addEventListener("storage", function (event) {
    if (event.key === "sitegen.scheme" && event.newValue) setScheme(event.newValue);
  });
})();
