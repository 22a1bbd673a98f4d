"""Search in the browser: documents of the portal, and an index of them with lunr.js's results."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from sitegen.render.data import encode
from sitegen.render.search import group
from sitegen.render.search.fields import FIELDS, Document
from sitegen.render.search.packing import FOLDER, Packed, pack, script

DIRECTORY = "index"


def index_files(groups: Mapping[str, Sequence[Document]]) -> Iterator[tuple[str, bytes]]:
    """Every file of the index, one by one: (path, bytes). groups: name -> its documents, in order.

    A group without documents is left out.
    """
    records = []
    written: set[str] = set()
    for name, documents in groups.items():
        if not documents:
            continue
        packed = Packed()
        record = group.index(name, documents, FIELDS, packed)
        yield from sorted((p, data) for p, data in packed.files.items() if p not in written)
        written |= packed.files.keys()
        stamp = hashlib.sha256()
        for path, data in group.results(name, documents):
            stamp.update(data)
            yield path, data
        records.append({"stamp": stamp.hexdigest()[:8], **msgspec.structs.asdict(record)})
    directory = encode({"format": 1, "groups": records})
    yield f"{FOLDER}/{DIRECTORY}.js", script(DIRECTORY, pack(directory))
