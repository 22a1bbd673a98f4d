"""The frozen settings of a portal."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sitegen import redact
from sitegen.errors import Problem

TITLE = "Model registry"


class Repository(msgspec.Struct, frozen=True, kw_only=True):
    """A repository to read: either `path`, an absolute local folder, or `url`.

    url may hold credentials: it is for git alone, `address` is for people. branch: "" for HEAD's.
    web: its page on the Git host, "" to derive it. token_env: the name of the environment variable
    that holds a token. projects: folders of a monorepo to show, () for all.
    """

    name: str = ""
    path: Path | None = None
    url: str = ""
    branch: str = ""
    web: str = ""
    token_env: str = ""
    projects: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The URL without credentials and query, "" for a local folder."""
        return redact.address(self.url)

    def __repr__(self) -> str:
        return f"Repository({self.name!r}, {self.address or str(self.path)!r})"


class Stages(msgspec.Struct, frozen=True):
    """How stages are shown. order: those named first. colors: stage -> a CSS colour."""

    order: tuple[str, ...] = ()
    colors: dict[str, str] = {}
    descriptions: dict[str, str] = {}


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A link of the footer."""

    title: str = ""
    url: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the navigation: leads to `page` (a file of the site or of content), to `url`, or
    only holds `children`."""

    title: str = ""
    page: str = ""
    url: str = ""
    children: tuple[Entry, ...] = ()


class Experiments(msgspec.Struct, frozen=True):
    """Which commits count as experiments. since: YYYY-MM-DD. max_commits: None for no limit.

    plots: of how many of them, the newest ones, plots are read.
    """

    since: str = ""
    max_commits: int | None = None
    branches: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    plots: int = 100


class Requirement(msgspec.Struct, frozen=True):
    """What a version must have shown before it may enter a stage.

    came_from: a stage that it has been in, "" for none. metrics: dotted key -> a condition such as
    ">= 0.8". card: whether a model card must be there.
    """

    came_from: str = ""
    metrics: dict[str, str] = {}
    card: bool = False


class Promotion(msgspec.Struct, frozen=True):
    """The rules of `modelreg assign`. order: stages passed one after the other."""

    order: tuple[str, ...] = ()
    require: dict[str, Requirement] = {}


class Signatures(msgspec.Struct, frozen=True):
    """Whose signatures of tags count. allowed_signers: git's file of SSH keys, None for nobody's.

    keyring: a folder that GnuPG takes for its home, None for nobody's.
    """

    allowed_signers: Path | None = None
    keyring: Path | None = None


LANGUAGES = (
    "da", "de", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "ro", "ru", "sv", "tr",
)  # fmt: skip
"""Languages that the search may be set to, by their codes."""


class Search(msgspec.Struct, frozen=True):
    """The search of the portal. languages: whose endings and stop words it knows."""

    languages: tuple[str, ...] = ("en",)


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """All settings of one portal; every path is absolute.

    base_url: "" or ends in "/". theme, content: None for the default theme, for no content. epoch:
    SOURCE_DATE_EPOCH in seconds, None where it is not set. source: the file read, None without one.
    folder: what relative paths are relative to. problems: remarks that stop nothing.
    """

    folder: Path
    output: Path
    cache: Path
    title: str = TITLE
    base_url: str = ""
    repositories: tuple[Repository, ...] = ()
    stages: Stages = Stages()
    theme: Path | None = None
    content: Path | None = None
    experiments: Experiments = Experiments()
    links: tuple[Link, ...] = ()
    navigation: tuple[Entry, ...] = ()
    promotion: Promotion = Promotion()
    signatures: Signatures = Signatures()
    search: Search = Search()
    epoch: int | None = None
    source: Path | None = None
    problems: tuple[Problem, ...] = ()
