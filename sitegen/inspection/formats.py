"""The formats of model files, and which of them a file has."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sitegen.inspection.base import HEAD, Format, Inspected, Source, Unreadable
from sitegen.inspection.sources import open_file

# Surer beginnings come first: what only a name tells stands last.
FORMATS: tuple[Format, ...] = ()


def inspect_file(path: Path) -> Inspected:
    """What the model file at `path` is. Raises Unreadable, whose text names the file."""
    try:
        with open_file(path) as source:
            return inspect_source(source)
    except Unreadable as error:
        text = str(error)
        raise Unreadable(text if text.startswith(path.name) else f"{path.name}: {text}") from None


def inspect_source(source: Source) -> Inspected:
    """What the model file is that these bytes are of. Raises Unreadable."""
    if source.size == 0:
        raise Unreadable(f"{source.name}: is empty: expected a model file")
    head = source.read(0, min(HEAD, source.size))
    found = next((one for one in FORMATS if _is(one, head, source)), None)
    if found is None:
        known = ", ".join(one.name for one in FORMATS)
        raise Unreadable(f"{source.name}: has no known format of model files ({known})")
    try:
        return _whole(found.read(source))
    except Unreadable as error:
        raise Unreadable(f"{source.name}: {found.name}: {error}") from None
    # Whatever damaged bytes make a reader stumble over, they are no fault of ours to tell.
    except Exception as error:
        what = f"{type(error).__name__} {error}".strip()
        raise Unreadable(
            f"{source.name}: {found.name}: damaged, or of a kind that is not known ({what})"
        ) from None


def _is(one: Format, head: bytes, source: Source) -> bool:
    try:
        return one.matches(head, source)
    except Exception:
        return False


def _whole(found: Inspected) -> Inspected:
    """The same, where every text of it can be encoded. Raises where one cannot."""
    msgspec.json.encode(found)
    return found
