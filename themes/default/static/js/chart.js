/* Line charts: sitegen.chart.draw(place, chart) draws series of points as SVG. A point shows on
   hover, by a tap, and by the arrow keys, home and end; Enter, a click or a second tap go where it
   leads.

   chart: {label, height, whole, series: [{name, points: [{x, y, label, text, href, open}]}],
   ticks(x) -> text}. x: any numbers, `whole` ones or not; text: what y reads as; open: called in
   place of href; apart: of a point that the line leaves out. */
(function () {
  "use strict";
  var SVG = "http://www.w3.org/2000/svg";
  var HUES = 12;

  function svg(name, values) {
    var made = document.createElementNS(SVG, name);
    Object.keys(values || {}).forEach(function (key) { made.setAttribute(key, values[key]); });
    return made;
  }
  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  /* About `count` round numbers, the first not above low and the last not below high. Both of them
     alone where no step lies between: they differ in their last digit, or by more than a number holds. */
  function steps(low, high, count) {
    var rough = (high - low) / count || Math.abs(high) || 1;
    if (!isFinite(rough) || Math.abs(high) / rough > 1e14 || Math.abs(low) / rough > 1e14) return [low, high];
    var power = Math.pow(10, Math.floor(Math.log10(rough)));
    var step = [1, 2, 2.5, 5, 10].map(function (factor) { return factor * power; })
      .find(function (one) { return one >= rough; });
    var found = [];
    for (var i = Math.floor(low / step); i < high / step + 1 - 1e-9; i += 1) {
      found.push(Number((i * step).toPrecision(12)));
    }
    return found;
  }
  /* Numbers as they read beside an axis: all with as many decimals. */
  function readable(marks) {
    var texts = marks.map(String);
    if (texts.some(function (text) { return text.indexOf("e") >= 0; })) return texts;
    var decimals = Math.max.apply(null, texts.map(function (text) {
      return (text.split(".")[1] || "").length;
    }));
    return marks.map(function (mark) { return mark.toFixed(decimals); });
  }

  function draw(place, chart) {
    var points = [];
    chart.series.forEach(function (series, hue) {
      series.points.forEach(function (point) {
        points.push({ point: point, series: series, hue: hue % HUES });
      });
    });
    points.sort(function (a, b) { return a.point.x - b.point.x || a.hue - b.hue; });
    if (!points.length) { place.replaceChildren(); return; }
    /* What has the focus keeps it, and its point, when the chart is drawn again at another width. */
    var before = place.querySelector(".chart-holder");
    var kept = before && before === document.activeElement ? before.getAttribute("aria-valuetext") : null;
    var figure = element("figure", "chart");
    var holder = element("div", "chart-holder");
    holder.tabIndex = 0;
    holder.setAttribute("role", "slider");
    holder.setAttribute("aria-label", chart.label + ": points");
    holder.setAttribute("aria-valuemin", "1");
    holder.setAttribute("aria-valuemax", String(points.length));
    var tip = element("div", "chart-tip");
    tip.hidden = true;
    figure.append(holder, tip);
    if (chart.series.length > 1) figure.append(legend(chart));
    place.replaceChildren(figure);

    var width = Math.max(holder.clientWidth, 260), height = chart.height || 280;
    var ys = points.map(function (one) { return one.point.y; });
    var low = Math.min.apply(null, ys), high = Math.max.apply(null, ys);
    if (low === high) { low -= Math.abs(low) * 0.1 || 1; high += Math.abs(high) * 0.1 || 1; }
    var marks = steps(low, high, height > 200 ? 5 : 3);
    low = marks[0];
    high = marks[marks.length - 1];
    var texts = readable(marks);
    var left = 12 + 7 * Math.max.apply(null, texts.map(function (text) { return text.length; }));
    var edge = { left: left, right: 14, top: 12, bottom: 28 };
    var first = points[0].point.x, last = points[points.length - 1].point.x;
    function x(value) {
      return edge.left + (last === first ? 0.5 : (value - first) / (last - first)) *
        (width - edge.left - edge.right);
    }
    function y(value) {
      /* Halves, for the whole may be more than a number holds. */
      return edge.top + (high / 2 - value / 2) / (high / 2 - low / 2) * (height - edge.top - edge.bottom);
    }

    var drawing = svg("svg", { viewBox: "0 0 " + width + " " + height, width: width, height: height,
      "aria-hidden": "true", focusable: "false" });
    marks.forEach(function (mark, number) {
      drawing.append(svg("line", { "class": "chart-line", x1: edge.left, x2: width - edge.right,
        y1: y(mark), y2: y(mark) }));
      var text = svg("text", { "class": "chart-text", x: edge.left - 8, y: y(mark) + 4,
        "text-anchor": "end" });
      text.textContent = texts[number];
      drawing.append(text);
    });
    var ends = last === first ? [first] : width < 420 ? [first, last] :
      [first, first + (last - first) / 3, first + (last - first) * 2 / 3, last];
    if (chart.whole) ends = Array.from(new Set(ends.map(Math.round)));
    ends.forEach(function (value, at) {
      var anchor = ends.length === 1 ? "middle" : !at ? "start" : at === ends.length - 1 ? "end" : "middle";
      var text = svg("text", { "class": "chart-text", x: x(value), y: height - 8,
        "text-anchor": anchor });
      text.textContent = chart.ticks(value);
      drawing.append(text);
    });
    chart.series.forEach(function (series, number) {
      var hue = number % HUES;
      var sorted = series.points.slice().sort(function (a, b) { return a.x - b.x; });
      drawing.append(svg("polyline", { "class": "chart-series hue-" + hue,
        points: sorted.filter(function (point) { return !point.apart; }).map(function (point) {
          return x(point.x) + "," + y(point.y);
        }).join(" ") }));
      sorted.forEach(function (point) {
        if (points.length > 400 && !point.apart) return;
        drawing.append(svg("circle", { "class": "chart-point hue-" + hue + (point.apart ? " chart-apart" : ""),
          cx: x(point.x), cy: y(point.y), r: 3 }));
      });
    });
    var cursor = svg("circle", { "class": "chart-cursor", r: 6 });
    cursor.setAttribute("visibility", "hidden");
    drawing.append(cursor);
    holder.append(drawing);

    function said(one) {
      return (one.series.name ? one.series.name + ": " : "") + one.point.text + ", " + one.point.label;
    }
    var now = -1;
    function go(number) {
      now = number;
      var one = points[number], point = one.point;
      cursor.setAttribute("visibility", "visible");
      cursor.setAttribute("class", "chart-cursor hue-" + one.hue);
      cursor.setAttribute("cx", x(point.x));
      cursor.setAttribute("cy", y(point.y));
      holder.setAttribute("aria-valuenow", String(number + 1));
      holder.setAttribute("aria-valuetext", said(one));
      tip.replaceChildren(element("b", "", point.text), element("span", "", point.label));
      if (one.series.name) tip.append(element("span", "muted", one.series.name));
      tip.hidden = false;
      var beside = x(point.x) + tip.offsetWidth + 16 > width;
      tip.style.left = Math.max(0, x(point.x) + (beside ? -tip.offsetWidth - 12 : 12)) + "px";
      tip.style.top = Math.max(0, y(point.y) - tip.offsetHeight / 2) + "px";
    }
    function leave() {
      if (document.activeElement === holder) return;
      tip.hidden = true;
      cursor.setAttribute("visibility", "hidden");
      now = -1;
    }
    function follow() {
      var point = now >= 0 && points[now].point;
      if (!point) return;
      if (point.open) point.open();
      else if (point.href) location.href = point.href;
    }
    holder.setAttribute("aria-valuenow", "1");
    holder.setAttribute("aria-valuetext", points[0].point.text + ", " + points[0].point.label);
    /* A finger shows a point before it follows it, for it cannot hover. */
    var fresh = false;
    holder.addEventListener("pointermove", nearest);
    holder.addEventListener("pointerdown", function (event) {
      var before = now;
      nearest(event);
      fresh = event.pointerType === "touch" && now !== before;
    });
    function nearest(event) {
      var box = holder.getBoundingClientRect();
      var px = event.clientX - box.left, py = event.clientY - box.top, best = 0, least = Infinity;
      points.forEach(function (one, number) {
        var far = Math.hypot(x(one.point.x) - px, (y(one.point.y) - py) / 2);
        if (far < least) { least = far; best = number; }
      });
      go(best);
    }
    holder.addEventListener("pointerleave", function (event) {
      /* A finger that is lifted leaves, too, before what it touched gets the focus. */
      if (event.pointerType !== "touch") leave();
    });
    holder.addEventListener("blur", leave);
    holder.addEventListener("focus", function () { if (now < 0) go(points.length - 1); });
    holder.addEventListener("click", function () { if (!fresh) follow(); });
    holder.addEventListener("keydown", function (event) {
      var to = { ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1,
        Home: 0, End: points.length - 1 }[event.key];
      if (event.key === "Enter") follow();
      else if (to === undefined) return;
      else go(Math.max(0, Math.min(points.length - 1, to)));
      event.preventDefault();
    });
    if (kept === null) return;
    holder.focus({ preventScroll: true });
    var same = points.findIndex(function (one) { return said(one) === kept; });
    if (same >= 0) go(same);
  }

  function legend(chart) {
    var list = element("ul", "chart-legend");
    chart.series.forEach(function (series, number) {
      var line = element("li");
      line.append(element("span", "chart-key hue-" + number % HUES), element("span", "", series.name));
      list.append(line);
    });
    return list;
  }

  window.sitegen.chart = { draw: draw };
})();
