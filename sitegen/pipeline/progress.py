"""How long work is told of, and the one that tells nobody."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Task(Protocol):
    """One long piece of work. Entered while it lasts."""

    def advance(self, amount: int = 1) -> None: ...


class Progress(Protocol):
    """Is told of long work. total: of whatever is counted, None where nobody knows."""

    def task(self, name: str, total: int | None = None) -> AbstractContextManager[Task]: ...


class Silence:
    """Progress that says nothing, and its task."""

    def advance(self, amount: int = 1) -> None:
        pass

    def task(self, name: str, total: int | None = None) -> AbstractContextManager[Task]:
        return nullcontext(self)
