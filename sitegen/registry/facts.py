"""What was read of one repository, frozen: the input of the fold and of the site.

Facts are made by `gitio` and `readers`, kept by `snapshot`, and judged by
nobody before `registry` does. Everything textual in them is untrusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec

from sitegen.errors import Problem
from sitegen.registry.lineage import Data, Pipeline
from sitegen.registry.plots import Plot, Table
from sitegen.registry.schemas import ModelMetadata
from sitegen.registry.storage import Storage


class Moment(msgspec.Struct, frozen=True, gc=False, order=True):
    """A point in time as Git stores it.

    seconds: Unix time, UTC, from 0 on. offset: the writer's offset, minutes east of UTC.
    Two moments compare by `seconds` first; the offset is for showing only.
    """

    seconds: int
    offset: int = 0

    def local(self) -> datetime:
        """The moment in the zone where it was written."""
        zone = timezone(timedelta(minutes=self.offset)) if self.offset else UTC
        return datetime.fromtimestamp(self.seconds, zone)


def timestamp(moment: Moment | None) -> str | None:
    """ISO 8601 with the writer's offset, as GTO prints it; None where there is no valid date."""
    return None if moment is None else moment.local().isoformat()


class Person(msgspec.Struct, frozen=True, gc=False, order=True):
    """An author, committer or tagger, as written in the object."""

    name: str
    email: str = ""


class Ref(msgspec.Struct, frozen=True, gc=False, order=True):
    """A ref and the object it names. `name` is full: refs/tags/churn@v1.0.0."""

    name: str
    oid: str


class Tag(msgspec.Struct, frozen=True, gc=False):
    """An annotated tag, peeled to its commit.

    name: short (churn@v1.0.0), taken from the ref, never from the object.
    oid: the tag object. commit: the commit it leads to, nested tags peeled.
    tagger, when: None where the object has none, or `when` where its date is invalid.
    message: stripped; bytes that are no UTF-8 are replaced by U+FFFD.
    signature: "" or the kind of signature block found: "gpg", "ssh", "x509"; where it was checked
    with ", verified" or ", not verified".
    """

    name: str
    oid: str
    commit: str
    tagger: Person | None
    when: Moment | None
    message: str
    signature: str = ""


class Commit(msgspec.Struct, frozen=True, gc=False):
    """A commit. Dates are None where the object's are invalid; the message is whole."""

    oid: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    authored: Moment | None
    committer: Person
    committed: Moment | None
    message: str


class Annotation(msgspec.Struct, frozen=True):
    """What one metadata file says of one artifact at one commit (GTO says enrichment).

    artifact: the full name as people see it ("cv:classifier" for folder cv).
    source: the file that said it; of two, the one that won most keys. sources: all of them.
    path: relative to the repository's root, or an address (s3://...); "" if not said.
    custom: GTO's `custom`, DVC's `meta`: any JSON value, None if not said.
    """

    artifact: str
    source: str
    path: str = ""
    type: str = ""
    description: str = ""
    labels: tuple[str, ...] = ()
    virtual: bool = True
    custom: Any = None
    sources: tuple[str, ...] = ()


class Leaf(msgspec.Struct, frozen=True, gc=False):
    """A metric or param value.

    value: a JSON value (number, string, bool, null, or a list or map that is a leaf); NaN and
    the infinities are floats. text: the source's own spelling ("3.10"), for showing.
    """

    value: Any
    text: str


class ValueFile(msgspec.Struct, frozen=True):
    """The metrics or params of one file at one commit.

    kind: "metrics" or "params". entries: dotted key -> leaf, in the file's order.
    note: "" or why there is nothing ("cached by DVC, not in Git"), with hash and size where known.
    """

    path: str
    kind: str
    entries: dict[str, Leaf]
    note: str = ""
    hash: str = ""
    size: int | None = None


class Picture(msgspec.Struct, frozen=True):
    """An image of the repository. media_type: found by its first bytes ("image/png").

    width, height: in pixels.
    """

    path: str
    oid: str
    media_type: str
    data: bytes
    width: int
    height: int


class Card(msgspec.Struct, frozen=True):
    """A model card, but for its text.

    path: of its file. oid: of its blob; the card's Markdown, without the front matter, is
    `RepositoryFacts.texts[oid]`. facts: what the front matter says: (key, values), such as
    ("license", ("mit",)). results: those of `model-index`: (task, dataset, metric, value).
    pictures: (path of an image that the text names, its blob, a key of
    `RepositoryFacts.pictures`). note: "" or why there is no text ("is in Git LFS and not fetched").
    named: whether the annotation names the file.
    """

    path: str
    oid: str
    facts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    results: tuple[tuple[str, str, str, str], ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    note: str = ""
    named: bool = False


class DvcExperiment(msgspec.Struct, frozen=True):
    """One experiment that DVC keeps beside the branches, under refs/exps.

    commits: newest first, usually one; the others are its checkpoints. baseline: the commit that it
    was made from.
    """

    name: str
    commits: tuple[str, ...]
    baseline: str


class History(msgspec.Struct, frozen=True):
    """The commits that count as experiments, and what leads to them.

    commits: of branches and tags, sorted; those of DVC experiments stand with these alone.
    branches, tags: short name -> commit, of all that name one of these commits; tags of every kind,
    the registry's or not. experiments: sorted by name, then commit.
    """

    commits: tuple[str, ...] = ()
    branches: dict[str, str] = {}
    tags: dict[str, str] = {}
    experiments: tuple[DvcExperiment, ...] = ()


class Requirement(msgspec.Struct, frozen=True):
    """What one stage asks for. came_from: a stage that the version has been in ("" for none).

    metrics: dotted key -> condition such as ">= 0.8". card: whether a model card must be there.
    """

    came_from: str = ""
    metrics: Mapping[str, str] = {}
    card: bool = False


class Rules(msgspec.Struct, frozen=True):
    """All promotion rules. order: stages that a version passes one after the other."""

    order: tuple[str, ...] = ()
    require: Mapping[str, Requirement] = {}


class RepositoryFacts(msgspec.Struct, frozen=True):
    """All that was read of one repository.

    name: its name in the portal. url: its address without credentials, "" for a local one
    without a Git remote. branch: the branch read as HEAD ("" when detached). head: its commit
    ("" in an empty repository). tags: every annotated tag with a registry name, sorted by name.
    commits: oid -> commit, for every commit that an event, HEAD or the history names.
    annotations, values: commit oid -> what was true there; annotations only of versions' commits
    and HEAD, values also of experiments. projects: folders of a monorepo that hold a dvc.yaml or
    artifacts.yaml at HEAD ("" for the root). tracked: commit oid -> those of its annotations'
    paths, and of its pipeline steps' dependencies, that are in Git there (others are in storage);
    at HEAD also the files that set up the Git host's jobs for `modelreg`.
    web: the page of the repository as configured. stages, types: those that `.gto` allows at HEAD,
    in its order, () for all. promotion: its rules there.
    models: commit -> artifact -> what the model is. pipelines, storages: commit -> what DVC's files
    say. files: commit -> path -> the file of an annotation where Git has it, itself or as a pointer
    of Git LFS. cards: commit -> artifact -> its model card. texts: blob of a card -> its Markdown.
    pictures: blob -> an image of a card, or of a plot (of an SVG what is harmless in it).
    plots: commit -> what is declared there. tables: the data of plots. templates: blob -> a
    template of the repository's own, Vega-Lite as JSON.
    history: which commits are experiments. data: commit -> path -> what DVC's files record of it
    there, dependencies and outputs alike, for experiments. Commits that have the same values, or
    the same data, share one object. shown: the folders of a monorepo that alone are shown, () for
    all of it.
    """

    name: str
    url: str
    branch: str
    head: str
    tags: tuple[Tag, ...]
    commits: dict[str, Commit]
    annotations: dict[str, tuple[Annotation, ...]]
    values: dict[str, tuple[ValueFile, ...]]
    projects: tuple[str, ...] = ()
    tracked: dict[str, frozenset[str]] = {}
    stages: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    promotion: Rules = Rules()
    web: str = ""
    models: dict[str, dict[str, ModelMetadata]] = {}
    pipelines: dict[str, Pipeline] = {}
    storages: dict[str, tuple[Storage, ...]] = {}
    files: dict[str, dict[str, Data]] = {}
    cards: dict[str, dict[str, Card]] = {}
    texts: dict[str, str] = {}
    pictures: dict[str, Picture] = {}
    plots: dict[str, tuple[Plot, ...]] = {}
    tables: dict[str, Table] = {}
    templates: dict[str, str] = {}
    history: History = History()
    data: dict[str, dict[str, Data]] = {}
    problems: tuple[Problem, ...] = ()
    shown: tuple[str, ...] = ()
