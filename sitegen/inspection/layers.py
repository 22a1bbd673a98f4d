"""What the configuration of a Keras model says: layers, inputs, outputs, code that it needs.

Keras writes the same configuration into its archives and into HDF5. Source of the layout: what
Keras 2 and 3 write as `config.json` and as the attribute `model_config`.
"""

from __future__ import annotations

from typing import Any

from sitegen.inspection import jsonscan, tabular
from sitegen.inspection.base import Inspected, Unreadable
from sitegen.registry.schemas import Argument, DataType, Method, ModelMetadata

_OWN = ("keras", "tensorflow", "tf_keras", "builtins")
_NESTED = 8
"""How deep models within models are looked through."""
_MANY = 10_000

_Input = tuple[str, DataType]


def document(text: bytes, what: str) -> dict[str, Any]:
    """A JSON object of a Keras model. Raises Unreadable where it is none."""
    parsed = jsonscan.parse(text)
    if not parsed.complete or not isinstance(parsed.value, dict):
        raise Unreadable(f"{what} ends early or is no JSON object")
    return parsed.value


def described(
    config: dict[str, Any],
    *,
    source: str,
    format: str,
    version: str,
    backend: str = "",
    saved: str = "",
) -> Inspected:
    """The model of this configuration. version: of Keras, "" if not said."""
    inner = _table(config.get("config"))
    # Keras 1 wrote a Sequential model as a bare list of layers.
    layers = [*map(_table, _list(inner.get("layers") or config.get("config")))]
    kind = _text(config.get("class_name"))
    if not kind:
        raise Unreadable("no Keras model: its configuration names no class")
    inputs = _inputs(inner, layers)
    outputs = _outputs(inner, layers)
    arguments = tuple(Argument(name, type) for name, type in inputs)
    returns = outputs[0][1] if len(outputs) == 1 else DataType("dict", items=tuple(outputs))
    module = _text(config.get("module"))
    seen = list(_layers(config, _NESTED))
    needed = [tabular.needs("keras", version)]
    if backend in ("tensorflow", "torch", "jax"):
        needed.append(tabular.needs(backend))
    metadata = ModelMetadata(
        source=source,
        framework="tf_keras",
        framework_version=version,
        format=format,
        class_name=f"{module}.{kind}"
        if module and not module.startswith("keras.src")
        else f"keras.{kind}",
        methods=(Method("predict", arguments, returns if outputs else DataType("ndarray")),),
        requirements=tuple(needed),
        facts=tabular.facts(
            (
                ("name", _text(inner.get("name"))),
                ("layers", len(layers) or ""),
                ("kinds of layers", ", ".join(_kinds(layers))),
                ("backend", backend),
                ("saved", saved),
            )
        ),
    )
    return Inspected(metadata, warnings=tuple(dict.fromkeys(_warnings(seen))))


def _kinds(layers: list[dict[str, Any]]) -> list[str]:
    """Every class of layer, with how many there are of it."""
    counts: dict[str, int] = {}
    for layer in layers:
        kind = _text(layer.get("class_name"))
        counts[kind] = counts.get(kind, 0) + 1
    return [f"{count} {kind}" for kind, count in counts.items() if kind]


def _layers(config: dict[str, Any], deep: int) -> list[dict[str, Any]]:
    """Every object of the configuration that names a class, the model itself first."""
    found = [config]
    for each in _list(_table(config.get("config")).get("layers")) if deep else []:
        if len(found) > _MANY:
            break
        if isinstance(each, dict):
            found += _layers(each, deep - 1)
    return found


def _warnings(layers: list[dict[str, Any]]) -> list[str]:
    said = []
    for layer in layers:
        kind, module = _text(layer.get("class_name")), _text(layer.get("module"))
        name = _text(_table(layer.get("config")).get("name"))
        if kind == "Lambda":
            code = f"The layer `{tabular.shortened(name)}` is a Lambda"
            said.append(f"{code}: loading it runs Python code that the file holds.")
        elif module and module.partition(".")[0] not in _OWN:
            needed = f"The class `{tabular.shortened(module)}.{tabular.shortened(kind)}`"
            said.append(f"{needed} is not one of Keras: loading the model imports it.")
    return said[:100]


def _inputs(inner: dict[str, Any], layers: list[dict[str, Any]]) -> list[_Input]:
    """Names and types of what the model takes, in its order."""
    by_name = {_name(layer): layer for layer in layers}
    named = _ends(inner.get("input_layers"))
    if named:
        return [(name, _taken(by_name.get(name, {})) or DataType("ndarray")) for name in named]
    first = _taken(layers[0]) if layers else None
    if first is None:
        build = _table(inner.get("build_config")).get("input_shape") or inner.get(
            "build_input_shape"
        )
        shape = _shape(build)
        first = None if shape is None else DataType("ndarray", shape=shape)
    return [("x", first)] if first else [("x", DataType("ndarray"))]


def _outputs(inner: dict[str, Any], layers: list[dict[str, Any]]) -> list[_Input]:
    by_name = {_name(layer): layer for layer in layers}
    named = _ends(inner.get("output_layers"))
    if named:
        return [(name, _given(by_name.get(name, {}))) for name in named]
    return [("", _given(layers[-1]))] if layers else []


def _taken(layer: dict[str, Any]) -> DataType | None:
    """What a layer says of its input."""
    config = _table(layer.get("config"))
    shape = _shape(config.get("batch_shape") or config.get("batch_input_shape"))
    if shape is None:
        return None
    return DataType("ndarray", _dtype(config.get("dtype")), shape)


def _given(layer: dict[str, Any]) -> DataType:
    """What a layer says of its output: a size only where one number of it decides."""
    config = _table(layer.get("config"))
    taken = _shape(_table(layer.get("build_config")).get("input_shape"))
    units = config.get("units")
    shape = None
    if layer.get("class_name") == "Dense" and isinstance(units, int):
        shape = (*taken[:-1], units) if taken else None
    elif layer.get("class_name") == "InputLayer":
        return _taken(layer) or DataType("ndarray")
    return DataType("ndarray", _dtype(config.get("dtype")), shape)


def _ends(said: object) -> list[str]:
    """Names of layers, of `[name, node, tensor]`, a list of those, or a table of them."""
    if isinstance(said, dict):
        return [name for value in said.values() for name in _ends(value)]
    if not isinstance(said, list) or not said:
        return []
    if isinstance(said[0], str):
        return [said[0]]
    return [
        each[0] for each in said if isinstance(each, list) and each and isinstance(each[0], str)
    ]


def _name(layer: dict[str, Any]) -> str:
    return _text(layer.get("name") or _table(layer.get("config")).get("name"))


def _dtype(said: object) -> str:
    """The name of a type: Keras 3 says it as a policy."""
    return _text(said) or _text(_table(_table(said).get("config")).get("name"))


def _shape(said: object) -> tuple[int | None, ...] | None:
    if not isinstance(said, list) or len(said) > 32:
        return None
    sizes = [size if isinstance(size, int) else None for size in said]
    return tuple(sizes) if all(s is None or isinstance(s, int) for s in said) else None


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
