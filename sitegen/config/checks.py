"""Checks of single values and shapes: what is valid is handed on, what is not is noted."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import msgspec

from sitegen import safeyaml
from sitegen.config.addresses import has_credentials, redacted
from sitegen.errors import ConfigError, Problem

Where = tuple[str | int, ...]
Check = Callable[[Any, Where], Any]  # the valid value, or None once it is noted what is wrong


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

    def problem(self, where: Where, reason: str, remedy: str, kind: str) -> Problem:
        line = self._line(where)
        at = f"{self.file}:{line}" if line else self.file
        return Problem("", "", at, redacted(reason), redacted(remedy), kind)

    def wrong(self, where: Where, what: str, remedy: str = "", kind: str = "config.value") -> None:
        problem = self.problem(where, f"`{dotted(where)}` {what}", remedy, kind)
        self.problems.append((self._line(where), problem))

    def expected(self, where: Where, what: str, found: Any, remedy: str = "") -> None:
        if not remedy and found is None:
            remedy = "give it a value or remove the key"
        self.wrong(where, f"must be {what}; found {shown(found)}", remedy)

    def stop(self) -> None:
        """Raise everything that is wrong, in the file's order."""
        if self.problems:
            ordered = sorted(self.problems, key=lambda item: item[0])
            raise ConfigError.of([problem for _, problem in ordered])

    # Shapes

    def fields(self, /, **checks: Check) -> Callable[..., dict[str, Any]]:
        """A map with these keys alone -> those that are there and valid."""

        def check(value: Any, where: Where = ()) -> dict[str, Any]:
            if not isinstance(value, dict):
                self.expected(where, f"a map with {' and '.join([*checks][:2])}, ...", value)
                return {}
            valid = {}
            for key, item in value.items():
                place = (*where, key)
                if key not in checks:
                    near = difflib.get_close_matches(str(key), checks, 1, 0.5)
                    remedy = f"did you mean `{near[0]}`?" if near else "remove it"
                    expected = f"is no setting; expected one of {', '.join(checks)}"
                    self.wrong(place, expected, remedy, "config.unknown")
                elif (result := checks[key](item, place)) is not None:
                    valid[key] = result
            return valid

        return check

    def record(self, struct: type[msgspec.Struct], /, **checks: Check) -> Check:
        fields = self.fields(**checks)
        return lambda value, where: struct(**fields(value, where))

    def each(self, check: Check) -> Check:
        def checked(value: Any, where: Where) -> tuple[Any, ...] | None:
            if not isinstance(value, list):
                return self.expected(where, "a list", value)
            found = [check(item, (*where, place)) for place, item in enumerate(value)]
            return tuple(item for item in found if item is not None)

        return checked

    def table(self, check: Check) -> Check:
        def checked(value: Any, where: Where) -> dict[str, Any] | None:
            if not isinstance(value, dict):
                return self.expected(where, "a map from stages", value)
            found = {str(key): check(item, (*where, key)) for key, item in value.items()}
            return {key: item for key, item in found.items() if item is not None}

        return checked

    # Values

    def text(self, value: Any, where: Where, what: str = "a text") -> str | None:
        if isinstance(value, str) and value.strip():
            return value.strip()
        number = isinstance(value, (bool, int, float))
        return self.expected(where, what, value, "put it in quotes" if number else "")

    def count(self, value: Any, where: Where) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        return self.expected(where, "a whole number above 0", value)

    def date(self, value: Any, where: Where) -> str | None:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])", value):
            return value
        return self.expected(where, "a date such as 2026-01-31", value)

    def color(self, value: Any, where: Where) -> str | None:
        if value is None:
            return self.expected(where, _COLOR, value, 'put "#..." in quotes')
        valid = isinstance(value, str) and (
            re.fullmatch(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})", value) or value.lower() in COLORS
        )
        if valid:
            return str(value)
        near = difflib.get_close_matches(str(value).lower(), sorted(COLORS), 1)
        return self.expected(where, _COLOR, value, f"did you mean `{near[0]}`?" if near else "")

    def address(
        self, value: Any, where: Where, schemes: tuple[str, ...] = ("http", "https")
    ) -> Any:
        """An absolute http(s) address without credentials; with "mailto" one of those too."""
        what = f"an absolute address ({' or '.join(schemes)}) without credentials"
        text = self.text(value, where, what)
        if text is None:
            return None
        try:
            parts = urlsplit(text)
            valid = bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
        except ValueError:
            return self.expected(where, what, text)
        if parts.scheme == "mailto":
            valid = "@" in parts.path
        clean = text.isprintable() and not re.search(r"[\s<>\"'\\]", text)
        if parts.scheme in schemes and valid and clean and not has_credentials(text):
            return text
        return self.expected(where, what, text)

    def base_url(self, value: Any, where: Where) -> str | None:
        text: str | None = self.address(value, where)
        if text is not None and re.search(r"[?#]", text):
            return self.expected(where, "an address without query and fragment", text)
        return text and text.rstrip("/") + "/"

    def inside(self, value: Any, where: Where) -> str | None:
        """A path that stays inside: relative, without `..`."""
        text = self.text(value, where, "a relative path")
        if text is None or not (text.startswith("/") or ".." in PurePosixPath(text).parts):
            return text and (str(PurePosixPath(text)) if text.strip("./") else "")
        return self.expected(where, "a relative path without `..`", text)

    def place(self, value: Any, where: Where) -> Path | None:
        text = self.text(value, where, "a path")
        if text is None or "\0" in text:
            return None if text is None else self.expected(where, "a path", text)
        return absolute(self.folder / Path(text).expanduser())

    def folder_at(self, value: Any, where: Where) -> Path | None:
        path = self.place(value, where)
        if path is None or path.is_dir():
            return path
        return self.expected(where, "a folder that exists", value, f"there is none at {path}")


def absolute(path: Path) -> Path:
    """`path` from the root, without `..`; links stay links."""
    return Path(os.path.abspath(path))  # noqa: PTH100 resolve() would follow links


def dotted(where: Where) -> str:
    """`("repositories", 0, "url")` -> `repositories[0].url`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    return "".join(parts).removeprefix(".")


def shown(value: Any) -> str:
    """What was found, in a word."""
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else f"{value[:59]}…")
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    return (
        "a list" if isinstance(value, list) else "a map" if isinstance(value, dict) else str(value)
    )


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
