"""What was worked out of files so far: made for one reading of a repository, never shared.

Most commits leave most files as they were, and one file is looked at for several reasons.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from sitegen.safeyaml import Document, YamlError, load

# Bytes of source; a YAML file takes some thirty times as much memory as a document.
MOST = 1024 * 1024
# What a result weighs beside its source.
_LEAST = 200

T = TypeVar("T")


def parse(data: bytes) -> Document | YamlError:
    """`data` as YAML, or why it is none."""
    try:
        return load(data)
    except YamlError as error:
        return error.with_traceback(None)


class Memo:
    """Results by what they depend on, of which those used last are kept.

    most: how many bytes of source the kept results may stand for together; the latest one is
    kept whatever its size.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._weight = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._same: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], T], size: int = 0) -> T:
        """What `make` gives, or gave for an equal key. size: of the source, in bytes."""
        known = self._kept.get(key)
        if known is not None:
            self._kept.move_to_end(key)
            result: T = known[0]
            return result
        result = make()
        weight = size + _LEAST
        self._kept[key] = result, weight
        self._weight += weight
        while self._weight > self._most and len(self._kept) > 1:
            _, (_, gone) = self._kept.popitem(last=False)
            self._weight -= gone
        return result

    def for_good(self, key: Hashable, make: Callable[[], T]) -> T:
        """As `once`, however much is read in between: for results that the caller keeps anyway."""
        if key not in self._same:
            self._same[key] = make()
        result: T = self._same[key]
        return result

    def parse(self, data: bytes) -> Document | YamlError:
        """`data` as YAML, or why it is none. Shared between callers: only to be read."""
        return self.once(("yaml", data), lambda: parse(data), len(data))

    def same(self, key: Hashable, value: T) -> T:
        """The first value that was given for an equal key: equal results take memory once."""
        found: T = self._same.setdefault(key, value)
        return found


def only(files: Mapping[str, bytes], *paths: str) -> dict[str, bytes]:
    """Those of `files` that are at `paths`, in that order."""
    return {path: files[path] for path in paths if path in files}
