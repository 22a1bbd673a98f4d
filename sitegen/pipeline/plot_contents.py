"""The contents of plots' files, each blob read once: tables, images, templates, pointers of LFS."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sitegen.gitio.files import Files
from sitegen.readers import lfs, pictures, plot_files, tables
from sitegen.readers.trees import TreeError
from sitegen.registry.facts import Picture
from sitegen.registry.plots import Table

MOST_DATA = 64 * 1024 * 1024
"""Bytes of all data files of one repository's plots together."""
MOST_IMAGES = 64 * 1024 * 1024
"""Bytes of all images of one repository's plots together."""

DATA, BARE, IMAGE, TEMPLATE = "data", "bare", "image", "template"
"""What a file is read as; bare data is a CSV without a row of names."""

_LIMITS = {
    DATA: tables.LARGEST,
    BARE: tables.LARGEST,
    IMAGE: pictures.LARGEST,
    TEMPLATE: plot_files.LARGEST_TEMPLATE,
}
_ALONE = (DATA, TEMPLATE)
_KINDS = {DATA: "plot.data", BARE: "plot.data", IMAGE: "plot.image", TEMPLATE: "plot.template"}


class Use(msgspec.Struct, frozen=True):
    """A file of a commit, and what it is read as."""

    path: str
    oid: str
    what: str

    @property
    def key(self) -> str:
        """What its content is called: the same bytes say other things under another ending."""
        extension = posixpath.splitext(self.path)[1].lower()
        return f"{self.oid}{extension}" + ("" if self.what in _ALONE else f"-{self.what}")


class Contents:
    """What the files hold; `read` fills it.

    tables: by `Use.key`; those that are empty have none. pictures, templates, pointers: by blob.
    wrong: by `Use.key` the kind of problem and the reason.
    """

    def __init__(self, files: Files) -> None:
        self.tables: dict[str, Table] = {}
        self.pictures: dict[str, Picture] = {}
        self.templates: dict[str, str] = {}
        self.pointers: dict[str, lfs.Pointer] = {}
        self.wrong: dict[str, tuple[str, str]] = {}
        self._files = files
        self._most = {False: MOST_DATA, True: MOST_IMAGES}
        self._left = dict(self._most)

    def read(self, asked: Mapping[str, Sequence[Use]]) -> None:
        """asked: commit -> its files; where there is no room for all, the first ones are read."""
        uses: dict[str, dict[str, Use]] = {}
        first: dict[str, str] = {}
        for commit, here in asked.items():
            for use in here:
                uses.setdefault(use.oid, {}).setdefault(use.key, use)
                first.setdefault(use.oid, commit)
        sizes = self._files.sizes(uses)
        wanted: dict[str, dict[str, str]] = {}
        for oid, ways in uses.items():
            fit = [use for use in ways.values() if self._fits(use, sizes.get(oid, 0))]
            uses[oid] = {use.key: use for use in fit}
            if fit:
                wanted.setdefault(first[oid], {})[fit[0].path] = oid
        # Commit by commit: the bytes are held no longer than it takes to read them.
        for commit, paths in wanted.items():
            found = self._files.read({commit: paths})
            for oid in paths.values():
                if oid in found:
                    self._take(oid, found[oid], uses[oid].values())
                else:
                    missing = ("plot.data", "its content is missing from the repository")
                    self.wrong |= dict.fromkeys(uses[oid], missing)

    def _fits(self, use: Use, size: int) -> bool:
        image, limit = use.what == IMAGE, _LIMITS[use.what]
        if size > limit:
            reason = f"it has {size:,} bytes, over the limit of {limit:,}"
        elif size > self._left[image]:
            named = "images" if image else "data files"
            reason = (
                f"the {named} of the plots of newer commits have {self._most[image]:,} bytes by "
                "themselves, which is the limit"
            )
        else:
            self._left[image] -= size
            return True
        self.wrong[use.key] = ("plot.large", reason)
        return False

    def _take(self, oid: str, data: bytes, uses: Iterable[Use]) -> None:
        pointer = lfs.read_pointer(data)
        if pointer is not None:
            self.pointers[oid] = pointer
            return
        for use in uses:
            try:
                if use.what == IMAGE:
                    picture = plot_files.read_image(use.path, oid, data)
                    if isinstance(picture, str):
                        raise TreeError(picture)
                    self.pictures[oid] = picture
                elif use.what == TEMPLATE:
                    self.templates[oid] = plot_files.read_template(data)
                else:
                    table = tables.read_table(use.path, data, header=use.what == DATA)
                    if table is not None:
                        self.tables[use.key] = table
            except TreeError as error:
                self.wrong[use.key] = (_KINDS[use.what], str(error))
