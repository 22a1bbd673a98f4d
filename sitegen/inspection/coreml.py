"""Core ML models: the description of a `.mlmodel`, and the manifest of a `.mlpackage`.

Source of the field numbers: Model.proto and FeatureTypes.proto of coremltools.
"""

from __future__ import annotations

from sitegen.inspection import jsonscan, protobuf, tabular
from sitegen.inspection.base import Format, Inspected, Source, Unreadable
from sitegen.inspection.jsonscan import clean
from sitegen.inspection.protobuf import Span, signed
from sitegen.registry.schemas import Argument, DataType, Method, ModelFile, ModelMetadata

MANIFEST = 1 << 20
FEATURES = 10_000
TOLD = 50
"""Pairs of the owner's own metadata that are shown."""

# Fields by their numbers.
_SPECIFICATION, _DESCRIPTION = 1, 2
_INPUT, _OUTPUT, _PREDICTED, _PROBABILITIES, _METADATA = 1, 10, 11, 12, 100
_FEATURE_NAME, _FEATURE_TYPE = 1, 3
_SHORT, _VERSION, _AUTHOR, _LICENSE, _OWN = 1, 2, 3, 4, 100
_OPTIONAL = 1000
_INT64, _DOUBLE, _STRING, _IMAGE, _ARRAY, _DICTIONARY, _SEQUENCE, _STATE = range(1, 9)

_KINDS = {
    200: "PipelineClassifier", 201: "PipelineRegressor", 202: "Pipeline",
    300: "GLMRegressor", 301: "SupportVectorRegressor", 302: "TreeEnsembleRegressor",
    303: "NeuralNetworkRegressor", 304: "BayesianProbitRegressor",
    400: "GLMClassifier", 401: "SupportVectorClassifier", 402: "TreeEnsembleClassifier",
    403: "NeuralNetworkClassifier", 404: "KNearestNeighborsClassifier",
    500: "NeuralNetwork", 501: "ItemSimilarityRecommender", 502: "MLProgram",
    555: "CustomModel", 556: "LinkedModel",
    600: "OneHotEncoder", 601: "Imputer", 602: "FeatureVectorizer", 603: "DictVectorizer",
    604: "Scaler", 606: "CategoricalMapping", 607: "Normalizer", 609: "ArrayFeatureExtractor",
    610: "NonMaximumSuppression", 900: "Identity",
    2000: "TextClassifier", 2001: "WordTagger", 2002: "VisionFeaturePrint",
    2003: "SoundAnalysisPreprocessing", 2004: "Gazetteer", 2005: "WordEmbedding",
    2006: "AudioFeaturePrint", 3000: "SerializedModel",
}  # fmt: skip
_ARRAY_DTYPES = {
    65552: "float16", 65568: "float32", 65600: "float64", 131080: "int8", 131104: "int32",
}  # fmt: skip
_COLOURS = {10: "grayscale", 20: "RGB", 30: "BGR", 40: "grayscale float16"}
_TOOLS = "com.github.apple.coremltools.version"


def matches(head: bytes, source: Source) -> bool:
    name = source.name.lower()
    if name.endswith(".mlmodel"):
        return head[:1] in b"\x08\x12"
    return name.endswith("manifest.json") and b"rootModelIdentifier" in head


def read(source: Source) -> Inspected:
    """What the model says. Raises Unreadable."""
    return _model(source) if source.name.lower().endswith(".mlmodel") else _package(source)


def _package(source: Source) -> Inspected:
    """The manifest of a package: which of its files is the model."""
    if source.size > MANIFEST:
        raise Unreadable(f"a manifest of {source.size} bytes: at most {MANIFEST} are read")
    parsed = jsonscan.parse(source.read(0, source.size))
    top = parsed.value if isinstance(parsed.value, dict) else {}
    entries, root = top.get("itemInfoEntries"), top.get("rootModelIdentifier")
    if not (parsed.complete and isinstance(entries, dict) and isinstance(root, str)):
        raise Unreadable("no Core ML package: its manifest names no model")
    model = entries.get(root)
    if not isinstance(model, dict):
        raise Unreadable("no Core ML package: its manifest lacks the model that it names")
    files = tuple(
        ModelFile(str(entry.get("name", "")), f"Data/{entry.get('path', '')}")
        for entry in entries.values()
        if isinstance(entry, dict)
    )
    metadata = ModelMetadata(
        source=source.name,
        framework="coreml",
        format="mlpackage",
        requirements=(tabular.needs("coremltools"),),
        files=files,
        facts=tabular.facts(
            (
                ("model", f"Data/{model.get('path', '')}"),
                ("package version", top.get("fileFormatVersion")),
            )
        ),
    )
    return Inspected(metadata)


def _model(source: Source) -> Inspected:
    specification = 0
    kind = ""
    description: dict[int, list[int | bytes]] | None = None
    for number, _, value in protobuf.spans(source):
        if number == _SPECIFICATION and isinstance(value, int):
            specification = value
        elif number == _DESCRIPTION and isinstance(value, bytes):
            description = protobuf.message(value, FEATURES)
        elif number == _DESCRIPTION and isinstance(value, Span):
            raise Unreadable(f"a description of {value.length} bytes")
        elif number in _KINDS:
            kind = _KINDS[number]
    if description is None:
        raise Unreadable("no Core ML model: it has no description")
    told = protobuf.message(_bytes(description, _METADATA), FEATURES)
    own = dict(_pair(entry) for entry in told.get(_OWN, [])[:TOLD] if isinstance(entry, bytes))
    tools = own.get(_TOOLS, "")
    inputs = [_argument(entry) for entry in _entries(description, _INPUT)]
    outputs = [_argument(entry) for entry in _entries(description, _OUTPUT)]
    given = tuple((one.name, one.type or DataType("unspecified")) for one in outputs)
    metadata = ModelMetadata(
        source=source.name,
        framework="coreml",
        framework_version=tools,
        format="mlmodel",
        class_name=kind,
        description=tabular.shortened(_text(told, _SHORT)),
        methods=(Method("predict", tuple(inputs), DataType("dict", items=given)),),
        requirements=(tabular.needs("coremltools", tools),),
        facts=tabular.facts(
            (
                ("kind", kind),
                ("specification version", specification or ""),
                ("author", _text(told, _AUTHOR)),
                ("licence", _text(told, _LICENSE)),
                ("version", _text(told, _VERSION)),
                ("predicted feature", _text(description, _PREDICTED)),
                ("predicted probabilities", _text(description, _PROBABILITIES)),
                *sorted((name, value) for name, value in own.items() if name != _TOOLS),
            )
        ),
    )
    return Inspected(metadata)


def _entries(message: dict[int, list[int | bytes]], number: int) -> list[bytes]:
    return [value for value in message.get(number, []) if isinstance(value, bytes)]


def _bytes(message: dict[int, list[int | bytes]], number: int) -> bytes:
    found = _entries(message, number)
    return found[-1] if found else b""


def _number(message: dict[int, list[int | bytes]], number: int) -> int:
    found = [value for value in message.get(number, []) if isinstance(value, int)]
    return signed(found[-1]) if found else 0


def _text(message: dict[int, list[int | bytes]], number: int) -> str:
    return clean(protobuf.text(_bytes(message, number)))


def _pair(entry: bytes) -> tuple[str, str]:
    found = protobuf.message(entry, 16)
    return tabular.shortened(_text(found, 1)), _text(found, 2)


def _argument(entry: bytes) -> Argument:
    """A feature that the model takes or gives."""
    feature = protobuf.message(entry, 64)
    said = protobuf.message(_bytes(feature, _FEATURE_TYPE), 64)
    name = _text(feature, _FEATURE_NAME)
    return Argument(name, _type(said), required=not _number(said, _OPTIONAL))


def _type(said: dict[int, list[int | bytes]]) -> DataType:
    kind = next((number for number in said if _INT64 <= number <= _STATE), 0)
    inner = protobuf.message(_bytes(said, kind), FEATURES)
    if kind in (_INT64, _DOUBLE, _STRING):
        return DataType("primitive", {_INT64: "int", _DOUBLE: "float", _STRING: "str"}[kind])
    if kind == _IMAGE:
        height, width = _number(inner, 2), _number(inner, 1)
        return DataType("image", _COLOURS.get(_number(inner, 3), ""), (height, width))
    if kind == _STATE:
        inner = protobuf.message(_bytes(inner, 1), FEATURES)
    if kind in (_ARRAY, _STATE):
        sizes = tuple(signed(size) for size in protobuf.packed(inner.get(1, []), 64))
        return DataType("ndarray", _ARRAY_DTYPES.get(_number(inner, 2), ""), sizes or None)
    if kind == _DICTIONARY:
        return DataType("dict", "int" if 1 in inner else "str")
    if kind == _SEQUENCE:
        return DataType("list", "int" if 1 in inner else "str")
    return DataType("unspecified")


COREML = Format("coreml", matches, read)
