"""One artifact's entry, as a metadata file words it, checked key by key."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from sitegen.readers.context import Context, within
from sitegen.registry import names
from sitegen.safeyaml import Document

Resolve = Callable[[Any], Any]


class Said(msgspec.Struct, frozen=True):
    """What one file says of one artifact: only the fields of Annotation that it mentions."""

    artifact: str
    source: str
    fields: dict[str, Any]


class Entry:
    """One artifact's mapping in a file.

    path: the file. folder: what the paths in it are relative to ("" for the root).
    values: the mapping, a part of `document`. resolve: fills in templates.
    """

    def __init__(
        self,
        context: Context,
        path: str,
        folder: str,
        artifact: str,
        values: dict[str, Any],
        document: Document,
        resolve: Resolve = lambda value: value,
    ) -> None:
        self.context = context
        self.path = path
        self.folder = folder
        self.artifact = artifact
        self.values = values
        self.document = document
        self.resolve = resolve

    def said(self, keys: Mapping[str, str]) -> Said:
        """The fields of `keys` (key in the file -> field of Annotation) that are said well."""
        checks: dict[str, Callable[[str, Any], Any]] = {
            "path": self._path,
            "type": self._plain,
            "description": self._plain,
            "labels": self._labels,
            "virtual": self._virtual,
            "custom": lambda _, value: value,
        }
        fields: dict[str, Any] = {}
        for key, field in keys.items():
            if self.values.get(key) is None:
                continue
            value = checks[field](key, self.resolve(self.values[key]))
            if value is not None:
                fields[field] = value
        return Said(self.artifact, self.path, fields)

    def _wrong(self, key: str, expected: str) -> None:
        said = self.document.text_in(self.values, key)[:80]
        self.context.report(
            "annotation.value",
            self.path,
            f"{key} of {self.artifact} is {said!r}, {expected} is expected",
            f"correct {key} in {self.path}",
        )

    def _text(self, holder: Any, step: str | int, value: Any) -> str:
        """A scalar as the file writes it (`3.10`), or as a template put it there."""
        if isinstance(holder, dict | list) and not isinstance(value, str):
            with contextlib.suppress(LookupError):
                if holder[step] == value:  # type: ignore[index]
                    return self.document.text_in(holder, step)
        return spelled(value)

    def _plain(self, key: str, value: Any) -> str | None:
        if isinstance(value, dict | list):
            self._wrong(key, "a text")
            return None
        if isinstance(value, str):
            return value
        return self._text(self.values, key, value)

    def _path(self, key: str, value: Any) -> str | None:
        text = self._plain(key, value)
        if not text:
            return None
        path = within(self.folder, text)
        if path is None:
            self.context.report(
                "annotation.path",
                self.path,
                f"{key} of {self.artifact} is {text[:200]!r}, which leaves the repository",
                "give a path inside the repository, or an address such as s3://...",
            )
        return path

    def _labels(self, key: str, value: Any) -> tuple[str, ...] | None:
        raw = self.values[key]
        if isinstance(value, dict):
            pairs = [
                (f"{name}={self._text(raw, name, item)}", item) for name, item in value.items()
            ]
        elif isinstance(value, list):
            pairs = [(self._text(raw, at, item), item) for at, item in enumerate(value)]
        else:
            self._wrong(key, "a list of texts")
            return None
        if any(isinstance(item, dict | list) for _, item in pairs):
            self._wrong(key, "a list of texts")
        kept = (label for label, item in pairs if not isinstance(item, dict | list))
        return tuple(dict.fromkeys(kept))

    def _virtual(self, key: str, value: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        self._wrong(key, "true or false")
        return None


def spelled(value: Any) -> str:
    """A scalar as DVC writes it into a template's text: `true`, not `True`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def is_legal_name(context: Context, path: str, artifact: str) -> bool:
    """Whether GTO's grammar allows the name; reported where it does not."""
    if names.is_artifact(artifact):
        return True
    context.report(
        "annotation.name",
        path,
        f"{artifact[:200]!r} is no name of an artifact: letters, digits, - _ and / are expected, "
        "with a letter or digit at both ends",
        f"rename the artifact in {path}",
    )
    return False
