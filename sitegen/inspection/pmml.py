"""PMML models: who wrote them, the fields they take and predict, and what kind they are.

XML is read as a stream; a document type or an entity ends it, whatever either would say.
Source of the elements: the PMML 4.4 schema of the Data Mining Group.
"""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from sitegen.inspection import tabular
from sitegen.inspection.base import Format, Inspected, Source, Unreadable
from sitegen.inspection.jsonscan import clean
from sitegen.registry.schemas import ModelMetadata

WINDOW = 16 << 20
"""Bytes from the beginning that are read: a forest may follow for gigabytes."""
CHUNK = 1 << 20
DEPTH = 2000
"""How deep elements nest: a tree in PMML nests as deep as the tree is."""
ELEMENTS = 500_000
"""Elements that are looked at: what follows them is not read."""
FIELDS = 20_000

_MODELS = {
    "AnomalyDetectionModel", "AssociationModel", "BaselineModel", "BayesianNetworkModel",
    "ClusteringModel", "GaussianProcessModel", "GeneralRegressionModel", "MiningModel",
    "NaiveBayesModel", "NearestNeighborModel", "NeuralNetwork", "RegressionModel", "RuleSetModel",
    "Scorecard", "SequenceModel", "SupportVectorMachineModel", "TextModel", "TimeSeriesModel",
    "TreeModel",
}  # fmt: skip
_TAKEN = ("active", "supplementary")
_PREDICTED = ("target", "predicted")


def matches(head: bytes, source: Source) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"<") and b"<PMML" in head


def read(source: Source) -> Inspected:
    """What the model says. Raises Unreadable."""
    reader = _Reader()
    end = min(source.size, WINDOW)
    at = 0
    while at < end and not reader.enough:
        part = source.read(at, min(CHUNK, end - at))
        at += len(part)
        reader.feed(part, at == source.size)
    return reader.inspected(source.name, source.size - at)


class _Enough(Exception):
    """More elements than are looked at."""


class _Reader:
    def __init__(self) -> None:
        self.enough = False
        self.path: list[str] = []
        self.elements = 0
        self.said: dict[str, dict[str, str]] = {}
        self.fields: dict[str, dict[str, str]] = {}
        self.values: dict[str, int] = {}
        self.usage: list[tuple[str, str]] = []
        self.model = ""
        self.segments = 0
        self.text: list[str] = []
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartDoctypeDeclHandler = self.refused
        parser.EntityDeclHandler = self.refused
        parser.ExternalEntityRefHandler = self.refused
        parser.UseForeignDTD(False)
        self.parser = parser

    def feed(self, part: bytes, last: bool) -> None:
        try:
            self.parser.Parse(part, last)
        except Unreadable:
            raise
        except _Enough:
            self.enough = True
        except expat.ExpatError as error:
            raise Unreadable(f"no XML: {error}") from None
        # An encoding that the document names can be any codec of Python, and fail as any.
        except Exception as error:
            raise Unreadable(f"XML in an encoding that is not known: {error}") from None

    def refused(self, *_: Any) -> int:
        raise Unreadable("XML with a document type or entities, which no PMML needs")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > ELEMENTS:
            raise _Enough
        if len(self.path) >= DEPTH:
            raise Unreadable(f"XML nested more than {DEPTH} deep")
        local = name.rpartition(" ")[2]
        self.path.append(local)
        depth = len(self.path)
        if depth == 1 and local != "PMML":
            raise Unreadable(f"no PMML: the document is a `{clean(local)[:100]}`")
        above = self.path[-2] if depth > 1 else ""
        if depth <= 3 and local in ("PMML", "Header", "Application"):
            self.said.setdefault(local, attributes)
        elif depth == 3 and local == "DataField" and above == "DataDictionary":
            self.fields.setdefault(attributes.get("name", ""), attributes)
        elif depth == 4 and local == "Value" and above == "DataField":
            field = next(reversed(self.fields), "")
            self.values[field] = self.values.get(field, 0) + 1
        elif depth == 2 and local in _MODELS and not self.model:
            self.model = local
            self.said["model"] = attributes
        elif depth == 4 and local == "MiningField" and self.path[1] == self.model:
            if above == "MiningSchema":
                used = attributes.get("usageType", "active")
                self.usage.append((attributes.get("name", ""), used))
        elif depth == 4 and local == "Segment" and self.path[1] == self.model:
            self.segments += 1
        if len(self.fields) > FIELDS or len(self.usage) > FIELDS:
            raise Unreadable(f"more than {FIELDS} fields")

    def end(self, _: str) -> None:
        self.path.pop()

    def characters(self, text: str) -> None:
        if self.path[-1:] == ["Timestamp"] and len(self.path) == 3 and len(self.text) < 100:
            self.text.append(text[:100])

    def inspected(self, name: str, unread: int) -> Inspected:
        if not self.model:
            raise Unreadable("no PMML with a model: none of its elements is a kind of model")
        about, header = self.said.get("model", {}), self.said.get("Header", {})
        wrote = self.said.get("Application", {})
        taken = [field for field, used in self.usage if used in _TAKEN]
        predicted = [field for field, used in self.usage if used in _PREDICTED]
        kinds = [self.fields.get(field, {}).get("dataType", "") for field in taken]
        classes = self.values.get(predicted[0], 0) if predicted else 0
        classifies = about.get("functionName") == "classification"
        version = self.said.get("PMML", {}).get("version", "")
        shown = tabular.features(taken, kinds)
        metadata = ModelMetadata(
            source=name,
            framework="pmml",
            framework_version=clean(version),
            format="pmml",
            class_name=self.model,
            description=tabular.shortened(header.get("description", "")),
            methods=tabular.predictions(
                shown, argument="data", classes=classes if classifies else None
            ),
            facts=tabular.facts(
                (
                    ("kind", self.model),
                    ("name", about.get("modelName")),
                    ("function", about.get("functionName")),
                    ("algorithm", about.get("algorithmName")),
                    ("predicts", ", ".join(predicted)),
                    ("classes", classes or ""),
                    ("segments", self.segments or ""),
                    ("written by", f"{wrote.get('name', '')} {wrote.get('version', '')}".strip()),
                    ("written", "".join(self.text).strip()),
                    ("copyright", header.get("copyright")),
                    ("not read", f"{unread} bytes" if unread else ""),
                )
            ),
        )
        return Inspected(metadata)


PMML = Format("pmml", matches, read)
