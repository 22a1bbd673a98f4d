"""A writable Git repository on a fake clock, for tests.

Nothing here reads the machine's git configuration, identity or time: the same calls make the
same object ids everywhere. The package itself only reads repositories in bulk; what tests need
to write, well formed or not, is written here.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

START = 1_704_067_200  # 2024-01-01T00:00:00Z
AUTHOR = ("Ada Example", "ada@example.com")

_SETTINGS = {"gc.auto": "0", "core.fsync": "none", "advice.detachedHead": "false"}
_SAFE_IN_PATHS = range(0x20, 0x7F)


class GitRepo:
    """One repository: `branch` main is checked out, the clock stands at 2024-01-01T00:00:00Z.

    Every commit and tag moves the clock one second on and then takes its time from it.
    """

    def __init__(self, path: Path, bare: bool = False, object_format: str = "sha1") -> None:
        self.path = Path(path)
        self.bare = bare
        self.now = START
        self.path.mkdir(parents=True, exist_ok=True)
        self.git_dir = self.path if bare else self.path / ".git"
        kind = ["--bare"] if bare else []
        self.git("init", "-q", "-b", "main", f"--object-format={object_format}", *kind, ".")

    def git(self, *args: str, input: str | bytes | None = None, check: bool = True) -> str:
        """What git prints (less its last newlines). With `check` a failure is an AssertionError."""
        done = subprocess.run(
            ["git", *args],
            cwd=self.path,
            env=self._environment(),
            input=input.encode() if isinstance(input, str) else input or b"",
            capture_output=True,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"git {' '.join(args)}: {done.stderr.decode(errors='replace')}")
        return done.stdout.decode(errors="surrogateescape").rstrip("\n")

    @property
    def head(self) -> str:
        """The id of the commit at HEAD."""
        return self._oid("HEAD")

    def tick(self, seconds: int) -> None:
        """Move the clock."""
        self.now += seconds

    def commit(
        self,
        files: Mapping[str, str | bytes | None] | None = None,
        message: str = "Change something",
        branch: str | None = None,
        author: tuple[str, str] = AUTHOR,
        modes: Mapping[str, str] | None = None,
        merge: str | None = None,
    ) -> str:
        """Commit changed files (None deletes one) and return the commit's id.

        branch: the checked out one by default; a new one starts at HEAD. modes: path -> mode
        where it is not 100644 ("120000" makes a link of the content, "100755" a program).
        merge: a second parent. The worktree follows when `branch` is the checked out one.
        """
        self.tick(1)
        current = self.git("symbolic-ref", "-q", "--short", "HEAD", check=False)
        name = branch or current
        # fast-import moves branches, not a detached HEAD: there it gets a ref to be dropped again.
        target = f"refs/heads/{name}" if name else "refs/detached"
        parent = self._find(f"refs/heads/{name}" if name else "HEAD") or self._find("HEAD")
        person = f"{author[0]} <{author[1]}> {self.now} +0000"
        lines = [
            f"feature done\ncommit {target}\nmark :1\n".encode(),
            f"author {person}\ncommitter {person}\n".encode(),
            _data(message),
        ]
        if parent:
            lines.append(f"from {parent}\n".encode())
        if merge:
            lines.append(f"merge {self._oid(merge)}\n".encode())
        for path, content in (files or {}).items():
            quoted = _quoted(path)
            if content is None:
                lines.append(b"D " + quoted + b"\n")
            else:
                mode = (modes or {}).get(path, "100644")
                lines.append(f"M {mode} inline ".encode() + quoted + b"\n" + _data(content))
        oid = self.fast_import(b"".join([*lines, b"\nget-mark :1\ndone\n"]))
        if not name:
            self.git("update-ref", "--no-deref", "HEAD", oid)
            self.git("update-ref", "-d", target)
        if not self.bare and name == current:
            self.git("reset", "-q", "--hard")
        return oid

    def tag(
        self,
        name: str,
        ref: str = "HEAD",
        message: str | None = None,
        when: int | None = None,
        offset: int = 0,
    ) -> str:
        """Make an annotated tag and return the id of the tag object.

        ref: any object, so also a tree, a blob or another tag. when: seconds, without moving the
        clock. offset: minutes east of UTC.
        """
        if when is None:
            self.tick(1)
        oid, kind, _ = self.git("cat-file", "--batch-check", input=f"{ref}\n").split()
        hours, minutes = divmod(abs(offset), 60)
        zone = f"{'-' if offset < 0 else '+'}{hours:02}{minutes:02}"
        text = (
            f"object {oid}\ntype {kind}\ntag {name}\n"
            f"tagger {AUTHOR[0]} <{AUTHOR[1]}> {self.now if when is None else when} {zone}\n\n"
            f"{name if message is None else message}\n"
        )
        made = self.raw_object("tag", text.encode())
        self.ref(f"refs/tags/{name}", made)
        return made

    def lightweight_tag(self, name: str, ref: str = "HEAD") -> str:
        """A ref under refs/tags that names the commit itself; returns the commit's id."""
        oid = self._oid(ref)
        self.ref(f"refs/tags/{name}", oid)
        return oid

    def raw_object(self, kind: str, data: bytes) -> str:
        """Store an object exactly as given, well formed or not, and return its id."""
        return self.git("hash-object", "-t", kind, "-w", "--literally", "--stdin", input=data)

    def ref(self, full_name: str, oid: str) -> None:
        """Point a ref at an object, also where git would refuse the name or the object."""
        self.git("update-ref", full_name, oid, check=False)
        if self._find(full_name) != oid:
            loose = self.git_dir / full_name
            loose.parent.mkdir(parents=True, exist_ok=True)
            loose.write_text(f"{oid}\n", encoding="ascii")

    def branch(self, name: str, ref: str = "HEAD") -> None:
        """A new branch, not checked out."""
        self.git("update-ref", f"refs/heads/{name}", self._oid(ref))

    def checkout(self, name: str) -> None:
        """Switch to a branch, or detach HEAD at a commit or tag."""
        self.git("checkout", "-q", name, "--")

    def fast_import(self, stream: bytes) -> str:
        """Run a fast-import stream: the quick way to thousands of commits and tags."""
        return self.git("fast-import", "--quiet", "--force", "--date-format=raw", input=stream)

    def _find(self, ref: str) -> str:
        return self.git("rev-parse", "-q", "--verify", "--end-of-options", ref, check=False)

    def _oid(self, ref: str) -> str:
        found = self._find(f"{ref}^{{commit}}")
        assert found, f"{ref} is no commit in {self.path}"
        return found

    def _environment(self) -> dict[str, str]:
        # Of the machine's environment only the way to git itself; HOME is a folder without a
        # .gitconfig that lives as long as the repository.
        stamp = f"{self.now} +0000"
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.git_dir if self.git_dir.is_dir() else self.path),
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_COUNT": str(len(_SETTINGS)),
        }
        for number, (key, value) in enumerate(_SETTINGS.items()):
            environment[f"GIT_CONFIG_KEY_{number}"] = key
            environment[f"GIT_CONFIG_VALUE_{number}"] = value
        for role in ("AUTHOR", "COMMITTER"):
            environment[f"GIT_{role}_NAME"], environment[f"GIT_{role}_EMAIL"] = AUTHOR
            environment[f"GIT_{role}_DATE"] = stamp
        return environment


def _data(content: str | bytes) -> bytes:
    raw = content.encode(errors="surrogateescape") if isinstance(content, str) else content
    return b"data %d\n" % len(raw) + raw + b"\n"


def _quoted(path: str) -> bytes:
    raw = path.encode(errors="surrogateescape")
    inner = b"".join(
        bytes([byte]) if byte in _SAFE_IN_PATHS and byte not in b'"\\' else b"\\%03o" % byte
        for byte in raw
    )
    return b'"' + inner + b'"'
