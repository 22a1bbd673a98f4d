"""Which format a model file has, and what it says of the model: read, never run.

A new format is one file with `matches` and `read`, one line in `sitegen.inspection.formats`, one
test file. A format reads through a Source, which bounds what it may take, and raises Unreadable
where the file is not what its beginning promises.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from sitegen.registry.schemas import ModelMetadata

HEAD = 4096
"""Bytes of a file's beginning that tell its format."""


class Unreadable(Exception):
    """The file is cut short, damaged, or no model file; says where, and what was expected."""


class Source(Protocol):
    """A file that is read at random places, or a folder's file.

    name: the file's name, for what only its ending tells. size: bytes. read: raises Unreadable
    where the file ends before `length` bytes, or where more would be read than one inspection may.
    """

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int: ...

    def read(self, offset: int, length: int) -> bytes: ...


class Tensor(msgspec.Struct, frozen=True):
    """A named array of a model file. dtype: as the format spells it. shape: None for any size."""

    name: str
    dtype: str
    shape: tuple[int | str | None, ...]


class Inspected(msgspec.Struct, frozen=True):
    """What a model file says.

    metadata: with `format` set, `source` the file's name. warnings: what loading it would do that
    its owner may not want (imports that run code), each one sentence. tensors: weights, or a
    bounded number of them; tensor_count: all of them.
    """

    metadata: ModelMetadata
    warnings: tuple[str, ...] = ()
    tensors: tuple[Tensor, ...] = ()
    tensor_count: int = 0


class Format(msgspec.Struct, frozen=True):
    """One format of model files.

    matches: whether a file with this beginning (HEAD bytes at most) has this format.
    read: what it says. Raises Unreadable.
    """

    name: str
    matches: Callable[[bytes, Source], bool]
    read: Callable[[Source], Inspected]
