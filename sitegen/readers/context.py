"""What a reader is given: the files of one commit, read as YAML once, and a place for problems."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from sitegen.errors import Problem
from sitegen.readers.memo import Memo
from sitegen.safeyaml import Document, YamlError

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def within(folder: str, path: str) -> str | None:
    """`path`, written relative to `folder`, relative to the repository's root.

    Addresses (s3://...) stay as they are. None where it would leave the repository.
    """
    if _ADDRESS.match(path):
        return path
    whole = posixpath.normpath(posixpath.join(folder, path))
    if whole.startswith(("/", "../")) or whole == ".." or "\0" in whole:
        return None
    return whole


class Context:
    """The files of one commit and the problems found in them.

    repo, ref: as in Problem. files: path -> bytes, all that a reader may look at. memo: where
    what was read before is found.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        repo: str = "",
        ref: str = "",
        memo: Memo | None = None,
    ) -> None:
        self.memo = Memo() if memo is None else memo
        self.files = files
        self.repo = repo
        self.ref = ref
        self._problems: dict[Problem, None] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was reported so far, in order, each once."""
        return tuple(self._problems)

    def report(self, kind: str, path: str, reason: str, remedy: str) -> None:
        self._problems[Problem(self.repo, self.ref, path, reason, remedy, kind)] = None

    def yaml(self, path: str) -> Document | None:
        """The file as YAML; None where it is absent or cannot be read, which is then reported."""
        if path not in self.files:
            return None
        found = self.memo.parse(self.files[path])
        if isinstance(found, YamlError):
            self.report("yaml", path, found.problem.reason, found.problem.remedy)
            return None
        self.report_repeated(path, found)
        return found

    def report_repeated(self, path: str, document: Document) -> None:
        if document.warnings:
            first, *others = document.warnings
            more = f" (and {len(others)} more repeated keys)" if others else ""
            remedy = "keep one of the two"
            self.report("yaml.duplicate", path, f"{first}{more}", remedy)
