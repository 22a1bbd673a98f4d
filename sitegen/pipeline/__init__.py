"""The imperative shell: load, fold, build the site, render, publish."""

from __future__ import annotations

from sitegen.pipeline.build import Built, Progress, Reading, build, read, scan

__all__ = ["Built", "Progress", "Reading", "build", "read", "scan"]
