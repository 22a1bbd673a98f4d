"""The file that sets up a Git host's job: where it goes, and what it is not written over."""

from __future__ import annotations

import pytest

from sitegen import safeyaml
from tests.gitrepo import GitRepo

from .conftest import Call

GITHUB, GITLAB = ".github/workflows/modelreg.yml", ".gitlab/modelreg.yml"


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("git@github.com:team/repo.git", GITHUB),
        ("https://gitlab.example/team/repo.git", GITLAB),
    ],
)
def test_the_host_is_that_of_the_git_remote(
    address: str, path: str, repo: GitRepo, call: Call
) -> None:
    repo.git("remote", "add", "origin", address)
    shown = call("workflow").stdout
    assert shown.startswith(f"{path} is written")
    assert repo.git("status", "--porcelain", "-uall") == f"?? {path}"


def test_the_host_can_be_named(repo: GitRepo, call: Call) -> None:
    call("workflow", "github")
    assert (repo.path / GITHUB).is_file()


def test_an_unknown_host_is_asked_for(repo: GitRepo, call: Call) -> None:
    repo.git("remote", "add", "origin", "https://bitbucket.org/team/repo")
    shown = call("workflow", status=1)
    assert "bitbucket.org" in shown.output
    assert "github, gitlab" in shown.output


def test_a_file_that_is_there_stays_without_force(repo: GitRepo, call: Call) -> None:
    (repo.path / GITLAB).parent.mkdir()
    (repo.path / GITLAB).write_text("mine")
    assert "--force" in call("workflow", "gitlab", status=1).output
    assert (repo.path / GITLAB).read_text() == "mine"
    call("workflow", "gitlab", "--force")
    assert "modelreg:" in (repo.path / GITLAB).read_text()


def test_no_link_is_followed(repo: GitRepo, call: Call) -> None:
    (repo.path / ".github").symlink_to("/tmp")
    call("workflow", "github", status=1)


def test_a_bare_repository_has_no_place_for_it(repo: GitRepo, call: Call) -> None:
    repo.git("clone", "-q", "--bare", ".", "bare.git")
    assert "clone" in call("workflow", "github", "-r", "bare.git", status=1).output


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_the_install_command_is_one_line_of_the_job(host: str, repo: GitRepo, call: Call) -> None:
    install = "pip install 'sitegen[s3]' # it's: {ours}"
    call("workflow", host, "--install", install)
    text = (repo.path / (GITHUB if host == "github" else GITLAB)).read_text()
    job = safeyaml.load(text.encode()).value
    steps = job["jobs"]["modelreg"]["steps"] if host == "github" else job["modelreg"]["script"]
    assert install in [step.get("run") if isinstance(step, dict) else step for step in steps]
    call("workflow", host, "--force", "--install", "a\nb", status=2)
