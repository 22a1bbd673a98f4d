"""Checks of single values and shapes: what is valid is handed on, what is not is noted."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar
from urllib.parse import urlsplit

from sitegen import safeyaml
from sitegen.config.addresses import has_credentials
from sitegen.errors import ConfigError, Problem
from sitegen.redact import redact

T = TypeVar("T")
Where = tuple[str | int, ...]
Check = Callable[[Any, Where], Any]  # the valid value, or Invalid is raised


class Invalid(Exception):
    """A value is wrong, and why is noted already."""


class Checks:
    """Checks the values of one file, and notes where and what is wrong with them.

    folder: what paths are relative to. file: as shown to people, "" for the command line.
    """

    def __init__(
        self, folder: Path, file: str = "", document: safeyaml.Document | None = None
    ) -> None:
        self.folder, self.file, self.document = absolute(folder), file, document
        self.problems: list[tuple[int, Problem]] = []
        self.remarks: list[Problem] = []

    # What is wrong

    def _line(self, where: Where) -> int:
        return self.document.line(where) if self.document and where else 0

    def problem(self, line: int, reason: str, remedy: str, kind: str) -> Problem:
        at = f"{self.file}:{line}" if line else self.file
        return Problem("", "", at, redact(reason), redact(remedy), kind)

    def wrong(self, where: Where, what: str, remedy: str = "", kind: str = "config.value") -> None:
        """Note it and go on."""
        line = self._line(where)
        problem = self.problem(line, f"`{dotted(where)}` {what}", remedy, kind)
        self.problems.append((line, problem))

    def expected(self, where: Where, what: str, found: Any, remedy: str = "") -> Invalid:
        """Note it; what is returned is to be raised, to leave this value."""
        if not remedy and found is None:
            remedy = "give it a value or remove the key"
        self.wrong(where, f"must be {what}; found {shown(found)}", remedy)
        return Invalid()

    def remark(self, where: Where, what: str, remedy: str, kind: str) -> None:
        """Note what stops nothing."""
        reason = f"`{dotted(where)}` {what}"
        self.remarks.append(self.problem(self._line(where), reason, remedy, kind))

    def repeated(self, found: safeyaml.Repeated) -> None:
        reason = f"`{found.key}` stands already on line {found.first_line}"
        problem = self.problem(found.line, reason, "keep one of them", "config.repeated")
        self.problems.append((found.line, problem))

    def attempt(self, check: Callable[[Any, Where], T], value: Any, where: Where) -> T | None:
        """The valid value, None for one that was noted as wrong."""
        try:
            return check(value, where)
        except Invalid:
            return None

    def stop(self) -> None:
        """Raise everything that is wrong, in the file's order."""
        if self.problems:
            ordered = sorted(self.problems, key=lambda item: item[0])
            raise ConfigError.of([problem for _, problem in ordered])

    # Shapes

    def fields(
        self, value: Any, where: Where, checks: Mapping[str, Check], needed: Sequence[str] = ()
    ) -> dict[str, Any]:
        """A map with these keys alone -> those that are there and valid."""
        if not isinstance(value, dict):
            keys = ", ".join(f"`{key}`" for key in [*checks][:3])
            raise self.expected(where, f"a map with keys such as {keys}", value)
        valid = {}
        for key, item in value.items():
            place = (*where, key)
            if check := checks.get(key):
                if (result := self.attempt(check, item, place)) is not None:
                    valid[key] = result
                continue
            near = difflib.get_close_matches(key, checks, 1, 0.5)
            remedy = f"did you mean `{near[0]}`?" if near else "remove it"
            self.wrong(
                place, f"is unknown; expected one of {', '.join(checks)}", remedy, "config.unknown"
            )
        for key in needed:
            if key not in value:
                self.wrong(where, f"has no `{key}`", f"give it a `{key}`", "config.missing")
        return valid

    def record(self, struct: Callable[..., T], **checks: Check) -> Callable[[Any, Where], T]:
        return lambda value, where: struct(**self.fields(value, where, checks))

    def each(self, check: Callable[[Any, Where], T]) -> Callable[[Any, Where], tuple[T, ...]]:
        def checked(value: Any, where: Where) -> tuple[T, ...]:
            if not isinstance(value, list):
                raise self.expected(where, "a list", value)
            found = (self.attempt(check, item, (*where, at)) for at, item in enumerate(value))
            return tuple(item for item in found if item is not None)

        return checked

    def table(self, check: Callable[[Any, Where], T]) -> Callable[[Any, Where], dict[str, T]]:
        def checked(value: Any, where: Where) -> dict[str, T]:
            if not isinstance(value, dict):
                raise self.expected(where, "a map with stages as keys", value)
            found = {key: self.attempt(check, item, (*where, key)) for key, item in value.items()}
            return {key: item for key, item in found.items() if item is not None}

        return checked

    # Values

    def text(self, value: Any, where: Where, what: str = "a text") -> str:
        if isinstance(value, str) and value.strip():
            return value.strip()
        number = isinstance(value, (bool, int, float))
        raise self.expected(where, what, value, "put it in quotes" if number else "")

    def count(self, value: Any, where: Where) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        raise self.expected(where, "a whole number above 0", value)

    def flag(self, value: Any, where: Where) -> bool:
        if isinstance(value, bool):
            return value
        raise self.expected(where, "true or false", value)

    def condition(self, value: Any, where: Where) -> str:
        if isinstance(value, str) and _CONDITION.fullmatch(value):
            return value.strip()
        raise self.expected(where, 'a comparison with a number such as ">= 0.8"', value)

    def date(self, value: Any, where: Where) -> str:
        if isinstance(value, str) and _DATE.fullmatch(value):
            with contextlib.suppress(ValueError):
                return date.fromisoformat(value).isoformat()
        raise self.expected(where, "a date such as 2026-01-31", value)

    def color(self, value: Any, where: Where) -> str:
        if value is None:
            raise self.expected(where, _COLOR, value, 'put "#..." in quotes')
        if isinstance(value, str) and (_HEX.fullmatch(value) or value.lower() in COLORS):
            return value
        near = difflib.get_close_matches(str(value).lower(), sorted(COLORS), 1)
        raise self.expected(where, _COLOR, value, f"did you mean `{near[0]}`?" if near else "")

    def address(self, value: Any, where: Where, schemes: Sequence[str] = ("http", "https")) -> str:
        """An absolute address of one of the schemes, without credentials."""
        what = f"an absolute address ({' or '.join(schemes)}) without credentials"
        text = self.text(value, where, what)
        try:
            parts = urlsplit(text)
            valid = bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
        except ValueError:
            raise self.expected(where, what, text) from None
        if parts.scheme == "mailto":
            valid = "@" in parts.path
        clean = text.isprintable() and not re.search(r"[\s<>\"'\\]", text)
        if parts.scheme not in schemes or not valid or not clean or has_credentials(text):
            raise self.expected(where, what, text)
        return text

    def link_target(self, value: Any, where: Where) -> str:
        return self.address(value, where, ("http", "https", "mailto"))

    def base_url(self, value: Any, where: Where) -> str:
        text = self.address(value, where)
        if re.search(r"[?#]", text):
            raise self.expected(where, "an address without query and fragment", text)
        return text.rstrip("/") + "/"

    def inside(self, value: Any, where: Where) -> str:
        """A path that stays inside: relative, without `..`; "" for the folder itself."""
        text = self.text(value, where, "a relative path")
        if text.startswith("/") or ".." in PurePosixPath(text).parts or "\0" in text:
            raise self.expected(where, "a relative path without `..`", text)
        return str(PurePosixPath(text)) if text.strip("./") else ""

    def place(self, value: Any, where: Where) -> Path:
        text = self.text(value, where, "a path")
        if "\0" in text:
            raise self.expected(where, "a path", text)
        return absolute(self.folder / Path(text).expanduser())

    def file_at(self, value: Any, where: Where) -> Path:
        path = self.place(value, where)
        if not path.is_file():
            raise self.expected(where, "a file that exists", value, f"there is none at {path}")
        return path

    def folder_at(self, value: Any, where: Where) -> Path:
        path = self.place(value, where)
        if not path.is_dir():
            raise self.expected(where, "a folder that exists", value, f"there is none at {path}")
        return path


def absolute(path: Path) -> Path:
    """`path` from the root, without `..`; links stay links."""
    return Path(os.path.abspath(path))  # noqa: PTH100 resolve() would follow links


def dotted(where: Where) -> str:
    """`("repositories", 0, "url")` -> `repositories[0].url`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    return "".join(parts).removeprefix(".") or "the file"


def shown(value: Any) -> str:
    """What was found, in a word."""
    if isinstance(value, str):
        # Cut afterwards: half an address no longer looks like one that holds a password.
        value = redact(value)
        return repr(value if len(value) <= 60 else f"{value[:59]}…")
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    return (
        "a list" if isinstance(value, list) else "a map" if isinstance(value, dict) else str(value)
    )


_CONDITION = re.compile(r"\s*(?:[<>]=?|[=!]=)\s*[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?\s*", re.ASCII)
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", re.ASCII)
_HEX = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_COLOR = "#rgb, #rrggbb or a CSS colour name"

# CSS Color Module Level 4, section 6.1.
_NAMES = """
    aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet
    brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan
    darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen
    darkorange darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey
    darkturquoise darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite
    forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew
    hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue
    lightcoral lightcyan lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon
    lightseagreen lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime
    limegreen linen magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple
    mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred midnightblue
    mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid
    palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum
    powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen
    seashell sienna silver skyblue slateblue slategray slategrey snow springgreen steelblue tan teal
    thistle tomato turquoise violet wheat white whitesmoke yellow yellowgreen
"""
COLORS = frozenset(_NAMES.split())
