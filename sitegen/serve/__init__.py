"""The local server: serves the last good site, rebuilds it on every change, reloads the pages."""

from __future__ import annotations

from sitegen.serve.preview import run

__all__ = ["run"]
