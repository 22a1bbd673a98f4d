"""What a file is expected to be, and whether it is that.

Sources of the rules: DVC 3 (md5 of the bytes), DVC before it (md5 of a text with its line ends
made those of Unix), Git LFS (sha256), Git (a blob's id).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from sitegen.errors import StorageError

ALGORITHMS = ("md5", "sha256", "git")

_CHUNK = 1 << 20
# What DVC looks at to tell a text: so many bytes, and which of them a text has.
_LOOK = 512
_TEXT = bytes(range(32, 127)) + b"\n\r\t\f\b"


class Expected(msgspec.Struct, frozen=True):
    """The recorded hash of a file, "" where none is, and its size. legacy: by DVC before 3."""

    algorithm: str = ""
    hash: str = ""
    size: int | None = None
    legacy: bool = False

    @property
    def checkable(self) -> bool:
        """Whether a file can be told from another one by it."""
        return bool(self.hash) and self.algorithm in ALGORITHMS


def check(path: Path, expected: Expected, name: str) -> None:
    """Raise StorageError where the file is not the expected one. name: how people know it."""
    size = path.stat().st_size
    # A text's size is recorded with the line ends that it had where it was added.
    if expected.size is not None and size != expected.size and not expected.legacy:
        raise _differs(name, f"it has {size} bytes, expected {expected.size}")
    if not expected.checkable:
        return
    wanted = expected.hash.removesuffix(".dir")
    found = _hashes(path, expected, size)
    if wanted not in found:
        how = "id in Git" if expected.algorithm == "git" else expected.algorithm
        raise _differs(name, f"its {how} is {found[0]}, expected {wanted}")


def _differs(name: str, why: str) -> StorageError:
    return StorageError(
        f"what was fetched is not what was recorded: {why}",
        path=name,
        remedy="nothing was kept; see whether the storage is damaged, and push the file again",
    )


def _hashes(path: Path, expected: Expected, size: int) -> list[str]:
    """The file's own hash first, then what else may have been recorded for these bytes."""
    # Hashes tell files apart here; whoever could forge one could write the record as well.
    if expected.algorithm == "sha256":
        hashers = [hashlib.sha256()]
    elif expected.algorithm == "git":
        # Git names a blob by the hash of its kind, size and bytes.
        hashers = [
            hashlib.sha1(usedforsecurity=False)
            if len(expected.hash) == 40
            else hashlib.sha256(usedforsecurity=False)
        ]
        hashers[0].update(f"blob {size}\0".encode())
    else:
        # Some versions judged each piece by itself, others the file by its beginning.
        hashers = [hashlib.md5(usedforsecurity=False) for _ in range(3 if expected.legacy else 1)]
    with path.open("rb") as file:
        text = None
        while chunk := file.read(_CHUNK):
            hashers[0].update(chunk)
            if len(hashers) == 3:
                here = _is_text(chunk[:_LOOK])
                text = here if text is None else text
                unix = chunk.replace(b"\r\n", b"\n")
                hashers[1].update(unix if text else chunk)
                hashers[2].update(unix if here else chunk)
    return [hasher.hexdigest() for hasher in hashers]


def _is_text(block: bytes) -> bool:
    return b"\0" not in block and len(block.translate(None, _TEXT)) <= 0.3 * len(block)
