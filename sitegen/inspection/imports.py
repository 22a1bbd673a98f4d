"""What a pickle's imports mean: which run code, which need code of one's own, which are known."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

import msgspec

from sitegen.inspection.symbols import Global
from sitegen.registry.schemas import Requirement, package_of

MOST = 20
"""Imports of one kind that are told; the others are counted."""
_LONGEST = 200


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KNOWN = _words(
    "catboost category_encoders dateutil gensim hdbscan imblearn joblib keras lightgbm networkx"
    " nltk numpy onnx pandas polars prophet pyarrow pytz safetensors scipy sentence_transformers"
    " skimage sklearn skorch spacy statsmodels tensorflow torch torchvision transformers"
    " umap xgboost tokenizers"
)
"""Libraries whose classes hold models and data."""

# Of the standard library, what only holds data.
_HARMLESS = {
    "__builtin__": "",
    "builtins": "",
    "_codecs": "encode",
    "array": "array _array_reconstructor",
    "collections": "OrderedDict defaultdict deque Counter",
    "copy_reg": "_reconstructor __newobj__",
    "copyreg": "_reconstructor __newobj__ __newobj_ex__",
    "datetime": "date datetime time timedelta timezone",
    "decimal": "Decimal",
    "fractions": "Fraction",
    "functools": "partial",
    "pathlib": "Path PosixPath PurePath PurePosixPath WindowsPath",
    "types": "SimpleNamespace",
    "uuid": "UUID",
    "zoneinfo": "ZoneInfo ZoneInfo._unpickle",
}
_BUILTINS = _words(
    "bool bytearray bytes complex dict float frozenset int list object range set slice str tuple"
    " type NotImplemented Ellipsis long unicode abs len max min round sorted sum"
)
_RUNNERS = sys.stdlib_module_names | _words(
    "__builtin__ aiohttp cloudpickle commands copy_reg dill distutils fabric httpx imp invoke"
    " paramiko pexpect pip popen2 requests setuptools sh test urllib2 urllib3"
)
"""Modules of which only what `_HARMLESS` names is: the standard library and what runs programs."""

# Parts of the known libraries that compile, fetch, or run what they are given.
_INNER = (
    "joblib.externals",
    "joblib.numpy_pickle.load",
    "numpy.compat",
    "numpy.ctypeslib",
    "numpy.distutils",
    "numpy.f2py",
    "numpy.testing",
    "pandas.core.computation",
    "pandas.io",
    "pyarrow.fs",
    "torch._dynamo",
    "torch._inductor",
    "torch.distributed",
    "torch.hub",
    "torch.package",
    "torch.utils.cpp_extension",
    "torch.utils.model_zoo",
)
_VERBS = _words(
    "call check_call check_output compile eval exec execfile fromfile genfromtxt getattr getoutput"
    " import_module load load_library load_lib load_from_url load_module loads loadtxt memmap"
    " open popen query read_pickle runstring save savetxt setattr spawn system tofile"
    " _load_from_bytes __import__ __getattribute__ __reduce__"
)
# Functions that the known libraries restore their objects with.
_RESTORING = _words(
    "_reconstruct scalar _frombuffer _ufunc_reconstruct newbyteorder ndarray dtype"
    " __randomstate_ctor __generator_ctor __bit_generator_ctor _unpickle_block _new_Index"
    " _unpickle_timestamp _new_DatetimeIndex _new_PeriodIndex _nat_unpickle _timedelta_unpickle"
    " _new_MultiIndex new_block block_shape _from_sequence csr_matrix_ctor newObj"
    " _p _UTC _tzinfo _parse_function_metadata tzlocal tzutc encode partial make_scorer"
    " timedelta date datetime device _mareconstruct"
)
_RESTORING_BEGIN = ("_rebuild_", "__pyx_unpickle_", "_unpickle", "_reconstruct", "__setstate")


class Judged(msgspec.Struct, frozen=True):
    """What imports mean. running, own: sentences; requirements: what has to be installed."""

    running: tuple[str, ...]
    own: tuple[str, ...]
    requirements: tuple[Requirement, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        return (*self.running, *self.own)


def root_of(module: str) -> str:
    return module.partition(".")[0]


def judge(
    imports: Iterable[Global],
    calls: Mapping[Global, None],
    versions: Mapping[str, str] | None = None,
    *,
    nameless: bool = False,
) -> Judged:
    """What loading would do that its owner may not want. versions: of packages, by module."""
    running, own = [], []
    roots: dict[str, str] = {}
    for one in imports:
        root = root_of(one.module)[:_LONGEST]
        if runs_code(one, called=one in calls):
            verb = "call" if one in calls else "import"
            running.append(f"Loading it would {verb} {_shown(one)}.")
        elif root in KNOWN:
            roots.setdefault(root, "installable")
        elif one.module not in _HARMLESS:
            own.append(
                f"Loading it would import {_shown(one)}: code of one's own, or of a library"
                " that is not known here."
            )
            roots.setdefault(root, "custom")
    if nameless:
        running.append("Loading it would call a function that only loading makes.")
    told = versions or {}
    needed = [
        Requirement(root, package_of(Requirement(root)) if kind != "custom" else "",
                    told.get(root, ""), kind)
        for root, kind in sorted(roots.items())[:MOST]
    ]  # fmt: skip
    return Judged(_few(running), _few(own), tuple(needed))


def runs_code(one: Global, *, called: bool) -> bool:
    """Whether loading this import can run what the file wants, rather than restore data."""
    root, parts = root_of(one.module), one.name.split(".")
    # A dotted name reaches through what a module imports itself.
    if len(parts) > 1 and any(part in _RUNNERS for part in parts):
        return one.name not in _HARMLESS.get(one.module, "").split()
    if root in ("builtins", "__builtin__"):
        return one.name not in _BUILTINS
    if one.module in _HARMLESS:
        return one.name not in _HARMLESS[one.module].split()
    if root in _RUNNERS:
        return True
    if root not in KNOWN:
        return False
    whole = f"{one.module}.{one.name}."
    if any(whole.startswith(f"{inner}.") for inner in _INNER) or not _VERBS.isdisjoint(parts):
        return True
    return called and _is_function(parts[-1])


def _is_function(name: str) -> bool:
    if name in _RESTORING or name.startswith(_RESTORING_BEGIN):
        return False
    first = name.lstrip("_")[:1]
    return not first.isupper()


def _shown(one: Global) -> str:
    text = str(one)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _few(told: list[str]) -> tuple[str, ...]:
    if len(told) <= MOST:
        return tuple(told)
    return (*told[:MOST], f"And {len(told) - MOST} more imports like these.")
