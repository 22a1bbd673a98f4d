"""Themes: folders of templates and static files, and the one place that runs templates.

A theme is a chain of folders, each with `templates/` and `static/`; the first that has a file wins,
and the last is the default theme. So an author overrides a single template or file by one of the
same name, and may still extend the default's own: `{% extends "default/model.html" %}`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import CodeType
from typing import Any

import msgspec
from jinja2 import (
    BaseLoader,
    BytecodeCache,
    Environment,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket
from jinja2.exceptions import UndefinedError
from jinja2.loaders import split_template_path
from markupsafe import Markup

from sitegen.errors import RenderError

DEFAULT = "default"


class Theme(msgspec.Struct, frozen=True):
    """A theme's folders, the author's first and the default's last."""

    folders: tuple[Path, ...]


def load_theme(overrides: Path | None = None) -> Theme:
    """The default theme, and the author's folder of `overrides` before it.

    Raises RenderError for a folder that is missing or holds a link that is not followed.
    """
    folders = [overrides] if overrides else []
    for folder in folders:
        if not folder.is_dir():
            raise RenderError(
                "there is no such theme: the name 'default' or a folder was expected",
                path=str(folder),
                remedy="mend `theme` in the configuration, or leave it out",
            )
        if not any((folder / part).is_dir() for part in ("templates", "static")):
            raise RenderError(
                "a theme's folder holds templates/ or static/, this one has neither",
                path=str(folder),
                remedy="put your templates into templates/ and other files into static/",
            )
    theme = Theme(tuple(folder.resolve() for folder in [*folders, _default_folder()]))
    for folder in theme.folders:
        for part in ("templates", "static"):
            for _ in own_files(folder / part, leads_out=_refuse_link):
                pass
    return theme


def _default_folder() -> Path:
    """In an installed package beside its modules, in a checkout at its top."""
    package = Path(__file__).resolve().parents[1]
    places = (package / "themes" / DEFAULT, package.parent / "themes" / DEFAULT)
    for place in places:
        if (place / "templates").is_dir():
            return place
    raise RenderError(
        "the default theme is missing from this installation",
        path=str(places[0]),
        remedy="install sitegen again",
    )


def _refuse_link(path: Path) -> None:
    raise RenderError(
        "a link to a folder, or out of the theme, is not followed",
        path=str(path),
        remedy="put a copy in its place",
    )


def own_files(folder: Path, leads_out: Callable[[Path], None]) -> Iterator[tuple[str, Path]]:
    """Every file below a folder of the author's, in order: (its path with "/", where it is).

    Hidden files are left out. A link to a file inside the folder is a file; any other link is not
    followed, and `leads_out` is told of it.
    """
    top = folder.resolve()
    for here, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted([*files, *folders]):
            path = Path(here, name)
            if path.is_symlink() and not (_inside(path, top) and path.is_file()):
                leads_out(path)
            elif path.is_file() and not name.startswith("."):
                yield path.relative_to(top).as_posix(), path


def _inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(folder)
    except (OSError, RuntimeError):
        return False


def static_files(theme: Theme) -> Iterator[tuple[str, bytes]]:
    """The theme's files below `static/`, sorted: (path in the site, bytes)."""
    found: dict[str, Path] = {}
    for folder in reversed(theme.folders):
        found.update(own_files(folder / "static", leads_out=_refuse_link))
    for name in sorted(found):
        yield f"static/{name}", found[name].read_bytes()


def safe(html: str) -> str:
    """Mark HTML of ours as safe to stand in a page as it is."""
    return Markup(html)


class _Compiled(BytecodeCache):
    """Templates' code for the next build of the same process, since compiling takes the longest.

    Of each file the last code is kept, which counts as long as the text is the same.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._known.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self._known[bucket.key] = (bucket.checksum, bucket.code)


_COMPILED = _Compiled()


class Templates:
    """A theme's templates, each compiled once."""

    def __init__(self, theme: Theme) -> None:
        self._environment = Environment(
            loader=_Loader(theme.folders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=_COMPILED,
        )

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """The text of a page. Raises RenderError that names template, line and reason."""
        try:
            return self._environment.get_template(name).render(context)
        except RenderError:
            raise
        except TemplateSyntaxError as error:
            where = f"{error.filename or error.name or name}:{error.lineno}"
            raise RenderError(
                f"the template is not valid: {error.message}",
                path=where,
                remedy="mend the template, or remove it so that the default's is used",
            ) from error
        except TemplateNotFound as error:
            raise RenderError(
                f"there is no template {error.name!r} in the theme",
                path=_where(error, name),
                remedy="mend the name; templates are named from the theme's templates/ folder on",
            ) from error
        except UndefinedError as error:
            raise RenderError(
                f"the template uses what is not there: {error.message}",
                path=_where(error, name),
                remedy="the variables of each page are listed in sitegen/site/model.py",
            ) from error
        except Exception as error:
            raise RenderError(
                f"the template failed: {type(error).__name__}: {error}",
                path=_where(error, name),
                remedy="mend the template, or remove it so that the default's is used",
            ) from error


def _where(error: BaseException, name: str) -> str:
    """The innermost template line of a traceback; Jinja puts templates' own lines into it."""
    found, trace = name, error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if trace.tb_frame.f_globals.get("__jinja_template__") or file.endswith((".html", ".xml")):
            found = f"{file}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


class _Loader(BaseLoader):
    """Looks through the theme's folders in order, and never out of them."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._folders = tuple(folder / "templates" for folder in folders)

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        parts = split_template_path(template)
        places = [folder.joinpath(*parts) for folder in self._folders]
        if len(parts) > 1 and parts[0] == DEFAULT:
            places.append(self._folders[-1].joinpath(*parts[1:]))
        for place, folder in zip(places, [*self._folders, self._folders[-1]], strict=False):
            if place.is_file():
                if not _inside(place, folder.resolve()):
                    _refuse_link(place)
                try:
                    source = place.read_text("utf-8")
                except UnicodeDecodeError as error:
                    raise RenderError(
                        f"the template is not UTF-8: byte {error.start}",
                        path=str(place),
                        remedy="save it as UTF-8",
                    ) from error
                return source, str(place), lambda: True
        raise TemplateNotFound(template)
