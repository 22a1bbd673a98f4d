"""A told history as a fast-import stream: commits, tags and refs with fixed people and dates.

Pure: a story knows the id of every commit before git has seen one, which the refs of DVC
experiments need (they carry their baseline's id), and which makes ids a matter of this text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

import msgspec

Files = Mapping[str, str | bytes | None]


class Teller(msgspec.Struct, frozen=True):
    """A person of the demo. winter, summer: minutes east of UTC (summer: April to October)."""

    name: str
    email: str
    winter: int
    summer: int

    def line(self, when: str) -> tuple[int, str]:
        """`when` ("2025-03-04 10:11:12", their own clock) in UTC seconds and as git has it."""
        local = datetime.fromisoformat(when)
        offset = self.summer if local.month in range(4, 11) else self.winter
        seconds = int(local.replace(tzinfo=timezone(timedelta(minutes=offset))).timestamp())
        hours, minutes = divmod(abs(offset), 60)
        zone = f"{'-' if offset < 0 else '+'}{hours:02}{minutes:02}"
        return seconds, f"{self.name} <{self.email}> {seconds} {zone}"


class Story:
    """A repository's history while it is told. Times must rise from one act to the next."""

    def __init__(self) -> None:
        self._stream: list[bytes] = [b"feature done\n"]
        self._files: dict[str, dict[str, bytes]] = {"main": {}}
        self._heads: dict[str, str] = {}
        self._marks: dict[str, int] = {}
        self._commits: dict[str, str] = {}
        self._counters: dict[str, int] = {}
        self._now = 0

    def files(self, branch: str = "main") -> dict[str, bytes]:
        """What a branch holds now: path -> content."""
        return dict(self._files[branch])

    def head(self, branch: str = "main") -> str:
        """The id of a branch's last commit."""
        return self._heads[branch]

    def branch(self, name: str, start: str = "main") -> None:
        """A new branch at the head of another."""
        self._files[name] = self.files(start)
        self._heads[name] = self._heads[start]

    def commit(
        self,
        who: Teller,
        when: str,
        message: str,
        files: Files,
        *,
        branch: str = "main",
        merge: str = "",
    ) -> str:
        """Commit what differs in `files` (None deletes) and return the commit's id.

        merge: a branch whose head becomes the second parent; its files are taken too.
        """
        changed = {**(self._files[merge] if merge else {}), **files}
        parents = [self._heads[name] for name in (branch, merge) if name in self._heads]
        oid = self._commit(f"refs/heads/{branch}", who, when, message, changed, branch, parents)
        self._heads[branch] = oid
        return oid

    def experiment(
        self, who: Teller, when: str, name: str, files: Files, *, branch: str = "main"
    ) -> str:
        """A DVC experiment on a branch's head, named as DVC names them: refs/exps/<2>/<38>/NAME."""
        baseline = self._heads[branch]
        ref = f"refs/exps/{baseline[:2]}/{baseline[2:]}/{name}"
        kept = self.files(branch)
        digest = hashlib.sha256(name.encode()).hexdigest()
        message = f"dvc: commit experiment {digest}"
        oid = self._commit(ref, who, when, message, files, branch, [baseline])
        self._files[branch] = kept
        return oid

    def register(
        self, who: Teller, when: str, artifact: str, version: str, message: str, at: str = "main"
    ) -> None:
        """`artifact@version`, at a branch's head."""
        self._tag(who, when, f"{artifact}@{version}", message, self._heads[at])

    def deregister(self, who: Teller, when: str, artifact: str, version: str, message: str) -> None:
        """`artifact@version!`, at the version's commit."""
        commit = self._commits[f"{artifact}@{version}"]
        self._tag(who, when, f"{artifact}@{version}!", message, commit)

    def assign(
        self, who: Teller, when: str, artifact: str, version: str, stage: str, message: str
    ) -> None:
        """`artifact#stage#N`, at the version's commit."""
        self._stage(who, when, artifact, version, f"{artifact}#{stage}", message)

    def unassign(
        self, who: Teller, when: str, artifact: str, version: str, stage: str, message: str
    ) -> None:
        """`artifact#stage!#N`, at the version's commit."""
        self._stage(who, when, artifact, version, f"{artifact}#{stage}!", message)

    def deprecate(self, who: Teller, when: str, artifact: str, message: str) -> None:
        """`artifact@deprecated`, at the head of main."""
        self._tag(who, when, f"{artifact}@deprecated", message, self._heads["main"])

    def stream(self) -> bytes:
        """All of it, for `git fast-import`."""
        return b"".join([*self._stream, b"done\n"])

    def _stage(
        self, who: Teller, when: str, artifact: str, version: str, name: str, message: str
    ) -> None:
        counter = self._counters[artifact] = self._counters.get(artifact, 0) + 1
        self._tag(who, when, f"{name}#{counter}", message, self._commits[f"{artifact}@{version}"])

    def _tag(self, who: Teller, when: str, name: str, message: str, commit: str) -> None:
        self._commits[name] = commit
        line = self._advance(who, when)
        text = _data(f"{message}\n".encode()).decode()
        mark = self._marks[commit]
        self._stream.append(f"tag {name}\nfrom :{mark}\ntagger {line}\n{text}".encode())

    def _commit(
        self,
        ref: str,
        who: Teller,
        when: str,
        message: str,
        files: Files,
        branch: str,
        parents: list[str],
    ) -> str:
        person = self._advance(who, when)
        held = self._files[branch]
        mark = len(self._marks) + 1
        raw = f"{message}\n".encode()
        lines = [
            f"commit {ref}\nmark :{mark}\nauthor {person}\ncommitter {person}\n".encode(),
            _data(raw),
        ]
        for word, parent in zip(("from", "merge"), parents, strict=False):
            lines.append(f"{word} :{self._marks[parent]}\n".encode())
        for path, content in files.items():
            if content is None:
                del held[path]
                lines.append(f"D {path}\n".encode())
                continue
            data = content.encode() if isinstance(content, str) else content
            if held.get(path) != data:
                held[path] = data
                lines.append(f"M 100644 inline {path}\n".encode() + _data(data))
        self._stream.extend([*lines, b"\n"])
        head = [f"tree {_tree_id(held).hex()}", *(f"parent {parent}" for parent in parents)]
        head += [f"author {person}", f"committer {person}", "", ""]
        oid = _object_id("commit", "\n".join(head).encode() + raw).hex()
        self._marks[oid] = mark
        return oid

    def _advance(self, who: Teller, when: str) -> str:
        seconds, line = who.line(when)
        if seconds <= self._now:
            raise ValueError(f"{when} of {who.name} is told after something later")
        self._now = seconds
        return line


def _data(raw: bytes) -> bytes:
    return b"data %d\n" % len(raw) + raw + b"\n"


def _object_id(kind: str, raw: bytes) -> bytes:
    """The SHA-1 that git gives an object."""
    return hashlib.sha1(f"{kind} {len(raw)}\0".encode() + raw, usedforsecurity=False).digest()


def _tree_id(files: Mapping[str, bytes]) -> bytes:
    entries: dict[str, bytes | dict[str, bytes]] = {}
    for path, raw in files.items():
        name, slash, rest = path.partition("/")
        if slash:
            folder = entries.setdefault(name, {})
            assert isinstance(folder, dict)
            folder[rest] = raw
        else:
            entries[name] = raw
    rows = []
    for name, entry in entries.items():
        if isinstance(entry, dict):  # git sorts a folder as if its name ended in a slash
            rows.append((f"{name}/", f"40000 {name}\0".encode() + _tree_id(entry)))
        else:
            rows.append((name, f"100644 {name}\0".encode() + _object_id("blob", entry)))
    return _object_id("tree", b"".join(raw for _, raw in sorted(rows)))
