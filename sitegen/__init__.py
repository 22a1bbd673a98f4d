"""A model registry that a Git repository already has, as a portal of static files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sitegen.pipeline.library import OpenRegistry, open_registry

__version__ = "0.1.0"

__all__ = ["OpenRegistry", "__version__", "open_registry"]


def __getattr__(name: str) -> Any:
    # Imported when first asked for: a command that only prints its help needs none of it.
    if name in ("OpenRegistry", "open_registry"):
        from sitegen.pipeline import library

        return getattr(library, name)
    raise AttributeError(f"module 'sitegen' has no attribute {name!r}")
