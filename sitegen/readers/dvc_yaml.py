"""dvc.yaml: DVC's annotations, in any folder; in folder `cv` the artifact is `cv:name`.

Source of the format: DVC 3, `artifacts: {name: {path, type, desc, labels, meta}}`, whose values
may be `${templated}`. Paths are relative to the dvc.yaml's folder.
"""

from __future__ import annotations

import posixpath
from typing import Any

from sitegen.readers import templates
from sitegen.readers.annotation import Entry, Said, is_legal_name
from sitegen.readers.context import Context, within
from sitegen.readers.memo import Memo
from sitegen.safeyaml import YamlError

NAME = "dvc.yaml"
_KEYS = {
    "path": "path", "type": "type", "desc": "description", "labels": "labels", "meta": "custom",
}  # fmt: skip


def wants(path: str) -> bool:
    return path.endswith(NAME) and path[-len(NAME) - 1 : -len(NAME)] in ("", "/")


def needs(path: str, data: bytes, memo: Memo) -> frozenset[str]:
    """The files that templates of this dvc.yaml take values from; none where it has no template."""
    if b"${" not in data:
        return frozenset()
    document = memo.parse(data)
    if isinstance(document, YamlError) or not isinstance(document.value, dict):
        return frozenset()
    folder = posixpath.dirname(path)
    found = [templates.var_files(folder, document.value.get("vars"))]
    steps = document.value.get("stages")
    for step in steps.values() if isinstance(steps, dict) else ():
        body = step.get("do", step) if isinstance(step, dict) else None
        if isinstance(body, dict):
            inside = within(folder, str(body.get("wdir") or "."))
            if inside is not None:
                found.append(templates.var_files(inside, body.get("vars")))
    params = posixpath.join(folder, templates.PARAMS)
    return frozenset((params, *(name for files in found for name, _ in files)))


def read(context: Context, path: str) -> list[Said]:
    document = context.yaml(path)
    root = document.value if document is not None else None
    if document is None or root is None:
        return []
    artifacts = root.get("artifacts") if isinstance(root, dict) else root
    if not isinstance(artifacts, dict | None):
        where = f"artifacts of {path}" if isinstance(root, dict) else path
        _wrong(context, path, f"{where} is expected to be a mapping")
        return []
    if not artifacts:
        return []
    folder = posixpath.dirname(path)
    scope = templates.scope(context.files, folder, root.get("vars"), context.memo)
    said = []
    for name, values in artifacts.items():
        artifact = f"{folder}:{name}" if folder else name
        if not is_legal_name(context, path, artifact):
            continue
        if not isinstance(values, dict | None):
            line = document.line(("artifacts", name))
            _wrong(context, path, f"line {line}: {artifact} is expected to be a mapping")
            continue

        def resolve(value: Any, artifact: str = artifact) -> Any:
            try:
                return templates.resolve(value, scope)
            except templates.Unresolved as error:
                context.report(
                    "annotation.template",
                    path,
                    f"{artifact}: {error}",
                    f"add it to vars of {path}, or to {templates.PARAMS} beside it",
                )
                return value

        said.append(
            Entry(context, path, folder, artifact, values or {}, document, resolve).said(_KEYS)
        )
    return said


def _wrong(context: Context, path: str, reason: str) -> None:
    context.report("annotation.value", path, reason, f"correct {path}")
