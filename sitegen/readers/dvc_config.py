""".dvc/config: where DVC keeps the content of files, as storage remotes without credentials.

Source of the format: DVC 3 (`dvc remote add`, `dvc config`), an INI file. Only options on a list
are kept: what else stands there may be a secret, or be of no use to a reader.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from sitegen import redact
from sitegen.errors import Problem
from sitegen.registry.storage import Storage, StorageRemote

NAME = ".dvc/config"

OPTIONS = frozenset(
    {
        "account_name",
        "allow_anonymous_login",
        "endpointurl",
        "oss_endpoint",
        "port",
        "projectname",
        "region",
        "use_ssl",
        "version_aware",
        "worktree",
    }
)
"""What is kept of a remote beside its address."""

LONGEST = 256 * 1024
_REMOTES = 200
_VALUE = 4096

# No two repetitions side by side may take the same characters: a long line would take for ever.
_SECTION = re.compile(r"\[(?:\s*'([^']*)'\s*|([^\]]*))\]\s*(?:#.*)?")
_COMMENT = re.compile(r"(?<!\s)\s+#")
_REMOTE = re.compile(r'remote\s*"(.*)"', re.IGNORECASE)
_QUOTED = re.compile(r"""(?:'([^']*)'|"([^"]*)")\s*(?:#.*)?""")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")

# What DVC reaches without a plugin.
_BUILT_IN = frozenset({"file", "http", "https", "remote"})

_Sections = dict[str, dict[str, str]]


def wants(path: str) -> bool:
    """Whether a file is one that `read_storages` reads."""
    return path == NAME or path.endswith(f"/{NAME}")


def is_in_cloud(data: bytes) -> bool:
    """Whether the default remote of this .dvc/config is one that DVC needs a plugin for."""
    try:
        storage = _storage("", _sections(data[:LONGEST].decode("utf-8-sig")))
    except ValueError:
        return False  # which is reported where the storages are read
    schemes = (
        _SCHEME.match(remote.url) for remote in storage.remotes if remote.name == storage.default
    )
    return any(scheme and scheme[1].lower() not in _BUILT_IN for scheme in schemes)


def read_storages(
    files: Mapping[str, bytes], repo: str = "", ref: str = ""
) -> tuple[tuple[Storage, ...], tuple[Problem, ...]]:
    """The storages of every DVC root of a commit, by folder, and what was wrong.

    A remote's address that is relative is a path of its machine, from the repository's root.
    """
    found: list[Storage] = []
    problems: list[Problem] = []
    for path in sorted(filter(wants, files)):
        folder = posixpath.dirname(posixpath.dirname(path))

        def report(reason: str, path: str = path) -> None:
            remedy = "correct it, or write it anew with `dvc remote add`"
            problems.append(Problem(repo, ref, path, reason, remedy, "dvc.config"))

        data = files[path]
        if len(data) > LONGEST:
            report(f"the file has {len(data)} bytes, more than the {LONGEST} that are read")
            continue
        try:
            sections = _sections(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            report("the file is expected to be UTF-8")
            continue
        except ValueError as error:
            report(str(error))
            continue
        found.append(_storage(folder, sections))
        default = found[-1].default
        if default and default not in {remote.name for remote in found[-1].remotes}:
            report(f"the default remote {default[:80]!r} is expected to be one with a url")
    return tuple(found), tuple(problems)


def _sections(text: str) -> _Sections:
    """Section -> key -> value, keys in lower case as DVC takes them. Raises ValueError."""
    sections: _Sections = {}
    here: dict[str, str] | None = None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        section = _SECTION.fullmatch(line)
        if section:
            name = section[2] if section[1] is None else section[1]
            here = sections.setdefault(name.strip().lower(), {})
            continue
        key, equals, value = line.partition("=")
        if not equals or here is None or line[0] == "[":
            raise ValueError(f"line {number} is expected to be [section] or `key = value`")
        here[_plain(key).lower()] = _plain(value)
    return sections


def _plain(value: str) -> str:
    """A value without its quotes and without a comment behind it."""
    value = value.strip()
    quoted = _QUOTED.fullmatch(value)
    if quoted:
        return quoted[2] if quoted[1] is None else quoted[1]
    return _COMMENT.split(value, maxsplit=1)[0]


def _storage(folder: str, sections: _Sections) -> Storage:
    said: _Sections = {}
    for section, options in sections.items():
        name = _REMOTE.fullmatch(section)
        if name and options.get("url") and len(said) < _REMOTES:
            said[name[1]] = options
    remotes = [
        StorageRemote(name, url, _kept(options))
        for name, options in said.items()
        if (url := _address(folder, options["url"], said))
    ]
    return Storage(folder, sections.get("core", {}).get("remote", "").lower(), tuple(remotes))


def _kept(options: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    # An endpoint is an address too, and may hold a password.
    return tuple(
        (key, redact.address(options[key])[:_VALUE]) for key in sorted(OPTIONS & options.keys())
    )


def _address(folder: str, url: str, said: Mapping[str, Mapping[str, str]]) -> str:
    """Where a remote is; "" where nobody can tell. Those by way of another remote are resolved."""
    for _ in range(4):
        scheme = _SCHEME.match(url)
        if scheme is None or scheme[1].lower() != "remote":
            break
        name, _, rest = url[scheme.end() :].partition("/")
        other = said.get(name.lower(), {}).get("url", "")
        url = f"{other.rstrip('/')}/{rest}" if rest and other else other
    else:
        return ""
    if not url or len(url) > _VALUE or not url.isprintable():
        return ""
    if scheme:
        return redact.address(url).rstrip("/")
    if _DRIVE.match(url) or url.startswith(("/", "~", "\\\\")):
        return url
    # DVC takes it from the folder of its configuration.
    return posixpath.normpath(posixpath.join(folder, ".dvc", url.replace("\\", "/")))
