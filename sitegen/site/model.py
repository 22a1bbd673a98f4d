"""The frozen views: all that a template may use, and the contract with theme authors.

Every template gets `site` (Site), `page` (Page) and what its page kind names below. A view's text
is plain, never HTML, but for CardView.html: templates escape it by themselves (autoescape is on
everywhere); control, bidi and zero-width characters are already spelt out. Every `url` is relative
to the site's root and names a file: write `{{ page.root }}{{ model.url }}`. A `href` leads out of
the site and is empty where nothing is known. Where something was not said, text is "", a tuple
empty, a view None.

page kind    template          further variables
dashboard    dashboard.html    plain: the models that show without JavaScript; lists: URLs of the
                               pages that list all of them, none where `plain` has all; data: URLs
                               of the scripts that hold them
list         list.html         models: those of the page; first: the number of its first; before,
                               after: the URLs of pages beside it or ""
model        model.html        model: ModelView, version: VersionView | None (chosen at first),
                               card_html: str (safe, version.card's text for this page; "" without),
                               day_data: str (safe; its events as JSON, for scripts)
version      version.html      model: ModelView, version: VersionView, card_html: as above
compare      compare.html      model: ModelView, versions: the two shown at first, greatest first;
                               groups: their facts (site.compare.Group); data: URL of all facts
projects     projects.html
experiments  experiments.html  repository: RepositoryView; table: its site.tables.ExperimentsView;
                               plain: the rows that show without JavaScript, by number; data: URLs
                               of the scripts that open the table and hold its first rows
activity     activity.html     events: newest first; older, newer: the URLs of pages beside it or ""
problems     problems.html
search       search.html
content      content.html      content: ContentView, html: str (safe, rendered Markdown)
missing      404.html          (its links are absolute, since it is served for any path)
"""

from __future__ import annotations

import msgspec

from sitegen.site.day import RecordView, TimelineView
from sitegen.site.parts import (
    ActionsView,
    CardView,
    ChangeView,
    CommandView,
    CommitView,
    FileView,
    LineageView,
    LinkView,
    MetadataView,
    PlotView,
    StageView,
    When,
    WorkflowView,
)
from sitegen.site.tables import ExperimentsView


class Chip(msgspec.Struct, frozen=True):
    """A version in a stage, as a chip that leads to the version: *prod - v2.0.0 - 12 Mar 2026*.

    version: as shown; the first seven digits of the commit's id where none is registered. command:
    gets whatever is in the stage when it is run.
    """

    stage: StageView
    version: str
    url: str
    when: When
    author: str
    message: str
    command: str = ""


class ValueView(msgspec.Struct, frozen=True):
    """One metric or param.

    text: shortened for reading; full: the source's own spelling. number: None for no number.
    previous: the text in the previous version, "" where it had none. delta: "+0.012", "" for none.
    change: "up", "down", "same", "new" or "" (nothing to compare with, or changed text).
    """

    key: str
    text: str
    full: str
    number: float | None
    previous: str
    delta: str
    change: str


class ValueFileView(msgspec.Struct, frozen=True):
    """The metrics or params of one file.

    note: why values are not there, "" where they are. kept: of a file that is not in Git what DVC
    records of it, or of the folder that it lies in (its path tells).
    """

    path: str
    href: str
    note: str
    values: tuple[ValueView, ...]
    kept: FileView | None = None


class EventView(msgspec.Struct, frozen=True):
    """One registry action.

    kind: registration, deregistration, assignment, unassignment, deprecation. verb: what was done,
    as a past participle phrase without the objects ("registered", "assigned"). version: as shown,
    "" for a deprecation. version_url: "" where the version has no page. stage: None without one.
    """

    kind: str
    verb: str
    artifact: str
    repo: str
    model_url: str
    version: str
    version_url: str
    stage: StageView | None
    when: When
    author: str
    message: str
    commit: str
    commit_href: str
    tag: str
    tag_href: str


class VersionView(msgspec.Struct, frozen=True):
    """One version of a model.

    name: vX.Y.Z, or the commit's id of an unregistered one; label: as shown (short id then).
    created: when registered, else the commit's date. tag: the tag that registered it.
    registered, active, prerelease, discovered: see `registry.state.Version`; discovered versions
    are known from the annotation at HEAD alone. latest: whether it is the model's latest.
    stages: held now. path, description, labels, type: the annotation at this version's own commit.
    path_href: to the file on the Git host, or its own http(s) address. storage: the scheme of a
    path outside of the repository (s3, gs, https), "" inside. previous: the version that values are
    compared with, "" for none. events: this version's, newest first. metadata: what the model is.
    commands: that fetch it, the best first. changes: from `previous`, but for metrics and params.
    card: its model card. runs: of CI, named by the commit's message. lineage: where it comes from,
    None where nothing is known. row: the URL of its commit in the table of experiments, or "".
    """

    name: str
    label: str
    url: str
    tag: str
    tag_href: str
    commit: CommitView
    created: When
    author: str
    message: str
    signature: str
    registered: bool
    active: bool
    prerelease: bool
    discovered: bool
    latest: bool
    stages: tuple[StageView, ...]
    type: str
    path: str
    path_href: str
    storage: str
    description: str
    labels: tuple[str, ...]
    custom: tuple[ValueView, ...]
    annotated_in: str
    metrics: tuple[ValueFileView, ...]
    params: tuple[ValueFileView, ...]
    previous: str
    previous_name: str
    previous_url: str
    compare_href: str
    events: tuple[EventView, ...]
    metadata: MetadataView | None = None
    file: FileView | None = None
    commands: tuple[CommandView, ...] = ()
    changes: tuple[ChangeView, ...] = ()
    card: CardView | None = None
    runs: tuple[LinkView, ...] = ()
    lineage: LineageView | None = None
    plots: tuple[PlotView, ...] = ()
    row: str = ""


class MetricColumn(msgspec.Struct, frozen=True):
    """A metric across a model's versions. values: one ValueView or None for each of `versions`."""

    path: str
    key: str
    values: tuple[ValueView | None, ...]


class ModelView(msgspec.Struct, frozen=True):
    """A model, or an artifact of another type.

    folder: of a monorepo, "" for the root. latest: the greatest active registered version, None
    where nothing is registered. chips: the holder of each stage, in the stages' order. held: stage
    name -> chip, for table cells. description, labels, path, type: of HEAD's annotation, else of
    the newest version that has one. last_event: None for an unregistered artifact. versions:
    greatest first, unregistered last. events: newest first. metric_table: the metrics of registered
    versions, greatest first, for the table across versions; metric_versions: its columns' versions.
    badges: (label, url) of its SVG badges. headline: up to four metrics of the latest version.
    framework: of the version that is shown first, "" where unknown. compare: the page on which its
    versions stand side by side, "" where there are not two; compare_shape: the Git host's own
    difference, with {a} and {b} for commits. record: its events for the browser, oldest first.
    timeline: None where no version was ever in a stage. actions: what commands about it are filled
    in with.
    """

    name: str
    folder: str
    repo: str
    repo_url: str
    url: str
    api: str
    feed: str
    type: str
    description: str
    labels: tuple[str, ...]
    path: str
    path_href: str
    registered: bool
    deprecated: bool
    latest: VersionView | None
    chips: tuple[Chip, ...]
    held: dict[str, Chip]
    last_event: EventView | None
    versions: tuple[VersionView, ...]
    events: tuple[EventView, ...]
    metric_versions: tuple[VersionView, ...]
    metric_table: tuple[MetricColumn, ...]
    badges: tuple[tuple[str, str], ...]
    headline: tuple[ValueView, ...]
    framework: str = ""
    compare: str = ""
    compare_shape: str = ""
    record: tuple[RecordView, ...] = ()
    timeline: TimelineView | None = None
    actions: ActionsView | None = None


class ProjectView(msgspec.Struct, frozen=True):
    """A folder of a monorepo that holds models of its own. name: "" for the root."""

    name: str
    href: str
    models: int


class RepositoryView(msgspec.Struct, frozen=True):
    """A repository of the portal.

    href: its page on the Git host. address: its URL as shown, without credentials. head: None in
    an empty repository. models: those of type model; artifacts: all. last_event: None where there
    is none. problems: how many. experiments: commits and DVC experiments, hidden ones too. api: its
    JSON. table: the experiments' table, also where it has no row. workflow: the Git host's job that
    runs `modelreg`, None where it is not set up. types: of artifacts, those that `.gto` allows, ()
    for all.
    """

    name: str
    href: str
    address: str
    branch: str
    head: CommitView | None
    models: int
    artifacts: int
    versions: int
    last_event: EventView | None
    projects: tuple[ProjectView, ...]
    problems: int
    experiments: int
    problems_url: str
    api: str
    table: ExperimentsView
    workflow: WorkflowView | None = None
    types: tuple[str, ...] = ()


class ProblemView(msgspec.Struct, frozen=True):
    """Something wrong in the input that was reported and survived, and how to mend it."""

    repo: str
    ref: str
    path: str
    reason: str
    remedy: str
    kind: str


class ContentView(msgspec.Struct, frozen=True):
    """A page of `content/`. source: its Markdown, rendered when the page is."""

    title: str
    url: str
    description: str
    source: str
    path: str


class NavLink(msgspec.Struct, frozen=True):
    """An entry of the navigation. url: within the site, or "" where href leads out of it."""

    title: str
    url: str
    href: str
    kind: str
    children: tuple[NavLink, ...] = ()


class Facet(msgspec.Struct, frozen=True):
    """A filter of the dashboard: its field's name, title, and values with their counts."""

    field: str
    title: str
    values: tuple[tuple[str, int], ...]


class Site(msgspec.Struct, frozen=True):
    """The whole portal.

    models: every artifact, those of type model first, then by name and repository. stages: in the
    configured order, then by name. events: newest first. generated: the newest date in the input
    or SOURCE_DATE_EPOCH, None where there is neither; never the wall clock. base_url: "" or the
    address that the site is served from, ending in "/".
    """

    title: str
    base_url: str
    generated: When | None
    stages: tuple[StageView, ...]
    models: tuple[ModelView, ...]
    repositories: tuple[RepositoryView, ...]
    events: tuple[EventView, ...]
    problems: tuple[ProblemView, ...]
    contents: tuple[ContentView, ...]
    navigation: tuple[NavLink, ...]
    facets: tuple[Facet, ...]
    links: tuple[tuple[str, str], ...]
    version: str


class Page(msgspec.Struct, frozen=True):
    """The page being rendered.

    kind: of the table above. path: its file. root: the way from it to the site's root, "" or
    "../../"; on the 404 page the base URL's path. canonical: its address, "" without a base URL.
    """

    kind: str
    path: str
    title: str
    description: str
    root: str
    canonical: str
