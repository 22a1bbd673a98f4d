"""The SitegenError tree, and Problem: an error kept as data.

An error that stops the work is raised; an error in the input that the work
survives is a `Problem`, collected, printed and published. Both say the same
five things: which repository, which ref, which path, what is wrong, and what
to do about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import msgspec


class Problem(msgspec.Struct, frozen=True, gc=False, order=True):
    """Something wrong in the input that was reported and survived.

    repo: the repository's name in the portal ("" for the configuration or content).
    ref: a full ref name, a tag's short name or a commit's id ("" where none is meant).
    path: a path inside the repository or of a file of the author's ("" where none is meant).
    reason: what is wrong and what was expected, one sentence without a full stop.
    remedy: what the reader can do about it, one sentence without a full stop.
    kind: a short stable identifier such as "tag.lightweight", for filters and tests.
    """

    repo: str
    ref: str
    path: str
    reason: str
    remedy: str
    kind: str

    def __str__(self) -> str:
        where = " ".join(part for part in (self.repo, self.ref, self.path) if part)
        text = f"{where}: {self.reason}" if where else self.reason
        return f"{text} ({self.remedy})" if self.remedy else text


class SitegenError(Exception):
    """The base of every error that a user can meet; the command line prints it and exits 1."""

    def __init__(
        self, reason: str, *, repo: str = "", ref: str = "", path: str = "", remedy: str = ""
    ) -> None:
        self.problem = Problem(repo, ref, path, reason, remedy, self.kind)
        self.problems: tuple[Problem, ...] = (self.problem,)
        super().__init__(str(self.problem))

    kind = "error"

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> Self:
        """One error for several things that are wrong. problems: at least one, the first first."""
        first = problems[0]
        error = cls(first.reason, path=first.path, remedy=first.remedy)
        error.problem, error.problems = first, tuple(problems)
        error.args = ("\n".join(map(str, problems)),)
        return error


class ConfigError(SitegenError):
    """Settings are unknown, wrong, or cannot be read. `problems`: all of them, in file order."""

    kind = "config"


class RepositoryError(SitegenError):
    """A repository as a whole cannot be read."""

    kind = "repository"


class GitError(RepositoryError):
    """Git refused, failed, or did not answer in time."""

    kind = "git"


class RenderError(SitegenError):
    """A template, a theme file or a content page cannot be rendered."""

    kind = "render"


class OutputError(SitegenError):
    """The site cannot be written where it should go."""

    kind = "output"


class SnapshotError(SitegenError):
    """A snapshot file cannot be read or is of another format."""

    kind = "snapshot"


class RefusedError(SitegenError):
    """A registry action was refused before anything was written."""

    kind = "refused"


class StorageError(SitegenError):
    """A file cannot be had from where it is kept, or is not what was recorded."""

    kind = "storage"


class InspectionError(SitegenError):
    """A file is no model file that can be read, is damaged, or is no sample of data."""

    kind = "inspection"
