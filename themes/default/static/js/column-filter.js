/* What a filter of a column means: numbers and dates by comparison (> 0.8, 0.5..0.9, >= 2024-03-01),
   text by words. Several parts have to fit together; ! turns one round; * is any value at all. */
(function () {
  "use strict";
  var OPERATORS = {
    ">": function (a, b) { return a > b; },
    "<": function (a, b) { return a < b; },
    ">=": function (a, b) { return a >= b; },
    "<=": function (a, b) { return a <= b; }
  };

  function number(text) {
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  }
  /* The first and the last second of a day, month or year of the reader's zone. */
  function span(text) {
    var parts = /^(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?$/.exec(text);
    if (!parts) return null;
    var year = Number(parts[1]), month = Number(parts[2] || 1) - 1, day = Number(parts[3] || 1);
    var end = parts[3] ? new Date(year, month, day + 1) :
      parts[2] ? new Date(year, month + 1, 1) : new Date(year + 1, 0, 1);
    return [new Date(year, month, day) / 1000, end / 1000 - 1];
  }

  /* One part: a test of (value, lowered text), or null for what makes no sense. */
  function part(operator, operand, column) {
    if (column.date) {
      var days = span(operand);
      if (!days) return null;
      if (operator === "=") {
        return function (value) { return value >= days[0] && value <= days[1]; };
      }
      var edge = operator === ">" || operator === "<=" ? days[1] : days[0];
      return function (value) { return OPERATORS[operator](value, edge); };
    }
    if (operator === "=") {
      var exact = number(operand);
      return function (value, text) {
        return typeof value === "number" && !isNaN(exact) ? value === exact :
          text === operand.toLowerCase();
      };
    }
    var limit = number(operand);
    if (isNaN(limit)) return null;
    return function (value) {
      return typeof value === "number" && OPERATORS[operator](value, limit);
    };
  }
  function range(from, to, column) {
    var low = part(">=", from, column), high = part("<=", to, column);
    return low && high && function (value, text) { return low(value, text) && high(value, text); };
  }
  function word(text, column) {
    var days = column.date && span(text);
    if (days) return part("=", text, column);
    var lowered = text.toLowerCase();
    return function (value, shown) { return shown.indexOf(lowered) >= 0; };
  }

  /* A test of a column's value and text, or null where `text` cannot be understood. An empty cell
     fits a part that is turned round, and no other. */
  function parse(text, column) {
    var tests = [];
    var pattern = /(!?)\s*(?:(>=|<=|>|<|=)\s*("[^"]*"|\S+)|(\S+)\.\.(\S+)|(\*)|"([^"]*)"|(\S+))/g;
    var found;
    while ((found = pattern.exec(text))) {
      var test = found[2] ? part(found[2], found[3].replace(/^"|"$/g, ""), column) :
        found[4] ? range(found[4], found[5], column) || word(found[4] + ".." + found[5], column) :
          found[6] ? function () { return true; } :
            word(found[7] === undefined ? found[8] : found[7], column);
      if (!test) return null;
      tests.push({ fits: test, turned: Boolean(found[1]) });
    }
    return tests.length ? function (value, shown) {
      var empty = value === undefined;
      return tests.every(function (one) {
        return one.turned ? empty || !one.fits(value, shown) : !empty && one.fits(value, shown);
      });
    } : null;
  }

  window.sitegen.columnFilter = {
    parse: parse,
    /* What the box of a column's filter suggests. */
    example: function (column) {
      return column.date ? ">= 2024-03-01" : column.numeric ? "> 0.8 or 0.5..0.9" : "words, or !words";
    }
  };
})();
