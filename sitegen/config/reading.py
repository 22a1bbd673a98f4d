"""sitegen.yaml, the command line and the environment -> Config."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sitegen import safeyaml
from sitegen.config.addresses import has_credentials, is_url, name_of
from sitegen.config.checks import Check, Checks, Invalid, Where, absolute, shown
from sitegen.config.settings import (
    LANGUAGES,
    TITLE,
    Config,
    Entry,
    Experiments,
    Link,
    Promotion,
    Repository,
    Requirement,
    Search,
    Signatures,
    Stages,
)
from sitegen.errors import ConfigError, SitegenError

FILE = "sitegen.yaml"

_CREDENTIALS = "config.credentials"


def default(
    repositories: Sequence[str] = (),
    *,
    folder: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Config:
    """Settings without a file. repositories: folders and URLs, () for `folder` itself (the working
    folder unless given). Raises ConfigError."""
    reader = _Reader(folder or Path.cwd())
    found = [reader.argument(text) for text in repositories or (".",)]
    return reader.finish({"repositories": tuple(filter(None, found))}, environ)


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """The settings of a file. Raises ConfigError, whose `problems` are all that is wrong in it."""
    reader = _open(path)
    assert reader.document is not None
    value = {} if reader.document.value is None else reader.document.value
    return reader.finish(reader.attempt(reader.top, value, ()) or {}, environ)


def load_promotion(path: Path) -> Promotion:
    """The promotion rules of a file, whatever else is in it. Raises ConfigError."""
    reader = _open(path)
    assert reader.document is not None
    value = reader.document.value
    found = Promotion()
    if isinstance(value, dict) and "promotion" in value:
        place = ("promotion",)
        found = reader.attempt(reader.promotion, value["promotion"], place) or found
    reader.stop()
    return found


def _open(path: Path) -> _Reader:
    try:
        document = safeyaml.load(path.read_bytes())
    except FileNotFoundError:
        raise ConfigError(
            "there is no such file", path=str(path), remedy="write one with `sitegen init`"
        ) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", path=str(path)) from None
    except SitegenError as error:
        raise ConfigError(
            error.problem.reason, path=str(path), remedy=error.problem.remedy
        ) from None
    reader = _Reader(absolute(path).parent, str(path), document)
    for repeated in document.warnings:
        reader.repeated(repeated)
    return reader


def override(
    config: Config,
    *,
    repositories: Sequence[str] = (),
    title: str = "",
    base_url: str = "",
    theme: str = "",
    output: str = "",
    folder: Path | None = None,
) -> Config:
    """`config` with what the command line says instead; "" and () leave things as they are.

    repositories: names of configured ones, folders or URLs. Paths are relative to `folder`, the
    working folder unless given. Raises ConfigError.
    """
    reader = _Reader(folder or Path.cwd())
    known = {repository.name: repository for repository in config.repositories}
    chosen = [known.get(text) or reader.argument(text) for text in repositories]
    changes: dict[str, Any] = {
        "title": title,
        "base_url": base_url and reader.attempt(reader.base_url, base_url, ("--base-url",)),
        "theme": theme and reader.attempt(reader.theme, theme, ("--theme",)),
        "output": output and reader.attempt(reader.place, output, ("--output",)),
        "repositories": reader.distinct(tuple(filter(None, chosen))),
    }
    reader.stop()
    changes = {key: value for key, value in changes.items() if value}
    if theme == "default":
        changes["theme"] = None
    problems = (*config.problems, *reader.remarks)
    return msgspec.structs.replace(config, problems=problems, **changes)


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where mirrors are kept, unless a configuration says otherwise."""
    home = environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return absolute(Path(environ.get("SITEGEN_CACHE") or Path(home, "sitegen")))


def read_token(name: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """The token in the environment variable that `token_env` names; None where it is not set."""
    return environ.get(name, "").strip() or None


class _Reader(Checks):
    """Checks the records that settings are made of."""

    def top(self, value: Any, where: Where = ()) -> dict[str, Any]:
        """The keys of the whole file."""
        checks: dict[str, Check] = {
            "title": self.text,
            "base_url": self.base_url,
            "repositories": self.each(self.repository),
            "stages": self.record(
                Stages,
                order=self.each(self.text),
                colors=self.table(self.color),
                descriptions=self.table(self.text),
            ),
            "theme": self.theme,
            "content": self.folder_at,
            "output": self.place,
            "cache": self.place,
            "experiments": self.record(
                Experiments,
                since=self.date,
                max_commits=self.count,
                branches=self.each(self.text),
                files=self.each(self.inside),
                plots=self.count,
            ),
            "links": self.each(self.link),
            "navigation": self.each(self.entry),
            "promotion": self.promotion,
            "signatures": self.record(
                Signatures, allowed_signers=self.file_at, keyring=self.folder_at
            ),
            "search": self.record(Search, languages=self.languages),
        }
        return self.fields(value, where, checks)

    def promotion(self, value: Any, where: Where) -> Promotion:
        checks: dict[str, Check] = {
            "order": self.each(self.text),
            "require": self.table(self.requirement),
        }
        return Promotion(**self.fields(value, where, checks))

    def languages(self, value: Any, where: Where) -> tuple[str, ...]:
        """Codes of languages, each once."""
        if not isinstance(value, list) or not value:
            raise self.expected(where, "a list of languages such as [en, de]", value)
        for at, code in enumerate(value):
            if code not in LANGUAGES:
                known = f"a language that index and browser know alike: {', '.join(LANGUAGES)}"
                raise self.expected((*where, at), known, code, "choose one of these")
        return tuple(dict.fromkeys(value))

    def requirement(self, value: Any, where: Where) -> Requirement:
        checks: dict[str, Check] = {
            "from": self.text,
            "metrics": self.table(self.condition),
            "card": self.flag,
        }
        found = self.fields(value, where, checks)
        if "from" in found:
            found["came_from"] = found.pop("from")
        return Requirement(**found)

    def theme(self, value: Any, where: Where) -> Path | None:
        """A folder, None for the default theme."""
        return None if value == "default" else self.folder_at(value, where)

    def link(self, value: Any, where: Where) -> Link:
        checks: dict[str, Check] = {"title": self.text, "url": self.link_target}
        return Link(**self.fields(value, where, checks, ("title", "url")))

    def entry(self, value: Any, where: Where) -> Entry:
        checks: dict[str, Check] = {
            "title": self.text,
            "page": self.inside,
            "url": self.link_target,
            "children": self.each(self.entry),
        }
        found = Entry(**self.fields(value, where, checks, ("title",)))
        leads = [key for key in ("page", "url") if key in value]
        if len(leads) > 1:
            self.wrong(where, "has both `page` and `url`", "keep one of them")
        elif not leads and "children" not in value:
            self.wrong(where, "leads nowhere", "give it a `page`, a `url` or `children`")
        return found

    def argument(self, text: str) -> Repository | None:
        """A repository of the command line: a folder, or else what git takes for an address."""
        where = ("REPOSITORY",)
        if not Path(self.folder, text).expanduser().exists() and is_url(text):
            return self.attempt(self.repository, {"url": text}, where)
        path = self.attempt(self.folder_at, text, where)
        return Repository(name=name_of(str(path)), path=path) if path else None

    def repository(self, value: Any, where: Where) -> Repository:
        checks: dict[str, Check] = {
            "path": self.folder_at,
            "url": self.text,
            "name": self.text,
            "branch": self.text,
            "web": self.address,
            "token_env": self.variable,
            "projects": self.each(self.inside),
        }
        found = self.fields(value, where, checks)
        sources = [key for key in ("path", "url") if key in value]
        if len(sources) != 1:
            what = "has both `path` and `url`" if sources else "has neither `path` nor `url`"
            self.wrong(where, what, "give it one of them", "config.missing")
            raise Invalid
        place = (*where, "url")
        url = found.get("url", "")
        if url and not is_url(url):
            raise self.expected(place, "an address", url, "use `path` for a local folder")
        if has_credentials(url):
            remedy = "put the token into an environment variable and name it as `token_env`"
            self.remark(place, "holds credentials; they are never shown", remedy, _CREDENTIALS)
        source = str(found.get("path") or url)
        return Repository(**{"name": name_of(source), **found})

    def variable(self, value: Any, where: Where) -> str:
        if isinstance(value, str) and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
            return value
        # What was found may be the token itself, so it is not repeated.
        what = "must be the name of an environment variable, such as GITHUB_TOKEN"
        self.wrong(where, what, "put the token into that variable, never into this file")
        raise Invalid

    def distinct(self, repositories: tuple[Repository, ...]) -> tuple[Repository, ...]:
        for name, times in Counter(repository.name for repository in repositories).items():
            if times > 1:
                where = ("repositories",)
                remedy = "give all but one of them another `name:`"
                self.wrong(where, f"has {times} repositories named {name!r}", remedy, "config.name")
        return repositories

    def finish(self, found: dict[str, Any], environ: Mapping[str, str]) -> Config:
        if "repositories" not in found:
            found["repositories"] = tuple(filter(None, (self.argument("."),)))
        self.distinct(found["repositories"])
        epoch = environ.get("SOURCE_DATE_EPOCH", "").strip()
        if epoch and not re.fullmatch(r"[0-9]{1,11}", epoch):
            what = f"must be whole seconds since 1970; found {shown(epoch)}"
            self.wrong(("SOURCE_DATE_EPOCH",), what, "set it to such a number or unset it")
        self.stop()
        one = found["repositories"][0].name if len(found["repositories"]) == 1 else TITLE
        content = self.folder / "content"
        defaults = {
            "title": one,
            "content": content if content.is_dir() else None,
            "output": self.folder / "_site",
            "cache": cache_folder(environ),
            "source": absolute(Path(self.file)) if self.file else None,
        }
        return Config(
            folder=self.folder,
            epoch=int(epoch) if epoch else None,
            problems=tuple(self.remarks),
            **{**defaults, **found},
        )
