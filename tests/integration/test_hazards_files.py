"""Hostile files in a repository, from Git to the published portal."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from sitegen.errors import Problem
from tests.conftest import ROOT
from tests.gitrepo import GitRepo
from tests.hazards import (
    Portal,
    assert_diagnosed,
    assert_good,
    publish,
    repository,
    sitegen,
    strict_json,
)

DEEP = 25_000
BOMBS = {
    "aliases": "\n".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'lol'] * 10)}]" for n in range(10)
    ),
    "merges": "\n".join(
        f"a{n}: &a{n} " + (f"{{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" if n else "{k: v}")
        for n in range(10)
    ),
    "flow": "a: " + "[" * DEEP,
    "maps": "a: " + "{a: " * DEEP,
    "block": "a:\n  " + "- " * DEEP,
    "keys": "? " * DEEP,
    "python": 'm: !!python/object/apply:os.system ["touch pwn"]',
}

PLACES = ("artifacts.yaml", "sub/dvc.yaml", "params.yaml", "bomb.yaml")
# Builds each folder's repository, and says what came of it, and how much work and more memory that
# took.
MEASURE = """
import resource, sys, time
from pathlib import Path
import msgspec
from tests.hazards import publish
publish(Path(sys.argv[1]), output="first")
for path in map(Path, sys.argv[2:]):
    memory, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    portal = publish(path, output=f"site-{path.name}")
    seconds = time.process_time() - started
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    row = [str(portal.folder), portal.problems, seconds, more / 1024]
    print(msgspec.json.encode(row).decode())
"""


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return repository(tmp_path / "repo")


class Bombed(NamedTuple):
    """A portal of a repository with a bomb in every place, and what it took to build."""

    portal: Portal
    commit: str
    seconds: float
    megabytes: float


@pytest.fixture(scope="module")
def bombed(isolated: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Bombed]:
    """Bomb -> what came of it. The first build of the process, which is longer, is of none."""
    folder = tmp_path_factory.mktemp("bombs")
    commits = {}
    for name, bomb in BOMBS.items():
        repo = repository(folder / name)
        declared = "metrics: [bomb.yaml, metrics.json]\nparams: [params.yaml]\n"
        commits[name] = repo.commit({**dict.fromkeys(PLACES, bomb), "dvc.yaml": declared})
        repo.tag("m@v1.0.0")
    sound = repository(folder / "sound").path
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, sound, *(folder / name for name in BOMBS)],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    found = {}
    for name, line in zip(BOMBS, done.stdout.splitlines(), strict=True):
        row = msgspec.json.decode(line, type=tuple[str, tuple[Problem, ...], float, float])
        found[name] = Bombed(Portal(Path(row[0]), row[1]), commits[name], row[2], row[3])
    assert not list(folder.rglob("pwn"))
    return found


@pytest.mark.parametrize("name", BOMBS)
def test_a_yaml_bomb_is_named_where_it_lies_and_costs_little(
    bombed: dict[str, Bombed], name: str
) -> None:
    portal, commit, seconds, megabytes = bombed[name]
    assert seconds < 2
    assert megabytes < 200
    for path in PLACES:
        [found] = [p for p in portal.problems if p.path == path]
        assert (found.repo, found.ref) == (name, commit)
        assert found.reason
    assert len(portal.problems) == len(PLACES)
    assert_good(portal)
    assert portal.models()["m"]["versions"][0]["metrics"] == {"metrics.json": {"f1": 0.8125}}
    assert not (ROOT / "pwn").exists()


def test_what_yaml_would_turn_into_something_else_is_shown_as_written(repo: GitRepo) -> None:
    repo.commit(
        {
            "params.yaml": "version: 3.10\nquoted: '3.10'\nswitch: on\nzip: 010\nsize: 1_000\n"
            "country: NO\ndate: 2024-01-02\nrate: 1e-3\nswitch: off\n",
            "artifacts.yaml": "good: {type: model, description: 3.10, labels: [on, 1.50]}\n",
        }
    )
    repo.tag("good@v2.0.0")
    portal = publish(repo)
    assert "already" in assert_diagnosed(portal, "values.params", path="params.yaml").reason
    assert len(portal.problems) == 1
    [version] = [v for v in portal.models()["good"]["versions"] if v["version"] == "v2.0.0"]
    page = portal.text(version["url"])
    for text in ("3.10", "on", "010", "1_000", "NO", "2024-01-02", "1e-3"):
        assert f">{text}</td>" in page, text
    assert (version["description"], version["labels"]) == ("3.10", ["on", "1.50"])
    params = version["params"]["params.yaml"]
    assert (params["version"], params["quoted"], params["switch"]) == (3.1, "3.10", "on")
    assert version["metrics"]["metrics.json"]["f1"] == 0.8125


def test_a_key_that_stands_twice_in_an_annotation_is_a_problem(repo: GitRepo) -> None:
    text = "m: {type: model, description: first, description: second}\nm: {type: data}\n"
    repo.commit({"artifacts.yaml": text})
    repo.tag("m@v1.0.0")
    portal = publish(repo)
    assert "already" in assert_diagnosed(portal, "yaml.duplicate", path="artifacts.yaml").reason
    assert_good(portal)
    assert portal.models()["m"]["description"] == "first"


JSON = {
    "nan.json": '{"nan": NaN, "up": Infinity, "down": -Infinity, "f1": 0.5}',
    "deep.json": "[" * 100_000,
    "deepmap.json": '{"a":' * 100_000,
    "digits.json": f'{{"n": {"7" * 5_000}, "big": {2**70}, "twice": 1, "twice": 2}}',
    "half.json": '{"\\ud800": "\\udfff"}',
    "text.json": "not JSON",
    "latin.json": b'{"caf\xe9": 1}',
    "nan.yaml": "nan: .nan\nup: .inf\n",
    "nan.toml": "nan = nan\nup = inf\n",
}


def test_every_data_file_published_is_json_whatever_the_metrics_hold(repo: GitRepo) -> None:
    declared = "metrics: [metrics.json, " + ", ".join(JSON) + "]\n"
    commit = repo.commit({**JSON, "dvc.yaml": declared})
    repo.tag("m@v1.0.0")
    portal = publish(repo)
    for path in ("deep.json", "deepmap.json", "text.json", "latin.json"):
        assert_diagnosed(portal, "values.metrics", path=path, ref=commit)
    assert_good(portal)
    for path, data in portal.files().items():
        if path.endswith(".json"):
            strict_json(data.decode())
    [version] = portal.models()["m"]["versions"]
    metrics = version["metrics"]
    assert metrics["nan.json"] == {"nan": "NaN", "up": "Infinity", "down": "-Infinity", "f1": 0.5}
    assert metrics["nan.yaml"] == metrics["nan.toml"] == {"nan": "NaN", "up": "Infinity"}
    assert metrics["digits.json"] == {"n": "7" * 5_000, "big": str(2**70), "twice": 2}
    assert metrics["half.json"] == {"\ufffd": "\ufffd"}
    assert metrics["metrics.json"] == {"f1": 0.8125}
    page = portal.text(version["url"])
    assert ">NaN</td>" in page
    assert ">-Infinity</td>" in page
    report = sitegen("build", repo.path, "--json", folder=repo.path.parent).stdout
    assert len(strict_json(report)["problems"]) == len(portal.problems)


BREAKOUTS = (
    "</script><img src=x onerror=alert(1)>",
    "<!--<script>alert(1)//",
    "]]><x/>&lt;&amp;",
    "'\"`${7*7}{{7*7}}{%x%}",
    "before\u2028after\u2029end",
    "\\u003c\\x3c&#60;",
)


@pytest.mark.parametrize("text", BREAKOUTS)
def test_text_that_would_break_out_is_escaped_and_comes_back_whole(
    repo: GitRepo, text: str
) -> None:
    said = json.dumps(text)
    repo.commit(
        {
            "artifacts.yaml": f"good: {{type: model, description: {said}, labels: [{said}], "
            f"path: {said}, custom: {{{said}: {said}}}}}\n",
            "metrics.json": f'{{"f1": 1, {said}: {said}}}',
        },
        text,
        author=("Eve" + text.translate(dict.fromkeys(map(ord, "<>\n"))), "eve@example.com"),
    )
    repo.tag("good@v2.0.0", message=text)
    portal = publish(repo)
    assert [p for p in portal.problems if p.kind != "annotation.path"] == []
    [version] = [v for v in portal.models()["good"]["versions"] if v["version"] == "v2.0.0"]
    assert version["description"] == version["message"] == text
    assert version["labels"] == [text]
    assert version["metrics"]["metrics.json"][text] == text
    for path, published in portal.texts().items():
        if path.startswith("static/"):
            continue
        assert "<img src=x" not in published, path
        assert "<!--<script" not in published, path
        assert "\u2028" not in published, path


def tree(repo: GitRepo, *entries: tuple[str, bytes, str]) -> str:
    """A tree object with entries as given, in that order."""
    rows = [f"{mode} ".encode() + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries]
    return repo.raw_object("tree", b"".join(rows))


def register(repo: GitRepo, name: str, tree_oid: str) -> str:
    """A commit of `tree_oid`, and the tag that registers it."""
    person = "Ada <ada@example.com> 1704067300 +0000"
    data = f"tree {tree_oid}\nauthor {person}\ncommitter {person}\n\nhostile\n"
    commit = repo.raw_object("commit", data.encode())
    repo.tag(name, commit)
    return commit


def test_links_are_never_followed(repo: GitRepo, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("good: {type: model, description: TOPSECRET}\nSECRET: 7\n")
    content = tmp_path / "content"
    content.mkdir()
    (content / "index.md").write_text("# Guide\n")
    (content / "README.md").symlink_to(secret)
    (content / "folder").symlink_to(tmp_path)
    links = {"artifacts.yaml": str(secret), "params.yaml": "../secret", "metrics.json": str(secret)}
    repo.commit(links, modes=dict.fromkeys(links, "120000"))
    repo.tag("m@v1.0.0")
    portal = publish(repo)
    for path in ("README.md", "folder"):
        [found] = [p for p in portal.problems if p.kind == "content" and p.path == path]
        assert "link" in found.reason
    assert_diagnosed(portal, "path.link", path="artifacts.yaml")
    assert_good(portal)
    [version] = portal.models()["m"]["versions"]
    assert (version["metrics"], version["params"], version["description"]) == ({}, {}, None)
    for path, data in portal.files().items():
        assert b"SECRET" not in data, path
        assert not (portal.folder / path).is_symlink()


def test_no_entry_of_a_tree_leaves_the_output(repo: GitRepo, tmp_path: Path) -> None:
    said = repo.raw_object("blob", b"artifacts: {m: {type: model, desc: Evil}}\n")
    inner = tree(repo, ("100644", b"dvc.yaml", said))
    names = (b"../../evil.md", b"new\nline", b"..", b".git", b"/etc")
    entries = [("40000", name, inner) for name in names]
    root = tree(
        repo, *entries, ("100644", b"artifacts.yaml", repo.git("rev-parse", "HEAD:artifacts.yaml"))
    )
    register(repo, "m@v1.0.0", root)
    before = {path for path in tmp_path.rglob("*") if ".git" not in path.parts}
    portal = publish(repo)
    unsafe = [p for p in portal.problems if p.kind == "path.unsafe"]
    assert len(unsafe) == len(portal.problems) == len(names)
    assert not any("\n" in p.path for p in unsafe)
    assert_good(portal)
    after = {path for path in tmp_path.rglob("*") if ".git" not in path.parts}
    assert {path.relative_to(tmp_path).parts[0] for path in after - before} <= {
        "_site", "._site.previous", "._site.lock",
    }  # fmt: skip
    assert not any("evil" in str(path).lower() for path in after)


def test_what_is_too_large_or_elsewhere_is_said_and_not_read(repo: GitRepo) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n"
    large = "x: 1 # " + "y" * (5 * 1024 * 1024)
    commit = repo.commit(
        {
            "dvc.yaml": "metrics: [metrics.json, lfs.json, large.yaml]\n",
            "lfs.json": pointer,
            "large.yaml": large,
            "sub/artifacts.yaml": large,
            "params.yaml": "lr: 1\n",
        }
    )
    blob = repo.git("rev-parse", f"{commit}:dvc.yaml")
    # A tree of trees, the same ones again and again: 2 * 10^12 files in a dozen objects.
    bomb = tree(repo, *(("100644", name, blob) for name in (b"artifacts.yaml", b"dvc.yaml")))
    for _ in range(12):
        bomb = tree(repo, *(("40000", b"d%d" % n, bomb) for n in range(10)))
    top = repo.git("ls-tree", commit).splitlines()
    rows = [("40000", b"bomb", bomb)]
    for line in top:
        mode, _, rest = line.partition(" ")
        oid, name = rest.split(" ", 1)[1].split("\t")
        rows.append((mode.removeprefix("0"), name.encode(), oid))
    register(repo, "m@v1.0.0", tree(repo, *sorted(rows, key=lambda row: row[1])))
    portal = publish(repo)
    assert_good(portal)
    reasons = {p.path: p.reason for p in portal.problems}
    assert "large.yaml" in reasons
    assert str(len(large)) in reasons["large.yaml"] or "bytes" in reasons["large.yaml"]
    [version] = portal.models()["m"]["versions"]
    assert version["metrics"]["metrics.json"] == {"f1": 0.8125}
    page = portal.text(version["url"])
    assert "in LFS, not fetched" in page
    assert any("tree" in p.kind or "path" in p.kind for p in portal.problems), reasons


def test_nothing_of_a_file_is_a_template(repo: GitRepo) -> None:
    text: Any = "{{ site }}{% raw %}${item}"
    repo.commit({"artifacts.yaml": f"good: {{type: model, description: {json.dumps(text)}}}\n"})
    repo.tag("good@v2.0.0")
    portal = publish(repo)
    assert text in portal.text("models/repo/good/v2.0.0.html")
