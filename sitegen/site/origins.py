"""Which model of the portal an import came from, across its repositories.

A repository is known by its page on its Git host, however its address is spelled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

import msgspec

from sitegen.registry.facts import Annotation, RepositoryFacts
from sitegen.registry.state import Artifact, Registry, Version
from sitegen.registry.tags import parse
from sitegen.site.links import web_address

# Hosts that take ssh under another name where the usual port is closed.
_HOSTS = {
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}
_AZURE = re.compile(r"ssh\.dev\.azure\.com/v3/([^/]+)/([^/]+)/([^/]+)")


class Origin(msgspec.Struct, frozen=True):
    """A model of the portal. version: "" where the imported commit is none."""

    repo: str
    artifact: str
    version: str = ""


class Origins:
    """Finds models by what other repositories import; made once for the whole portal.

    Of several repositories with one address the first counts.
    """

    def __init__(self, repositories: Iterable[tuple[RepositoryFacts, Registry]]) -> None:
        self._repositories: dict[str, tuple[RepositoryFacts, Registry]] = {}
        self._addresses: dict[str, Origin] = {}
        for facts, registry in repositories:
            for url in (facts.url, facts.web):
                known = same_repository(url)
                if known:
                    self._repositories.setdefault(known, (facts, registry))
            self._add_addresses(facts, registry)

    def find(self, url: str, path: str, rev: str = "", rev_lock: str = "") -> Origin | None:
        """The model that was imported, None where the portal has none such.

        url, path, rev, rev_lock: as of an import's node or Tracked. Without a path the url is an
        address of data, such as an artifact may have as its own.
        """
        if not path:
            return self._addresses.get(url)
        found = self._repositories.get(same_repository(url))
        if found is None:
            return None
        facts, registry = found
        for commit in dict.fromkeys((rev_lock, facts.head)):
            for said in _at(facts.annotations.get(commit, ()), path):
                artifact = registry.artifacts.get(said.artifact)
                if artifact is not None:
                    version = _version(artifact, rev, rev_lock)
                    return Origin(facts.name, artifact.name, version)
        return None

    def _add_addresses(self, facts: RepositoryFacts, registry: Registry) -> None:
        """Addresses that artifacts have as their paths: at HEAD, and of their versions."""
        for artifact in registry.artifacts.values():
            places = [(facts.head, ""), *((v.commit, v.name) for v in artifact.versions)]
            # What an address holds now is what the latest version says of it.
            for commit, name in sorted(places, key=lambda place: place[1] != artifact.latest):
                for said in facts.annotations.get(commit, ()):
                    if said.artifact == artifact.name and "://" in said.path:
                        origin = Origin(facts.name, artifact.name, name)
                        self._addresses.setdefault(said.path, origin)


def same_repository(url: str) -> str:
    """What all spellings of a repository's address have in common, "" for none.

    `https://h/o/r`, `https://h/o/r.git/`, `ssh://git@h:22/o/r.git` and `git@h:o/r` are one, in
    upper or lower case. A repository of this machine is known by its absolute path.
    """
    if url.startswith("file://"):
        url = unquote(url.removeprefix("file://"))
    if url.startswith("/"):
        return url.rstrip("/").removesuffix("/.git").removesuffix(".git")
    scheme, _, page = web_address(url).lower().partition("://")
    host, _, path = page.partition("/")
    host = host.removesuffix({"https": ":443", "http": ":80"}.get(scheme, ""))
    if not path:
        return ""
    azure = _AZURE.fullmatch(f"{host}/{path}")
    if azure:
        return "dev.azure.com/{}/{}/_git/{}".format(*azure.groups())
    return f"{_HOSTS.get(host, host)}/{path}"


def _at(said: Iterable[Annotation], path: str) -> list[Annotation]:
    """The annotations of what is at a path, else of the nearest folders that hold it."""
    above = {each: at for at, each in enumerate(_upwards(path))}
    found = [one for one in said if one.path in above]
    return sorted(found, key=lambda one: above[one.path])


def _upwards(path: str) -> Iterable[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]


def _version(artifact: Artifact, rev: str, rev_lock: str) -> str:
    """The version at the imported commit: that of the tag asked for, else the greatest."""
    there = [version for version in artifact.versions if version.commit == rev_lock]
    tag = parse(rev)
    asked = [
        one for one in there if tag and (tag.artifact, tag.version) == (artifact.name, one.name)
    ]
    found: list[Version] = asked or [one for one in there if one.active] or there
    return found[0].name if found else ""
