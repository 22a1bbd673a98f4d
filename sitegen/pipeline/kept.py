"""Where a path of one commit is kept: in Git, Git LFS, DVC's cache or storage, at an address.

What is recorded at that very commit counts: pointers, lock files, and storage remotes.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from sitegen import redact
from sitegen.errors import GitError, StorageError
from sitegen.gitio.address import Address
from sitegen.gitio.blobs import fetch_blobs, stream_blob
from sitegen.gitio.files import EVERY_FILE, Entry, Files, Wanted, read_paths
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.read import read_commits
from sitegen.gitio.repository import remote_address
from sitegen.gitio.trees import FILE, FOLDER
from sitegen.pipeline.opened import Opened
from sitegen.readers import base, dvc_config, pipelines
from sitegen.readers.lfs import LONGEST, Pointer, read_pointer
from sitegen.registry.lineage import Data, find_data
from sitegen.registry.storage import address_of, is_versioned, object_path, remote_of, storage_of
from sitegen.storage import lfs, listing
from sitegen.storage import transfer as transfers
from sitegen.storage.hashes import Expected
from sitegen.storage.placing import Piece, read_small
from sitegen.storage.stores import source_at
from sitegen.storage.transfer import Source

GIT, LFS, DVC, CACHE, ADDRESS = "Git", "Git LFS", "DVC", "DVC's cache", "an address"

_MOST_FILES = 200_000


class Found(msgspec.Struct, frozen=True):
    """A version's content, not fetched yet.

    version: its name, "" where HEAD's is meant. kind: what keeps it, one of the names above. shown:
    where, for people. size, files: None if nobody says. hash: as recorded, "" without one.
    folder: whether it is one. pieces: asks for the list of a folder's files, or for the file.
    """

    artifact: str
    version: str
    commit: str
    path: str
    kind: str
    shown: str
    size: int | None
    hash: str
    folder: bool
    pieces: Callable[[], tuple[Piece, ...]]

    @property
    def name(self) -> str:
        """What the file or folder is called where nobody says otherwise."""
        last = posixpath.basename(redact.address(self.path).rstrip("/"))
        safe = listing.safe_path(last) and not last.startswith("-")
        return last if safe else "artifact"


class BlobSource:
    """A file of Git as a source; always from its beginning."""

    def __init__(self, opened: Opened, oid: str, size: int | None, address: Address | None) -> None:
        self._opened, self._oid, self._size, self._address = opened, oid, size, address
        self.shown = f"the blob {oid[:12]}"

    @contextmanager
    def open(self, start: int) -> Iterator[transfers.Opened]:
        if self._size is None and self._address is not None:
            # A mirror leaves large files on the server until somebody wants one.
            fetch_blobs(self._opened.repo, self._address, [self._oid])
        yield transfers.Opened(self._chunks(), 0, self._size)

    def _chunks(self) -> Iterator[bytes]:
        try:
            yield from stream_blob(self._opened.repo, self._oid)
        except GitError as error:
            said = error.problem
            raise StorageError(said.reason, path=said.path, remedy=said.remedy) from None


class Finder:
    """Looks for one path of one commit. address: as in `fetching.find_content`."""

    def __init__(
        self,
        opened: Opened,
        address: Address | None,
        artifact: str,
        version: str,
        commit: str,
        path: str,
    ) -> None:
        self.opened, self.address = opened, address
        self.artifact, self.version, self.commit = artifact, version, commit
        self.path = path if "://" in path else posixpath.normpath(path)

    def find(self) -> Found:
        if "://" in self.path:
            source = source_at(self.path, local=self._local())
            shown = redact.redact(self.path)
            return self._found(ADDRESS, shown, Expected(), lambda: (self._piece(source),))
        with ObjectReader(self.opened.repo) as reader:
            commits, _ = read_commits(reader, [self.commit], self.opened.name)
            files = Files(reader, self.opened.name, wanted_entries=_MOST_FILES)
            trees = {oid: commit.tree for oid, commit in commits.items()}
            at = files.resolve(trees, {self.commit: (self.path,)}).get(self.commit, {})
            entry = at.get(self.path)
            if entry is not None:
                return self._in_git(reader, files, entry)
            return self._in_dvc(files, trees)

    def _local(self) -> Path | None:
        return None if self.address is not None else self.opened.repo.top

    def _found(
        self,
        kind: str,
        shown: str,
        expected: Expected,
        pieces: Callable[[], tuple[Piece, ...]],
        folder: bool = False,
    ) -> Found:
        return Found(
            self.artifact, self.version, self.commit, self.path, kind, shown, expected.size,
            expected.hash, folder, pieces,
        )  # fmt: skip

    def _piece(self, source: Source, expected: Expected | None = None, path: str = "") -> Piece:
        return Piece(path, source, expected or Expected())

    def _in_git(self, reader: ObjectReader, files: Files, entry: Entry) -> Found:
        if entry.kind not in (FILE, FOLDER):
            raise StorageError(
                f"it is a {entry.kind}, which is never followed",
                repo=self.opened.name,
                path=self.path,
                remedy="annotate the file itself",
            )
        here = {"": entry.oid}
        if entry.kind == FOLDER:
            here = files.find({self.commit: entry.oid}, EVERY_FILE)[self.commit]
            for problem in files.problems:
                raise StorageError(
                    problem.reason, repo=self.opened.name, path=problem.path, remedy=problem.remedy
                )
        sizes = files.sizes(here.values())
        small = [oid for oid in dict.fromkeys(here.values()) if sizes.get(oid, LONGEST) < LONGEST]
        pointers = {
            oid: pointer
            for oid, _, data in reader.contents(small)
            if data is not None and (pointer := read_pointer(data)) is not None
        }

        def pieces() -> tuple[Piece, ...]:
            sources = self._of_lfs(pointers.values())
            return tuple(
                self._git_piece(path, oid, sizes.get(oid), pointers.get(oid), sources)
                for path, oid in here.items()
            )

        if entry.kind == FOLDER:
            known = [
                pointers[oid].size if oid in pointers else sizes.get(oid) for oid in here.values()
            ]
            numbers = [size for size in known if size is not None]
            total = sum(numbers) if len(numbers) == len(known) else None
            expected = Expected("git", entry.oid, total)
            return self._found(LFS if pointers else GIT, self.path, expected, pieces, True)
        pointer = pointers.get(entry.oid)
        if pointer is not None:
            expected = Expected(pointer.algorithm, pointer.hash, pointer.size)
            return self._found(LFS, self.path, expected, pieces)
        expected = Expected("git", entry.oid, sizes.get(entry.oid))
        return self._found(GIT, self.path, expected, pieces)

    def _git_piece(
        self,
        path: str,
        oid: str,
        size: int | None,
        pointer: Pointer | None,
        sources: dict[str, Source],
    ) -> Piece:
        if pointer is not None:
            expected = Expected("sha256", pointer.hash, pointer.size)
            return self._piece(sources[pointer.hash], expected, path)
        source = BlobSource(self.opened, oid, size, self.address)
        return self._piece(source, Expected("git", oid, size), path)

    def _of_lfs(self, pointers: Iterable[Pointer]) -> dict[str, Source]:
        """Where the objects of LFS are: in the checkout's own store first, then on the server."""
        found: dict[str, Source] = {}
        wanted = []
        for pointer in pointers:
            if pointer.algorithm != "sha256" or pointer.size is None or len(pointer.hash) != 64:
                raise StorageError(
                    "its pointer of Git LFS is broken, expected a sha256 and a size",
                    repo=self.opened.name,
                    path=self.path,
                    remedy="add the file again with `git lfs track`",
                )
            there = lfs.stored(self.opened.repo.common_dir / "lfs", pointer.hash)
            if there is not None:
                found[pointer.hash] = lfs.local_source(there)
            else:
                wanted.append((pointer.hash, pointer.size))
        if wanted:
            headers = {}
            remote = remote_address(self.opened.repo)
            if self.address is not None:
                remote = self.address.url
                name, _, value = self.address.header.partition(": ")
                headers = {name: value} if value else {}
            found |= lfs.sources(remote, wanted, headers)
        return found

    def _in_dvc(self, files: Files, trees: dict[str, str]) -> Found:
        wanted = Wanted(
            frozenset({"dvc.lock", "dvc.yaml"}), (pipelines.SUFFIX,), frozenset({dvc_config.NAME})
        )
        kept = files.find(trees, wanted).get(self.commit, {})
        blobs = files.read({self.commit: kept})
        read = {path: blobs[oid] for path, oid in kept.items() if oid in blobs}
        more, blobs = read_paths(files, trees, {self.commit: sorted(base.needs(read))})
        needed = more.get(self.commit, {}).items()
        read |= {path: blobs[oid] for path, oid in needed if oid in blobs}
        pipeline, _ = pipelines.read_pipeline(read, self.opened.name)
        data = find_data(pipeline, self.path)
        if data is None:
            raise StorageError(
                f"neither Git nor DVC has it at {self.commit[:7]}",
                repo=self.opened.name,
                path=self.path,
                remedy="see that it is committed or `dvc add`ed, and that its path is right",
            )
        storages, _ = dvc_config.read_storages(read, self.opened.name)
        if not data.hash or not (object_path(data) or data.version_id):
            raise StorageError(
                "DVC records no md5 of it, so nobody can tell where it is",
                repo=self.opened.name,
                path=data.path,
                remedy="run `dvc commit` and commit its lock file, or use `dvc get`",
            )
        remote = remote_of(storages, data)
        storage = storage_of(storages, data.path)
        place = address_of(storages, data)
        folder = data.hash.endswith(".dir")
        versioned = remote is not None and is_versioned(remote)
        root = storage.folder if storage else ""

        def source_of(one: Data) -> Source:
            near = self._in_cache(root, one)
            if near is not None:
                return near
            where = address_of(storages, one)
            if remote is None or not where:
                raise StorageError(
                    "there is no storage remote that has it",
                    repo=self.opened.name,
                    path=one.path,
                    remedy="commit .dvc/config after `dvc remote add`, then `dvc push`",
                )
            return source_at(where, remote.options, one.version_id, self._local())

        def pieces() -> tuple[Piece, ...]:
            if not folder:
                return (self._piece(source_of(data), _expected(data)),)
            if versioned and self._in_cache(root, data) is None:
                raise StorageError(
                    f"{place} keeps the versions of files, and a folder of them is not read",
                    path=data.path,
                    remedy="use `dvc get`",
                )
            # The recorded size is that of all files, not of their list.
            of_list = msgspec.structs.replace(_expected(data), size=None)
            listed = read_small(source_of(data), of_list, listing.LONGEST, data.path)
            below = self.path[len(data.path) :].strip("/")
            return tuple(_below(listing.read_listing(listed, data.path), below, data, source_of))

        inside = self.path != data.path
        near = self._in_cache(root, data)
        kind, shown = (CACHE, near.shown) if near is not None else (DVC, place or data.path)
        if not inside:
            return self._found(kind, shown, _expected(data), pieces, folder)
        found = pieces()
        if len(found) == 1 and not found[0].path:
            return self._found(kind, shown, found[0].expected, lambda: found)
        whole = Expected("md5", f"{data.hash}:{self.path}")
        return self._found(kind, shown, whole, lambda: found, True)

    def _in_cache(self, root: str, data: Data) -> Source | None:
        """The object in the cache of a checkout, where it is there."""
        worktree = self.opened.repo.worktree
        place = object_path(data)
        if worktree is None or self.address is not None or not place:
            return None
        path = worktree / root / ".dvc" / "cache" / place
        return source_at(str(path), local=worktree) if path.is_file() else None


def _expected(data: Data) -> Expected:
    return Expected(data.algorithm, data.hash, data.size, data.legacy)


def _below(
    listed: Iterable[listing.Listed],
    below: str,
    data: Data,
    source_of: Callable[[Data], Source],
) -> Iterator[Piece]:
    """The files of a folder, those at or below a path of it where one is given."""
    some = False
    for one in listed:
        if below and one.relpath != below and not one.relpath.startswith(f"{below}/"):
            continue
        some = True
        path = one.relpath[len(below) :].lstrip("/")
        each = msgspec.structs.replace(data, hash=one.md5, size=None, files=None)
        yield Piece(path, source_of(each), Expected("md5", one.md5, None, data.legacy))
    if below and not some:
        raise StorageError(
            f"the folder {data.path} of DVC has no {below}",
            path=f"{data.path}/{below}",
            remedy="see that the artifact's path is right",
        )
