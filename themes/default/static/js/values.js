/* How dates and numbers read. As site/text.py. */
(function () {
  "use strict";
  var months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

  function two(number) { return (number < 10 ? "0" : "") + number; }

  window.sitegen.values = {
    /* Five significant digits where that is shorter; the whole is on hover. */
    short: function (number, full) {
      if (full.length <= 7 || !isFinite(number) || Number.isInteger(number)) return full;
      var shortened = String(Number(number.toPrecision(5)));
      return shortened.length < full.length ? shortened : full;
    },
    /* With its sign, three significant digits; of what is more than those stand for the whole ones. */
    difference: function (now, base) {
      var value = now - base, by = Math.abs(value);
      if (!isFinite(value)) return "";
      if (value === 0) return "±0";
      return (value > 0 ? "+" : "−") +
        (by >= 1e15 ? by.toPrecision(3).replace(/\.?0+e/, "e") :
          by >= 1000 ? Math.round(by) : Number(by.toPrecision(3)));
    },
    /* A day in the reader's zone. */
    day: function (seconds) {
      if (seconds < 0) return "invalid date";
      var date = new Date(seconds * 1000);
      return date.getDate() + " " + months[date.getMonth()] + " " + date.getFullYear();
    },
    /* The source's date and time, between which `between` stands, with its offset. */
    source: function (seconds, offset, between) {
      var parts = /^([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(offset);
      if (!parts) return "invalid date";
      var shift = (parts[1] === "-" ? -1 : 1) *
        (Number(parts[2]) * 3600 + Number(parts[3]) * 60 + Number(parts[4] || 0));
      var date = new Date((seconds + shift) * 1000);
      var year = ("000" + date.getUTCFullYear()).slice(-4);
      return year + "-" + two(date.getUTCMonth() + 1) + "-" + two(date.getUTCDate()) + between +
        two(date.getUTCHours()) + ":" + two(date.getUTCMinutes()) + ":" + two(date.getUTCSeconds()) +
        (between === " " ? " " : "") + offset;
    }
  };
})();
