"""The documents name everything there is, and lead nowhere that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sitegen.cli.site import main
from sitegen.config import Config, Repository, Stages

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "content"
PAGES = sorted(CONTENT.rglob("*.md"))
# What the command line fills in by itself, or the environment.
NOT_KEYS = {"folder", "source", "problems", "epoch"}


def options() -> Iterator[tuple[str, str]]:
    assert isinstance(main, click.Group)
    for name, command in main.commands.items():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                for spelling in (*parameter.opts, *parameter.secondary_opts):
                    yield name, spelling


def text(name: str) -> str:
    return (CONTENT / name).read_text(encoding="utf-8")


def of_command(command: str) -> str:
    """The parts of the page of commands whose headings name a command."""
    _, *parts = re.split(r"(?m)^## ", text("commands.md"))
    named = [part for part in parts if f"`{command}`" in part.partition("\n")[0]]
    return "\n".join(named)


@pytest.mark.parametrize(("command", "option"), sorted(set(options())))
def test_every_option_is_documented_where_its_command_is(command: str, option: str) -> None:
    rows = (row.split("|")[1] for row in of_command(command).splitlines() if row.startswith("|"))
    assert any(f"`{option}`" in row for row in rows)


def test_no_option_is_documented_that_a_command_lacks() -> None:
    known = set(options())
    for command in {command for command, _ in known}:
        for row in of_command(command).splitlines():
            for option in re.findall(r"`(--?[a-z-]+)`", row.split("|")[1] if "|" in row else ""):
                assert (command, option) in known


@pytest.mark.parametrize("command", sorted(main.commands))  # type: ignore[attr-defined]
def test_every_command_is_documented(command: str) -> None:
    assert f"`sitegen {command} " in text("commands.md")


@pytest.mark.parametrize("key", sorted(set(Config.__struct_fields__) - NOT_KEYS))
def test_every_setting_is_documented(key: str) -> None:
    assert f"| `{key}`" in text("configuration.md") or f"| `{key}." in text("configuration.md")


@pytest.mark.parametrize("key", [*Repository.__struct_fields__, *Stages.__struct_fields__])
def test_every_setting_of_a_repository_and_of_stages_is_documented(key: str) -> None:
    assert re.search(rf"(\b{key}:|stages\.{key})", text("configuration.md"))


def kinds() -> set[str]:
    """The kinds of problems that the code can report, as far as they stand there as texts."""
    rooms = ("tag", "commit", "ref", "annotation", "values", "yaml", "pipeline", "gto", "file")
    rooms = (*rooms, "path", "tree", "repository", "version")
    pattern = re.compile(rf'"((?:{"|".join(rooms)})\.[a-z][a-z-]+)"')
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "sitegen").rglob("*.py"))
    found = {match for source in sources for match in pattern.findall(source)}
    # File names of the formats look the same.
    return {kind for kind in found if not kind.endswith((".json", ".yaml", ".py", ".git", ".html"))}


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_of_problem_is_documented(kind: str) -> None:
    assert f"`{kind}`" in text("commands.md")


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=str)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).is_file(), target


def test_every_page_is_on_the_first_one() -> None:
    index = text("index.md")
    for page in PAGES:
        if page.name != "index.md":
            assert f"]({page.relative_to(CONTENT)})" in index


def test_no_document_names_a_command_that_is_not_there() -> None:
    assert isinstance(main, click.Group)
    for page in [*PAGES, ROOT / "README.md"]:
        for name in re.findall(r"(?:`|^)sitegen ([a-z]+)", page.read_text(encoding="utf-8"), re.M):
            assert name in main.commands, (page.name, name)
