"""The documents name everything there is, and lead nowhere that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sitegen.cli import common, modelreg, site
from sitegen.config import Config, Promotion, Repository, Stages
from sitegen.errors import SitegenError
from sitegen.gitio import refs
from sitegen.safeyaml import YamlError

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "content"
PAGES = sorted(CONTENT.rglob("*.md"))
# What the command line fills in by itself, or the environment.
NOT_KEYS = {"folder", "source", "problems", "epoch"}
# Program -> its commands, and the page that tells of them.
PROGRAMS: dict[str, tuple[click.Group, str]] = {
    "sitegen": (site.main, "commands.md"),  # type: ignore[dict-item]
    "modelreg": (modelreg.main, "modelreg.md"),
}


def commands() -> Iterator[tuple[str, str]]:
    for program, (main, _) in PROGRAMS.items():
        for name in main.commands:
            yield program, name


def options() -> Iterator[tuple[str, str, str]]:
    for program, (main, _) in PROGRAMS.items():
        for name, command in main.commands.items():
            for parameter in command.params:
                if isinstance(parameter, click.Option):
                    for spelling in (*parameter.opts, *parameter.secondary_opts):
                        yield program, name, spelling


def text(name: str) -> str:
    return (CONTENT / name).read_text(encoding="utf-8")


def of_command(program: str, command: str) -> str:
    """The parts of the program's page whose headings name a command."""
    _, *parts = re.split(r"(?m)^## ", text(PROGRAMS[program][1]))
    named = [part for part in parts if f"`{command}`" in part.partition("\n")[0]]
    return "\n".join(named)


@pytest.mark.parametrize(("program", "command", "option"), sorted(set(options())))
def test_every_option_is_documented_where_its_command_is(
    program: str, command: str, option: str
) -> None:
    lines = of_command(program, command).splitlines()
    rows = (row.split("|")[1] for row in lines if row.startswith("|"))
    assert any(f"`{option}`" in row for row in rows)


def test_no_option_is_documented_that_a_command_lacks() -> None:
    known = set(options())
    for program, command in commands():
        for row in of_command(program, command).splitlines():
            for option in re.findall(r"`(--?[a-z-]+)`", row.split("|")[1] if "|" in row else ""):
                assert (program, command, option) in known


@pytest.mark.parametrize(("program", "command"), sorted(commands()))
def test_every_command_is_documented(program: str, command: str) -> None:
    assert re.search(rf"`{program} {command}[ `]", text(PROGRAMS[program][1]))


def test_every_other_name_of_a_command_is_documented() -> None:
    for alias in modelreg.main.aliases:
        assert f"`{alias}`" in text("modelreg.md")


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_exit_status_is_documented(program: str) -> None:
    statuses = (0, common.KNOWN, common.USAGE, common.UNEXPECTED, common.INTERRUPTED)
    _, _, table = text(PROGRAMS[program][1]).partition("\n## Exit statuses\n")
    rows = re.findall(r"(?m)^\| (\d+) \|", table.partition("\n## ")[0])
    assert [int(row) for row in rows] == list(statuses)


def errors(of: type[SitegenError] = SitegenError) -> set[str]:
    return {of.kind}.union(*(errors(kind) for kind in of.__subclasses__()))


def test_every_error_of_modelreg_is_documented() -> None:
    assert {refs.RaceLost.kind, YamlError.kind} <= errors()
    _, _, table = text("modelreg.md").partition("\n## Errors\n")
    told = set(re.findall(r"(?m)^\| `([a-z]+)` \|", table))
    # What only a portal meets, and the root of the tree.
    assert told == errors() - {"error", "render", "snapshot"}


@pytest.mark.parametrize("key", Promotion.__struct_fields__)
def test_every_promotion_rule_is_documented(key: str) -> None:
    assert f"\n  {key}:" in text("modelreg.md")


@pytest.mark.parametrize("key", sorted(set(Config.__struct_fields__) - NOT_KEYS))
def test_every_setting_is_documented(key: str) -> None:
    assert f"| `{key}`" in text("configuration.md") or f"| `{key}." in text("configuration.md")


@pytest.mark.parametrize("key", [*Repository.__struct_fields__, *Stages.__struct_fields__])
def test_every_setting_of_a_repository_and_of_stages_is_documented(key: str) -> None:
    assert re.search(rf"(\b{key}:|stages\.{key})", text("configuration.md"))


def kinds() -> set[str]:
    """The kinds of problems that the code can report, as far as they stand there as texts."""
    rooms = ("tag", "commit", "ref", "annotation", "values", "yaml", "pipeline", "gto", "file")
    rooms = (*rooms, "path", "tree", "repository", "version", "card", "dvc")
    pattern = re.compile(rf'"((?:{"|".join(rooms)})\.[a-z][a-z-]+)"')
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "sitegen").rglob("*.py"))
    found = {match for source in sources for match in pattern.findall(source)}
    # File names of the formats look the same.
    names = (".json", ".yaml", ".lock", ".py", ".git", ".html")
    return {kind for kind in found if not kind.endswith(names)}


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
    for page in [*PAGES, ROOT / "README.md"]:
        said = page.read_text(encoding="utf-8")
        for program, (main, _) in PROGRAMS.items():
            names = main.commands.keys() | getattr(main, "aliases", {}).keys()
            for name in re.findall(rf"(?:`|^){program} ([a-z][a-z-]+)", said, re.M):
                assert name in names, (page.name, name)
