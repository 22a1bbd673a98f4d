"""Files of MLEM: which one describes an annotated artifact, and what it says of the model.

Source of the format: MLEM 0.4.14, and the generation before 0.4. MLEM itself is never run.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from sitegen.errors import Problem
from sitegen.readers.context import Context, within
from sitegen.readers.memo import Memo
from sitegen.readers.mlem_objects import ObjectReader
from sitegen.registry.facts import Annotation
from sitegen.registry.schemas import ModelMetadata

ENDING = ".mlem"
# `{}` is the artifact's name. The first is where MLEM kept what it saved "in the project".
_CUSTOMARY = (".mlem/model/{}.mlem", "models/{}.mlem", "{}.mlem")
_MOST_LINKS = 10
# Folders above a model's file; no path in Git is looked for deeper.
_DEEPEST = 64
# Of one file: the first ones tell what is wrong with it.
_MOST_PROBLEMS = 10


class _Link(msgspec.Struct, frozen=True):
    """An object that stands for another one of the same repository."""

    path: str


_Found = ModelMetadata | _Link | None


def wants(path: str) -> bool:
    """Whether a file is an object of MLEM's; its settings are called config.yaml or .mlem.yaml."""
    name = posixpath.basename(path)
    return name.endswith(ENDING) and name != ENDING


def alone_in_folders(paths: Iterable[str]) -> dict[str, str]:
    """Folder -> the .mlem file that lies directly in it, where there is just one.

    paths: of a commit; others than .mlem files do no harm.
    """
    found: dict[str, list[str]] = {}
    for path in paths:
        if wants(path):
            found.setdefault(posixpath.dirname(path), []).append(path)
    return {folder: here[0] for folder, here in found.items() if len(here) == 1}


def candidates(
    artifact: str, said_path: str, paths: Collection[str], alone: Mapping[str, str]
) -> str | None:
    """Which of a commit's .mlem files belongs to an artifact; None where none does for certain.

    artifact: the full name ("cv:nn"). said_path: what its annotation says, "" if nothing. paths:
    of the commit; others than .mlem files do no harm. alone: what `alone_in_folders` says of them.
    """
    if not said_path:
        folder, _, name = artifact.rpartition(":")
        usual = (posixpath.join(folder, one.format(name)) for one in _CUSTOMARY)
        return next((path for path in usual if path in paths), None)
    said = said_path.rstrip("/")
    if wants(said):
        return said if said in paths else None
    if said + ENDING in paths:
        return said + ENDING
    if said in alone:
        return alone[said]
    # The files of a model saved in several lie in the folder `<name>` beside `<name>.mlem`.
    above = posixpath.dirname(said)
    for _ in range(_DEEPEST):
        if above and above + ENDING in paths:
            return above + ENDING
        above = posixpath.dirname(above)
    return alone.get(posixpath.dirname(said)) if "://" not in said else None


def read_models(
    files: Mapping[str, bytes],
    said: Sequence[Annotation],
    repo: str = "",
    memo: Memo | None = None,
) -> tuple[dict[str, ModelMetadata], tuple[Problem, ...]]:
    """What the .mlem files of one commit say of the artifacts annotated there, by artifact.

    files: all .mlem files of the commit. repo: as in Problem. memo: given with each commit, a file
    that none of them changes is read once, and equal models are one object. Files that belong to
    no artifact, and objects that are no models (data, deployments, servers, ...), are passed over;
    so is a link into another repository or to another revision.
    """
    memo = Memo() if memo is None else memo
    models: dict[str, ModelMetadata] = {}
    problems: dict[Problem, None] = {}
    paths = frozenset(path for path in files if wants(path))
    alone = alone_in_folders(paths)
    for one in said:
        path = candidates(one.artifact, one.path, paths, alone)
        if path is None or one.artifact in models:
            continue
        model, wrong = _follow(files, path, repo, memo)
        if model is not None and _neighbour(path, one.path) and not _holds(model, one.path):
            continue
        problems |= dict.fromkeys(wrong)
        if model is not None:
            models[one.artifact] = model
    return models, tuple(problems)


def _neighbour(path: str, said: str) -> bool:
    """Whether a file was chosen for nothing but lying in the same folder."""
    said = said.rstrip("/")
    stem = path.removesuffix(ENDING)
    return bool(said) and (
        posixpath.dirname(said) == posixpath.dirname(path)
        and said not in (path, stem)
        and not said.startswith(stem + "/")
    )


def _holds(model: ModelMetadata, said: str) -> bool:
    """Whether a model's own files bear out that it is what lies at a path.

    A model that names no file of the repository contradicts nothing.
    """
    named = [file.path for file in model.files if file.path]
    said = said.rstrip("/")
    return not named or any(
        path == said or path.startswith(said + "/") or said.startswith(path + "/") for path in named
    )


def _follow(
    files: Mapping[str, bytes], path: str, repo: str, memo: Memo
) -> tuple[ModelMetadata | None, tuple[Problem, ...]]:
    """The model at a path, links followed."""
    problems: dict[Problem, None] = {}
    start, seen = path, [path]
    while True:
        found, wrong = _read(path, files[path], repo, memo)
        problems |= dict.fromkeys(wrong)
        if not isinstance(found, _Link):
            return found, tuple(problems)
        targets = _targets(path, found.path, files)
        if len(targets) != 1:
            what = "leads to no file" if not targets else f"may mean {' or '.join(targets[:5])}"
            reason = f"the link to {found.path[:200]!r} {what}, one .mlem file is expected"
            problems[_problem(repo, path, reason)] = None
            return None, tuple(problems)
        path = targets[0]
        if path in seen or len(seen) > _MOST_LINKS:
            reason = f"its links lead round in a circle, or over more than {_MOST_LINKS} files"
            problems[_problem(repo, start, reason)] = None
            return None, tuple(problems)
        seen.append(path)


def _targets(path: str, to: str, files: Mapping[str, bytes]) -> list[str]:
    """What a link may mean: MLEM counts from its project's root, which is some folder above.

    Without a project it counts from the link's own folder.
    """
    folder = posixpath.dirname(path)
    folders = [folder]
    while folder:
        folder = posixpath.dirname(folder)
        folders.append(folder)
    if "/.mlem/" in f"/{path}":
        # The project is the folder that holds .mlem.
        project = f"/{path}".partition("/.mlem/")[0].lstrip("/")
        folders.sort(key=lambda one: one != project)
        folders = folders[:1]
    names = (to, to + ENDING)
    whole = (within(one, name) for one in folders for name in names)
    return list(dict.fromkeys(one for one in whole if one is not None and one in files))


def _read(path: str, data: bytes, repo: str, memo: Memo) -> tuple[_Found, tuple[Problem, ...]]:
    def make() -> tuple[_Found, tuple[Problem, ...]]:
        context = Context({path: data}, repo, "", memo)
        found = _object(context, path)
        return (memo.same(found, found) if found is not None else None), context.problems

    return memo.once(("mlem", repo, path, data), make, len(data))


def _object(context: Context, path: str) -> _Found:
    document = context.yaml(path)
    if document is None:
        return None
    root = document.value
    if not isinstance(root, dict):
        expected = f"{path} is expected to be an object of MLEM, which is a mapping"
        context.report("mlem", path, expected, f"save the model again, or delete {path}")
        return None
    kind = root.get("object_type")
    if kind == "link":
        return _link(context, path, root)
    if kind not in ("model", None) or not ("processors" in root or "model_type" in root):
        if kind == "model":
            expected = "a model is expected to have 'processors', or 'model_type' before MLEM 0.4"
            context.report("mlem", path, expected, "save the model again")
        return None

    def report(reason: str, remedy: str) -> None:
        if len(context.problems) < _MOST_PROBLEMS:
            context.report("mlem", path, reason, remedy)

    return ObjectReader(document, path, report).model()


def _link(context: Context, path: str, root: Mapping[str, Any]) -> _Link | None:
    if root.get("project") is not None or root.get("rev") is not None:
        return None
    if root.get("link_type", "model") != "model":
        return None
    to = root.get("path")
    if isinstance(to, str) and to:
        return _Link(to)
    context.report("mlem", path, "a link is expected to have a 'path'", f"correct {path}")
    return None


def _problem(repo: str, path: str, reason: str) -> Problem:
    return Problem(repo, "", path, reason, "point the link to a model", "mlem.link")
