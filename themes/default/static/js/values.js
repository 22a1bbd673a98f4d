/* How dates and numbers read. As site/text.py. */
(function () {
  "use strict";
  var months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

  function two(number) { return (number < 10 ? "0" : "") + number; }

  /* A number that is not negative to so many significant digits; whole ones are all kept. */
  function rounded(number, digits) {
    if (number >= 1e15) return number.toPrecision(digits).replace(/\.?0+e/, "e");
    return String(number >= Math.pow(10, digits) ? Math.round(number) :
      Number(number.toPrecision(digits)));
  }

  window.sitegen.values = {
    /* Five significant digits where that is shorter; the whole is on hover. */
    short: function (number, full) {
      if (full.length <= 7 || !isFinite(number) || Number.isInteger(number)) return full;
      var shortened = (number < 0 ? "-" : "") + rounded(Math.abs(number), 5);
      return shortened.length < full.length ? shortened : full;
    },
    /* With its sign, three significant digits. */
    difference: function (now, base) {
      var value = now - base;
      if (!isFinite(value)) return "";
      if (value === 0) return "±0";
      return (value > 0 ? "+" : "−") + rounded(Math.abs(value), 3);
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
