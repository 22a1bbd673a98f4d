/* Tables as files: CSV that a spreadsheet reads and takes nothing in for a formula, and JSON. */
(function () {
  "use strict";

  function quoted(text) {
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  /* A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP). */
  function harmless(text) {
    return quoted(/^[=+\-@\t\r]/.test(text) ? "'" + text : text);
  }

  window.sitegen.save = {
    /* lines: of cells, each null, a text, or {number: its digits}, which stay as they are. */
    csv: function (lines) {
      return lines.map(function (line) {
        return line.map(function (cell) {
          if (cell === null) return "";
          return typeof cell === "object" ? cell.number : harmless(String(cell));
        }).join(",");
      }).join("\r\n") + "\r\n";
    },

    /* A number for `csv`: in its source's own digits, which one of JavaScript may have lost. */
    number: function (value, full) {
      var plain = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(full) && Number(full) === value;
      return { number: plain ? full : String(value) };
    },

    /* Buttons [data-save=csv] and [data-save=json] of a section: texts are asked for when one is
       pressed. name: of the file, without its ending. */
    start: function (section, name, texts) {
      section.querySelector("[data-export]").addEventListener("click", function (event) {
        var button = event.target.closest("[data-save]");
        if (!button) return;
        var kind = button.dataset.save;
        /* With a mark at its start, without which spreadsheets take UTF-8 for something else. */
        var text = (kind === "csv" ? "\ufeff" : "") + texts[kind]();
        var type = kind === "csv" ? "text/csv" : "application/json";
        var link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([text], { type: type + ";charset=utf-8" }));
        link.download = name.replace(/[^\w.-]+/g, "-") + "." + kind;
        link.click();
        setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
        event.currentTarget.open = false;
      });
    }
  };
})();
