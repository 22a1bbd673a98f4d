/* How the reader looks at a table, as far as all tables have it; all of it is in the URL's hash:

   q: words searched for. f.COLUMN: a filter. sort: COLUMN:descending, again for further ones.
   show, hide: columns other than at first. order: all columns that were moved. pin: columns that
   stay. view: another one than the table. */
(function () {
  "use strict";
  var state = window.sitegen.state;

  /* Values of the hash's keys that are kept by column, such as f.COLUMN. */
  function keyed(data, now, prefix) {
    var found = {};
    Array.from(now.keys()).forEach(function (key) {
      if (key.indexOf(prefix) === 0 && data.columns.byId.has(key.slice(prefix.length))) {
        found[key.slice(prefix.length)] = now.get(key);
      }
    });
    return found;
  }

  /* Make data.view. read(now, view): a table's own part; without: what `clear` empties besides. */
  window.sitegen.gridView = function (data, read, without) {
    var listeners = [];

    function known(ids) {
      return ids.filter(function (id, place) {
        return data.columns.byId.has(id) && ids.indexOf(id) === place;
      });
    }

    var view = data.view = {
      keyed: function (now, prefix) { return keyed(data, now, prefix); },

      /* Read the hash again. What names no column of this table says nothing. */
      read: function () {
        var now = state.read();
        view.q = now.get("q") || "";
        view.filters = keyed(data, now, "f.");
        view.sort = now.getAll("sort").map(function (text) {
          var cut = text.lastIndexOf(":");
          return { id: text.slice(0, cut), desc: text.slice(cut + 1) === "descending" };
        }).filter(function (one) {
          return one.id === data.table.name.id || data.columns.byId.has(one.id);
        });
        view.show = known(now.getAll("show"));
        view.hide = known(now.getAll("hide"));
        view.order = known(now.getAll("order"));
        view.pin = known(now.getAll("pin"));
        view.name = now.get("view") || "table";
        read(now, view);
      },

      /* Keep other values in the hash, and show the table by them. Another view is a step of its own,
         from which the browser's button leads back. */
      write: function (values) {
        state.write(values, "view" in values && (values.view || "table") !== view.name);
        view.read();
        listeners.forEach(function (back) { back(values); });
      },
      listen: function (back) { listeners.push(back); },

      setFilter: function (column, text) {
        var values = {};
        values["f." + column.id] = text.trim();
        view.write(values);
      },
      clear: function () {
        var values = { q: "" };
        Object.keys(view.filters).forEach(function (id) { values["f." + id] = ""; });
        without.forEach(function (key) { values[key] = ""; });
        view.write(values);
      },

      /* Columns in the reader's order; those that were never moved stay where they were at first. */
      ordered: function () {
        var moved = view.order.map(function (id) { return data.columns.byId.get(id); });
        if (!moved.length) return data.columns.all;
        return moved.concat(data.columns.all.filter(function (column) {
          return view.order.indexOf(column.id) < 0;
        }));
      },
      isShown: function (column) {
        if (view.hide.indexOf(column.id) >= 0) return false;
        return view.show.indexOf(column.id) >= 0 || column.shown;
      },
      /* Show these columns and hide those. */
      setShown: function (shown, hidden) {
        var show = new Set(view.show), hide = new Set(view.hide);
        shown.forEach(function (column) {
          hide.delete(column.id);
          if (!column.shown) show.add(column.id);
        });
        hidden.forEach(function (column) {
          show.delete(column.id);
          if (column.shown) hide.add(column.id);
        });
        view.write({ show: Array.from(show), hide: Array.from(hide) });
      },

      /* A click on a heading: the second turns it round, the third gives it up. */
      toggleSort: function (column, further) {
        var sorted = view.sort.find(function (one) { return one.id === column.id; });
        var first = column.numeric ? column.goal !== "lower" : Boolean(column.date);
        view.sortBy(column, !sorted ? first : sorted.desc === first ? !first : !first, further);
      },
      /* Sort by a column, or no more where it is sorted so already. further: after other columns. */
      sortBy: function (column, desc, further) {
        var rest = view.sort.filter(function (one) { return one.id !== column.id; });
        var now = view.sort.length !== rest.length &&
          view.sort.find(function (one) { return one.id === column.id; }).desc === desc;
        var wanted = now ? [] : [{ id: column.id, desc: desc }];
        view.write({ sort: (further ? rest.concat(wanted) : wanted).map(function (one) {
          return one.id + ":" + (one.desc ? "descending" : "ascending");
        }) });
      }
    };
    return view;
  };
})();
