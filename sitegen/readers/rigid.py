"""dvc.lock and *.dvc files just as DVC 3 writes them, taken apart without a YAML parser.

Of thousands of commits nearly all have such files, and a parser takes ten times as long. Only what
cannot be misread is taken; all else is left to `pipelines`, which says the same of what is taken
here, as the tests prove.
"""

from __future__ import annotations

import posixpath
import re

from sitegen.readers.memo import Memo
from sitegen.readers.recorded import place
from sitegen.registry.lineage import Data
from sitegen.safeyaml import YamlError, load

Parts = tuple[dict[str, Data], dict[str, Data]]
"""Dependencies and outputs, by path."""

_HEAD = "schema: '2.0'\nstages:\n"
_COMMAND = "\n    cmd: "
_NAMED = re.compile(r"\n  [A-Za-z_][A-Za-z0-9_@.-]*:")
# No name of nothing, which would be no text.
_SIGN = r"[A-Za-z0-9_./@=+,()-]"
_PATH = rf"(?!(?:null|Null|NULL)(?:\n|$))[A-Za-z0-9_./](?:{_SIGN}| (?={_SIGN}))*"
_WORDS = r"[!-9;-~]*(?:(?::(?=[!-~])| +(?=[!\"$-9;-~]))[!-9;-~]*)*"
_SCALAR = rf"(?:-?[A-Za-z0-9_./]{_WORDS}|'[ -&(-~]*'|\[\]|\{{\}})"
_FULL_PATH = re.compile(_PATH)
_COMMANDS = re.compile(rf"[A-Za-z0-9_./$]{_WORDS}(?:\n      [A-Za-z0-9_./$=-]{_WORDS})*")
_PARAMS = re.compile(
    r"(?:      [A-Za-z0-9_./-]+:\n"
    rf"(?:        [A-Za-z_][A-Za-z0-9_.-]*: {_SCALAR}\n"
    rf"|        [A-Za-z_][A-Za-z0-9_.-]*:\n(?:        - {_SCALAR}\n)+)+)+"
)
_PARAM = re.compile(
    r"^        ([A-Za-z_][A-Za-z0-9_.-]*):|^      ([A-Za-z0-9_./-]+):\n", re.MULTILINE
)
_HASH, _MD5, _SIZE = "      hash: md5", "      md5: ", "      size: "
_FILES, _PROGRAM = "      nfiles: ", "      isexec: true"
_TRACKED = re.compile(
    r"outs:\n- md5: ([0-9a-f]{32}(?:\.dir)?)\n(?:  size: ([0-9]{1,18})\n)?"
    rf"(?:  nfiles: ([0-9]{{1,9}})\n)?(?:  hash: (md5)\n)?  path: ({_PATH})\n"
)


def split_lock(data: bytes) -> dict[str, str] | None:
    """Pipeline step -> the part of a dvc.lock that is about it; None where it is not so written."""
    if not data.isascii():
        return None
    head, *parts = data.decode("ascii").split(_COMMAND)
    if not head.startswith(_HEAD):
        return None
    found: dict[str, str] = {}
    name = head[len(_HEAD) - 1 :]
    for part in parts:
        # Each ends in the line of the next step's name, the last one in its own last line.
        before, _, after = part.rpartition("\n  ") if part is not parts[-1] else (part[:-1], "", "")
        if not _NAMED.fullmatch(name) or part[-1:] != ("\n" if part is parts[-1] else ":"):
            return None
        found[name[3:-1]] = f"{before}\n"
        name = f"\n  {after}"
    return found if len(found) == len(parts) and (parts or name == "\n") else None


def read_step(part: str, lock: str, memo: Memo) -> Parts | None:
    """What a part of the dvc.lock at the path `lock` says, its paths relative to that file."""
    before, _, outs = part[:-1].partition("\n    outs:\n")
    before, _, params = before.partition("\n    params:\n")
    command, _, deps = before.partition("\n    deps:\n")
    if not _COMMANDS.fullmatch(command):
        return None
    text = f"{params}\n"
    if params and not _PARAMS.fullmatch(text):
        if not memo.once(("params", text), lambda: _are_nested_params(text), len(text)):
            return None
    elif not _are_distinct(text):
        return None
    folder = posixpath.dirname(lock)
    places: dict[str, str] = memo.same(("places", folder), {})
    used = _entries(deps, lock, folder, places, False) if deps else {}
    made = _entries(outs, lock, folder, places, True) if outs else {}
    return None if used is None or made is None else (used, made)


def read_tracked(data: bytes, path: str) -> Data | None:
    """The one output of a *.dvc file that was added; None where it says anything else."""
    match = _TRACKED.fullmatch(data.decode("ascii")) if data.isascii() else None
    if match is None:
        return None
    digest, size, files, named, name = match.groups()
    return Data(
        place(posixpath.dirname(path), name),
        digest,
        "md5",
        int(size) if size else None,
        int(files) if files else None,
        legacy=not named,
        source=path,
    )


def _entries(
    text: str, lock: str, folder: str, places: dict[str, str], cached: bool
) -> dict[str, Data] | None:
    """The entries of a list, by path; None where one is not as DVC writes it."""
    first, *rows = f"\n{text}".split("\n    - path: ")
    if first:
        return None
    found: dict[str, Data] = {}
    for row in rows:
        name, *lines = row.split("\n")
        path = places.get(name)
        if path is None:
            if not _FULL_PATH.fullmatch(name):
                return None
            path = places[name] = place(folder, name)
        if len(lines) == 3 and lines[0] == _HASH:
            # As DVC 3 writes nearly all of them.
            digest, count = lines[1][len(_MD5) :], lines[2][len(_SIZE) :]
            if (
                len(digest) == 32
                and digest.isalnum()
                and count.isdecimal()
                and len(count) <= 18
                and lines[1].startswith(_MD5)
                and lines[2].startswith(_SIZE)
            ):
                found[path] = Data(
                    path, digest, "md5", int(count), None, False, cached, True, "", "", lock
                )
                continue
        legacy = not lines or lines[0] != _HASH
        at = 0 if legacy else 1
        digest = lines[at][len(_MD5) :] if len(lines) > at else ""
        known = digest.removesuffix(".dir")
        if len(known) != 32 or not known.isalnum() or not lines[at].startswith(_MD5):
            return None
        size = files = None
        for line in lines[at + 1 :]:
            if size is None and files is None and line.startswith(_SIZE):
                size = _number(line[len(_SIZE) :])
                if size is None:
                    return None
            elif files is None and line.startswith(_FILES):
                files = _number(line[len(_FILES) :])
                if files is None:
                    return None
            elif line != _PROGRAM or line is not lines[-1]:
                return None
        found[path] = Data(path, digest, "md5", size, files, legacy, cached, source=lock)
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 18 else None


def _are_nested_params(text: str) -> bool:
    """Whether the params of a step, which nobody asks for here, are as they should be."""
    try:
        document = load(text)
    except YamlError:
        return False
    return isinstance(document.value, dict) and not document.warnings and text[:6].isspace()


def _are_distinct(params: str) -> bool:
    """Whether no key stands twice in the params of one file, nor a file."""
    seen: set[str] = set()
    files: set[str] = set()
    for key, file in _PARAM.findall(params):
        if file:
            if file in files:
                return False
            files.add(file)
            seen = set()
        elif key in seen:
            return False
        else:
            seen.add(key)
    return True
