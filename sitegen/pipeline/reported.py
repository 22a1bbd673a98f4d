"""Problems that many commits share, each reported once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sitegen.errors import Problem


class Reported:
    """Problems of many commits, each kept once, with the first commit that has it.

    Problems are equal where all but the commit is. order: commit -> its place; of commits without
    one the first that was added counts.
    """

    def __init__(self, order: Mapping[str, int] | None = None) -> None:
        self._order = order or {}
        self._found: dict[Problem, dict[str, None]] = {}

    def add(self, problems: Sequence[Problem], commits: Sequence[str]) -> None:
        """problems: without a ref. commits: those that have them."""
        for problem in problems:
            self._found.setdefault(problem, {}).update(dict.fromkeys(commits))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was added, in the order in which it was first."""
        return tuple(
            _at(problem, min(commits, key=lambda oid: self._order.get(oid, 0)), len(commits))
            for problem, commits in self._found.items()
        )


def _at(problem: Problem, first: str, count: int) -> Problem:
    reason = problem.reason
    if count > 1:
        reason += f" (also at {count - 1} other commit{'s' if count > 2 else ''})"
    return msgspec.structs.replace(problem, ref=first, reason=reason)
