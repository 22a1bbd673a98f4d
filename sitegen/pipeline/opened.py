"""One repository opened for `modelreg` and the Python API: its registry, and more when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from sitegen.errors import Problem
from sitegen.gitio.files import Files, read_paths
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.read import collector_at_rest, read_commits
from sitegen.gitio.repository import RefList, Repository, open_repository
from sitegen.gitio.signatures import Trust
from sitegen.pipeline.repository import read_tags_of
from sitegen.readers import artifacts_yaml, base, gto_config
from sitegen.registry import past
from sitegen.registry.events import PREFIX
from sitegen.registry.facts import Annotation, Tag
from sitegen.registry.gto import Sources
from sitegen.registry.state import Annotated, Registry, fold
from sitegen.registry.tags import TagName
from sitegen.safeyaml import YamlError, load


class Opened(msgspec.Struct, frozen=True):
    """What a repository's tags amount to, with what HEAD says.

    refs: all, read once. taken: every tag's short name. said: what registry tags' names say.
    annotations: HEAD's, of every metadata file. sources: what `registry.gto` needs for HEAD.
    """

    repo: Repository
    name: str
    refs: RefList
    tags: tuple[Tag, ...]
    said: Mapping[str, TagName]
    registry: Registry
    annotations: tuple[Annotation, ...]
    sources: Sources
    problems: tuple[Problem, ...]

    @property
    def taken(self) -> frozenset[str]:
        """Every tag of the repository, the registry's or not, by short name."""
        return frozenset(r.name[len(PREFIX) :] for r in self.refs.refs if r.name.startswith(PREFIX))


def open_local(path: Path, name: str = "", trust: Callable[[], Trust] = Trust) -> Opened:
    """Read the registry of the repository at `path`. Raises RepositoryError.

    trust: whose signatures of tags count; asked only where a tag is signed.
    """
    repo = open_repository(path, name)
    name = name or repo.top.name
    with ObjectReader(repo) as reader:
        read = read_tags_of(reader, name, trust=trust)
        refs, tags, said = read.refs, read.tags, read.said
        head = _At(reader, name, [refs.head] if refs.head else [])
    here = head.annotations.get(refs.head, ())
    with collector_at_rest():
        registry = fold(tags, said, _annotated(refs.head, here), name)
    return Opened(
        repo,
        name,
        refs,
        tags,
        said,
        registry,
        here,
        Sources(head.commits, head.said, head.stages, refs.head, head.types),
        (*read.problems, *head.problems, *registry.problems),
    )


def opened_at(opened: Opened, seconds: int) -> Opened:
    """The registry as it was at a second (Unix time): later tags do not count.

    What metadata files say is still that of HEAD, and `problems` are those of today.
    """
    tags = past.until(opened.tags, seconds)
    annotated = _annotated(opened.refs.head, opened.annotations)
    with collector_at_rest():
        registry = fold(tags, opened.said, annotated, opened.name)
    return msgspec.structs.replace(opened, tags=tags, registry=registry)


def _annotated(head: str, here: Iterable[Annotation]) -> Annotated:
    here = tuple(here)
    return Annotated(
        head,
        tuple(a.artifact for a in here),
        tuple(a.artifact for a in here if artifacts_yaml.NAME in a.sources),
    )


def sources_at(opened: Opened, commits: Iterable[str]) -> Sources:
    """`opened.sources` with the commits asked for, and what artifacts.yaml says at each."""
    wanted = [c for c in dict.fromkeys(commits) if c not in opened.sources.commits]
    if not wanted:
        return opened.sources
    with ObjectReader(opened.repo) as reader:
        found = _At(reader, opened.name, wanted)
    return msgspec.structs.replace(
        opened.sources,
        commits={**opened.sources.commits, **found.commits},
        said={**opened.sources.said, **found.said},
    )


class _At:
    """Commits, what their metadata files say, and HEAD's .gto."""

    def __init__(self, reader: ObjectReader, name: str, oids: Sequence[str]) -> None:
        self.commits, problems = read_commits(reader, oids, name)
        trees = {oid: commit.tree for oid, commit in self.commits.items()}
        files = Files(reader, name)
        found, blobs = read_paths(
            files, trees, dict.fromkeys(trees, (artifacts_yaml.NAME, "dvc.yaml", gto_config.NAME))
        )
        self.said: dict[str, dict[str, Annotation]] = {}
        self.annotations: dict[str, tuple[Annotation, ...]] = {}
        self.stages: tuple[str, ...] = ()
        self.types: tuple[str, ...] = ()
        known: dict[str, dict[str, Annotation]] = {}
        for commit, paths in found.items():
            here = {path: blobs[oid] for path, oid in paths.items() if oid in blobs}
            self.annotations[commit], wrong = base.read_annotations(here, name, commit)
            problems = (*problems, *wrong)
            oid = paths.get(artifacts_yaml.NAME, "")
            if oid not in known:
                known[oid] = _in_file_order(here.get(artifacts_yaml.NAME))
            self.said[commit] = known[oid]
            if gto_config.NAME in here:
                self.stages, wrong = gto_config.read_stages(here[gto_config.NAME], name, commit)
                self.types, more = gto_config.read_types(here[gto_config.NAME], name, commit)
                problems = (*problems, *dict.fromkeys((*wrong, *more)))
        self.problems = (*files.problems, *problems)


def _in_file_order(data: bytes | None) -> dict[str, Annotation]:
    """Artifact -> its entry in artifacts.yaml, as the file orders them."""
    if data is None:
        return {}
    said, _ = base.read_annotations({artifacts_yaml.NAME: data})
    by_name = {a.artifact: a for a in said}
    try:
        order = load(data).value
    except YamlError:
        order = None
    return {name: by_name[name] for name in order or () if name in by_name}
