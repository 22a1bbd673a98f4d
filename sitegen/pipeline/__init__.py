"""The imperative shell: load, fold, build the site, render, publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sitegen.pipeline.guard import published
    from sitegen.pipeline.portal import Built, Findings, Reading, build, gather, read, scan
    from sitegen.pipeline.progress import Progress, Silence, Task

__all__ = [
    "Built",
    "Findings",
    "Progress",
    "Reading",
    "Silence",
    "Task",
    "build",
    "gather",
    "published",
    "read",
    "scan",
]

_ELSEWHERE = {
    "published": "guard",
    "Progress": "progress",
    "Silence": "progress",
    "Task": "progress",
}


def __getattr__(name: str) -> Any:
    # `modelreg` reads registries and never renders: it does not wait for what rendering imports.
    if name in __all__:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'portal')}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
