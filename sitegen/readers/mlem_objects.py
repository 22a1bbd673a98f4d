"""One MLEM object as plain values -> what the model is.

Source of the format: MLEM 0.4.14 (`mlem.core.objects.MlemModel`), and before 0.4, where a model
is one `model_type`. Only what is named here is read: the source code that requirements carry, the
options of storages, and the state of deployments reach no record.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from sitegen.readers.context import within
from sitegen.readers.mlem_types import MAX_MEMBERS, MAX_TEXT, Fields
from sitegen.redact import redact
from sitegen.registry.schemas import (
    Argument,
    CallOrder,
    Method,
    ModelFile,
    ModelMetadata,
    Requirement,
)
from sitegen.safeyaml.writing import on_one_line

_MAX_DEFAULT = 200
_MAX_FACTS = 50

MAIN = "model"
"""The processor that is the model, among those that prepare for it and finish its results."""

UNKNOWN = "unknown"
"""What is written for a framework that is not known: MLEM wants some name."""

# The module by whose version a framework's is known.
_MODULE_OF = {
    "sklearn_pipeline": "sklearn",
    "sklearn_transformer": "sklearn",
    "tf_keras": "tensorflow",
}
# How the main file is written: by `io`, which MLEM leaves out where it is the framework's own.
OWN_IO = {
    "sklearn": "simple_pickle",
    "sklearn_pipeline": "simple_pickle",
    "sklearn_transformer": "simple_pickle",
    "lightgbm": "lightgbm_io",
    "xgboost": "xgboost_io",
    "catboost": "catboost_io",
    "torch": "torch_io",
    "tf_keras": "tf_keras",
    "onnx": "model_proto",
}
_FORMATS = {
    "simple_pickle": "pickle",
    "lightgbm_io": "lightgbm",
    "xgboost_io": "xgboost",
    "catboost_io": "catboost",
    "torch_io": "torch",
    "tf_keras": "keras",
    "model_proto": "onnx",
}


class ObjectReader(Fields):
    """Reads the one object of a file."""

    def model(self) -> ModelMetadata:
        """The model that the file is; what has a wrong type is left out, and reported."""
        root: dict[str, Any] = self.document.value
        old = "processors" not in root
        processors = {MAIN: self.mapping(root, "model_type")} if old else self._processors(root)
        main = processors.get(MAIN) or (
            next(iter(processors.values())) if len(processors) == 1 else {}
        )
        framework = self.text(main, "type")
        framework = "" if framework == UNKNOWN else framework
        requirements = self._requirements(root)
        params = self.mapping(root, "params")
        return ModelMetadata(
            source=self.path,
            framework=framework,
            framework_version=_version_of(framework, requirements),
            format=self._format(framework, main),
            # Up to 0.2.7 these stood in the object, since then people put them into params.
            description=self.text(root, "description") or self.text(params, "description"),
            labels=self._labels(root) or self._labels(params),
            methods=self._methods(root, processors, main),
            call_orders=tuple(
                CallOrder(name, calls) for name, calls in self._call_orders(root).items()
            ),
            requirements=requirements,
            files=self._files(root),
            facts=(*self._processor_facts(processors), *self._facts(params)),
        )

    def _labels(self, holder: Mapping[str, Any]) -> tuple[str, ...]:
        if not isinstance(holder.get("labels"), list):
            return ()
        return tuple(filter(None, self.texts(holder, "labels")))

    # The parts of a model

    def _processors(self, root: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        found = self.mapping(root, "processors")
        return {name: self.mapping(found, name) for name in list(found)[:MAX_MEMBERS]}

    def _format(self, framework: str, processor: Mapping[str, Any]) -> str:
        io = processor.get("io")
        said = io if isinstance(io, str) else self.text(self.mapping(processor, "io"), "type")
        kind = said or OWN_IO.get(framework, "")
        return _FORMATS.get(kind, kind)

    def _call_orders(self, root: Mapping[str, Any]) -> dict[str, tuple[tuple[str, str], ...]]:
        found = self.mapping(root, "call_orders")
        orders = {}
        for name in list(found)[: self.fits(len(found), "call_orders")]:
            calls = []
            for call in self.items(found, name):
                if not isinstance(call, list) or len(call) != 2:
                    self.wrong(f"call_orders.{name[:80]}", "pairs of processor and method")
                    continue
                calls.append((self.item(call, 0), self.item(call, 1)))
            orders[name] = tuple(calls)
        return orders

    def _methods(
        self,
        root: Mapping[str, Any],
        processors: Mapping[str, Mapping[str, Any]],
        main: Mapping[str, Any],
    ) -> tuple[Method, ...]:
        """What people call: the keys of `call_orders`, else of the model's methods.

        The key and not the `name` within is what MLEM calls a method by: the name is that of the
        function behind it, which several keys may share.
        """
        orders = self._call_orders(root)
        signatures = {name: self._signatures(one) for name, one in processors.items()}
        if not orders:
            own = self._signatures(main)
            return tuple(self._method(key, own[key], own[key]) for key in own)
        single = len(processors) == 1
        methods = []
        for key, calls in orders.items():
            # As MLEM does: with one processor the order is not looked at.
            first = (next(iter(processors)), key) if single else calls[0] if calls else ("", "")
            last = first if single or not calls else calls[-1]
            begin, end = (signatures.get(name, {}).get(at) for name, at in (first, last))
            methods.append(self._method(key, begin or {}, end or {}))
        return tuple(methods)

    def _signatures(self, processor: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        found = self.mapping(processor, "methods")
        names = list(found)[: self.fits(len(found), "methods")]
        return {name: self.mapping(found, name) for name in names}

    def _method(self, key: str, begin: Mapping[str, Any], end: Mapping[str, Any]) -> Method:
        arguments = []
        for one in self.items(begin, "args"):
            if isinstance(one, dict):
                arguments.append(self._argument(one))
            else:
                self.wrong("args", "a list of mappings")
        return Method(
            name=key[:MAX_TEXT],
            arguments=tuple(arguments),
            returns=self.type(end, "returns"),
            varargs=self.text(begin, "varargs"),
            varkw=self.text(begin, "varkw"),
            varargs_type=self.type(begin, "varargs_type"),
            varkw_type=self.type(begin, "varkw_type"),
        )

    def _argument(self, values: Mapping[str, Any]) -> Argument:
        required = values.get("required") is not False
        return Argument(
            name=self.text(values, "name"),
            type=self.type(values, "type_"),
            required=required,
            default="" if required else self._default(values),
            keyword_only=values.get("kw_only") is True,
        )

    def _default(self, values: Mapping[str, Any]) -> str:
        """A text in quotes, a number as the file writes it, all else as JSON would be."""
        value = values.get("default")
        if isinstance(value, str | dict | list):
            text = on_one_line(value, '"')
        else:
            text = self.document.text_in(values, "default") if "default" in values else "null"  # type: ignore[arg-type]
        return text if len(text) <= _MAX_DEFAULT else text[:_MAX_DEFAULT] + "..."

    # Requirements, files, facts

    def _requirements(self, root: Mapping[str, Any]) -> tuple[Requirement, ...]:
        found = []
        for one in self.items(root, "requirements"):
            if not isinstance(one, dict):
                self.wrong("requirements", "a list of mappings")
                continue
            if (requirement := self._requirement(one)) is not None:
                found.append(requirement)
        return tuple(found)

    def _requirement(self, values: Mapping[str, Any]) -> Requirement | None:
        kind = self.text(values, "type") or "installable"
        package, version = self.text(values, "package_name"), self.text(values, "version")
        if kind in ("custom", "file"):
            # Its name is all: the rest is source code.
            name = self.text(values, "name")
            module = name.partition(".")[0] if kind == "custom" else ""
            found = Requirement(module or self.text(values, "module"), name, "", kind)
        elif kind == "conda":
            found = Requirement("", package, self.text(values, "spec"), kind)
        elif kind == "installable" and not version and values.get("vcs_commit") is not None:
            # As MLEM has pip install it.
            vcs, url = self.text(values, "vcs") or "git", self.text(values, "source_url")
            commit = self.text(values, "vcs_commit")
            package = f"{vcs}+{redact(url)}@{commit}"
            found = Requirement(self.text(values, "module"), package, "", kind)
        else:
            found = Requirement(self.text(values, "module"), package, version, kind)
        return found if found.module or found.package else None

    def _files(self, root: Mapping[str, Any]) -> tuple[ModelFile, ...]:
        found = self.mapping(root, "artifacts")
        files = []
        for name in list(found)[: self.fits(len(found), "artifacts")]:
            values = self.mapping(found, name)
            uri = self.text(values, "uri")
            path = within(posixpath.dirname(self.path), uri) if uri else None
            size = values.get("size")
            files.append(
                ModelFile(
                    name=name[:MAX_TEXT],
                    uri=redact(uri),
                    path=path if path and "://" not in path else "",
                    size=size if type(size) is int and size >= 0 else None,
                    hash=self.text(values, "hash"),
                )
            )
        return tuple(files)

    def _processor_facts(
        self, processors: Mapping[str, Mapping[str, Any]]
    ) -> tuple[tuple[str, str], ...]:
        if len(processors) < 2:
            return ()
        shown = [f"{name} ({self.text(one, 'type')})" for name, one in processors.items()]
        return (("processors", ", ".join(shown)[:MAX_TEXT]),)

    def _facts(self, params: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The plain values that people gave the model on saving it."""
        names = [
            key
            for key, value in params.items()
            if key not in ("description", "labels") and not isinstance(value, dict | list | None)
        ]
        return [(key[:MAX_TEXT], self.text(params, key)) for key in names[:_MAX_FACTS]]


def _version_of(framework: str, requirements: tuple[Requirement, ...]) -> str:
    module = _MODULE_OF.get(framework, framework)
    return next((one.version for one in requirements if module and one.module == module), "")
