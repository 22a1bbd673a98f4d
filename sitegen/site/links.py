"""Web links to the Git host of a repository: one row of HOSTS for each kind."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import quote, unquote, urlsplit

import msgspec


class Workflow(msgspec.Struct, frozen=True):
    """A job of the Git host that runs `modelreg` for people without a terminal.

    host: its name as people know it. path: the file of the repository that sets the job up, as
    `modelreg workflow` writes it. run: the page that starts it, below the repository's own, with
    {rev} for the branch. prefilled: the page takes the job's variables from its own address.
    """

    host: str
    path: str
    run: str
    prefilled: bool = False


class Host(msgspec.Struct, frozen=True):
    """A Git host's addresses below a repository's own, with {rev}, {path}, {a}, {b}.

    raw: hands out a file as it is. workflow: None where no job is shipped for that host.
    """

    commit: str
    tree: str
    blob: str
    raw: str
    tag: str
    compare: str
    workflow: Workflow | None = None


_GITHUB = Host(
    "/commit/{rev}",
    "/tree/{rev}",
    "/blob/{rev}/{path}",
    "/raw/{rev}/{path}",
    "/releases/tag/{rev}",
    "/compare/{a}...{b}",
    Workflow("GitHub", ".github/workflows/modelreg.yml", "/actions/workflows/modelreg.yml"),
)
_GITLAB = Host(
    "/-/commit/{rev}", "/-/tree/{rev}", "/-/blob/{rev}/{path}",
    "/-/raw/{rev}/{path}", "/-/tags/{rev}", "/-/compare/{a}...{b}",
    Workflow("GitLab", ".gitlab/modelreg.yml", "/-/pipelines/new?ref={rev}", prefilled=True),
)  # fmt: skip
_BITBUCKET = Host(
    "/commits/{rev}", "/src/{rev}", "/src/{rev}/{path}", "/raw/{rev}/{path}", "/src/{rev}",
    "/branches/compare/{b}..{a}",
)  # fmt: skip
_GITEA = Host(
    "/commit/{rev}", "/src/commit/{rev}", "/src/commit/{rev}/{path}",
    "/raw/commit/{rev}/{path}", "/src/tag/{rev}", "/compare/{a}...{b}",
)  # fmt: skip

# By the host's name or a part of it, so that git.gitlab.example is found too.
HOSTS: dict[str, Host] = {
    "github": _GITHUB,
    "gitlab": _GITLAB,
    "bitbucket": _BITBUCKET,
    "gitea": _GITEA,
    "forgejo": _GITEA,
    "codeberg": _GITEA,
}

WORKFLOWS = tuple(
    sorted({host.workflow.path for host in HOSTS.values() if host.workflow is not None})
)
"""Where the shipped jobs are set up."""

_SCP = re.compile(r"(?:[^@/\s]+@)?(?P<host>[A-Za-z0-9.-]+):(?P<path>[^\s:].*)")


def web_address(url: str) -> str:
    """The page of the repository at `url` (https, ssh or host:path), "" where it has none."""
    scp = _SCP.fullmatch(url)
    if "://" not in url and scp:
        return f"https://{scp['host']}/{_trim(scp['path'])}"
    try:
        parts = urlsplit(url)
        host = parts.hostname
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https", "ssh", "git") or not host:
        return ""
    keeps_port = port is not None and parts.scheme in ("http", "https")
    scheme = "http" if parts.scheme == "http" else "https"
    return f"{scheme}://{host}{f':{port}' if keeps_port else ''}/{_trim(parts.path)}"


def _trim(path: str) -> str:
    return quote(path.strip("/").removesuffix(".git"), safe="/~@+-._")


class RepositoryLinks(msgspec.Struct, frozen=True):
    """Links into one repository on its host; every link is "" where the host is unknown."""

    home: str
    host: Host | None

    def _link(self, shape: str, **values: str) -> str:
        encoded = {
            key: quote(value, safe="/" if key == "path" else "") for key, value in values.items()
        }
        return self.home + shape.format(**encoded)

    def commit(self, oid: str) -> str:
        """A commit's page."""
        return self._link(self.host.commit, rev=oid) if self.host and oid else ""

    def tree(self, oid: str) -> str:
        """The files of a commit."""
        return self._link(self.host.tree, rev=oid) if self.host and oid else ""

    def blob(self, oid: str, path: str) -> str:
        """A file (or folder: hosts redirect) of a commit."""
        return self._link(self.host.blob, rev=oid, path=path) if self.host and oid and path else ""

    def raw(self, oid: str, path: str) -> str:
        """A file of a commit as it is, for download."""
        return self._link(self.host.raw, rev=oid, path=path) if self.host and oid and path else ""

    def tag(self, name: str) -> str:
        """A tag's page."""
        return self._link(self.host.tag, rev=name) if self.host and name else ""

    def compare(self, a: str, b: str) -> str:
        """The host's own difference from `a` to `b`."""
        return self._link(self.host.compare, a=a, b=b) if self.host and a and b else ""

    def run(self, branch: str) -> str:
        """The page that starts the job of `Host.workflow` on a branch."""
        workflow = self.host.workflow if self.host else None
        return self._link(workflow.run, rev=branch) if workflow and branch else ""

    def commit_shape(self) -> str:
        """The address of a commit's page with {rev} for its id."""
        return self.home + self.host.commit if self.host else ""

    def compare_shape(self) -> str:
        """The address of such a difference with {a} and {b} for the two commits' ids."""
        return self.home + self.host.compare if self.host else ""

    def file_shape(self, rev: str) -> str:
        """The address of a file of the commit `rev`, with {path} for its path."""
        return self.home + self.host.blob.replace("{rev}", rev) if self.host else ""


def repository_links(url: str, web: str = "") -> RepositoryLinks:
    """The links of the repository at `url`. web: its page as configured, before the URL's own."""
    home = web.rstrip("/") or web_address(url)
    if not home.startswith(("https://", "http://")):
        return RepositoryLinks("", None)
    name = urlsplit(home).hostname or ""
    host = next((shape for part, shape in HOSTS.items() if part in name), None)
    return RepositoryLinks(home, host)


def file_of(address: str, folder: str) -> str:
    """The file of the repository that a link in a file of `folder` leads to, as Git hosts read it.

    "" for an address that names a host, for a place on the same page, and for what would leave the
    repository or is the whole of it.
    """
    try:
        parts = urlsplit(address.strip())
        path = unquote(parts.path, errors="strict")
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not path:
        return ""
    top = path.startswith("/")
    whole = posixpath.normpath(path.lstrip("/") if top else posixpath.join(folder, path))
    if whole in (".", "..") or whole.startswith("../") or not whole.isprintable():
        return ""
    return whole
