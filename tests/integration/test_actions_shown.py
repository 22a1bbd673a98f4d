"""The commands that dialogs fill in do what the dialogs say, when a shell runs them."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page

from sitegen import config, pipeline
from sitegen.cli.modelreg import jobs, main
from sitegen.site.model import ModelView
from tests.conftest import ROOT
from tests.gitrepo import GitRepo

MESSAGE = 'It\'s "done": $HOME, `id`, \\ and !!\n\n- two lines'
MODELREG = f"""#!/bin/sh
PYTHONPATH={ROOT} exec {sys.executable} -c 'from sitegen.cli.modelreg import main; main()' "$@"
"""


class Place(NamedTuple):
    """A clone, what it was cloned from, the portal of it, and the programs that a shell finds."""

    clone: Path
    hub: Path
    portal: Path
    programs: Path
    models: tuple[ModelView, ...]

    def sh(self, command: str) -> str:
        """What a shell prints of a command in the clone."""
        path = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self.clone,
            check=False,
            capture_output=True,
            text=True,
            env=os.environ | {"PATH": path},
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        return done.stdout

    def tags(self) -> dict[str, tuple[str, str]]:
        """What others see: tag -> (its commit, its message)."""
        form = "%(refname:short)%00%(*objectname)%00%(contents)%01"
        text = subprocess.run(
            ["git", "for-each-ref", f"--format={form}", "refs/tags"],
            cwd=self.hub,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        rows = [row.strip("\n").split("\0") for row in text.split("\1") if row.strip()]
        return {name: (commit, message.strip()) for name, commit, message in rows}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, isolated: None) -> Place:
    """Models at every turn of their lives, and the portal of a clone."""
    top = tmp_path_factory.mktemp("actions")
    repo = GitRepo(top / "work")
    repo.commit({"dvc.yaml": "artifacts:\n  idea: {path: idea.pkl, type: model}\n"})
    for tag in ("m@v1.0.0", "m#prod#1", "cv=nn@v0.1.0", "back@v1.0.0", "back@deprecated"):
        repo.tag(tag)
    repo.commit({"a": "1"})
    for tag in ("m@v1.1.0", "m#dev#2", "m#prod#3", "back@v1.1.0", "back@v1.1.0!"):
        repo.tag(tag)
    repo.tag("back@v1.1.0#5")
    repo.commit({"a": "2"})
    repo.tag("cv=nn#dev#1")  # of a commit that no registration names
    repo.commit({"a": "3"})
    repo.commit({".github/workflows/modelreg.yml": jobs.github("true")})
    subprocess.run(["git", "clone", "-q", "--bare", repo.path, top / "hub.git"], check=True)
    subprocess.run(["git", "clone", "-q", top / "hub.git", top / "clone"], check=True)
    (top / "programs").mkdir()
    (top / "programs/modelreg").write_text(MODELREG)
    (top / "programs/modelreg").chmod(0o755)
    (top / "sitegen.yaml").write_text(
        "repositories: [{path: clone, web: 'https://github.com/team/repo'}]"
    )
    settings = config.load(top / "sitegen.yaml")
    built = pipeline.build(settings)
    programs, models = top / "programs", built.site.models
    return Place(top / "clone", top / "hub.git", built.output, programs, models)


@pytest.fixture
def place(made: Place, tmp_path: Path) -> Place:
    """The same, to be written to."""
    shutil.copytree(made.clone, tmp_path / "clone")
    shutil.copytree(made.hub, tmp_path / "hub.git")
    subprocess.run(
        ["git", "remote", "set-url", "origin", tmp_path / "hub.git"],
        cwd=tmp_path / "clone",
        check=True,
    )
    return made._replace(clone=tmp_path / "clone", hub=tmp_path / "hub.git")


def shown(page: Page, place: Place, path: str, filled: Mapping[str, str]) -> tuple[str, list[str]]:
    """The command of a dialog and the tags that it says the command makes."""
    page.goto("about:blank")
    push = {"add-push" if filled["do"] == "add" else "push": "yes"}
    page.goto(f"{(place.portal / path).as_uri()}#{urlencode(push | filled)}")
    command = page.locator("dialog .code [data-copy]").get_attribute("data-copy")
    assert command
    said = page.locator("dialog .effect li", has_text="Makes the tag")
    return command, [each.locator("code").first.inner_text() for each in said.all()]


def planned(place: Place, command: str) -> list[str]:
    """The tags that `modelreg` itself would make."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place.clone)
        done = CliRunner().invoke(main, [*shlex.split(command)[1:], "--dry-run"])
    assert done.exit_code == 0, done.output
    start = "would make the tag "
    lines = done.stdout.splitlines()
    return [line[len(start) :].partition(",")[0] for line in lines if line.startswith(start)]


ACTIONS = {
    "the next patch": ("m", {"do": "register"}, ["m@v1.1.1"]),
    "a prerelease of a commit": (
        "m", {"do": "register", "version": "v2.0.0-rc.1", "revision": "HEAD~1"}, ["m@v2.0.0-rc.1"],
    ),
    "the first version": ("idea", {"do": "register"}, ["idea@v0.0.1"]),
    "a folder's model": ("cv~nn", {"do": "register"}, ["cv=nn@v0.1.1"]),
    "a stage": ("m", {"do": "assign", "stage": "dev", "version": "v1.0.0"}, ["m#dev#4"]),
    "a stage that was not there": ("m", {"do": "assign", "stage": "qa/eu"}, ["m#qa/eu#4"]),
    "a stage of a commit": (
        "m", {"do": "assign", "stage": "dev", "version": "HEAD"}, ["m@v1.1.1", "m#dev#4"],
    ),
    "back into a stage": (
        "m", {"do": "assign", "stage": "prod", "version": "v1.0.0"}, ["m#prod#4"],
    ),
    "out of a stage": ("m", {"do": "unassign", "stage": "dev"}, ["m#dev!#4"]),
    "an older one out of a stage": (
        "m", {"do": "unassign", "stage": "prod", "version": "v1.1.0"}, ["m#prod!#4"],
    ),
    "withdrawn": ("m", {"do": "deregister", "version": "v1.0.0"}, ["m@v1.0.0!"]),
    "withdrawn again": ("back", {"do": "deregister", "version": "v1.1.0"}, ["back@v1.1.0!#6"]),
    "deprecated": ("m", {"do": "deprecate"}, ["m@deprecated"]),
    "deprecated again": ("back", {"do": "deprecate"}, ["back@deprecated#6"]),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTIONS)
def test_a_command_makes_the_tags_that_its_dialog_says(name: str, page: Page, place: Place) -> None:
    model, filled, tags = ACTIONS[name]
    before = place.tags()
    path = f"models/clone/{model}.html"
    command, said = shown(page, place, path, filled | {"message": MESSAGE})
    # Of a commit the page does not know whether it has a version yet.
    assert said == tags or (name == "a stage of a commit" and said == tags[1:])
    assert planned(place, command) == tags
    place.sh(command)
    after = place.tags()
    assert sorted(after.keys() - before.keys()) == sorted(tags)
    assert after[tags[-1]][1] == MESSAGE


@pytest.mark.parametrize("name", ["a prerelease of a commit", "out of a stage", "deprecated"])
def test_the_git_hosts_job_does_what_the_dialog_tells_to_enter(
    name: str, page: Page, place: Place
) -> None:
    model, filled, tags = ACTIONS[name]
    before = place.tags()
    run_job(page, place, f"models/clone/{model}.html", filled | {"message": MESSAGE})
    after = place.tags()
    assert sorted(after.keys() - before.keys()) == sorted(tags)
    assert after[tags[-1]][1] == MESSAGE


def test_the_git_hosts_job_describes_a_new_model(page: Page, place: Place) -> None:
    filled = {"do": "add", "add-name": "x", "add-path": "$(a) 'b'.pkl", "add-labels": "a b,*"}
    run_job(page, place, "index.html", filled)
    assert described(place, "x") == ("$(a) 'b'.pkl", ["a b", "*"], "")


def run_job(page: Page, place: Place, path: str, filled: Mapping[str, str]) -> None:
    """Run the job's script with what a dialog says is to be entered."""
    shown(page, place, path, filled)
    link = page.get_by_role("link", name="Run it on GitHub").get_attribute("href")
    assert link == "https://github.com/team/repo/actions/workflows/modelreg.yml"
    rows = page.locator("dialog .inputs > div").all()
    entered = {
        row.locator("dt").inner_text(): row.locator("code").text_content() or "" for row in rows
    }
    assert entered.keys() <= {"action", *jobs.INPUTS}
    with pytest.MonkeyPatch.context() as patch:
        # GitHub sets every input, an empty one too.
        for name in ("action", *jobs.INPUTS):
            patch.setenv(f"MODELREG_{name.upper()}", entered.get(name, ""))
        patch.setenv("MODELREG_AUTHOR", "ann <ann@users.noreply.github.com>")
        place.sh(jobs.SCRIPT)


def test_an_unregistered_version_is_registered_by_its_own_page(page: Page, place: Place) -> None:
    pages = (place.portal / "models/clone/cv~nn").glob("*.html")
    (path,) = (page for page in pages if len(page.stem) == 40)
    relative = str(path.relative_to(place.portal))
    command, said = shown(page, place, relative, {"do": "register"})
    assert said == planned(place, command) == ["cv=nn@v0.1.1"]
    place.sh(command)
    assert place.tags()["cv=nn@v0.1.1"][0].startswith(path.stem[:7])


def test_an_unregistered_version_is_taken_out_of_its_stage(page: Page, place: Place) -> None:
    command, said = shown(
        page, place, "models/clone/cv~nn.html", {"do": "unassign", "stage": "dev"}
    )
    assert said == planned(place, command) == ["cv=nn#dev!#2"]
    place.sh(command)


@pytest.mark.parametrize("do", ["unassign", "deregister"])
def test_who_holds_a_stage_afterwards_is_told(do: str, page: Page, place: Place) -> None:
    filled = {"do": do, "version": "v1.1.0", **({"stage": "prod"} if do == "unassign" else {})}
    command, _ = shown(page, place, "models/clone/m.html", filled)
    said = page.locator("dialog .effect li", has_text="It leaves").all_inner_texts()
    prod, dev = (
        "It leaves prod, which v1.0.0 then holds: it was assigned before.",
        ("It leaves dev, which no version is in then."),
    )
    assert said == ([prod] if do == "unassign" else [dev, prod])
    place.sh(command)
    assert place.sh("modelreg show m#prod --version").strip() == "v1.0.0"


def test_without_push_the_tag_stays_in_the_clone(page: Page, place: Place) -> None:
    before = place.tags()
    command, _ = shown(page, place, "models/clone/m.html", {"do": "deprecate", "push": "no"})
    place.sh(command)
    assert place.tags() == before
    assert "m@deprecated" in place.sh("git tag")


def test_at_an_address_no_clone_is_needed(page: Page, place: Place, tmp_path: Path) -> None:
    odd = tmp_path / "it's a $(hub).git"
    place.hub.rename(odd)
    filled = {"do": "register", "where": odd.as_uri().replace("%27", "'"), "message": MESSAGE}
    command, said = shown(page, place, "models/clone/m.html", filled)
    (tmp_path / "empty").mkdir()
    place._replace(clone=tmp_path / "empty").sh(command)
    assert place._replace(hub=odd).tags()[said[0]][1] == MESSAGE


def test_a_folder_elsewhere_is_named_with_r(page: Page, place: Place, tmp_path: Path) -> None:
    odd = tmp_path / "-it's $(mine)"
    place.clone.rename(odd)
    (tmp_path / "empty").mkdir()
    filled = {"do": "register", "where": str(odd)}
    command, said = shown(page, place, "models/clone/m.html", filled)
    place._replace(clone=tmp_path / "empty").sh(command)
    assert said[0] in place.tags()


def test_a_new_model_is_described_committed_and_registered(page: Page, place: Place) -> None:
    filled = {
        "do": "add", "add-name": "risk/score", "add-path": "models/it's.pkl",
        "add-labels": "a, b's $(c)", "add-description": "Who\n\"leaves\"",
    }  # fmt: skip
    command, said = shown(page, place, "index.html", filled)
    place.sh(command)
    assert said == ["risk/score@v0.0.1"]
    assert place.tags()[said[0]][0] == place.sh("git rev-parse HEAD").strip()
    assert described(place, "risk/score") == (
        "models/it's.pkl", ["a", "b's $(c)"], 'Who\n"leaves"',
    )  # fmt: skip


def described(place: Place, name: str) -> tuple[str, list[str], str]:
    """Path, labels and description of a model, as others see them."""
    done = CliRunner().invoke(main, ["describe", name, "--json", "-r", str(place.hub)])
    told = json.loads(done.stdout)
    return told["path"], told["labels"], told["description"]


def test_the_commands_that_stand_without_javascript_run(place: Place) -> None:
    for model in place.models:
        assert model.actions
        for each in model.actions.commands:
            assert planned(place, each.command), each
