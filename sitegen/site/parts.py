"""The frozen views that others are made of: dates, stages, commits, and what a version holds."""

from __future__ import annotations

import msgspec


class When(msgspec.Struct, frozen=True):
    """A date to be shown: `<time datetime="{{ when.iso }}" title="{{ when.full }}">`.

    iso: with the source's offset, "" where unknown. text: "12 Mar 2026" in the source's zone, or
    "invalid date". full: "2026-03-12 14:05:33 +01:00". seconds: Unix time, for sorting; -1 unknown.
    """

    iso: str
    text: str
    full: str
    seconds: int


class StageView(msgspec.Struct, frozen=True):
    """A stage of the registry.

    hue: a number from 0 on that picks the stage's colour (class `stage-{{ hue }}`), the same
    everywhere. color: a CSS colour of the configuration that replaces it, "" for none.
    count: how many models have a version in it now.
    """

    name: str
    hue: int
    color: str
    description: str
    count: int


class CommitView(msgspec.Struct, frozen=True):
    """A commit. short: seven digits. subject: the message's first line."""

    oid: str
    short: str
    href: str
    author: str
    when: When
    subject: str


class ColumnView(msgspec.Struct, frozen=True):
    """A column of a table that a method takes or gives. name: "" for one without a name."""

    name: str
    dtype: str
    index: bool


class TableView(msgspec.Struct, frozen=True):
    """Columns that one or several methods share. used: where ("data of predict")."""

    used: tuple[str, ...]
    columns: tuple[ColumnView, ...]


class MethodView(msgspec.Struct, frozen=True):
    """A method. signature: "predict(data: table with 11 columns) -> int64[?]"."""

    name: str
    signature: str


class RequirementView(msgspec.Struct, frozen=True):
    """A package that is needed. version: "any" where none is said. line: for pip, "" where pip does
    not install it; text: in words then."""

    name: str
    version: str
    text: str
    line: str


class MetadataView(msgspec.Struct, frozen=True):
    """What is known of a model itself.

    framework: as people call it; framework_id: as MLEM does. source: the file that says it.
    facts: further (name, value).
    """

    framework: str
    framework_id: str
    version: str
    class_name: str
    format: str
    source: str
    source_href: str
    description: str
    methods: tuple[MethodView, ...]
    tables: tuple[TableView, ...]
    requirements: tuple[RequirementView, ...]
    facts: tuple[tuple[str, str], ...]


class FileView(msgspec.Struct, frozen=True):
    """The file of a version, as far as Git and DVC know it.

    path: its own, or that of the folder which DVC tracks as a whole. where: "Git", "Git LFS",
    "DVC storage", "DVC cache, not pushed" or "" (nobody says). address: in the storage, without
    credentials. href: a link that hands out the file without any tool, "" where there is none.
    source: the file that records it, dvc.lock for instance.
    """

    path: str

    size: str
    bytes: int | None
    files: int | None
    hash: str
    short_hash: str
    algorithm: str
    where: str
    address: str
    href: str
    source: str


class PlotFileView(msgspec.Struct, frozen=True):
    """A file that a plot is drawn from. note: "" or why its content is not there."""

    path: str
    href: str
    note: str
    hash: str
    size: str


class PlotView(msgspec.Struct, frozen=True):
    """A plot of one version.

    name: unique in the version; title: for people, as declared, else the path without the folder
    that the version's plots share. kind: "data" or "image". template: of a plot
    drawn from data. data, specification: URLs of what is drawn, as a script and as Vega-Lite, ""
    where nothing is; equal plots of several versions have the same, and the same digest. image: its
    URL, "" for none; width, height: its own. note: "" or why there is nothing to be seen.
    """

    name: str
    title: str
    kind: str
    template: str
    digest: str
    data: str
    specification: str
    image: str
    width: int
    height: int
    note: str
    source: str
    source_href: str
    files: tuple[PlotFileView, ...]


class CommandView(msgspec.Struct, frozen=True):
    """A command that fetches a version; ready to be copied.

    title: "modelreg get", "dvc get", "Python", ... note: what to know before it is run, or "".
    """

    title: str
    command: str
    note: str = ""


class WorkflowView(msgspec.Struct, frozen=True):
    """A job of the Git host that runs `modelreg`. host: its name. href: the page that starts it.

    prefilled: whether that page takes the job's variables from its address.
    """

    host: str
    href: str
    prefilled: bool


class RuleView(msgspec.Struct, frozen=True):
    """The promotion rules of a stage. lines: each in words. unmet: (version, the reasons)."""

    stage: str
    lines: tuple[str, ...]
    unmet: tuple[tuple[str, str], ...]


class ActionsView(msgspec.Struct, frozen=True):
    """What `modelreg` commands about one model are filled in with.

    address: of the repository, "" where it has none. next: (version, "next patch") of versions that
    may be registered, the nearest first. counter: of the next tag that has one. taken: tags without
    a counter that withdraw or deprecate, and can be made once only. stages: that may be assigned;
    only_these: no others. active, unregistered (commits' ids), gone (deregistered): versions,
    greatest first. held: (stage, version) of every assignment in force, of each stage the newest
    first, which is the one that counts. rules: of the portal's configuration. workflow: None
    where the job is not set up. commands: one for each action, as a sample.
    """

    address: str
    next: tuple[tuple[str, str], ...]
    counter: int
    taken: tuple[str, ...]
    stages: tuple[str, ...]
    only_these: bool
    active: tuple[str, ...]
    unregistered: tuple[str, ...]
    gone: tuple[str, ...]
    held: tuple[tuple[str, str], ...]
    rules: tuple[RuleView, ...]
    workflow: WorkflowView | None
    commands: tuple[CommandView, ...]


class ChangeView(msgspec.Struct, frozen=True):
    """What is different from the previous version. kind: "added", "removed" or "changed"."""

    what: str
    name: str
    kind: str
    old: str
    new: str
    old_full: str
    new_full: str


class CardFactView(msgspec.Struct, frozen=True):
    """What a model card's front matter says under one key. href: of the license's text, or ""."""

    title: str
    values: tuple[str, ...]
    href: str


class ResultView(msgspec.Struct, frozen=True):
    """A result that a model card tells of; what is not said is ""."""

    task: str
    dataset: str
    metric: str
    value: str


class CardView(msgspec.Struct, frozen=True):
    """A model card.

    own: whether it is the portal's own: path is then relative to `content/`, else a file of the
    repository, to which href leads. digest: tells two texts of one path apart. note: why there is
    no text, "" where there is one. long: whether it is better folded. elsewhere, elsewhere_url: the
    version whose page has this same, very long text; "" where it stands here. plain: whether the
    text is shown as it is written, since it could not be converted.
    html: the text as HTML that is safe, and not yet complete: a template writes `{{ card_html }}`,
    which is this for the page being rendered. It is "" where there is no text, or it is elsewhere.
    """

    own: bool
    path: str
    href: str
    digest: str
    facts: tuple[CardFactView, ...]
    results: tuple[ResultView, ...]
    note: str
    long: bool
    html: str
    elsewhere: str = ""
    elsewhere_url: str = ""
    plain: bool = False


class DetailView(msgspec.Struct, frozen=True):
    """What changed in a part of a lineage: "command", a param, a dependency. "" where not there."""

    name: str
    old: str
    new: str
    old_full: str
    new_full: str


class LinkView(msgspec.Struct, frozen=True):
    """Another place. url: within the site, or "" where href leads out of it, if anything does."""

    text: str
    url: str = ""
    href: str = ""


class BoxView(msgspec.Struct, frozen=True):
    """A box of the picture in pixels from the picture's top left corner.

    title, note: its two lines, shortened to fit. mark: the word at the right of the second, or "".
    """

    x: int
    y: int
    width: int
    height: int
    title: str
    note: str
    mark: str


class LineView(msgspec.Struct, frozen=True):
    """A line of the picture. path: SVG's. changed: whether it brings what was not there before."""

    path: str
    changed: bool


class NodeView(msgspec.Struct, frozen=True):
    """A part of a lineage: a file, a pipeline step or an import.

    number: its place in the list, from 1 on. kind: "model", "data", "code", "step", "import";
    kind_text: for people. state: against the previous version "same", "changed", "added",
    "removed" or "unknown" (no hash), "" where there is none; details: what changed in it. href: on
    the Git host. source: the file that says it. origin: where an import is from. made_of: the
    numbers of what leads to it. downstream: made from the model. stale: what makes it was run again
    since. model: the version of a model of the portal that it is. box: None for what is removed.
    """

    number: int
    kind: str
    kind_text: str
    name: str
    description: str
    state: str
    details: tuple[DetailView, ...]
    href: str
    source: LinkView
    file: FileView | None
    commands: tuple[str, ...]
    params: tuple[tuple[str, str], ...]
    origin: LinkView | None
    made_of: tuple[int, ...]
    downstream: bool
    stale: bool
    model: LinkView | None
    box: BoxView | None


class CauseView(msgspec.Struct, frozen=True):
    """A part in which changes begin; others changed because of it. details: of a pipeline step what
    changed in itself: its command and params."""

    node: NodeView
    details: tuple[DetailView, ...]


class LineageView(msgspec.Struct, frozen=True):
    """Where a version comes from, as a picture and as a list.

    nodes: each after all that it is made of, removed ones last. lines, width, height: the picture's
    beside the nodes' boxes. counts: (how many, of what). compared: whether `previous` has a lineage
    to compare with. cut: how many nodes were left out.
    """

    nodes: tuple[NodeView, ...]
    lines: tuple[LineView, ...]
    width: int
    height: int
    counts: tuple[tuple[int, str], ...]
    compared: bool
    causes: tuple[CauseView, ...]
    cut: int
