/* Plots as Vega-Lite, of one revision or of several laid over each other: what `dvc plots show` and
   `dvc plots diff` make of them. Source of the rules: DVC 3 and dvc-render 1.0; a single revision is
   made by the portal's generator too (sitegen/registry/datapoints.py, render/plots.py).

   specification(revisions, options) -> {content, revisions, errors}
     revisions: [{name, data}], first what counts first; data: what a plot's file holds, that is
       {id, name, definition: {x, y, template, title, x_label, y_label}, template, files: {path:
       {columns, rows, drawn, cells, absent}}}; template: a name of `options.templates`, or itself.
     options: templates: name -> Vega-Lite. colors: instead of DVC's.
     content: null where nothing can be drawn. revisions: the names drawn. errors: [name, why]. */
(function () {
  "use strict";
  var INDEX = "step", X = "dvc_inferred_x_value", Y = "dvc_inferred_y_value", SEPARATOR = "::";
  var RANGES = {
    color: ["#945dd6", "#13adc7", "#f46837", "#48bb78", "#4299e1", "#ed8936", "#f56565"],
    shape: ["circle", "square", "triangle", "diamond"],
    stroke_dash: [[1, 0], [8, 8], [8, 4], [4, 4], [4, 2], [2, 1], [1, 1]]
  };
  var OPTIONAL = ["color", "column", "group_by_x", "group_by_y", "group_by", "pivot_field",
    "plot_height", "plot_width", "row", "shape", "stroke_dash", "tooltip", "zoom_and_pan"];

  function unique(list) {
    return Array.from(new Set(list));
  }
  function isMap(value) {
    return value !== null && typeof value === "object" && !Array.isArray(value);
  }

  /* The rows of a table, each with the columns that it has. */
  function rowsOf(table) {
    var absent = table.absent.map(function (rows) { return new Set(rows); });
    var rows = [];
    for (var at = 0; at < table.rows; at += 1) {
      var row = {};
      for (var column = 0; column < table.columns.length; column += 1) {
        if (!absent.length || !absent[column].has(at)) {
          row[table.columns[column]] = table.cells[column][at];
        }
      }
      rows.push(row);
    }
    return rows;
  }
  function pairs(axis) {
    var found = [];
    Object.keys(axis || {}).forEach(function (file) {
      [].concat(axis[file]).forEach(function (field) { found.push([file, field]); });
    });
    return found;
  }
  /* (file, column) of an axis; a column that the first row of its file lacks is an error. */
  function fields(axis, rows) {
    var found = pairs(axis);
    found.forEach(function (pair) {
      var first = rows[pair[0]] && (rows[pair[0]][0] || {});
      if (first && !Object.prototype.hasOwnProperty.call(first, pair[1])) {
        throw new Error(pair[0] + " has no column “" + pair[1] + "”");
      }
    });
    return found;
  }
  function label(axis, otherwise, several) {
    if (!axis) return otherwise;
    var names = unique(pairs(axis).map(function (pair) { return pair[1]; }));
    return names.length === 1 ? names[0] : several;
  }
  function shared(paths) {
    if (paths.length < 2) return 0;
    var split = paths.map(function (path) { return path.split("/"); });
    var count = 0;
    while (split.every(function (parts) {
      return count < parts.length && parts[count] === split[0][count];
    })) count += 1;
    return split[0].slice(0, count).join("/").length;
  }
  function copy(points, source, field, column) {
    points.forEach(function (point, at) {
      if (Object.prototype.hasOwnProperty.call(source[at], field)) point[column] = source[at][field];
    });
  }

  /* The rows of one revision under a definition that may be another's too. */
  function datapoints(definition, data, revision) {
    var properties = Object.assign({}, definition);
    var x = definition.x, y = definition.y;
    if (typeof x === "string") {
      properties.x = {};
      if (isMap(y)) {
        Object.keys(y).forEach(function (file) {
          properties.x[file] = Array.isArray(y[file]) ? y[file].map(function () { return x; }) : x;
        });
      } else {
        properties.x[data.id] = x;
      }
    }
    if (y === undefined) {
      var own = data.files[data.id];
      properties.y = own && own.drawn ? Object.fromEntries([[data.id, own.drawn]]) : null;
    } else if (!isMap(y)) {
      properties.y = Object.fromEntries([[data.id, y]]);
    }
    if (properties.y_label === undefined) properties.y_label = label(properties.y, null, "y");
    if (properties.x_label === undefined) properties.x_label = label(properties.x, INDEX, "x");

    var rows = {};
    Object.keys(data.files).forEach(function (file) { rows[file] = rowsOf(data.files[file]); });
    var xs = fields(properties.x, rows);
    var ys = fields(properties.y, rows);
    if (xs.length > 1 && xs.length !== ys.length) {
      throw new Error("there are " + xs.length + " columns for x and " + ys.length + " for y");
    }
    if (new Set(ys.map(function (pair) { return JSON.stringify(pair); })).size < ys.length) {
      throw new Error("one column is named twice for y");
    }
    var xNames = unique(xs.map(function (pair) { return pair[1]; }));
    var yNames = unique(ys.map(function (pair) { return pair[1]; }));
    properties.x = xNames.length > 1 ? X : xNames.length ? xNames[0] : INDEX;
    properties.y = yNames.length > 1 ? Y : yNames[0];
    var prefix = shared(unique(ys.map(function (pair) { return pair[0]; })));
    function short(file) {
      return file.slice(prefix).replace(/^[/\\]+|[/\\]+$/g, "");
    }
    properties.anchors_y_definitions = ys.map(function (pair) {
      return { filename: short(pair[0]), field: pair[1] };
    });
    var drawn = [];
    ys.forEach(function (pair, at) {
      var points = (rows[pair[0]] || []).map(function (row) { return Object.assign({}, row); });
      if (properties.y === Y) copy(points, points, pair[1], Y);
      if (xs.length) {
        var from = xs[xs.length > 1 ? at : 0];
        var source = rows[from[0]] || [];
        if (source.length !== points.length) {
          throw new Error(from[0] + " has " + source.length + " rows, " + pair[0] + " has " +
            points.length);
        }
        copy(points, source, from[1], properties.x);
      } else {
        points.forEach(function (point, index) { point[INDEX] = index; });
      }
      points.forEach(function (point) {
        point.rev = revision;
        point.filename = short(pair[0]);
        point.field = pair[1];
        drawn.push(point);
      });
    });
    return drawn.length ? { rows: drawn, properties: properties } : null;
  }

  function anchor(name) {
    return "<DVC_METRIC_" + name.toUpperCase() + ">";
  }
  function has(value, wanted) {
    if (Array.isArray(value)) return false;
    if (isMap(value)) {
      return Object.keys(value).some(function (key) {
        var inner = value[key];
        return Array.isArray(inner) ? inner.some(function (item) { return has(item, wanted); })
          : has(inner, wanted);
      });
    }
    return value === wanted;
  }
  function fill(value, wanted, filled) {
    if (Array.isArray(value)) {
      return value.map(function (item) {
        return item === wanted ? filled
          : item !== null && typeof item === "object" ? fill(item, wanted, filled) : item;
      });
    }
    var made = {};
    Object.keys(value).forEach(function (key) {
      var inner = value[key];
      if (inner === wanted) made[key] = filled;
      else if (inner !== null && typeof inner === "object") made[key] = fill(inner, wanted, filled);
      else if (typeof inner === "string" && typeof filled === "string") {
        made[key] = inner.split(wanted).join(filled);
      } else made[key] = inner;
    });
    return made;
  }
  function mapping(field, name, domain, ranges) {
    var made = {
      field: field,
      scale: {
        domain: domain,
        range: domain.map(function (_, at) { return ranges[name][at % ranges[name].length]; })
      }
    };
    if (name !== "color") {
      made.legend = { symbolFillColor: "transparent", symbolStrokeColor: "grey" };
    }
    return made;
  }

  function filled(template, rows, properties, names, ranges) {
    var content = template;
    var open = OPTIONAL.filter(function (name) { return has(content, anchor(name)); });
    var any = open.length > 0;
    function put(name, value) {
      if (open.indexOf(name) < 0) return;
      open.splice(open.indexOf(name), 1);
      content = fill(content, anchor(name), value);
    }
    var definitions = properties.anchors_y_definitions;
    var varied = [];
    if (any) {
      put("color", mapping("rev", "color", names, ranges));
      put("zoom_and_pan", { name: "grid", select: "interval", bind: "scales" });
      put("plot_height", 300);
      put("plot_width", 300);
      var group = ["rev"], pivot = "datum.rev", more = [];
      if (definitions.length > 1) {
        varied = ["filename", "field"].filter(function (key) {
          return unique(definitions.map(function (one) { return one[key]; })).length > 1;
        });
        var joined = varied.join(SEPARATOR);
        group.push(joined);
        pivot = ["rev"].concat(varied).map(function (key) { return "datum." + key; })
          .join(" + '" + SEPARATOR + "' + ");
        more.push({ field: joined });
        put("row", { field: joined, sort: [] });
        put("column", { field: joined, sort: [] });
        var domain = unique(definitions.map(function (one) {
          return varied.map(function (key) { return one[key]; }).join(SEPARATOR);
        })).sort(function (a, b) { return a < b ? -1 : 1; });
        put("stroke_dash", mapping(joined, "stroke_dash", domain, ranges));
        put("shape", mapping(joined, "shape", domain, ranges));
      }
      put("group_by", group);
      put("group_by_x", group.concat([properties.x]));
      put("group_by_y", group.concat([properties.y]));
      put("pivot_field", pivot);
      put("tooltip", [{ field: "rev" }, { field: properties.x }, { field: properties.y }]
        .concat(more));
      open.slice().forEach(function (name) { put(name, {}); });
      rows.forEach(function (row) {
        if (varied.length === 2) row[joined] = row.filename + SEPARATOR + row.field;
        ["filename", "field"].forEach(function (key) {
          if (varied.length === 2 || varied.indexOf(key) < 0) delete row[key];
        });
      });
    }
    ["title", "x", "y", "x_label", "y_label", "data"].forEach(function (name) {
      var value = name === "data" ? rows : properties[name];
      if (value === undefined || value === null) return;
      if (name === "x" || name === "y") value = value.replace(/[.[\]]/g, "\\$&");
      content = fill(content, anchor(name), value);
    });
    return content;
  }

  function specification(revisions, options) {
    /* Of what several say the first counts, and what one leaves unsaid another may say. */
    var definition = {};
    revisions.slice().reverse().forEach(function (one) {
      Object.assign(definition, one.data.definition);
    });
    var rows = [], names = [], errors = [], properties = null;
    revisions.forEach(function (one) {
      try {
        var found = datapoints(definition, one.data, one.name);
        if (!found) return;
        names.push(one.name);
        properties = properties || found.properties;
        found.rows.forEach(function (row) { rows.push(row); });
      } catch (error) {
        errors.push([one.name, error.message]);
      }
    });
    if (!properties) return { content: null, revisions: [], errors: errors };
    if (properties.title === undefined) properties.title = revisions[0].data.name;
    var named = revisions.find(function (one) {
      return one.data.definition.template === definition.template;
    });
    var template = named.data.template;
    if (typeof template === "string") template = options.templates[template];
    var ranges = options.colors ? Object.assign({}, RANGES, { color: options.colors }) : RANGES;
    var content = filled(template, rows, properties, names, ranges);
    return { content: content, revisions: names, errors: errors };
  }

  window.sitegen.plots = window.sitegen.plots || {};
  window.sitegen.plots.specification = specification;
})();
