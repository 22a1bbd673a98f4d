"""What a model is: framework, methods with their data types, requirements, files.

Source of the vocabulary: MLEM 0.4 (its data types by their names there). The same records hold
what the inspection of a model file finds. Everything textual in them is untrusted.
"""

from __future__ import annotations

import msgspec


class Column(msgspec.Struct, frozen=True):
    """A column of a table. dtype: as the writer spells it ("int64"), "" if not said."""

    name: str
    dtype: str = ""
    index: bool = False


class DataType(msgspec.Struct, frozen=True):
    """A type of data.

    kind: MLEM's name (primitive, array, list, tuple, dict, d_dict, dataframe, series, number,
    ndarray, torch, tf_tensor, csr_matrix, xgboost_dmatrix, lightgbm, binary, unspecified), or
    another that is shown as it is. dtype: of the elements, for a primitive its type, "" if not
    said. shape: sizes, None for any size; None as a whole where there is no shape. columns: of a
    table. items: (key, type) of what it is made of; the key is "" where order or nothing counts.
    """

    kind: str
    dtype: str = ""
    shape: tuple[int | None, ...] | None = None
    columns: tuple[Column, ...] = ()
    items: tuple[tuple[str, DataType], ...] = ()


class Argument(msgspec.Struct, frozen=True):
    """An argument of a method. default: as text, "" where there is none."""

    name: str
    type: DataType | None = None
    required: bool = True
    default: str = ""
    keyword_only: bool = False


class Method(msgspec.Struct, frozen=True):
    """A method of the model. varargs, varkw: their names, "" without them."""

    name: str
    arguments: tuple[Argument, ...] = ()
    returns: DataType | None = None
    varargs: str = ""
    varkw: str = ""
    varargs_type: DataType | None = None
    varkw_type: DataType | None = None


class Requirement(msgspec.Struct, frozen=True):
    """A package that the model needs.

    module: what is imported. package: what is installed. version: exact, "" if not said.
    kind: "installable" (pip), "custom" (the repository's own code), "unix" (a system package), ...
    """

    module: str
    package: str = ""
    version: str = ""
    kind: str = "installable"


class ModelFile(msgspec.Struct, frozen=True):
    """One file of a model. uri: as written; path: in the repository, "" where it is not there."""

    name: str
    uri: str
    path: str = ""
    size: int | None = None
    hash: str = ""


class CallOrder(msgspec.Struct, frozen=True):
    """Which processors a method goes through, in order: (processor, its method)."""

    method: str
    calls: tuple[tuple[str, str], ...]


class ModelMetadata(msgspec.Struct, frozen=True):
    """What is known of a model itself.

    source: the file that says it, from the repository's root. framework: as MLEM names it
    (sklearn, lightgbm, xgboost, catboost, torch, tf_keras, onnx, callable, ...), "" if not known.
    framework_version: "" if not known. format: of the model file ("pickle", "onnx", ...).
    class_name: dotted, "" if not known. facts: further (name, value) pairs for people.
    """

    source: str
    framework: str = ""
    framework_version: str = ""
    format: str = ""
    class_name: str = ""
    description: str = ""
    labels: tuple[str, ...] = ()
    methods: tuple[Method, ...] = ()
    call_orders: tuple[CallOrder, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    files: tuple[ModelFile, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
