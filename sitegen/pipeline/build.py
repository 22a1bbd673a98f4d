"""From settings to a published portal: read every repository, fold, build, render, publish."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Protocol

import msgspec

from sitegen import config as settings_of
from sitegen import output, snapshot
from sitegen.config import Config, Repository
from sitegen.errors import (
    OutputError,
    Problem,
    RepositoryError,
    SitegenError,
    SnapshotError,
)
from sitegen.gitio.clone import mirror
from sitegen.gitio.process import redact
from sitegen.gitio.repository import open_repository, remote_address
from sitegen.pipeline.content import Content, navigation, read_content
from sitegen.pipeline.repository import Wanted, read_repository, to_source
from sitegen.registry.facts import Moment, RepositoryFacts
from sitegen.render.site import render_site
from sitegen.render.theme import load_theme
from sitegen.site import api, urls
from sitegen.site.build import Settings, Source, all_problems, build_site
from sitegen.site.model import Site

READERS_AT_ONCE = 4
"""Repositories read at the same time: the work is git's and the network's."""

ReadToken = Callable[[str], "str | None"]


class Task(Protocol):
    """One long piece of work."""

    def advance(self, amount: int = 1) -> None: ...


class Progress(Protocol):
    """Is told of long work. total: of whatever is counted, None where nobody knows."""

    def task(self, name: str, total: int | None = None) -> AbstractContextManager[Task]: ...


class _Quiet:
    def advance(self, amount: int = 1) -> None:
        pass

    def task(self, name: str, total: int | None = None) -> AbstractContextManager[Task]:
        return nullcontext(self)


class Reading(msgspec.Struct, frozen=True):
    """What was read: the repositories, and the problems of those that could not be."""

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...] = ()


class Built(msgspec.Struct, frozen=True):
    """A published portal. problems: all of them, sorted."""

    site: Site
    report: output.Report
    problems: tuple[Problem, ...]
    output: Path


def read(
    config: Config,
    *,
    progress: Progress | None = None,
    environ_token: ReadToken = settings_of.read_token,
    allow_shallow: bool = False,
    snapshots: Sequence[Path] = (),
) -> Reading:
    """Read every repository and snapshot. One that cannot be read is a problem of its own.

    Raises the error itself where there is nothing else to read.
    """
    progress = progress or _Quiet()

    def attempt(repository: Repository) -> RepositoryFacts | SitegenError:
        try:
            return _facts(config, repository, progress, environ_token, allow_shallow)
        except SitegenError as error:
            return error
        finally:
            task.advance()

    with (
        progress.task("Reading repositories", len(config.repositories)) as task,
        ThreadPoolExecutor(READERS_AT_ONCE) as pool,
    ):
        found = list(pool.map(attempt, config.repositories))
    found += [_from_snapshot(path) for path in snapshots]
    errors = [row for row in found if isinstance(row, SitegenError)]
    facts = [row for row in found if not isinstance(row, SitegenError)]
    if errors and not facts:
        raise errors[0]
    _refuse_two_of_one_name(facts)
    problems = tuple(error.problem for error in errors)
    return Reading(tuple(to_source(one) for one in facts), problems)


def scan(
    config: Config,
    *,
    progress: Progress | None = None,
    environ_token: ReadToken = settings_of.read_token,
    allow_shallow: bool = False,
) -> RepositoryFacts:
    """The facts of the first repository. Raises RepositoryError."""
    return _facts(
        config, config.repositories[0], progress or _Quiet(), environ_token, allow_shallow
    )


def build(
    config: Config,
    *,
    progress: Progress | None = None,
    environ_token: ReadToken = settings_of.read_token,
    allow_empty: bool = False,
    allow_shallow: bool = False,
    snapshots: Sequence[Path] = (),
) -> Built:
    """Read everything and publish the portal. Raises SitegenError; the old site then stays.

    allow_empty: publish repositories without tags, and also over a site that shows models of a
    repository that has none now.
    """
    progress = progress or _Quiet()
    reading = read(
        config,
        progress=progress,
        environ_token=environ_token,
        allow_shallow=allow_shallow,
        snapshots=snapshots,
    )
    content = read_content(config.content)
    more = (*config.problems, *reading.problems, *content.problems)
    if not allow_empty:
        more += _refuse_empty(config.output, reading)
    settings = _site_settings(config, content)
    site = build_site(reading.sources, settings, content.pages, more)
    documents = api.documents(reading.sources, settings, more)
    theme = load_theme(overrides=config.theme)
    pages = len(site.models) + sum(len(model.versions) for model in site.models)
    with progress.task("Writing pages", pages) as task:
        files = _counted(_files(render_site(site, theme, documents), content), task)
        report = output.publish(config.output, files)
    problems = sorted({*more, *(p for source in reading.sources for p in all_problems(source))})
    return Built(site, report, tuple(problems), report.target)


def _facts(
    config: Config,
    repository: Repository,
    progress: Progress,
    environ_token: ReadToken,
    allow_shallow: bool,
) -> RepositoryFacts:
    path, url = repository.path, repository.address
    token = environ_token(repository.token_env) if repository.token_env else None
    try:
        if path is None:
            with progress.task(f"Fetching {repository.name}") as task:
                path = mirror(
                    repository.url,
                    config.cache,
                    allow_file=True,
                    token=token,
                    progress=lambda *_: task.advance(0),
                )
        else:
            url = remote_address(open_repository(path, repository.name))
        wanted = Wanted(
            name=repository.name,
            path=path,
            url=url,
            web=repository.web,
            branch=repository.branch,
            projects=repository.projects,
            allow_shallow=allow_shallow,
        )
        return read_repository(wanted)
    except SitegenError as error:
        raise _named(error, repository.name, [token] if token else []) from None


def _named(error: SitegenError, name: str, secrets: Sequence[str]) -> SitegenError:
    """The same error with the repository's name, and without credentials."""
    problem = error.problem
    return type(error)(
        redact(problem.reason, secrets),
        repo=problem.repo or name,
        ref=problem.ref,
        path=redact(problem.path, secrets),
        remedy=redact(problem.remedy, secrets),
    )


def _from_snapshot(path: Path) -> RepositoryFacts:
    try:
        return snapshot.load(path.read_bytes(), str(path))
    except OSError as error:
        raise SnapshotError(
            f"cannot be read: {error.strerror}",
            path=str(path),
            remedy="write it with `sitegen scan REPOSITORY -o FILE`",
        ) from None


def _refuse_two_of_one_name(facts: Sequence[RepositoryFacts]) -> None:
    seen: set[str] = set()
    for one in facts:
        if one.name in seen:
            raise RepositoryError(
                "two repositories or snapshots have this name",
                repo=one.name,
                remedy="give one of them another `name` in the configuration and scan it again",
            )
        seen.add(one.name)


def _refuse_empty(target: Path, reading: Reading) -> tuple[Problem, ...]:
    """Keep an empty registry from being published over a full one.

    A repository without any tag is an error where there is nothing else, and a problem beside
    others. One that lost all the models which the published site has of it is always an error.
    """
    left = {
        source.facts.name: sum(a.registered for a in source.registry.artifacts.values())
        for source in reading.sources
    }
    unread = {problem.repo for problem in reading.problems}
    for name, had in _published(target).items():
        if had and not left.get(name, name not in unread):
            raise OutputError(
                f"the published site shows {had} registered models of it, of which none is left",
                repo=name,
                path=str(target),
                remedy="fetch its tags with `git fetch --tags --force`; to publish the site "
                "without them, pass --allow-empty",
            )
    untagged = [source.facts for source in reading.sources if not source.facts.tags]
    if untagged and len(untagged) == len(reading.sources):
        raise RepositoryError(
            "no tag registers anything, so there is no registry to show",
            repo=untagged[0].name,
            remedy="fetch the tags with `git fetch --tags --force`, register a first version with "
            '`git tag -a NAME@v1.0.0 -m "..."`, or pass --allow-empty',
        )
    return tuple(
        Problem(
            facts.name,
            "",
            "",
            "no tag of this repository registers anything",
            "fetch its tags with `git fetch --tags --force`, or register a first version",
            "repository.empty",
        )
        for facts in untagged
    )


def _published(target: Path) -> dict[str, int]:
    """Repository -> how many registered models the site at `target` shows; {} without a site."""
    found: dict[str, int] = {}
    try:
        registry = json.loads((target / urls.API_REGISTRY).read_bytes())
        for model in registry["models"]:
            found[str(model["repo"])] = found.get(str(model["repo"]), 0) + bool(model["registered"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found


def _site_settings(config: Config, content: Content) -> Settings:
    from sitegen import __version__

    return Settings(
        title=config.title,
        base_url=config.base_url,
        stage_order=config.stages.order,
        stage_colors=config.stages.colors,
        stage_descriptions=config.stages.descriptions,
        links=tuple((link.title, link.url) for link in config.links),
        navigation=navigation(config.navigation, content),
        generated=None if config.epoch is None else Moment(config.epoch),
        version=__version__,
    )


def _files(rendered: Iterator[tuple[str, bytes]], content: Content) -> Iterator[tuple[str, bytes]]:
    yield from rendered
    for path, source in content.files:
        yield path, source.read_bytes()


def _counted(files: Iterator[tuple[str, bytes]], task: Task) -> Iterator[tuple[str, bytes]]:
    for path, data in files:
        if path.startswith("models/"):
            task.advance()
        yield path, data
