"""YAML 1.2, guarded against bombs, with line numbers; the only door to a YAML library.

`reading` turns a file into plain values; `edit` changes a file and leaves the rest of its bytes.
"""

from sitegen.safeyaml.edit import delete, put
from sitegen.safeyaml.reading import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    Document,
    Path,
    Repeated,
    YamlError,
    load,
)
from sitegen.safeyaml.scalars import MAX_DIGITS, scalar

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_DIGITS",
    "MAX_NODES",
    "Document",
    "Path",
    "Repeated",
    "YamlError",
    "delete",
    "load",
    "put",
    "scalar",
]
