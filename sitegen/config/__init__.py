"""Settings: sitegen.yaml and the environment -> a frozen Config.

Besides `cli`, nobody else reads either. Every key is validated, and all that
is wrong in a file is reported at once, each with its line, what was expected,
and the nearest valid name.
"""

from __future__ import annotations

from sitegen.config.addresses import is_url, name_of
from sitegen.config.reading import (
    FILE,
    cache_folder,
    default,
    load,
    load_promotion,
    override,
    read_token,
)
from sitegen.config.settings import (
    Config,
    Entry,
    Experiments,
    Link,
    Promotion,
    Repository,
    Requirement,
    Search,
    Stages,
)

__all__ = [
    "FILE",
    "Config",
    "Entry",
    "Experiments",
    "Link",
    "Promotion",
    "Repository",
    "Requirement",
    "Search",
    "Stages",
    "cache_folder",
    "default",
    "is_url",
    "load",
    "load_promotion",
    "name_of",
    "override",
    "read_token",
]
