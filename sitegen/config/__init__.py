"""Settings: sitegen.yaml and the environment -> a frozen Config.

Besides `cli`, nobody else reads either. Every key is validated, and all that
is wrong in a file is reported at once, each with its line, what was expected,
and the nearest valid name.
"""

from __future__ import annotations

from sitegen.config.addresses import is_url, name_of
from sitegen.config.reading import FILE, default, load, override, read_token
from sitegen.config.settings import Config, Entry, Experiments, Link, Repository, Stages

__all__ = [
    "FILE",
    "Config",
    "Entry",
    "Experiments",
    "Link",
    "Repository",
    "Stages",
    "default",
    "is_url",
    "load",
    "name_of",
    "override",
    "read_token",
]
