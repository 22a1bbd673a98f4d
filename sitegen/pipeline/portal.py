"""From settings to a published portal: read every repository, fold, build, render, publish."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from pathlib import Path

import msgspec

from sitegen import config as settings_of
from sitegen import output, snapshot
from sitegen.config import Config, Repository
from sitegen.errors import Problem, RepositoryError, SitegenError, SnapshotError
from sitegen.gitio.clone import mirror
from sitegen.gitio.history import Selection
from sitegen.gitio.repository import open_repository, remote_address
from sitegen.gitio.signatures import Trust
from sitegen.pipeline.content import Content, navigation, read_content
from sitegen.pipeline.guard import Verdict, judge
from sitegen.pipeline.own_cards import read_own_cards
from sitegen.pipeline.progress import Progress, Silence, Task
from sitegen.pipeline.projects import missing_projects
from sitegen.pipeline.repository import Wanted, read_repository, to_source
from sitegen.pipeline.search_memory import load_memory, save_memory
from sitegen.readers.plot_files import read_image
from sitegen.redact import address, redact, secrets_of
from sitegen.registry.facts import Moment, RepositoryFacts, Requirement, Rules
from sitegen.render.cards import CardTexts, convert_cards
from sitegen.render.site import render_site
from sitegen.render.theme import Theme, load_theme
from sitegen.site import api
from sitegen.site.build import Settings, Source, all_problems, build_site
from sitegen.site.model import Site

READERS_AT_ONCE = 4
"""Repositories read at the same time: the work is git's and the network's."""

ReadToken = Callable[[str], "str | None"]


class Reading(msgspec.Struct, frozen=True):
    """What was read: the repositories, and the problems of those that could not be."""

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...] = ()


class Findings(msgspec.Struct, frozen=True):
    """Everything there is to build from, and everything that is wrong with it.

    problems: all of them, sorted: those that `build --strict` fails on and `check` prints. refusal:
    set where nothing may be published; its `problems` are the same, the reasons for it first.
    """

    sources: tuple[Source, ...]
    cards: CardTexts
    content: Content
    settings: Settings
    theme: Theme
    problems: tuple[Problem, ...]
    refusal: SitegenError | None = None


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

    A snapshot replaces the repository of its name, which is not read then.

    Raises the errors themselves, as one, where there is nothing else to read.
    """
    progress = progress or Silence()

    def attempt(repository: Repository) -> RepositoryFacts | SitegenError:
        try:
            return _facts(config, repository, progress, environ_token, allow_shallow)
        except SitegenError as error:
            return error
        finally:
            task.advance()

    given = [_from_snapshot(path) for path in snapshots]
    # What is given by hand stands for the repository of that name.
    replaced = {row.name for row in given if not isinstance(row, SitegenError)}
    repositories = [one for one in config.repositories if one.name not in replaced]
    with (
        progress.task("Reading repositories", len(repositories)) as task,
        ThreadPoolExecutor(READERS_AT_ONCE) as pool,
    ):
        found = [*pool.map(attempt, repositories), *given]
    errors = [row for row in found if isinstance(row, SitegenError)]
    facts = [row for row in found if not isinstance(row, SitegenError)]
    problems = tuple(problem for error in errors for problem in error.problems)
    if errors and not facts:
        raise type(errors[0]).of(problems)
    _refuse_two_of_one_name(facts)
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
        config, config.repositories[0], progress or Silence(), environ_token, allow_shallow
    )


def gather(
    config: Config,
    *,
    progress: Progress | None = None,
    environ_token: ReadToken = settings_of.read_token,
    allow_empty: bool = False,
    allow_shallow: bool = False,
    snapshots: Sequence[Path] = (),
) -> Findings:
    """Read everything that a build needs, and judge it; nothing is written.

    The parameters are those of `build`. Raises SitegenError where nothing can be read, or where the
    navigation or the theme leads nowhere; its `problems` hold what else is known by then.
    """
    content = read_content(config.content)
    known = (*config.problems, *content.problems)
    try:
        settings = _site_settings(config, content)
        theme = load_theme(config.theme)
        reading = read(
            config,
            progress=progress,
            environ_token=environ_token,
            allow_shallow=allow_shallow,
            snapshots=snapshots,
        )
    except SitegenError as error:
        raise type(error).of((*error.problems, *sorted(known))) from None
    verdict = Verdict() if allow_empty else judge(config.output, reading.sources, reading.problems)
    own, wrong = read_own_cards(content.cards, reading.sources)
    with (progress or Silence()).task("Converting model cards"):
        cards = convert_cards(reading.sources, own)
    theirs = (problem for source in reading.sources for problem in all_problems(source))
    problems = {*known, *reading.problems, *theirs, *wrong, *cards.problems}
    problems -= set(verdict.instead_of)
    problems |= {*verdict.remarks, *verdict.refused}
    ordered = tuple(sorted(problems))
    refusal = None
    if verdict.refused:
        rest = (problem for problem in ordered if problem not in verdict.refused)
        refusal = verdict.kind.of((*verdict.refused, *rest))
    return Findings(reading.sources, cards, content, settings, theme, ordered, refusal)


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
    progress = progress or Silence()
    found = gather(
        config,
        progress=progress,
        environ_token=environ_token,
        allow_empty=allow_empty,
        allow_shallow=allow_shallow,
        snapshots=snapshots,
    )
    if found.refusal:
        raise found.refusal
    own = {problem for source in found.sources for problem in all_problems(source)}
    # The site adds those of the repositories by itself.
    more = tuple(problem for problem in found.problems if problem not in own)
    cards = found.cards.cards
    site = build_site(found.sources, found.settings, found.content.pages, more, cards)
    documents = api.documents(found.sources, found.settings, more, cards)
    languages = config.search.languages
    memory = load_memory(config.cache, config.output, languages)
    pages = len(site.models) + sum(len(model.versions) for model in site.models)
    with progress.task("Writing pages", pages) as task:
        facts = [source.facts for source in found.sources]
        rendered = render_site(site, found.theme, documents, facts, memory, languages)
        files = _counted(_files(rendered, found.cards, found.content), task)
        report = output.publish(config.output, files)
    save_memory(config.cache, config.output, memory)
    return Built(site, report, found.problems, report.target)


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
            trust=Trust(config.signatures.allowed_signers, config.signatures.keyring),
            selection=_selection(config.experiments),
            files=config.experiments.files,
            plots=config.experiments.plots,
        )
        facts = read_repository(wanted)
        missing = missing_projects(wanted, facts)
        return msgspec.structs.replace(facts, problems=(*facts.problems, *missing))
    except SitegenError as error:
        raise _named(error, repository, [token] if token else []) from None


def _selection(chosen: settings_of.Experiments) -> Selection:
    since = None
    if chosen.since:
        # The day begins in UTC: it must not depend on where the portal is built.
        day = datetime.combine(date.fromisoformat(chosen.since), time.min, UTC)
        since = int(day.timestamp())
    return Selection(since, chosen.max_commits, chosen.branches)


def _named(error: SitegenError, repository: Repository, secrets: Sequence[str]) -> SitegenError:
    """The same error with the repository's name, and without credentials."""
    secrets = (*secrets, *secrets_of(repository.url))
    return type(error).of(
        [
            Problem(
                repo=problem.repo or repository.name,
                ref=redact(problem.ref, secrets),
                path=redact(problem.path, secrets),
                reason=redact(problem.reason, secrets),
                remedy=redact(problem.remedy, secrets),
                kind=problem.kind,
            )
            for problem in error.problems
        ]
    )


def _from_snapshot(path: Path) -> RepositoryFacts | SitegenError:
    try:
        facts = snapshot.load(path.read_bytes(), str(path))
    except SnapshotError as error:
        return error
    except OSError as error:
        return SnapshotError(
            f"cannot be read: {error.strerror}",
            path=str(path),
            remedy="write it with `sitegen scan REPOSITORY -o FILE`",
        )
    # Whoever wrote the file may not have been as careful.
    images = ((oid, read_image(each.path, oid, each.data)) for oid, each in facts.pictures.items())
    return msgspec.structs.replace(
        facts,
        url=address(facts.url),
        web=address(facts.web),
        pictures={oid: image for oid, image in images if not isinstance(image, str)},
    )


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
        promotion=Rules(
            config.promotion.order,
            {
                stage: Requirement(one.came_from, one.metrics, one.card)
                for stage, one in config.promotion.require.items()
            },
        ),
    )


def _files(
    rendered: Iterator[tuple[str, bytes]], cards: CardTexts, content: Content
) -> Iterator[tuple[str, bytes]]:
    yield from rendered
    yield from cards.pictures.items()
    for path, source in content.files:
        yield path, source.read_bytes()


def _counted(files: Iterator[tuple[str, bytes]], task: Task) -> Iterator[tuple[str, bytes]]:
    for path, data in files:
        if path.startswith("models/"):
            task.advance()
        yield path, data
