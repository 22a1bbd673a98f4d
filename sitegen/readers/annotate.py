"""Changing annotations: which file, which of its keys, and its bytes after the change.

Source of the formats: as in `artifacts_yaml` and `dvc_yaml`. What GTO 1.10 or DVC 3 could not read
afterwards is refused: both fail for a whole file where one entry is wrong.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any, Literal

from sitegen import safeyaml
from sitegen.errors import RefusedError
from sitegen.readers import artifacts_yaml, dvc_yaml
from sitegen.readers.context import within
from sitegen.registry import names

Form = Literal["artifacts.yaml", "dvc.yaml"]

# Field of an annotation -> key in the file, in the order of a new entry.
_KEYS: dict[Form, dict[str, str]] = {
    "artifacts.yaml": {
        "path": "path", "type": "type", "description": "description", "labels": "labels",
        "virtual": "virtual", "custom": "custom",
    },
    "dvc.yaml": {
        "path": "path", "type": "type", "description": "desc", "labels": "labels",
        "custom": "meta",
    },
}  # fmt: skip


def annotate(
    data: bytes | None,
    artifact: str,
    fields: Mapping[str, Any],
    *,
    form: Form,
    folder: str = "",
) -> bytes:
    """The file with these fields of an artifact set; all else in it stays byte for byte.

    data: None where there is no such file yet. artifact: as people write it, `cv:nn`. fields: of
    `path type description labels custom`, and `virtual` in artifacts.yaml; None removes one; what
    is not named stays. labels: all of them, a list. path: relative to the repository's root, or
    an address; dvc.yaml gets it relative to its own folder. folder: of the dvc.yaml, where it is
    not the name's. In dvc.yaml `${...}` is a template, as ever there.
    Raises RefusedError, and YamlError where the file is no YAML.
    """
    at, folder, source = _place(artifact, form, folder)
    keys = _KEYS[form]
    wanted: dict[str, Any] = {}
    for field in sorted(fields, key=[*keys, *fields].index):
        if field not in keys:
            raise _refused(f"{form} has no place for {field!r}", f"give {', '.join(keys)}", source)
        wanted[keys[field]] = _checked(field, fields[field], form, folder, source)
    before = data or b""
    found = _entry(before, artifact, at, source)
    if found is None and form == "artifacts.yaml" and not names.is_name(artifact):
        raise _refused(
            f"GTO cannot read artifacts.yaml with the name {artifact!r}, which has a folder, in it",
            f"write to {posixpath.join(folder, dvc_yaml.NAME)}: --to {dvc_yaml.NAME}",
            source,
        )
    if form == "dvc.yaml" and not {**(found or {}), **wanted}.get("path"):
        raise _refused(
            f"{artifact} would have no path, and DVC reads no dvc.yaml with such an artifact",
            "give a path with --path",
            source,
        )
    if found is None:
        told = {key: value for key, value in wanted.items() if value is not None}
        return safeyaml.put(before, at, told, name=source)
    result = before
    for key, value in wanted.items():
        if value is not None:
            result = safeyaml.put(result, (*at, key), value, name=source)
    for key, value in wanted.items():
        if value is None and key in found:
            result = safeyaml.delete(result, (*at, key), name=source)
    return result


def remove(data: bytes, artifact: str, *, form: Form) -> bytes:
    """The file without an artifact's entry and the comments that belong to it.

    Raises RefusedError, also where it has no such entry, and YamlError where it is no YAML.
    """
    at, _, source = _place(artifact, form, "")
    if not _has(data, at, source):
        raise _refused(f"{artifact} is not annotated there", "check the name", source)
    return safeyaml.delete(data, at, name=source)


def choose_file(files: Mapping[str, bytes], artifact: str, to: str = "") -> tuple[str, Form]:
    """The path and form of the file to change for an artifact.

    files: path -> bytes of a commit's annotation files, or of more. to: `artifacts.yaml` or
    `dvc.yaml`, which the user named. The file that has the entry counts first (of two the one
    named, else dvc.yaml, which wins in reading); then `to`; then a dvc.yaml in the artifact's
    folder that has artifacts; then artifacts.yaml, or dvc.yaml for an artifact in a folder.
    Raises RefusedError, and YamlError where one of the two files is no YAML.
    """
    at, folder, pipeline = _place(artifact, "dvc.yaml", "")
    choices: dict[str, tuple[str, Form]] = {
        dvc_yaml.NAME: (pipeline, "dvc.yaml"),
        artifacts_yaml.NAME: (artifacts_yaml.NAME, "artifacts.yaml"),
    }
    if to and pipeline == posixpath.normpath(to):
        to = dvc_yaml.NAME
    if to and to not in choices:
        raise _refused(
            f"{to!r} holds no annotations of {artifact}", f"name {' or '.join(choices)}", ""
        )
    having = []
    for name, (path, form) in choices.items():
        if path in files and _has(files[path], _place(artifact, form, "")[0], path):
            having.append(name)
    if having:
        return choices[to if to in having else having[0]]
    if to:
        return choices[to]
    if folder or (pipeline in files and _has(files[pipeline], at[:1], pipeline)):
        return choices[dvc_yaml.NAME]
    return choices[artifacts_yaml.NAME]


def _place(artifact: str, form: Form, folder: str) -> tuple[tuple[str, ...], str, str]:
    """The entry's keys in the file, the dvc.yaml's folder, and the file's path."""
    if not names.is_artifact(artifact):
        raise _refused(
            f"{artifact[:200]!r} is no name of an artifact",
            "use letters, digits, - _ and /, with a letter or digit at both ends",
            "",
        )
    named, name = names.split(artifact)
    folder = folder or named
    parts = folder.split("/") if folder else []
    if any(part in ("", ".", "..") or part.lower() == ".git" for part in parts):
        raise _refused(
            f"{folder!r} is no folder of the repository", "name it from the root, as in cv:nn", ""
        )
    if form == "dvc.yaml":
        return ("artifacts", name), folder, posixpath.join(folder, dvc_yaml.NAME)
    return (artifact,), folder, artifacts_yaml.NAME


def _entry(data: bytes, artifact: str, at: tuple[str, ...], source: str) -> dict[str, Any] | None:
    """The artifact's mapping; None where it is not there, or nothing is said in it."""
    root = safeyaml.load(data, name=source).value
    for key in at:
        root = root.get(key) if isinstance(root, dict) else None
    if root is None or isinstance(root, dict):
        return root
    raise _refused(f"{artifact} is expected to be a mapping", f"correct {source}", source)


def _has(data: bytes, at: tuple[str, ...], source: str) -> bool:
    root = safeyaml.load(data, name=source).value
    for key in at:
        if not isinstance(root, dict) or key not in root:
            return False
        root = root[key]
    return True


def _checked(field: str, value: Any, form: Form, folder: str, source: str) -> Any:
    """The value as it goes into the file."""
    if value is None:
        return None
    if field == "labels":
        labels = [value] if isinstance(value, str) else list(value)
        for label in labels:
            _check_text("a label", label, form, source)
        return list(dict.fromkeys(labels))
    if field == "type":
        _check_text("the type", value, form, source)
    elif field == "virtual" and not isinstance(value, bool):
        raise _refused("virtual is expected to be true or false", "give one of them", source)
    elif field in ("path", "description") and not isinstance(value, str):
        raise _refused(f"{field} is expected to be a text", "give a text", source)
    if field != "path" or "${" in value:
        return value
    path = within("", value)
    if not value or path is None or path == ".":
        raise _refused(
            f"the path {value[:200]!r} is expected to be inside the repository",
            "give it relative to the repository's root, or an address such as s3://...",
            source,
        )
    if form == "artifacts.yaml" or "://" in path:
        return path
    # Both start at a root of their own, so that no current folder comes into it.
    return posixpath.relpath(f"/{path}", f"/{folder}")


def _check_text(what: str, value: Any, form: Form, source: str) -> None:
    if not isinstance(value, str):
        raise _refused(f"{what} is expected to be a text", "give a text", source)
    if form == "artifacts.yaml" and not names.is_name(value):
        raise _refused(
            f"{what} {value[:200]!r} is none that GTO allows in artifacts.yaml",
            "use letters, digits, - _ and /, with a letter or digit at both ends",
            source,
        )


def _refused(reason: str, remedy: str, path: str) -> RefusedError:
    return RefusedError(reason, path=path, remedy=remedy)
