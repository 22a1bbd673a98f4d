"""Makes the demo registries (real Git repositories) that `sitegen demo` and tests use.

A year of Alder & Finch, a grocer that does not exist: one registry of a single model, one of
several models, and a monorepo. People, dates and contents are fixed, so every id is too.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sitegen.demo import churn, recommender, vision
from sitegen.demo.shown import Shown, shown
from sitegen.demo.stream import Story
from sitegen.gitio.create import create_repository, is_at

__all__ = ["STORIES", "Shown", "make_demo", "shown"]

# Name of the repository -> what tells its history.
STORIES: dict[str, Callable[[], Story]] = {
    "churn": churn.tell,
    "recommender": recommender.tell,
    "vision": vision.tell,
}


def make_demo(target: Path) -> tuple[Path, ...]:
    """Make the demo registries in the folder `target` and return their paths.

    A registry that is already there, with its branch main as we would make it, stays as it is: so
    what somebody tagged in it is kept. Raises OutputError where something else is in the way, and
    GitError where git is missing.
    """
    paths = []
    for name, tell in STORIES.items():
        path, story = target / name, tell()
        if not is_at(path, story.head()):
            create_repository(path, story.stream())
        paths.append(path)
    return tuple(paths)
