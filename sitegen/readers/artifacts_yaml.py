"""artifacts.yaml: GTO's own annotations, at the repository's root.

Source of the format: GTO 1.10, `{name: {type, path, virtual, labels, description, custom}}`.
"""

from __future__ import annotations

from sitegen.readers.annotation import Entry, Said, is_legal_name
from sitegen.readers.context import Context
from sitegen.readers.memo import Memo

NAME = "artifacts.yaml"
_KEYS = {key: key for key in ("path", "type", "description", "labels", "virtual", "custom")}


def wants(path: str) -> bool:
    return path == NAME


def needs(path: str, data: bytes, memo: Memo) -> frozenset[str]:
    """No other file is looked at."""
    del path, data, memo
    return frozenset()


def read(context: Context, path: str) -> list[Said]:
    document = context.yaml(path)
    if document is None or document.value is None:
        return []
    if not isinstance(document.value, dict):
        _wrong(context, path, f"{path} is expected to map names of artifacts to what they are")
        return []
    said = []
    for artifact, values in document.value.items():
        if not is_legal_name(context, path, artifact):
            continue
        if not isinstance(values, dict | None):
            line = document.line((artifact,))
            _wrong(context, path, f"line {line}: {artifact} is expected to be a mapping")
            continue
        entry = Entry(context, path, "", artifact, values or {}, document)
        said.append(entry.said(_KEYS))
    return said


def _wrong(context: Context, path: str, reason: str) -> None:
    context.report("annotation.value", path, reason, f"correct {path}")
