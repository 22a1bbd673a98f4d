"""Search in the browser: documents of the portal, and an index of them with lunr.js's results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from sitegen.render.data import encode
from sitegen.render.search import group
from sitegen.render.search.fields import FIELDS, Document
from sitegen.render.search.languages import ENGLISH, Language
from sitegen.render.search.memory import Memory
from sitegen.render.search.packing import FOLDER, Packed, pack, script

DIRECTORY = "index"


def index_files(
    groups: Mapping[str, Sequence[Document]],
    memory: Memory | None = None,
    languages: Sequence[Language] = (ENGLISH,),
) -> Iterator[tuple[str, bytes]]:
    """Every file of the index, one by one: (path, bytes). groups: name -> its documents, in order.

    A group without documents is left out. memory: of the build before; it is that of this one once
    all files were asked for.
    """
    memory = memory or Memory()
    packed = Packed(memory.files)
    records = []
    kept = {}
    for name, documents in groups.items():
        if not documents:
            continue
        before = memory.groups.get(name)
        record, kept[name] = group.index(name, documents, FIELDS, packed, before, languages)
        stamp = group.results(name, documents, packed)
        records.append({"stamp": stamp, **msgspec.structs.asdict(record)})
    for path in sorted(packed.files):
        yield path, packed.files[path][1]
    directory = encode(
        {
            "format": 3,
            "languages": [language.code for language in languages],
            "groups": records,
        }
    )
    yield f"{FOLDER}/{DIRECTORY}.js", script(DIRECTORY, pack(directory))
    memory.groups, memory.files = kept, packed.files
