"""What is known of a model -> a .mlem file that MLEM 0.4.14 reads.

Source of the format: `mlem.core.objects.MlemModel`. The file describes; it makes no promise that
MLEM can load the model itself: that takes the file in the form in which MLEM saves the framework.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sitegen.readers.mlem_objects import MAIN, OWN_IO, UNKNOWN
from sitegen.registry.schemas import (
    Argument,
    Column,
    DataType,
    Method,
    ModelFile,
    ModelMetadata,
    Requirement,
)
from sitegen.safeyaml import YamlError, load
from sitegen.safeyaml.writing import on_one_line, quoted

_MD5 = re.compile(r"[0-9a-f]{32}(?:\.dir)?")
_REVISION = re.compile(r"(git|hg|svn|bzr)\+(\S+)@([^@\s]+)")
_UNSPECIFIED = {"type": "unspecified"}
_DEEPEST = 20


def write_mlem(metadata: ModelMetadata, file_name: str) -> bytes:
    """The file `file_name` (its path in the repository, for the paths of the model's files).

    The framework stands as it is. One that MLEM has no support for stays by its name: MLEM's
    `load_meta` accepts the file, and only loading the model fails, naming what is missing. Any
    other name would be a wrong one: `callable` means a pickled function. One that is not known is
    `unknown`, which `read_models` takes for that: `load_meta` fails where there is no name. Of a
    framework's forms MLEM expects its own; of others only a pickle can be said
    (`io: simple_pickle`).

    Types that MLEM does not have, or that lack what it requires, are `unspecified`. Requirements
    on the repository's own code are left out: MLEM wants the code itself there. Description and
    labels stand in `params`, where MLEM keeps what people add. The same metadata is the same bytes.
    """
    root: dict[str, Any] = {"object_type": "model"}
    params: dict[str, Any] = {}
    if metadata.description:
        params["description"] = metadata.description
    if metadata.labels:
        params["labels"] = list(metadata.labels)
    if params:
        root["params"] = params
    root["processors"] = {MAIN: _processor(metadata)}
    root["call_orders"] = {one.name: [[MAIN, one.name]] for one in metadata.methods}
    if metadata.files:
        root["artifacts"] = _files(metadata, posixpath.dirname(file_name))
    root["requirements"] = [
        said for one in metadata.requirements if (said := _requirement(one)) is not None
    ]
    return ("\n".join(_lines(root)) + "\n").encode()


def _processor(metadata: ModelMetadata) -> dict[str, Any]:
    said: dict[str, Any] = {"type": metadata.framework or UNKNOWN}
    own = OWN_IO.get(metadata.framework)
    if metadata.framework == "callable":
        said["io"] = {"type": "pickle"}
    elif metadata.format == "pickle" and own != "simple_pickle":
        said["io"] = {"type": "simple_pickle"}
    elif own == "catboost_io" and metadata.class_name.endswith("Classifier"):
        # Without it MLEM takes every model for a regressor.
        said["io"] = {"type": own, "model_type": "clf"}
    said["methods"] = {one.name: _method(one) for one in metadata.methods}
    return said


def _method(method: Method) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": method.name,
        "args": [_argument(one) for one in method.arguments],
        "returns": _type(method.returns),
    }
    if method.varargs:
        said["varargs"] = method.varargs
    if method.varargs_type is not None:
        said["varargs_type"] = _type(method.varargs_type)
    if method.varkw:
        said["varkw"] = method.varkw
    if method.varkw_type is not None:
        said["varkw_type"] = _type(method.varkw_type)
    return said


def _argument(argument: Argument) -> dict[str, Any]:
    said: dict[str, Any] = {"name": argument.name, "type_": _type(argument.type)}
    if not argument.required:
        said["required"] = False
        said["default"] = _value(argument.default)
    if argument.keyword_only:
        said["kw_only"] = True
    return said


def _value(text: str) -> Any:
    """A default as a value; what is none, such as a text that was cut, stays a text."""
    try:
        return load(text).value
    except YamlError:
        return text


def _files(metadata: ModelMetadata, folder: str) -> dict[str, Any]:
    """MLEM finds a model of one file under the name `data`, of a callable under `data.pkl`."""
    names = [one.name for one in metadata.files]
    if len(names) == 1:
        names = ["data.pkl" if metadata.framework == "callable" else "data"]
    return {name: _file(one, folder) for name, one in zip(names, metadata.files, strict=True)}


def _file(file: ModelFile, folder: str) -> dict[str, Any]:
    uri = posixpath.relpath("/" + file.path, "/" + folder) if file.path else file.uri
    said: dict[str, Any] = {
        "uri": uri,
        # As MLEM has it where it does not know.
        "size": -1 if file.size is None else file.size,
        "hash": file.hash if _MD5.fullmatch(file.hash) else "",
    }
    if "://" in uri:
        said["type"] = "fsspec"
    return said


def _requirement(requirement: Requirement) -> dict[str, Any] | None:
    kind, package = requirement.kind, requirement.package or requirement.module
    if kind == "unix":
        return {"type": kind, "package_name": package} if package else None
    if kind == "conda":
        said = {"type": kind, "package_name": package}
        return (said | {"spec": requirement.version}) if requirement.version else said
    module = requirement.module or package
    if kind != "installable" or not module:
        return None
    said = {"module": module}
    if match := _REVISION.fullmatch(requirement.package):
        return said | {"vcs": match[1], "source_url": match[2], "vcs_commit": match[3]}
    if requirement.package and requirement.package != module:
        said["package_name"] = requirement.package
    if requirement.version:
        said["version"] = requirement.version
    return said


# Data types


def _type(type: DataType | None, depth: int = _DEEPEST) -> dict[str, Any]:
    """A data type in MLEM's words; `unspecified` for whatever MLEM would refuse."""
    write = _WRITERS.get(type.kind) if type is not None else None
    if type is None or write is None or depth == 0:
        return dict(_UNSPECIFIED)
    said = write(type, depth - 1)
    return dict(_UNSPECIFIED) if said is None else {"type": type.kind, **said}


def _bare(type: DataType, depth: int) -> dict[str, Any] | None:
    del type, depth
    return {}


def _primitive(type: DataType, depth: int) -> dict[str, Any] | None:
    del depth
    return {"ptype": type.dtype} if type.dtype else None


def _number(type: DataType, depth: int) -> dict[str, Any] | None:
    del depth
    return {"dtype": type.dtype} if type.dtype else None


def _ndarray(type: DataType, depth: int) -> dict[str, Any] | None:
    del depth
    shape = None if type.shape is None else list(type.shape)
    return {"shape": shape, "dtype": type.dtype} if type.dtype else None


def _tensor(type: DataType, depth: int) -> dict[str, Any] | None:
    return None if type.shape is None else _ndarray(type, depth)


def _sparse(type: DataType, depth: int) -> dict[str, Any] | None:
    # Alone of all, MLEM's sparse matrix has no size that is open.
    return None if type.shape is None or None in type.shape else _ndarray(type, depth)


def _array(type: DataType, depth: int) -> dict[str, Any] | None:
    if len(type.items) != 1:
        return None
    size = type.shape[0] if type.shape else None
    return {"dtype": _type(type.items[0][1], depth), "size": size}


def _sequence(type: DataType, depth: int) -> dict[str, Any] | None:
    return {"items": [_type(one, depth) for _, one in type.items]}


def _dict(type: DataType, depth: int) -> dict[str, Any] | None:
    return {"item_types": {key: _type(one, depth) for key, one in type.items}}


def _dynamic_dict(type: DataType, depth: int) -> dict[str, Any] | None:
    inner = dict(type.items)
    key, value = inner.get("key"), inner.get("value")
    if key is None or key.kind != "primitive" or key.dtype not in ("str", "int", "float"):
        return None
    return {"key_type": _type(key), "value_type": _type(value, depth)}


def _table(type: DataType, depth: int) -> dict[str, Any] | None:
    del depth
    return {
        "columns": [one.name for one in type.columns],
        "dtypes": [one.dtype for one in type.columns],
        "index_cols": [one.name for one in type.columns if one.index],
    }


def _matrix(type: DataType, depth: int) -> dict[str, Any] | None:
    del depth
    columns: tuple[Column, ...] = type.columns
    named, typed = any(one.name for one in columns), any(one.dtype for one in columns)
    return {
        "is_from_list": not named,
        "feature_names": [one.name for one in columns] if named else None,
        "feature_type_names": [one.dtype for one in columns] if typed else None,
    }


def _dataset(type: DataType, depth: int) -> dict[str, Any] | None:
    inner = dict(type.items)
    if "inner" not in inner:
        return None
    labels = _type(inner["labels"], depth) if "labels" in inner else None
    return {"inner": _type(inner["inner"], depth), "labels": labels}


_WRITERS: dict[str, Callable[[DataType, int], dict[str, Any] | None]] = {
    "primitive": _primitive,
    "array": _array,
    "list": _sequence,
    "tuple": _sequence,
    "dict": _dict,
    "d_dict": _dynamic_dict,
    "dataframe": _table,
    "series": _table,
    "number": _number,
    "ndarray": _ndarray,
    "torch": _tensor,
    "tf_tensor": _tensor,
    "csr_matrix": _sparse,
    "xgboost_dmatrix": _matrix,
    "lightgbm": _dataset,
    "binary": _bare,
}


# YAML


def _lines(value: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """A mapping in block form, lists of plain values on one line."""
    for key, item in value.items():
        head = f"{indent}{quoted(key)}:"
        if isinstance(item, Mapping) and item:
            yield head
            yield from _lines(item, indent + "  ")
        elif isinstance(item, list) and any(isinstance(one, Mapping) for one in item):
            yield head
            for one in item:
                first, *rest = _lines(one, indent + "    ")
                yield f"{indent}  - {first.lstrip(' ')}"
                yield from rest
        else:
            yield f"{head} {on_one_line(item)}"
