/* Single-key shortcuts. They can be switched off in their dialog (WCAG 2.1.4). */
(function () {
  "use strict";
  var preferences = window.sitegen.preferences;
  var dialog = document.getElementById("keys");
  var enabled = dialog.querySelector("[data-keys-enabled]");
  enabled.checked = preferences.load("keys") !== "off";
  enabled.addEventListener("change", function () {
    preferences.save("keys", enabled.checked ? "on" : "off");
  });

  function open() {
    if (!dialog.open) dialog.showModal();
  }
  function move(step) {
    var links = Array.from(document.querySelectorAll("a[data-row]")).filter(function (link) {
      return link.offsetParent !== null;
    });
    if (!links.length) return;
    var here = links.indexOf(document.activeElement);
    var next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
    links[Math.max(0, Math.min(links.length - 1, next))].focus();
  }
  function enter(selector) {
    var box = document.querySelector(selector);
    if (box) { box.focus(); box.select(); }
  }
  var actions = {
    "/": function () { enter("[data-search-focus]"); },
    "f": function () { enter("[data-quick]"); },
    "?": open,
    "j": function () { move(1); },
    "k": function () { move(-1); },
    "d": preferences.toggleDense,
    "s": function () { window.sitegen.state.announce("Colour scheme: " + preferences.nextScheme()); }
  };

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-keys-open]")) open();
    else if (event.target === dialog || event.target.closest("[data-keys-close]")) dialog.close();
  });
  document.addEventListener("keydown", function (event) {
    var target = event.target;
    if (event.key === "Escape") {
      var menu = document.querySelector("details.menu[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (target.matches("[data-quick]") && target.value) {
        target.value = "";
        target.dispatchEvent(new Event("input", { bubbles: true }));
        event.preventDefault();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!enabled.checked || document.querySelector("dialog[open]")) return;
    if (target.matches("textarea, select, [contenteditable]")) return;
    if (target.matches("input") && target.type !== "checkbox") return;
    var action = Object.prototype.hasOwnProperty.call(actions, event.key) && actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
})();
