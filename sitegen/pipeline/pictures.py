"""The images that model cards name: sizes asked first, then all read at once, within limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sitegen.gitio.files import Files, only_files
from sitegen.readers import lfs
from sitegen.readers.pictures import LARGEST
from sitegen.readers.plot_files import read_image
from sitegen.registry.facts import Picture

MOST_BYTES = 32 * 1024 * 1024
"""Of all images of one repository's cards together."""

_IN_LFS = "it is in Git LFS, whose files are not fetched"

Tell = Callable[[str, str, str], None]
"""Takes an image's path, why it is not shown, and the commit."""


def read_pictures(
    files: Files,
    trees: Mapping[str, str],
    asked: Mapping[str, Sequence[str]],
    tell: Tell,
    most_bytes: int = MOST_BYTES,
) -> tuple[dict[str, dict[str, str]], dict[str, Picture]]:
    """The images at the paths of each commit: (commit -> path -> blob, blob -> image).

    Only what can be shown, of SVG what is harmless; of the rest `tell` is told why, but for files
    that are not there.
    """
    there = only_files(files.resolve(trees, asked))
    first: dict[str, tuple[str, str]] = {}
    for commit, paths in there.items():
        for path, oid in paths.items():
            first.setdefault(oid, (commit, path))
    sizes = files.sizes(first)
    why: dict[str, str] = {}
    left = most_bytes
    for oid in first:
        size = sizes.get(oid, 0)
        if size > LARGEST:
            why[oid] = f"it has {size:,} bytes, over the limit of {LARGEST:,}"
        elif size > left:
            why[oid] = f"the images of all model cards have more than {most_bytes:,} bytes"
        else:
            left -= size
    wanted: dict[str, dict[str, str]] = {}
    for oid, (commit, path) in first.items():
        if oid not in why:
            wanted.setdefault(commit, {})[path] = oid
    pictures: dict[str, Picture] = {}
    for oid, data in files.read(wanted, LARGEST).items():
        pointer = lfs.read_pointer(data) is not None
        found = _IN_LFS if pointer else read_image(first[oid][1], oid, data)
        if isinstance(found, Picture):
            pictures[oid] = found
        else:
            why[oid] = found
    for commit, paths in there.items():
        for path, oid in paths.items():
            if oid in why:
                tell(path, why[oid], commit)
    shown = {
        commit: {path: oid for path, oid in paths.items() if oid in pictures}
        for commit, paths in there.items()
    }
    return shown, pictures
