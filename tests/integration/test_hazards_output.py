"""Names that would leave the output or meet there, hostile settings, and equal bytes."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from sitegen.demo import make_demo
from tests.gitrepo import GitRepo
from tests.hazards import Portal, assert_good, publish, repository, sitegen

LEAVING = ("../../x", "%2e%2e/x", "/etc/x", "..", "a/../../../x", "..\\\\x", "C:\\\\x", "~/x")
RESERVED = ("index", "con", "_headers", "_redirects", "CNAME", "404", "aux", "nul", "com1", "feed")
MEETING = ("Model", "model", "MODEL", "mod-el", "mod_el", "mod/el", "café", "cafe\u0301", "model.")
LONG = ("n" * 240, "é" * 200, "n" * 241)
SAFE = re.compile(r"[A-Za-z0-9._~-]+")


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return repository(tmp_path / "repo")


def assert_paths_are_safe(portal: Portal) -> None:
    """Every file is below the output, under a name for every file system and every host."""
    files = portal.files()
    folded = {unicodedata.normalize("NFC", path).casefold() for path in files}
    assert len(folded) == len(files)
    for path in files:
        for part in Path(path).parts:
            assert SAFE.fullmatch(part), path
            assert len(part.encode()) <= 200, path
            assert not part.endswith("."), path
            if path.startswith(("models/", "api/v1/models/", "api/v1/badges/", "api/v1/feeds/")):
                stem = part.partition(".")[0].lower()
                assert stem not in ("con", "aux", "nul", "prn", "com1", "cname", "_headers"), path
    tops = {path for path in files if "/" not in path}
    assert tops <= {
        "index.html", "activity.html", "problems.html", "404.html", ".sitegen", "search.html",
    }  # fmt: skip
    assert portal.folder.resolve() in (portal.folder / "index.html").resolve().parents


def test_names_in_annotations_never_leave_the_output_or_meet(repo: GitRepo, tmp_path: Path) -> None:
    names = (
        *LEAVING,
        *RESERVED,
        *MEETING,
        *LONG,
        "<b>",
        " ",
        "a b",
        "x?y#z",
        "-rf",
        "$(touch pwn)",
    )
    rows = "".join(f'"{name}": {{type: model, description: D}}\n' for name in names)
    repo.commit({"artifacts.yaml": "good: {type: model, labels: [fine]}\n" + rows})
    before = set(tmp_path.rglob("*"))
    portal = publish(repo)
    assert_good(portal)
    assert_paths_are_safe(portal)
    made = set(tmp_path.rglob("*")) - before
    assert {path.relative_to(tmp_path).parts[0].split(".")[0] for path in made} <= {"_site", ""}
    assert not (tmp_path.parent / "x").exists()
    models = portal.models()
    assert len({model["url"].casefold() for model in models.values()}) == len(models)
    for name in (*RESERVED, "Model", "model", "MODEL", LONG[0]):
        if re.fullmatch("[A-Za-z0-9][A-Za-z0-9_/-]*", name):
            assert name in models, name
            assert name in portal.text(models[name]["url"]), name
    # A name that is none is told, with the file that has it.
    told = {problem.reason for problem in portal.problems if problem.kind == "annotation.name"}
    for name in (*LEAVING, "<b>", "café", "model."):
        shown = name.replace("\\\\", "\\")
        assert shown in models or any(shown in r or repr(shown) in r for r in told), name
    assert all(problem.path == "artifacts.yaml" and problem.repo for problem in portal.problems)


def test_names_in_tags_never_leave_the_output_or_meet(repo: GitRepo) -> None:
    folders = (".=m", "a/.b=m", "x/y=m", "X/y=m", "con/aux=m")
    for name in (*RESERVED, *MEETING, *folders, "%2e%2e/x", "n" * 200, "x/y"):
        repo.tag(f"{name}@v1.0.0")
        for number, stage in enumerate(("Prod", "prod", "latest", "con"), 2):
            repo.tag(f"{name}#{stage}#{number}")
    repo.ref("refs/tags/..=m@v1.0.0", repo.git("rev-parse", "refs/tags/good@v1.0.0"))
    repo.ref("refs/tags/a/..b=m@v1.0.0", repo.git("rev-parse", "refs/tags/good@v1.0.0"))
    portal = publish(repo)
    assert_good(portal)
    assert_paths_are_safe(portal)
    models = portal.models()
    for name in ("index", "con", "CNAME", "404", "Model", "model", "MODEL", "n" * 200, "x/y"):
        assert models[name]["latest"] == "v1.0.0", name
        assert name in portal.text(models[name]["url"])
    assert not any(".." in name for name in models)


def test_repositories_whose_names_meet_are_kept_apart(tmp_path: Path) -> None:
    names = ("Repo", "repo", "con", "index", "a b", "café", "cafe\u0301", "n" * 200)
    repos = [repository(tmp_path / str(number) / name) for number, name in enumerate(names)]
    portal = publish(*repos, output=str(tmp_path / "site"))
    assert_paths_are_safe(portal)
    rows = portal.json("api/v1/registry.json")["models"]
    assert sorted(row["repo"] for row in rows) == sorted(names)
    assert len({row["url"].casefold() for row in rows}) == len(names)


@pytest.mark.parametrize(
    "color",
    ["red;position:fixed", "url(//evil/x)", "#12", "}*{color:red", "expression(1)", "r\\65d"],
)
def test_a_stage_colour_that_is_none_is_refused(repo: GitRepo, tmp_path: Path, color: str) -> None:
    (tmp_path / "sitegen.yaml").write_text(
        f"repositories: [{{path: repo}}]\nstages:\n  colors:\n    prod: '{color}'\n"
    )
    done = sitegen("build", folder=tmp_path, check=False)
    assert done.returncode == 1
    assert "sitegen.yaml" in done.stderr
    assert "prod" in done.stderr
    assert not (tmp_path / "_site").exists()


def test_a_stages_name_is_never_css(repo: GitRepo, tmp_path: Path) -> None:
    (tmp_path / "sitegen.yaml").write_text(
        "repositories: [{path: repo}]\nstages:\n  order: ['x}*{color:red', prod]\n"
        "  colors: {prod: '#123456', 'x}*{color:red': '#654321'}\n"
    )
    sitegen("build", folder=tmp_path)
    site = tmp_path / "_site"
    assert "x}" not in "".join(path.read_text() for path in site.rglob("*.css"))
    assert "#123456" in (site / "static/stages.css").read_text()


ENVIRONMENTS = (
    {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE", "PYTHONHASHSEED": "4711"},
    {"TZ": "America/St_Johns", "LC_ALL": "POSIX", "PYTHONHASHSEED": "0", "PYTHONUTF8": "0"},
)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    repos = [str(path) for path in make_demo(tmp_path / "demo")]
    hostile = repository(tmp_path / "hostile")
    hostile.commit(
        {
            "artifacts.yaml": "".join(f'"{n}": {{type: model}}\n' for n in (*MEETING, *LEAVING)),
            "dvc.yaml": "metrics: [m.json]\nartifacts: {İi: {type: x}}\n",
            "m.json": '{"a": NaN, "\u202e": "\u2028", "ß": 1, "b": [1, {"c": 2}]}',
        }
    )
    for name in ("m@v1.0.0+a", "m@v1.0.0+b", "m#prod#1", "m#dev#1", "bad@1", "x y@v1"):
        hostile.tag(name.replace(" ", "_"), when=hostile.now)
    hostile.lightweight_tag("light@v1.0.0")
    repos.append(str(hostile.path))
    sites = []
    for number, environ in enumerate(ENVIRONMENTS):
        order = repos[number:] + repos[:number]
        output = tmp_path / f"site{number}"
        sitegen("build", *order, "-o", output, "-q", folder=tmp_path, **environ)
        sites.append(Portal(output, ()).files())
    for other in sites[1:]:
        assert other.keys() == sites[0].keys()
        assert [path for path in other if other[path] != sites[0][path]] == []
