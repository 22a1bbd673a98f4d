"""What a model is, as people read it: framework, methods, tables of columns, requirements, file."""

from __future__ import annotations

from sitegen.registry import schemas
from sitegen.registry.lineage import Data
from sitegen.registry.schemas import Column, Method, ModelMetadata
from sitegen.site.links import RepositoryLinks
from sitegen.site.parts import (
    ColumnView,
    FileView,
    MetadataView,
    MethodView,
    RequirementView,
    TableView,
)
from sitegen.site.text import size, visible

FRAMEWORKS = {
    "sklearn": "scikit-learn",
    "sklearn_pipeline": "scikit-learn",
    "lightgbm": "LightGBM",
    "xgboost": "XGBoost",
    "catboost": "CatBoost",
    "torch": "PyTorch",
    "tf_keras": "Keras",
    "tensorflow": "TensorFlow",
    "onnx": "ONNX",
    "callable": "Python function",
    "coreml": "Core ML",
    "pmml": "PMML",
}
"""How frameworks are called by people; another is shown by the name that its metadata has."""


def framework_name(framework: str) -> str:
    """A framework as people call it."""
    return FRAMEWORKS.get(framework, visible(framework))


def metadata_view(
    found: ModelMetadata | None, links: RepositoryLinks, commit: str
) -> MetadataView | None:
    """The metadata of one version as shown. commit: its own."""
    if found is None:
        return None
    return MetadataView(
        framework=framework_name(found.framework),
        framework_id=visible(found.framework),
        version=visible(found.framework_version),
        class_name=visible(found.class_name),
        format=visible(found.format),
        source=visible(found.source),
        source_href=links.blob(commit, found.source),
        description=visible(found.description),
        methods=tuple(
            MethodView(visible(method.name), visible(schemas.signature_text(method)))
            for method in found.methods
        ),
        tables=_tables(found.methods),
        requirements=tuple(
            RequirementView(
                visible(schemas.package_of(each)),
                visible(each.version) or "any",
                visible(schemas.requirement_text(each)),
                visible(schemas.pip_line(each)),
            )
            for each in found.requirements
        ),
        facts=tuple((visible(name), visible(value)) for name, value in found.facts),
    )


def _tables(methods: tuple[Method, ...]) -> tuple[TableView, ...]:
    """Each distinct table once: methods of one model mostly take the same."""
    used: dict[tuple[Column, ...], list[str]] = {}
    for method in methods:
        for argument in method.arguments:
            where = f"{argument.name} of {method.name}"
            used.setdefault(schemas.columns_of(argument.type), []).append(where)
        used.setdefault(schemas.columns_of(method.returns), []).append(f"what {method.name} gives")
    return tuple(
        TableView(
            tuple(visible(each) for each in dict.fromkeys(where)),
            tuple(ColumnView(visible(c.name), visible(c.dtype), c.index) for c in columns),
        )
        for columns, where in used.items()
        if columns
    )


def file_view(data: Data | None, address: str, href: str) -> FileView | None:
    """The file as shown. address, href: see FileView."""
    if data is None:
        return None
    where = {"git": "Git", "sha256": "Git LFS"}.get(data.algorithm, "")
    if not where and data.cached:
        where = "DVC storage" if data.pushed else "DVC cache, not pushed"
    return FileView(
        visible(data.path),
        size(data.size),
        data.size,
        data.files,
        visible(data.hash),
        short_hash(data.hash),
        data.algorithm,
        where or "Git",
        visible(address),
        href,
        visible(data.source),
    )


def short_hash(digest: str) -> str:
    """A hash as people compare it: ten digits, and of a folder in DVC no ".dir"."""
    return visible(digest.partition(".")[0][:10])
