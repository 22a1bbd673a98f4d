"""The imperative shell: load, fold, build the site, render, publish."""

from __future__ import annotations

from sitegen.pipeline.build import Built, Findings, Reading, build, gather, read, scan
from sitegen.pipeline.guard import published
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
