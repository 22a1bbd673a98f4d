/* Buttons that copy: <button data-copy="text">. */
(function () {
  "use strict";

  /* For pages served without TLS, where there is no clipboard object. */
  function copyOld(text) {
    var area = document.createElement("textarea"), focused = document.activeElement;
    area.value = text;
    area.className = "hidden";
    area.readOnly = true;
    /* Beside an open dialog nothing can be selected. */
    (document.querySelector("dialog[open]") || document.body).append(area);
    area.select();
    var done = document.execCommand("copy");
    area.remove();
    if (focused) focused.focus();
    return done ? Promise.resolve() : Promise.reject(new Error("not copied"));
  }
  function copy(text) {
    if (!navigator.clipboard) return copyOld(text);
    return navigator.clipboard.writeText(text).catch(function () { return copyOld(text); });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button) return;
    copy(button.dataset.copy).then(function () {
      button.dataset.copied = "";
      window.sitegen.state.announce("Copied");
      setTimeout(function () {
        delete button.dataset.copied;
        window.sitegen.state.announce("");
      }, 1500);
    }, function () {
      window.sitegen.state.announce("Could not be copied");
    });
  });
})();
