"""Model cards: a Markdown file with front matter -> what it says, and its text.

Source of the keys: the model card metadata of the Hugging Face Hub (`modelcard.md` of its
documentation). Others are left alone: many tools keep theirs in the same place.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

import msgspec

from sitegen.errors import Problem
from sitegen.readers import lfs
from sitegen.readers.context import within
from sitegen.readers.front_matter import part
from sitegen.readers.pictures import image_paths
from sitegen.registry import names
from sitegen.registry.facts import Annotation, Card
from sitegen.safeyaml import Document, YamlError, load

CARD, README = "MODEL_CARD.md", "README.md"
NAMED_BY = "card"
"""The key of an annotation's `custom` (`meta` in dvc.yaml) that names a model's card."""

KEYS = (
    "license", "license_name", "license_link", "base_model", "datasets", "language",
    "library_name", "pipeline_tag", "tags", "metrics",
)  # fmt: skip
"""The keys of the front matter that are shown, in this order."""

# Pages of many site generators have these two as well.
_OF_CARDS_ALONE = frozenset(KEYS) - {"tags", "language"}
_INDEX = "model-index"
_MAX_VALUES = 100
_MAX_RESULTS = 200
_MAX_TEXT = 200


class Place(msgspec.Struct, frozen=True):
    """Where an artifact's card may be.

    named: whether the annotation says so. marked: whether a file there counts only with the front
    matter of a model card.
    """

    path: str
    named: bool = False
    marked: bool = False


def card_places(said: Annotation, alone: bool) -> tuple[Place, ...]:
    """Where the card of an artifact is looked for, the place that counts most first.

    said: its annotation, an empty one where nothing is said. alone: whether no other model is
    annotated in its folder of a monorepo, or in the repository.

    What the annotation names; MODEL_CARD.md and README.md in the folder that the artifact is, then
    in that which holds its file; then those of its project. Most README.md at the top of a
    repository or project tell of it and not of one model: at the top of a repository only one with
    the front matter of a model card counts, and so does that of a project, if the model is alone.
    """
    project, _ = names.split(said.artifact)
    places = []
    if (named := named_card(said)) and (path := within(project, named)):
        places.append(Place(path, named=True))
    if said.path and "://" not in said.path:
        for folder in (said.path, posixpath.dirname(said.path)):
            places.append(Place(posixpath.join(folder, CARD)))
            places.append(Place(posixpath.join(folder, README), marked=not folder))
    places.append(Place(posixpath.join(project, CARD)))
    if alone:
        places.append(Place(posixpath.join(project, README), marked=True))
    return tuple({place.path: place for place in reversed(places)}.values())[::-1]


def named_card(said: Annotation) -> str:
    """The path that an annotation gives for the card, as written; "" without one.

    An address is no path: it is shown with the rest of `custom`.
    """
    found = said.custom.get(NAMED_BY) if isinstance(said.custom, dict) else None
    return found if isinstance(found, str) and "://" not in found else ""


class ReadCard(msgspec.Struct, frozen=True):
    """A card as read. text: its Markdown. images: paths in the repository that it names as images.

    marked: whether its front matter is that of a model card. problems: without a ref.
    """

    card: Card
    text: str
    images: tuple[str, ...] = ()
    marked: bool = False
    problems: tuple[Problem, ...] = ()


def read_card(path: str, oid: str, data: bytes, repo: str = "") -> ReadCard:
    """The model card in the file at `path`; what is wrong in it costs no more than itself.

    oid: its blob. repo: as in Problem.
    """
    if lfs.read_pointer(data) is not None:
        problem = Problem(
            repo, "", path, "the model card is a pointer of Git LFS, whose files are not fetched",
            "keep text files out of LFS", "card.lfs",
        )  # fmt: skip
        return ReadCard(
            Card(path, oid, note="is in Git LFS and not fetched"), "", problems=(problem,)
        )
    parted = part(data)
    reader = _FrontMatter(path, repo)
    if not parted.readable:
        reader.report(
            "card.encoding", "the model card is not UTF-8; unreadable bytes were replaced",
            "save the file as UTF-8",
        )  # fmt: skip
    reader.read(parted.yaml)
    card = Card(path, oid, reader.facts, reader.results)
    images = image_paths(parted.text, posixpath.dirname(path))
    marked = bool(card.results) or any(key in _OF_CARDS_ALONE for key, _ in card.facts)
    return ReadCard(card, parted.text, images, marked, reader.problems)


class _FrontMatter:
    """Reads the front matter of one card."""

    def __init__(self, path: str, repo: str) -> None:
        self.facts: tuple[tuple[str, tuple[str, ...]], ...] = ()
        self.results: tuple[tuple[str, str, str, str], ...] = ()
        self._path = path
        self._repo = repo
        self._problems: dict[Problem, None] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._problems)

    def report(self, kind: str, reason: str, remedy: str) -> None:
        self._problems[Problem(self._repo, "", self._path, reason, remedy, kind)] = None

    def read(self, source: str | None) -> None:
        """source: the YAML, None where there is none."""
        if source is None:
            return
        try:
            document = load(source)
        except YamlError as error:
            reason = f"the front matter cannot be read: {error.problem.reason}"
            self.report("card.yaml", reason, "correct the file")
            return
        root = document.value
        if root is None:
            return
        if not isinstance(root, dict):
            self._wrong("the front matter", "a mapping of keys to values")
            return
        for repeated in document.warnings[:1]:
            self.report("card.yaml", f"the front matter: {repeated}", "keep one of the two")
        facts = ((key, self._texts(document, root, key)) for key in KEYS if key in root)
        self.facts = tuple((key, values) for key, values in facts if values)
        self.results = tuple(self._results(document, root))

    def _texts(self, document: Document, root: dict[str, Any], key: str) -> tuple[str, ...]:
        """One text or a list of them; of a mapping in a list its name or type."""
        value = root[key]
        if isinstance(value, dict):
            self._wrong(key, "a text or a list of texts")
            return ()
        if not isinstance(value, list):
            return tuple(filter(None, (_text(document, root, key),)))
        found = []
        for at, item in enumerate(value[:_MAX_VALUES]):
            if isinstance(item, list):
                self._wrong(key, "a text or a list of texts")
                continue
            found.append(
                _called(document, item) if isinstance(item, dict) else _text(document, value, at)
            )
        if len(value) > _MAX_VALUES:
            found.append(f"and {len(value) - _MAX_VALUES} more")
        return tuple(dict.fromkeys(filter(None, found)))

    def _results(
        self, document: Document, root: dict[str, Any]
    ) -> Iterator[tuple[str, str, str, str]]:
        left = _MAX_RESULTS
        for model in self._mappings(root, _INDEX):
            for result in self._mappings(model, "results"):
                task, dataset = (
                    _called(document, found) if isinstance(found := result.get(key), dict) else ""
                    for key in ("task", "dataset")
                )
                for metric in self._mappings(result, "metrics"):
                    if not left:
                        self.report(
                            "card.value",
                            f"{_INDEX} has more than {_MAX_RESULTS} results; the rest is left out",
                            f"shorten {self._path}",
                        )
                        return
                    left -= 1
                    name, value = _called(document, metric), _text(document, metric, "value")
                    yield task, dataset, name, value

    def _mappings(self, holder: dict[str, Any], key: str) -> list[dict[str, Any]]:
        value = holder.get(key)
        if value is None:
            return []
        items = value if isinstance(value, list) else [value]
        found = [item for item in items if isinstance(item, dict)]
        if len(found) < len(items):
            self._wrong(key, "a list of mappings")
        return found

    def _wrong(self, key: str, expected: str) -> None:
        self.report("card.value", f"{key} is expected to be {expected}", f"correct {self._path}")


def _text(document: Document, holder: dict[str, Any] | list[Any], step: str | int) -> str:
    """A value as the file writes it, on one line; "" for none."""
    if isinstance(holder, dict) and (step not in holder or holder[step] is None):
        return ""
    text = " ".join(document.text_in(holder, step).split())
    return text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + "…"


def _called(document: Document, holder: dict[str, Any]) -> str:
    """What something is called: by its name, else by its type."""
    return _text(document, holder, "name") or _text(document, holder, "type")
