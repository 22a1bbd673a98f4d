"""The records of `api/v1`: what programs may rely on; its JSON Schema is made from these classes.

Unlike in views, text is as the repository has it. Numbers are numbers; those that JSON cannot say
(NaN, the infinities) are strings. Dates are ISO 8601 with the writer's offset, null where invalid.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sitegen.registry.schemas import Method

SCHEMA = 1


class ApiEvent(msgspec.Struct, frozen=True):
    """One registry action, made by one tag. version: null for a deprecation."""

    timestamp: str | None
    repo: str
    artifact: str
    event: str
    version: str | None
    stage: str | None
    commit: str
    author: str | None
    message: str
    tag: str


class ApiProblem(msgspec.Struct, frozen=True):
    """Something wrong in the input: where, what was expected, and the remedy."""

    repo: str
    ref: str
    path: str
    reason: str
    remedy: str
    kind: str


class ApiModelSummary(msgspec.Struct, frozen=True):
    """A model in the registry's list. latest: the greatest active registered version.

    stages: stage -> the versions in force there, newest assignment first; the first holds it.
    versions: how many are registered. url, api: relative to the site's root.
    """

    name: str
    repo: str
    type: str | None
    latest: str | None
    stages: dict[str, list[str]]
    framework: str | None
    labels: list[str]
    description: str | None
    registered: bool
    deprecated: bool
    versions: int
    url: str
    api: str


class ApiRepositorySummary(msgspec.Struct, frozen=True):
    """A repository in the registry's list. head: its commit, null where it is empty.

    models: those of type model. experiments: commits and DVC experiments, hidden ones too.
    """

    name: str
    url: str | None
    head: str | None
    models: int
    experiments: int
    api: str


class ApiRegistry(msgspec.Struct, frozen=True):
    """The whole registry at a glance: `registry.json`."""

    schema: int
    title: str
    generated: str | None
    models: list[ApiModelSummary]
    repositories: list[ApiRepositorySummary]
    problems: int


class ApiArtifact(msgspec.Struct, frozen=True):
    """The file, or folder, of a version. path: as annotated. files: how many, of a folder.

    hash: by `algorithm`: md5, etag or checksum (DVC), sha256 (Git LFS), git (the blob's id).
    storage: its address there, null where Git has it; link: one that hands it out without any tool.
    """

    path: str
    size: int | None
    files: int | None
    hash: str | None
    algorithm: str | None
    storage: str | None
    link: str | None


class ApiResult(msgspec.Struct, frozen=True):
    """A result that a model card tells of; what is not said is "". value: as the card has it."""

    task: str
    dataset: str
    metric: str
    value: str


class ApiCard(msgspec.Struct, frozen=True):
    """A model card. path: in the repository, or, where `own`, in the portal's `content/`.

    facts: key of the front matter -> what it says. text: its Markdown without the front matter;
    null where it is over 64 KB, is not read, or is that of the version `same_as`, which comes
    before in the list.
    """

    path: str
    own: bool
    facts: dict[str, list[str]]
    results: list[ApiResult]
    text: str | None
    same_as: str | None


class ApiNode(msgspec.Struct, frozen=True):
    """A part of a lineage. id: unique in it. kind: "model" (the version's own file), "data",
    "code", "step" (a pipeline step) or "import".

    name: a path, or a step's name. path: of a file, else of the file that says it. hash, algorithm,
    size, files: as in ApiArtifact. commands: of a step. params: of a step: file -> dotted key ->
    value. url, rev, rev_lock, imported: of an import: the repository, or where the data is; what
    was asked for; the commit that it was; the path in that repository. downstream: made from the
    model. stale: what makes it was run again since, and made something else.
    change: against the version before: "same", "changed", "added" or "unknown" (a hash is missing);
    null where there is nothing to compare with.
    """

    id: str
    kind: str
    name: str
    path: str
    hash: str | None
    algorithm: str | None
    size: int | None
    files: int | None
    commands: list[str]
    params: dict[str, dict[str, Any]]
    url: str | None
    rev: str | None
    rev_lock: str | None
    imported: str | None
    downstream: bool
    stale: bool
    change: str | None


class ApiLineage(msgspec.Struct, frozen=True):
    """What a version comes from. nodes: each after all that it is made of. edges: pairs of ids,
    from and to. removed: ids of the version before that are not there any more.

    commit: the version's own. compared_with: the version before, null without one. cut: how many
    nodes were left out, the farthest ones.
    """

    nodes: list[ApiNode]
    edges: list[tuple[str, str]]
    removed: list[str]
    commit: str
    author: str | None
    compared_with: str | None
    cut: int


class ApiPlotFile(msgspec.Struct, frozen=True):
    """A file that a plot is drawn from. note: null, or why its content is not there."""

    path: str
    note: str | None
    hash: str | None
    size: int | None


class ApiPlot(msgspec.Struct, frozen=True):
    """A plot that dvc.yaml declares.

    name: as DVC calls it. kind: data or image. source: the dvc.yaml. x, y: as declared: a column, a
    list of columns, or file -> columns. specification: Vega-Lite with the data in it, as
    `dvc plots show --json` prints it; image: both are relative to the site's root, null where there
    is none. note: why there is nothing to be seen.
    """

    name: str
    kind: str
    title: str | None
    template: str | None
    x: Any
    y: Any
    x_label: str | None
    y_label: str | None
    source: str
    files: list[ApiPlotFile]
    specification: str | None
    image: str | None
    note: str | None


class ApiRun(msgspec.Struct, frozen=True):
    """A CI run that a commit's message names. key: the trailer. url, id: one of them."""

    key: str
    url: str | None
    id: str | None


class ApiVersion(msgspec.Struct, frozen=True):
    """One version. tag, author, message, created_at: of the newest registration, else the commit.

    signature: of that tag, "ssh" or "gpg"; with ", verified" or ", not verified" where checked.
    registered: whether a registration names it; active: not deregistered since; discovered: known
    only because HEAD annotates the model. metrics, params: file -> dotted key -> value.
    card: null without one. framework: as MLEM names it. methods: with their data types.
    requirements: pip lines, and others in words. artifact: null where nobody says where the file
    is. commands: title -> what fetches the version, the best first. lineage: null where nothing
    says which file it is. runs: of CI, named by the commit's message.
    """

    version: str
    commit: str
    created_at: str | None
    author: str | None
    message: str
    tag: str | None
    signature: str | None
    registered: bool
    active: bool
    discovered: bool
    stages: list[str]
    type: str | None
    path: str | None
    description: str | None
    labels: list[str]
    custom: Any
    metrics: dict[str, dict[str, Any]]
    params: dict[str, dict[str, Any]]
    plots: list[ApiPlot]
    framework: str | None
    framework_version: str | None
    methods: list[Method]
    requirements: list[str]
    artifact: ApiArtifact | None
    commands: dict[str, str]
    card: ApiCard | None
    lineage: ApiLineage | None
    runs: list[ApiRun]
    url: str


class ApiModel(msgspec.Struct, frozen=True):
    """A model with its versions, greatest first, and its history, newest first.

    A version's name stands twice where it was registered at two commits, which is a problem.
    """

    schema: int
    name: str
    repo: str
    type: str | None
    latest: str | None
    stages: dict[str, list[str]]
    framework: str | None
    labels: list[str]
    description: str | None
    registered: bool
    deprecated: bool
    versions: list[ApiVersion]
    history: list[ApiEvent]
    url: str
    api: str
    feed: str


class ApiData(msgspec.Struct, frozen=True):
    """What DVC records of a file or folder; of a folder the hash ends in ".dir"."""

    hash: str | None
    size: int | None


class ApiExperiment(msgspec.Struct, frozen=True):
    """A commit, or a DVC experiment, with its metrics, params and data.

    branches: those that contain it, the default one first, at most a hundred; none of a DVC
    experiment. tags: Git's. name, baseline: of a DVC experiment, and the commit that it was made
    from; a checkpoint of one has a baseline alone. date: of the commit. metrics, params: file ->
    dotted key -> value. files: dependencies and outputs, by path. models: model -> the version that
    is registered here. hidden: whether tables show it only when asked; hidden_because: "unchanged"
    against a parent, or "skipped" as its message asks for.
    """

    commit: str
    parents: list[str]
    branches: list[str]
    tags: list[str]
    name: str | None
    baseline: str | None
    author: str
    date: str | None
    message: str
    metrics: dict[str, dict[str, Any]]
    params: dict[str, dict[str, Any]]
    files: dict[str, ApiData]
    models: dict[str, str]
    hidden: bool
    hidden_because: str | None


class ApiRepository(msgspec.Struct, frozen=True):
    """A repository: its models, its experiments, newest first, and what was wrong in it."""

    schema: int
    name: str
    url: str | None
    branch: str | None
    head: str | None
    projects: list[str]
    models: list[ApiModelSummary]
    problems: list[ApiProblem]
    experiments: list[ApiExperiment]
    api: str


SCHEMAS: dict[str, Any] = {
    "registry": ApiRegistry,
    "model": ApiModel,
    "repository": ApiRepository,
    "events": list[ApiEvent],
    "problems": list[ApiProblem],
}
"""What each JSON file holds, for `api/v1/schema/NAME.json`."""
