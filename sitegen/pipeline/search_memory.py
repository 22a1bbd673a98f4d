"""What a build leaves for the search index of the next one, in a file of the cache folder.

There is one for each published folder. Without it, or where it cannot be read or written, a build
only takes longer.
"""

from __future__ import annotations

import hashlib
import os
import sys
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sitegen.render.search.memory import Memory

MOST = 24
"""Files that are kept, the last used ones: folders of tests and the like never come again."""


def load_memory(cache: Path, output: Path, languages: Sequence[str] = ("en",)) -> Memory:
    """The memory of the last build into a folder, an empty one where there is none."""
    from sitegen import __version__

    # Other versions of these may cut words or pack data otherwise.
    versions = (__version__, sys.version_info[:3], zlib.ZLIB_RUNTIME_VERSION)
    try:
        data = _file(cache, output).read_bytes()
    except OSError:
        data = b""
    return Memory(data, repr((*versions, *languages)))


def save_memory(cache: Path, output: Path, memory: Memory) -> None:
    """Keep the memory of a build into a folder."""
    path = _file(cache, output)
    part = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(memory.encode())
        part.replace(path)
        _forget(path.parent)
    except OSError:
        with suppress(OSError):
            part.unlink()


def _file(cache: Path, output: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(output.absolute())).hexdigest()
    return cache / "search" / f"{digest[:24]}.bin"


def _forget(folder: Path) -> None:
    files = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in files[MOST:]:
        path.unlink()
