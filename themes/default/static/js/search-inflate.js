/* Unpacks deflated data (RFC 1951) at once, where DecompressionStream would be another way to wait
   and, in older browsers, not there. The data is the site's own and about 64 kB long. */
(function () {
  "use strict";
  var LENGTHS = bases([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0], 3);
  var DISTANCES = bases([0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11,
    12, 12, 13, 13], 1);
  LENGTHS.start[28] = 258;
  var ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
  var fixed;

  /* Codes for lengths and distances: where the range of each starts, and how many more bits it has. */
  function bases(bits, first) {
    var start = [];
    bits.forEach(function (more, code) {
      start.push(first);
      first += 1 << more;
    });
    return { bits: bits, start: start };
  }

  /* A table from the next bits to a symbol: symbol * 16 + how many of the bits are its. */
  function table(lengths) {
    var longest = 1, code = 0, size, length, symbol;
    for (symbol = 0; symbol < lengths.length; symbol++) longest = Math.max(longest, lengths[symbol]);
    size = 1 << longest;
    var made = new Uint16Array(size);
    for (length = 1; length <= longest; length++) {
      for (symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] !== length) continue;
        var turned = 0;
        for (var bit = 0; bit < length; bit++) turned |= (code >> bit & 1) << (length - 1 - bit);
        for (var at = turned; at < size; at += 1 << length) made[at] = symbol << 4 | length;
        code += 1;
      }
      code <<= 1;
    }
    return { symbols: made, mask: size - 1 };
  }

  function fixedTables() {
    if (!fixed) {
      var lengths = new Uint8Array(288);
      lengths.fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280, 288);
      fixed = { literals: table(lengths), distances: table(new Uint8Array(30).fill(5)) };
    }
    return fixed;
  }

  function inflate(data) {
    var out = new Uint8Array(Math.max(1024, data.length * 4)), used = 0;
    var at = 0, hold = 0, held = 0;

    function bits(count) {
      while (held < count) {
        hold |= data[at++] << held;
        held += 8;
      }
      var found = hold & (1 << count) - 1;
      hold >>>= count;
      held -= count;
      return found;
    }
    function symbol(codes) {
      while (held < 15) {
        hold |= data[at++] << held;
        held += 8;
      }
      var found = codes.symbols[hold & codes.mask];
      hold >>>= found & 15;
      held -= found & 15;
      return found >> 4;
    }
    function room(count) {
      if (used + count <= out.length) return;
      var larger = new Uint8Array(Math.max(out.length * 2, used + count));
      larger.set(out);
      out = larger;
    }
    function dynamicTables() {
      var literals = bits(5) + 257, distances = bits(5) + 1, count = bits(4) + 4;
      var lengths = new Uint8Array(19), number;
      for (number = 0; number < count; number++) lengths[ORDER[number]] = bits(3);
      var codes = table(lengths);
      lengths = new Uint8Array(literals + distances);
      for (number = 0; number < lengths.length;) {
        var code = symbol(codes);
        if (code < 16) {
          lengths[number++] = code;
        } else {
          var repeated = code === 16 ? lengths[number - 1] : 0;
          var times = code === 16 ? bits(2) + 3 : code === 17 ? bits(3) + 3 : bits(7) + 11;
          lengths.fill(repeated, number, number + times);
          number += times;
        }
      }
      return { literals: table(lengths.subarray(0, literals)), distances: table(lengths.subarray(literals)) };
    }
    function stored() {
      at -= held >> 3;
      hold = held = 0;
      var count = data[at] | data[at + 1] << 8;
      at += 4;
      room(count);
      out.set(data.subarray(at, at + count), used);
      at += count;
      used += count;
    }
    function coded(tables) {
      for (;;) {
        if (at > data.length + 8) throw new Error("packed data is cut off");
        var code = symbol(tables.literals);
        if (code === 256) return;
        room(258);
        if (code < 256) {
          out[used++] = code;
          continue;
        }
        var length = LENGTHS.start[code - 257] + bits(LENGTHS.bits[code - 257]);
        code = symbol(tables.distances);
        var from = used - DISTANCES.start[code] - bits(DISTANCES.bits[code]);
        for (var end = used + length; used < end;) out[used++] = out[from++];
      }
    }

    var last;
    do {
      last = bits(1);
      var kind = bits(2);
      if (kind === 0) stored();
      else coded(kind === 1 ? fixedTables() : dynamicTables());
    } while (!last);
    return out.subarray(0, used);
  }

  window.sitegen.search.inflate = inflate;
})();
