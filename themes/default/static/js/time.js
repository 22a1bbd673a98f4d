/* Dates in the reader's own zone; the title keeps the source's, with its offset. */
(function () {
  "use strict";
  var months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

  document.querySelectorAll("time[datetime]").forEach(function (element) {
    var date = new Date(element.dateTime);
    if (isNaN(date)) return;
    var text = date.getDate() + " " + months[date.getMonth()] + " " + date.getFullYear();
    if (element.textContent !== text) element.textContent = text;
  });
})();
