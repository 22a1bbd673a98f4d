"""LightGBM models: the text format, whose head names the features and whose end the parameters.

Source of the layout: what LightGBM's `Booster.save_model` writes, versions v2 to v4 of it.
"""

from __future__ import annotations

from sitegen.inspection import tabular
from sitegen.inspection.base import Format, Inspected, Source, Unreadable
from sitegen.inspection.jsonscan import clean
from sitegen.registry.schemas import ModelMetadata

WINDOW = 4 << 20
"""Bytes from the beginning that are read: the names of features and the sizes of trees."""
TAIL = 1 << 20
"""Bytes from the end that are read: importances and parameters."""
FEATURES = 100_000

_TOLD = ("boosting", "num_iterations", "learning_rate", "num_leaves", "max_depth", "linear_tree")
_CLASSIFIERS = {"binary": 2, "multiclass": 0, "multiclassova": 0}


def matches(head: bytes, source: Source) -> bool:
    return head.startswith((b"tree\nversion=", b"tree\r\nversion="))


def read(source: Source) -> Inspected:
    """What the model says. Raises Unreadable."""
    head = source.read(0, min(WINDOW, source.size)).replace(b"\r\n", b"\n")
    whole = source.size <= WINDOW
    top, blank, _ = head.partition(b"\n\n")
    if not blank:
        ended = "the model ends within its head" if whole else "the head is too long"
        raise Unreadable(f"{ended}: expected an empty line before the first tree")
    said = _pairs(top)
    for name in ("feature_names", "num_class", "max_feature_idx"):
        if name not in said:
            raise Unreadable(f"no LightGBM model: expected a line `{name}=` in its head")
    names = said["feature_names"].split(" ") if said["feature_names"] else []
    count = _number(said["max_feature_idx"], "max_feature_idx") + 1
    classes = _number(said["num_class"], "num_class")
    if len(names) > FEATURES:
        raise Unreadable(f"more than {FEATURES} features")
    trees = _trees(said.get("tree_sizes"))
    params = _parameters(source)
    objective = said.get("objective", "")
    kind = objective.partition(" ")[0]
    chances = _CLASSIFIERS.get(kind)
    # Names that LightGBM made up say nothing of columns.
    made_up = names == [f"Column_{number}" for number in range(len(names))]
    taken = tabular.features(() if made_up else names, (), count)
    metadata = ModelMetadata(
        source=source.name,
        framework="lightgbm",
        format="lightgbm-text",
        class_name="lightgbm.Booster",
        methods=tabular.predictions(
            taken, argument="data", classes=None if chances is None else chances or classes
        ),
        requirements=(tabular.needs("lightgbm"),),
        facts=tabular.facts(
            (
                ("objective", objective),
                ("format version", said.get("version")),
                ("trees", trees),
                ("trees per iteration", said.get("num_tree_per_iteration")),
                ("features", count),
                ("classes", classes),
                *((name.replace("_", " "), params.get(name)) for name in _TOLD),
                ("feature ranges", said.get("feature_infos")),
            )
        ),
    )
    return Inspected(metadata)


def _pairs(top: bytes) -> dict[str, str]:
    """The lines `name=value` of the head."""
    lines = clean(top.decode("utf-8", "replace")).split("\n")
    pairs = (line.partition("=") for line in lines)
    return {name: value for name, equals, value in pairs if equals}


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Unreadable(f"no LightGBM model: `{name}` is no number")
    return int(text)


def _trees(sizes: str | None) -> int | None:
    """How many trees there are; each has its size in bytes. None where the file does not say."""
    if sizes is None:
        return None
    each = sizes.split()
    if not all(size.isascii() and size.isdigit() and len(size) < 16 for size in each):
        raise Unreadable("no LightGBM model: `tree_sizes` holds more than numbers")
    return len(each)


def _parameters(source: Source) -> dict[str, str]:
    """The lines `[name: value]` at the end. Raises Unreadable where the trees do not end."""
    length = min(TAIL, source.size)
    tail = source.read(source.size - length, length).replace(b"\r\n", b"\n")
    start = tail.rfind(b"\nparameters:\n")
    if start < 0:
        if b"\nend of trees\n" not in tail and b"\nfeature_importances:\n" not in tail:
            raise Unreadable("the model ends within its trees: expected a line `end of trees`")
        return {}
    end = tail.find(b"\nend of parameters", start)
    if end < 0:
        raise Unreadable("the model ends within its parameters: expected `end of parameters`")
    lines = clean(tail[start:end].decode("utf-8", "replace")).split("\n")
    pairs = (line[1:-1].partition(":") for line in lines if line[:1] + line[-1:] == "[]")
    return {name: value.strip() for name, _, value in pairs}


LIGHTGBM = Format("lightgbm", matches, read)
