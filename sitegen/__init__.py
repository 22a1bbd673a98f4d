"""A model registry that a Git repository already has, as a portal of static files."""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = ["__version__"]
