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
from functools import cache
from importlib.metadata import version
from pathlib import Path

from sitegen.render import search
from sitegen.render.search.memory import Memory

MOST = 24
"""Files that are kept, the last used ones: folders of tests and the like never come again."""


def load_memory(folder: Path, output: Path, languages: Sequence[str] = ("en",)) -> Memory:
    """The memory of the last build into a folder, an empty one where there is none.

    folder: the cache folder.
    """
    try:
        data = _file(folder, output).read_bytes()
    except OSError:
        data = b""
    return Memory(data, repr((*_versions(), *languages)))


def save_memory(folder: Path, output: Path, memory: Memory) -> None:
    """Keep the memory of a build into a folder."""
    path = _file(folder, output)
    part = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(memory.encode())
        part.replace(path)
        _forget(path.parent)
    except OSError:
        with suppress(OSError):
            part.unlink()


@cache
def _versions() -> tuple[str, ...]:
    """What may cut words or pack data otherwise, once it is another."""
    from sitegen import __version__

    own = hashlib.sha256()
    for path in sorted(Path(search.__file__).parent.glob("*.py")):
        own.update(path.read_bytes())
    others = (version(name) for name in ("lunr", "snowballstemmer"))
    return (__version__, own.hexdigest(), *others, sys.version, zlib.ZLIB_RUNTIME_VERSION)


def _file(folder: Path, output: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(output.absolute())).hexdigest()
    return folder / "search" / f"{digest[:24]}.bin"


def _forget(folder: Path) -> None:
    files = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in files[MOST:]:
        path.unlink()
