"""Hostile tags, from Git to the published portal: names, dates, targets, bytes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sitegen.site.text import visible
from tests.gitrepo import START, GitRepo
from tests.hazards import assert_diagnosed, assert_good, publish, repository, sitegen

MARKUP = '"><img/src=x/onerror=alert(1)>@v1.0.0'
SHELL = "$(touch${IFS}pwn)@v1.0.0"
OPTION = "--output=x@v1.0.0"

# Bidi controls, zero-width characters, the soft hyphen, a tag character and the line separators.
DECEIVING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\u200e\u200f"
DECEIVING += "\u061c\u2060\ufeff\xad\u2028\u2029\U000e0041"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return repository(tmp_path / "repo")


def raw_tag(
    repo: GitRepo,
    name: str,
    tagger: bytes | None = b"Ada <ada@example.com> 1704067300 +0000",
    *,
    target: str = "",
    kind: str = "commit",
    called: str = "",
    message: bytes = b"x",
) -> str:
    """A tag object written byte by byte, and its ref."""
    lines = [
        b"object %s" % (target or repo.head).encode(),
        b"type %s" % kind.encode(),
        b"tag %s" % (called or name).encode(),
        *([b"tagger " + tagger] if tagger is not None else []),
    ]
    oid = repo.raw_object("tag", b"\n".join(lines) + b"\n\n" + message + b"\n")
    repo.ref(f"refs/tags/{name}", oid)
    return oid


@pytest.mark.parametrize("name", [MARKUP, SHELL, OPTION])
def test_markup_shell_and_options_in_a_tags_name_are_text(repo: GitRepo, name: str) -> None:
    repo.tag(name)
    portal = publish(repo)
    found = assert_diagnosed(portal, "tag.near-miss", ref=name)
    assert len(portal.problems) == 1
    assert found.repo == "repo"
    assert_good(portal)
    assert set(portal.models()) == {"good"}
    for path, text in portal.pages().items():
        assert "<img/" not in text, path
    assert not [path for path in repo.path.parent.rglob("*") if path.name in ("pwn", "x@v1.0.0")]


def test_the_commands_exit_with_one_for_problems_only_when_told_to(repo: GitRepo) -> None:
    for name in (MARKUP, SHELL, OPTION):
        repo.tag(name)
    folder = repo.path.parent
    done = sitegen("build", repo.path, folder=folder)
    for name in (MARKUP, SHELL, OPTION):
        assert f"repo {name}: " in done.stderr
    strict = sitegen("build", repo.path, "--strict", folder=folder, check=False)
    assert strict.returncode == 1
    assert (folder / "_site/models/repo/good.html").is_file()
    assert sitegen("check", repo.path, folder=folder, check=False).returncode == 1
    assert not list(folder.rglob("pwn"))


DATES = {
    "negative": b"-86400 +0000",
    "far": b"100000000000000000 +0000",
    "zone": b"1704067300 +9959",
}


def test_strange_dates_are_called_invalid_and_lose_no_other_row(repo: GitRepo) -> None:
    for name, date in DATES.items():
        raw_tag(repo, f"{name}@v1.0.0", b"Ada <ada@example.com> " + date)
    raw_tag(repo, "late@v1.0.0", b"Ada <ada@example.com> 4102444800 +0530")
    portal = publish(repo)
    for name in DATES:
        assert "invalid date" in assert_diagnosed(portal, "tag.date", ref=f"{name}@v1.0.0").reason
    assert len(portal.problems) == 3
    assert_good(portal)
    models = portal.models()
    for name in DATES:
        [version] = models[name]["versions"]
        assert version["created_at"] is None
        page = portal.text(version["url"])
        assert "invalid date" in page
        assert "Ada" in page
    assert models["late"]["versions"][0]["created_at"] == "2100-01-01T05:30:00+05:30"
    assert "1 Jan 2100" in portal.text("models/repo/late.html")
    for path, data in portal.files().items():
        if path.startswith("static/lib/"):
            continue  # code of others, which is the same in every portal
        # A problem may say of a date that it is not after 1970; nothing is dated so.
        said = data.replace(b"between the years 1970 and 9999", b"")
        assert b"1970" not in said, path
        assert b"1969" not in said, path
    dates = [row["timestamp"] for row in portal.json("api/v1/events.json")]
    assert len(dates) == 6
    assert dates[-3:] == [None, None, None]


def test_tags_of_anything_but_commits_are_told_one_by_one(repo: GitRepo) -> None:
    repo.tag("tree@v1.0.0", "HEAD^{tree}")
    repo.tag("blob@v1.0.0", "HEAD:metrics.json")
    repo.lightweight_tag("light@v1.0.0")
    repo.ref("refs/tags/bare@v1.0.0", repo.git("rev-parse", "HEAD^{tree}"))
    repo.ref("refs/tags/dangling@v1.0.0", "d" * 40)
    raw_tag(repo, "gone@v1.0.0", target="e" * 40)
    inner = repo.tag("nested@v1.0.0")
    repo.tag("nested@v2.0.0", inner)
    for depth in range(9):
        inner = repo.tag(f"chain-{depth}", inner)
    repo.tag("deep@v1.0.0", inner)
    portal = publish(repo)
    kinds = {
        "tree": "tag.target",
        "blob": "tag.target",
        "light": "tag.lightweight",
        "bare": "tag.target",
        "deep": "tag.target",
    }
    for name, kind in kinds.items():
        assert_diagnosed(portal, kind, ref=f"{name}@v1.0.0")
    [dangling] = [p for p in portal.problems if "dangling" in p.ref]
    assert dangling.reason
    [gone] = [p for p in portal.problems if "e" * 40 in p.ref + p.reason]
    assert gone.kind == "commit.missing"
    assert len(portal.problems) == 7
    assert_good(portal)
    models = portal.models()
    assert [v["version"] for v in models["nested"]["versions"]] == ["v2.0.0", "v1.0.0"]
    assert models["nested"]["versions"][0]["commit"] == repo.head
    assert set(models) <= {"good", "nested", "gone"}


def test_tags_without_tagger_with_other_bytes_or_another_name_are_kept(repo: GitRepo) -> None:
    raw_tag(repo, "nobody@v1.0.0", None)
    raw_tag(repo, "latin@v1.0.0", "Zoë <z@example.com> 1704067300 +0000".encode("latin-1"))
    raw_tag(repo, "zero@v1.0.0", message=b"before\0after")
    raw_tag(repo, "here@v1.0.0", called="there@v9.9.9")
    portal = publish(repo)
    assert_diagnosed(portal, "tag.tagger", ref="nobody@v1.0.0")
    assert_diagnosed(portal, "tag.encoding", ref="latin@v1.0.0")
    assert_diagnosed(portal, "tag.encoding", ref="zero@v1.0.0")
    assert_diagnosed(portal, "tag.name", ref="here@v1.0.0")
    assert len(portal.problems) == 4
    assert_good(portal)
    models = portal.models()
    assert set(models) == {"good", "nobody", "latin", "zero", "here"}
    assert models["here"]["latest"] == "v1.0.0"
    assert "invalid date" in portal.text("models/repo/nobody.html")
    assert models["latin"]["versions"][0]["author"] == "Zo\ufffd"
    assert models["zero"]["versions"][0]["message"] == "before\ufffdafter"
    for path, text in portal.texts().items():
        assert "\0" not in text, path


def test_no_page_holds_a_character_that_hides_or_turns_text(repo: GitRepo) -> None:
    said = f"to{DECEIVING}live"
    repo.commit(
        {
            "artifacts.yaml": f'good: {{type: model, description: "a{said}", labels: ["b{said}"], '
            f'path: "c{said}"}}\n',
            "metrics.json": f'{{"f1": 1, "d{said}": "e{said}"}}',
            "dvc.yaml": "metrics: [metrics.json]\n",
            f"f{said}/dvc.yaml": "artifacts: {m: {type: model}}\n",
        },
        f"g{said}",
        author=(f"h{said}", "h@example.com"),
    )
    repo.tag("good@v2.0.0", message=f"i{said}")
    repo.tag(f"j{said}@v1.0.0")
    raw_tag(repo, "who@v1.0.0", f"k{said} <k@example.com> 1704067300 +0000".encode())
    portal = publish(repo)
    assert_diagnosed(portal, "tag.near-miss", ref=f"j{said}@v1.0.0")
    raw = re.compile(f"[{DECEIVING}]")
    shown = (".html", ".svg", ".xml", ".css", ".js")
    for path, text in portal.texts().items():
        assert not path.endswith(shown) or not raw.search(text), path
    page = portal.text("models/repo/good/v2.0.0.html")
    for letter in "abegi":
        assert visible(f"{letter}{said}").split("\n")[0] in page, letter
    assert portal.models()["good"]["versions"][0]["message"] == f"i{said}"
    # What is printed cannot turn or hide the terminal's text either.
    done = sitegen("check", repo.path, folder=repo.path.parent, check=False)
    assert not raw.search(done.stdout + done.stderr)
    assert visible(f"j{said}@v1.0.0") in done.stdout


def test_builds_of_one_version_and_huge_counters_are_all_kept_in_one_order(tmp_path: Path) -> None:
    digits = "1234567890" * 20
    rows = []
    for order in (1, -1):
        repo = repository(tmp_path / str(order) / "repo")
        for name in ["m@v1.0.0+a", "m@v1.0.0+b", f"m#prod#{digits}"][::order]:
            repo.tag(name, when=START + 60)
        portal = publish(repo)
        assert_good(portal)
        rows.append(portal.models()["m"])
    assert rows[0] == rows[1]
    assert sorted(v["version"] for v in rows[0]["versions"]) == ["v1.0.0+a", "v1.0.0+b"]
    assert len({v["url"] for v in rows[0]["versions"]}) == 2
    assert f"m#prod#{digits}" in [event["tag"] for event in rows[0]["history"]]


def test_a_number_too_long_for_anybody_is_a_problem(repo: GitRepo) -> None:
    name = f"m#prod#{'9' * 1500}"
    repo.git("pack-refs", "--all")
    packed = repo.git_dir / "packed-refs"
    tag = repo.git("rev-parse", "refs/tags/good#prod#1")
    packed.write_text(f"{packed.read_text()}{tag} refs/tags/{name}\n")
    portal = publish(repo)
    assert "digits" in assert_diagnosed(portal, "tag.near-miss", ref=name).reason
    assert_good(portal)
