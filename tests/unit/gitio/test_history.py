"""Every commit that counts is listed, with what leads to it, by one process of git."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.errors import Problem
from sitegen.gitio import process
from sitegen.gitio.history import EVERYTHING, Selection, branch_tips, read_history
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.repository import open_repository, read_refs
from sitegen.registry.facts import DvcExperiment, History, Ref
from tests.gitrepo import START, GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"a": "1"}, "First")
    return repo


def read(repo: GitRepo, selection: Selection = EVERYTHING) -> tuple[History, tuple[Problem, ...]]:
    opened = open_repository(repo.path)
    with ObjectReader(opened) as reader:
        return read_history(reader, read_refs(opened), "repo", selection)


def history(repo: GitRepo, selection: Selection = EVERYTHING) -> History:
    found, problems = read(repo, selection)
    assert problems == ()
    return found


def experiment(repo: GitRepo, name: str, baseline: str, files: dict[str, str], parent: str) -> str:
    """A commit at refs/exps, as `dvc exp run` makes one."""
    repo.git("checkout", "-q", "--detach", parent)
    made = repo.commit({**files})
    repo.checkout("main")
    repo.ref(f"refs/exps/{baseline[:2]}/{baseline[2:]}/{name}", made)
    return made


def test_commits_of_branches_and_of_tags_are_listed(repo: GitRepo) -> None:
    first = repo.head
    side = repo.commit({"a": "2"}, branch="side")
    repo.tag("kept", side)
    repo.git("update-ref", "-d", "refs/heads/side")
    second = repo.commit({"a": "3"})
    found = history(repo)
    assert found.commits == tuple(sorted((first, side, second)))
    assert (found.branches, found.tags) == ({"main": second}, {"kept": side})


def test_lightweight_and_nested_tags_lead_to_their_commits(repo: GitRepo) -> None:
    repo.lightweight_tag("light")
    inner = repo.tag("inner")
    repo.tag("outer", inner)
    assert history(repo).tags == dict.fromkeys(("inner", "light", "outer"), repo.head)


def test_tags_of_files_and_folders_are_passed_over(repo: GitRepo) -> None:
    repo.tag("tree", "HEAD^{tree}")
    repo.ref("refs/tags/blob", repo.git("rev-parse", "HEAD:a"))
    assert history(repo).tags == {}


def test_a_detached_head_counts(repo: GitRepo) -> None:
    repo.git("checkout", "-q", "--detach")
    alone = repo.commit({"a": "2"})
    assert alone in history(repo).commits


def test_an_empty_repository_has_no_history(tmp_path: Path) -> None:
    assert history(GitRepo(tmp_path)) == History()


def test_branches_of_the_git_remote_count_where_there_is_no_local_one() -> None:
    refs = [
        Ref("refs/heads/main", "1"),
        Ref("refs/remotes/origin/HEAD", "2"),
        Ref("refs/remotes/origin/main", "2"),
        Ref("refs/remotes/origin/team/fix", "3"),
        Ref("refs/remotes/fork/else", "4"),
    ]
    assert branch_tips(refs) == {"main": "1", "team/fix": "3"}


def test_without_an_origin_the_first_git_remote_counts() -> None:
    refs = [Ref("refs/remotes/b/x", "1"), Ref("refs/remotes/a/y", "2")]
    assert branch_tips(refs) == {"y": "2"}


def test_dvc_experiments_are_found_under_their_baseline(repo: GitRepo) -> None:
    base = repo.head
    made = experiment(repo, "quiet-fox", base, {"a": "2"}, base)
    found = history(repo)
    assert found.experiments == (DvcExperiment("quiet-fox", (made,), base),)
    assert found.commits == (base,)


def test_what_dvc_keeps_for_itself_is_passed_over(repo: GitRepo) -> None:
    for name in ("stash", "apply", "celery/stash", "celery/failed", "exec/EXEC_HEAD", "temp/x"):
        repo.ref(f"refs/exps/{name}", repo.head)
    assert history(repo).experiments == ()


def test_checkpoints_belong_to_their_experiment(repo: GitRepo) -> None:
    base = repo.head
    one = experiment(repo, "x", base, {"a": "2"}, base)
    two = experiment(repo, "x", base, {"a": "3"}, one)
    assert history(repo).experiments == (DvcExperiment("x", (two, one), base),)


def test_a_baseline_that_no_branch_has_counts_with_its_experiments(repo: GitRepo) -> None:
    first = repo.head
    base = repo.commit({"a": "2"}, branch="gone")
    made = experiment(repo, "x", base, {"a": "3"}, base)
    repo.git("update-ref", "-d", "refs/heads/gone")
    found = history(repo)
    assert found.commits == tuple(sorted((first, base)))
    assert found.experiments == (DvcExperiment("x", (made,), base),)


def test_an_experiment_whose_baseline_is_missing_is_kept(repo: GitRepo) -> None:
    made = experiment(repo, "x", "ab" * 20, {"a": "2"}, repo.head)
    assert history(repo).experiments == (DvcExperiment("x", (made,), "ab" * 20),)


def test_older_commits_than_since_do_not_count(repo: GitRepo) -> None:
    base = repo.head
    experiment(repo, "x", base, {"a": "x"}, base)
    second = repo.commit({"a": "2"})
    third = repo.commit({"a": "3"})
    found = history(repo, Selection(since=START + 3))
    assert set(found.commits) == {second, third}
    assert found.experiments == ()


def test_at_most_so_many_commits_count_the_newest_ones(repo: GitRepo) -> None:
    made = [repo.commit({"a": str(number)}) for number in range(5)]
    assert set(history(repo, Selection(max_commits=2)).commits) == set(made[-2:])
    assert history(repo, Selection(max_commits=0)).commits == ()


def test_only_the_branches_that_are_asked_for_count(repo: GitRepo) -> None:
    first = repo.head
    fix = repo.commit({"a": "2"}, branch="fix/one")
    repo.commit({"a": "3"}, branch="other")
    repo.tag("other-tag", "other")
    found = history(repo, Selection(branches=("fix/*",)))
    assert set(found.commits) == {first, fix}
    assert (found.branches, found.tags) == ({"fix/one": fix}, {})


def test_a_branch_whose_commit_is_missing_loses_no_other(repo: GitRepo) -> None:
    repo.ref("refs/heads/bad", "ab" * 20)
    found, (problem,) = read(repo)
    assert found.branches == {"main": repo.head}
    assert (problem.kind, problem.ref) == ("branch.missing", "bad")


def test_an_experiment_whose_commit_is_missing_is_a_problem(repo: GitRepo) -> None:
    repo.ref(f"refs/exps/{repo.head[:2]}/{repo.head[2:]}/bad", "ab" * 20)
    found, (problem,) = read(repo)
    assert found.experiments == ()
    assert (problem.kind, problem.ref) == ("experiment.missing", "bad")


def test_what_can_be_reached_in_a_broken_history_is_listed(repo: GitRepo) -> None:
    lost = repo.head
    second = repo.commit({"a": "2"})
    third = repo.commit({"a": "3"})
    (repo.git_dir / "objects" / lost[:2] / lost[2:]).unlink()
    found, (problem,) = read(repo)
    assert set(found.commits) == {second, third}
    assert problem.kind == "history.broken"


def test_a_shallow_history_ends_without_a_problem(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit({"a": "2"})
    clone = GitRepo(tmp_path / "other")
    clone.git("fetch", "-q", "--depth=1", f"file://{repo.path}", "main:refs/heads/taken")
    assert history(clone).commits == (repo.head,)


def test_what_a_repository_says_of_parents_beside_its_commits_counts_for_nothing(
    repo: GitRepo,
) -> None:
    repo.commit({"a": "2"}, "Second")
    before = history(repo)
    grafts = repo.git_dir / "info" / "grafts"
    grafts.parent.mkdir(exist_ok=True)
    grafts.write_text(f"{repo.head}\n")
    repo.git("replace", "--graft", repo.head)
    assert len(before.commits) == 2
    assert history(repo).commits == before.commits


def test_the_number_of_processes_does_not_grow(repo: GitRepo) -> None:
    seen: list[tuple[str, ...]] = []

    def count() -> int:
        seen.clear()
        with process.observing(seen.append):
            history(repo)
        return len(seen)

    few = count()
    for number in range(5):
        made = repo.commit({"a": str(number)}, branch=f"b{number}")
        repo.tag(f"t{number}", made)
        experiment(repo, f"e{number}", made, {"a": f"e{number}"}, made)
    assert count() == few
