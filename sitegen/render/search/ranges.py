"""Cuts sorted terms into ranges of about the same size, one to a file.

Where a cut is follows from the terms beside it and not from how many come before, so that a change
of a few terms changes the files of those alone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from zlib import crc32


def cut(keys: Sequence[str], sizes: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """Ranges [start, end) of `keys`, in order, each of at most `most` bytes or of one key.

    sizes: bytes that each key takes. A range that is too large is cut before the key whose hash is
    the smallest of those in its middle, which a few keys more or less seldom change.
    """
    hashes = [crc32(key.encode("utf-8", "surrogatepass")) for key in keys]
    ends = [0, *accumulate(sizes)]
    todo = [(0, len(keys))]
    while todo:
        start, end = todo.pop()
        size = ends[end] - ends[start]
        if size <= most or end - start < 2:
            if start < end:
                yield start, end
            continue
        low, high = ends[start] + size // 4, ends[end] - size // 4
        first = bisect_left(ends, low, start + 1, end)
        last = bisect_right(ends, high, start + 1, end)
        if first == last:
            # A single key may be larger than all the others, with no cut in the middle.
            first, last = start + 1, end
        at = hashes.index(min(hashes[first:last]), first, last)
        todo += [(at, end), (start, at)]
