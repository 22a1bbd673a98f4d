"""The JSON files of `api/v1`, and their JSON Schema."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from sitegen.site import urls
from sitegen.site.records import SCHEMAS, ApiRepository

_INTEGERS = range(-(2**63), 2**64)

# What would end or change a script that the JSON stands in. In JSON all five are allowed inside
# strings alone, so replacing their bytes changes no value.
_ESCAPES = (
    (b"<", b"\\u003c"),
    (b">", b"\\u003e"),
    (b"&", b"\\u0026"),
    ("\u2028".encode(), b"\\u2028"),
    ("\u2029".encode(), b"\\u2029"),
)


def encode(value: Any) -> bytes:
    """A record as JSON that every parser reads, and that may stand inside a script.

    NaN, the infinities and integers beyond 64 bits become strings; a lone surrogate becomes "?".
    """
    if isinstance(value, ApiRepository):
        return _repository(value)
    builtins = _sayable(msgspec.to_builtins(value, str_keys=True))
    try:
        data = msgspec.json.encode(builtins)
    except UnicodeEncodeError:
        data = msgspec.json.encode(_whole(builtins))
    for found, escaped in _ESCAPES:
        data = data.replace(found, escaped)
    return data


def _repository(record: ApiRepository) -> bytes:
    """Of thousands of experiments most share their values and data, which are written out once."""
    known: dict[int, bytes] = {}

    def part(holder: Any) -> bytes:
        if id(holder) not in known:
            known[id(holder)] = encode(holder)
        return known[id(holder)]

    rows = []
    for one in record.experiments:
        bare = encode(msgspec.structs.replace(one, metrics={}, params={}, files={}))
        # Quotes are escaped within texts, so these words stand in none.
        before, _, after = bare.partition(b'"metrics":{},"params":{},"files":{}')
        rows.append(
            b'%b"metrics":%b,"params":%b,"files":%b%b'
            % (before, part(one.metrics), part(one.params), part(one.files), after)
        )
    whole = encode(msgspec.to_builtins(msgspec.structs.replace(record, experiments=[])))
    return whole.replace(b'"experiments":[]', b'"experiments":[' + b",".join(rows) + b"]", 1)


def _sayable(value: Any) -> Any:
    """Plain values with the numbers that JSON, or many of its readers, cannot say as strings."""
    kind = type(value)
    if kind is dict:
        return {key: _sayable(inner) for key, inner in value.items()}
    if kind is list:
        return [_sayable(inner) for inner in value]
    if kind is float and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if kind is int and value not in _INTEGERS:
        # Python writes no decimal of over 4,300 digits.
        return str(value) if value.bit_length() < 4096 else hex(value)
    return value


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_whole(key): _whole(inner) for key, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, list) else value


def documents(records: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """The files of the API, sorted: (path, bytes)."""
    for path in sorted(records):
        yield path, encode(records[path]) + b"\n"


def schemas() -> Iterator[tuple[str, bytes]]:
    """What each of them holds, as JSON Schema (draft 2020-12)."""
    for name in sorted(SCHEMAS):
        schema = msgspec.json.schema(SCHEMAS[name])
        stated = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": name,
            **schema,
        }
        yield (
            f"{urls.API}/schema/{name}.json",
            msgspec.json.format(encode(stated), indent=2) + b"\n",
        )
