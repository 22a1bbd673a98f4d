"""What was read of one repository <-> one file: for caches, distributed scans and tests.

The file is a line that names the format and its version, then MessagePack,
deflated. Equal facts give equal bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec

from sitegen.errors import SnapshotError
from sitegen.registry.facts import RepositoryFacts, ValueFile
from sitegen.registry.lineage import Data

FORMAT = b"sitegen-snapshot"
VERSION = 2
# Deflate shrinks at most about a thousandfold: without a limit, 4 MB could ask for 4 GB.
LIMIT = 1 << 30

_REMEDY = "run `sitegen scan` again"
_Index = Annotated[int, msgspec.Meta(ge=0)]
_BIG_INTEGER = 1  # MessagePack's own integers end at 64 bits


class _Kept(msgspec.Struct, frozen=True):
    """What the file holds: the facts less `values` and `data`, and these.

    Thousands of commits share most of their values and data, so each distinct one stands once, in
    order of the commits, and a row names those that a commit has together.
    """

    facts: RepositoryFacts
    files: list[ValueFile]
    file_rows: list[list[_Index]]
    values: dict[str, _Index]
    records: list[Data]
    record_rows: list[list[_Index]]
    data: dict[str, _Index]


class _Pool:
    """Distinct things in the order in which they came, and rows of them."""

    def __init__(self) -> None:
        self.things: list[Any] = []
        self.rows: list[list[int]] = []
        self._by_identity: dict[int, int] = {}
        self._places: dict[Any, int] = {}
        self._row_places: dict[tuple[int, ...], int] = {}
        self._row_by_identity: dict[int, int] = {}

    def row(self, holder: Any, things: Iterable[Any]) -> int:
        """The number of the row that has just these. holder: what has them, the same if equal."""
        known = self._row_by_identity.get(id(holder))
        if known is None:
            row = tuple(self._place(thing) for thing in things)
            known = self._row_places.setdefault(row, len(self.rows))
            if known == len(self.rows):
                self.rows.append(list(row))
            self._row_by_identity[id(holder)] = known
        return known

    def _place(self, thing: Any) -> int:
        known = self._by_identity.get(id(thing))
        if known is None:
            # Equal facts give equal bytes, whatever of them is one object.
            known = self._places.setdefault(_packed(thing), len(self.things))
            if known == len(self.things):
                self.things.append(thing)
            self._by_identity[id(thing)] = known
        return known


def dump(facts: RepositoryFacts) -> bytes:
    """The bytes of a snapshot. NaN, infinities and integers of any size in values survive."""
    fields = msgspec.structs.asdict(facts)
    fields["commits"] = _sorted(facts.commits)
    fields["annotations"] = _sorted(facts.annotations)
    for name in ("cards", "texts", "pictures"):
        fields[name] = _sorted(fields[name])
    fields["tracked"] = {commit: sorted(paths) for commit, paths in _sorted(facts.tracked).items()}
    fields["values"] = fields["data"] = {}
    files, records = _Pool(), _Pool()
    kept = {
        "facts": fields,
        "values": {oid: files.row(row, row) for oid, row in _sorted(facts.values).items()},
        "data": {oid: records.row(row, row.values()) for oid, row in _sorted(facts.data).items()},
        "files": files.things,
        "file_rows": files.rows,
        "records": records.things,
        "record_rows": records.rows,
    }
    return b"%s %d\n" % (FORMAT, VERSION) + zlib.compress(_packed(kept), 6)


def _packed(value: Any) -> bytes:
    try:
        return msgspec.msgpack.encode(value)
    except (OverflowError, UnicodeEncodeError):
        return msgspec.msgpack.encode(
            _encodable(msgspec.to_builtins(value, builtin_types=(bytes,)))
        )


def load(data: bytes, path: str, *, limit: int = LIMIT) -> RepositoryFacts:
    """The facts in a snapshot. path: named in errors. limit: bytes, inflated.

    Raises SnapshotError where the bytes are no snapshot, of another version, or damaged.
    """
    header, newline, packed = data.partition(b"\n")
    name, _, version = header.partition(b" ")
    if not newline or name != FORMAT:
        raise SnapshotError("is no snapshot of sitegen", path=str(path), remedy=_REMEDY)
    if version != b"%d" % VERSION:
        found = version[:20].decode("ascii", "replace")
        reason = f"is a snapshot of version {found}; expected version {VERSION}"
        raise SnapshotError(reason, path=str(path), remedy=_REMEDY)
    inflater = zlib.decompressobj()
    try:
        body = inflater.decompress(packed, limit)
    except zlib.error:
        raise SnapshotError("is damaged", path=str(path), remedy=_REMEDY) from None
    if not inflater.eof:
        full = bool(inflater.unconsumed_tail)
        reason = f"holds more than {limit} bytes" if full else "is cut short"
        raise SnapshotError(reason, path=str(path), remedy=_REMEDY)
    try:
        return _whole(_decoder().decode(body))
    except (
        msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError, IndexError,
    ) as error:  # fmt: skip
        reason = f"does not hold what a snapshot should: {error}"
        raise SnapshotError(reason, path=str(path), remedy=_REMEDY) from None


def _sorted(mapping: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(mapping.items()))


def _whole(kept: _Kept) -> RepositoryFacts:
    values = [tuple(kept.files[at] for at in row) for row in kept.file_rows]
    data = [{one.path: one for one in (kept.records[at] for at in row)} for row in kept.record_rows]
    return msgspec.structs.replace(
        kept.facts,
        values={commit: values[at] for commit, at in kept.values.items()},
        data={commit: data[at] for commit, at in kept.data.items()},
    )


def _decoder() -> msgspec.msgpack.Decoder[_Kept]:
    return msgspec.msgpack.Decoder(_Kept, ext_hook=_big_integer)


def _big_integer(code: int, data: memoryview) -> int:
    if code != _BIG_INTEGER:
        raise ValueError(f"unknown extension {code}")
    return int.from_bytes(data, "big", signed=True)


def _encodable(value: Any) -> Any:
    """`value` with integers beyond 64 bits wrapped, and lone surrogates replaced by U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_encodable(key): _encodable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encodable(item) for item in value]
    if type(value) is int and not -(1 << 63) <= value < 1 << 64:
        size = value.bit_length() // 8 + 1
        return msgspec.msgpack.Ext(_BIG_INTEGER, value.to_bytes(size, "big", signed=True))
    return value
