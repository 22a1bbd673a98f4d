"""What stands for the objects that loading a pickle would make."""

from __future__ import annotations

from typing import Any

import msgspec


class Global(msgspec.Struct, frozen=True):
    """Something that is imported: `name` of `module`."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


class Blob(msgspec.Struct, frozen=True):
    """Bytes or text that were passed over. place: where they stand in the pickle as they are."""

    size: int
    place: int | None = None


class Persistent:
    """What the loading program is asked for by an id."""

    __slots__ = ("id",)

    def __init__(self, id: Any) -> None:
        self.id = id


class Made:
    """What a call would make. state: what BUILD would set; items: of a mapping or sequence."""

    __slots__ = ("args", "callable", "items", "state", "values")

    def __init__(self, callable: Any, args: Any) -> None:
        self.callable, self.args = callable, args
        self.state: Any = None
        self.items: dict[Any, Any] = {}
        self.values: list[Any] = []
