"""What was read of one repository <-> one file: for caches, distributed scans and tests.

The file is a line that names the format and its version, then MessagePack,
deflated. Equal facts give equal bytes.
"""

from __future__ import annotations

import zlib
from typing import Any

import msgspec

from sitegen.errors import SnapshotError
from sitegen.registry.facts import RepositoryFacts

FORMAT = b"sitegen-snapshot"
VERSION = 1
# Deflate shrinks at most about a thousandfold: without a limit, 4 MB could ask for 4 GB.
LIMIT = 1 << 30

_REMEDY = "run `sitegen scan` again"
_BIG_INTEGER = 1  # MessagePack's own integers end at 64 bits


def dump(facts: RepositoryFacts) -> bytes:
    """The bytes of a snapshot. NaN, infinities and integers of any size in values survive."""
    fields = msgspec.structs.asdict(facts)
    fields["commits"] = _sorted(facts.commits)
    fields["annotations"] = _sorted(facts.annotations)
    fields["values"] = _sorted(facts.values)
    for name in ("cards", "texts", "pictures"):
        fields[name] = _sorted(fields[name])
    fields["tracked"] = {commit: sorted(paths) for commit, paths in _sorted(facts.tracked).items()}
    try:
        body = msgspec.msgpack.encode(fields)
    except (OverflowError, UnicodeEncodeError):
        body = msgspec.msgpack.encode(
            _encodable(msgspec.to_builtins(fields, builtin_types=(bytes,)))
        )
    return b"%s %d\n" % (FORMAT, VERSION) + zlib.compress(body, 6)


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
        return _decoder().decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        reason = f"does not hold what a snapshot should: {error}"
        raise SnapshotError(reason, path=str(path), remedy=_REMEDY) from None


def _sorted(mapping: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(mapping.items()))


def _decoder() -> msgspec.msgpack.Decoder[RepositoryFacts]:
    return msgspec.msgpack.Decoder(RepositoryFacts, ext_hook=_big_integer)


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
