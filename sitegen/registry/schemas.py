"""What a model is: framework, methods with their data types, requirements, files.

Source of the vocabulary: MLEM 0.4 (its data types by their names there). The same records hold
what the inspection of a model file finds. Everything textual in them is untrusted.
"""

from __future__ import annotations

import re

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


_MODULES = {
    "attr": "attrs",
    "box": "python-box",
    "bs4": "beautifulsoup4",
    "Crypto": "pycryptodome",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "git": "GitPython",
    "google.protobuf": "protobuf",
    "imblearn": "imbalanced-learn",
    "jwt": "PyJWT",
    "OpenSSL": "pyOpenSSL",
    "PIL": "Pillow",
    "ruamel": "ruamel.yaml",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "umap": "umap-learn",
    "yaml": "PyYAML",
}
"""Modules that a package of another name holds: MLEM leaves the package out where it was not
installed under that name, and before 0.3 always."""

_PACKAGE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[A-Za-z0-9._,-]*\])?")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!+*_-]*")
_REVISION = re.compile(r"(?:git|hg|svn|bzr)\+(?:https?|ssh|git)://[^\s#;]+")

_DEEPEST = 20
_MOST_SHOWN = 8
_TABLES = {"dataframe": "table", "series": "series"}
_PLAIN = frozenset({"primitive", "number", "ndarray"})


def package_of(requirement: Requirement) -> str:
    """What is installed: as said, else what holds the module."""
    return requirement.package or _MODULES.get(requirement.module, requirement.module)


def pip_line(requirement: Requirement) -> str:
    """The line of a requirements.txt ("lightgbm==3.3.2"), "" for what pip does not install.

    Also "" where name or version have what none has: people copy these lines, and pip takes
    options from them.
    """
    package, version = package_of(requirement), requirement.version
    if requirement.kind != "installable":
        return ""
    if _REVISION.fullmatch(package):
        return package
    if not _PACKAGE.fullmatch(package) or (version and not _VERSION.fullmatch(version)):
        return ""
    return f"{package}=={version}" if version else package


def requirement_text(requirement: Requirement) -> str:
    """A requirement of any kind for people: "lightgbm==3.3.2", "libgomp1 (unix)"."""
    if line := pip_line(requirement):
        return line
    package, version = package_of(requirement), requirement.version
    text = f"{package} {version}" if version else package
    return text if requirement.kind == "installable" else f"{text} ({requirement.kind})"


def columns_of(type: DataType | None) -> tuple[Column, ...]:
    """The columns of a table, of one within a dataset or collection too; () where there is none."""
    for _ in range(_DEEPEST):
        if type is None or type.columns:
            break
        # The first inner type is the data, others are labels.
        type = type.items[0][1] if type.items else None
    return type.columns if type is not None else ()


def type_text(type: DataType | None) -> str:
    """A data type in one line: `float64[?, 3]`, `table with 11 columns`, `list of int`.

    Long and deep types are cut with an ellipsis.
    """
    return _type_text(type, _DEEPEST)


def argument_text(argument: Argument) -> str:
    """An argument as in a signature: `scale: float = 1.5`."""
    text = f"{argument.name}: {type_text(argument.type)}"
    if argument.required:
        return text
    return f"{text} = {argument.default or 'null'}"


def signature_text(method: Method) -> str:
    """A method in one line: `predict(data: table with 11 columns) -> int64[?]`."""
    parts = [argument_text(one) for one in method.arguments if not one.keyword_only]
    named = [argument_text(one) for one in method.arguments if one.keyword_only]
    if method.varargs:
        parts.append(_spread("*", method.varargs, method.varargs_type))
    elif named:
        parts.append("*")
    parts += named
    if method.varkw:
        parts.append(_spread("**", method.varkw, method.varkw_type))
    return f"{method.name}({', '.join(parts)}) -> {type_text(method.returns)}"


def _spread(stars: str, name: str, type: DataType | None) -> str:
    return f"{stars}{name}: {type_text(type)}" if type is not None else f"{stars}{name}"


def _type_text(type: DataType | None, depth: int) -> str:
    if type is None:
        return "unspecified"
    if depth == 0:
        return "..."
    kind, inner = type.kind, [(key, _type_text(one, depth - 1)) for key, one in _shown(type)]
    if type.columns or kind in _TABLES:
        count = len(type.columns)
        return f"{_TABLES.get(kind, kind)} with {count} column{'' if count == 1 else 's'}"
    if kind == "array":
        size = "" if type.shape == (None,) else _sizes(type.shape)
        return f"list{size} of {inner[0][1] if inner else 'unspecified'}"
    if kind == "d_dict" and len(inner) == 2:
        return f"dict of {inner[0][1]} to {inner[1][1]}"
    name = type.dtype if kind in _PLAIN and type.dtype else f"{kind} {type.dtype}".strip()
    text = ("None" if name == "NoneType" else name) + _sizes(type.shape)
    if not inner and kind not in ("list", "tuple", "dict"):
        return text
    members = [f"{key}: {one}" if key else one for key, one in inner]
    if len(type.items) > _MOST_SHOWN:
        members.append("...")
    return f"{text} ({', '.join(members)})"


def _shown(type: DataType) -> tuple[tuple[str, DataType], ...]:
    return type.items[:_MOST_SHOWN]


def _sizes(shape: tuple[int | None, ...] | None) -> str:
    if shape is None:
        return ""
    return f"[{', '.join('?' if size is None else str(size) for size in shape)}]"
