"""Stories: ids known before git has seen them, times that rise, tags as GTO writes them."""

from __future__ import annotations

import pytest

from sitegen.demo.stream import Story, Teller
from tests.gitrepo import GitRepo

ADA = Teller("Ada Öst", "ada@alderfinch.example", -300, -240)


def test_a_person_has_another_offset_in_summer() -> None:
    assert ADA.line("2025-03-31 10:00:00") == (
        1743433200,
        "Ada Öst <ada@alderfinch.example> 1743433200 -0500",
    )
    assert ADA.line("2025-04-01 10:00:00")[1].endswith(" -0400")
    half_hour = Teller("P", "p@x", 330, 330)
    assert half_hour.line("1970-01-01 05:30:00") == (0, "P <p@x> 0 +0530")


def test_a_story_knows_the_ids_that_git_will_give(tmp_path_factory: pytest.TempPathFactory) -> None:
    story = Story()
    story.commit(ADA, "2025-01-01 00:00:00", "Ä\n\nbody", {"a.b": "1", "a/c": "2", "a0": b"\xff"})
    story.branch("side")
    story.commit(ADA, "2025-01-01 00:00:01", "Side", {"a/d/e": "3"}, branch="side")
    story.experiment(ADA, "2025-01-01 00:00:02", "bold-owl", {"a/c": "exp"})
    merge = story.commit(ADA, "2025-01-01 00:00:03", "Merge", {"a.b": None}, merge="side")
    repo = GitRepo(tmp_path_factory.mktemp("story") / "repo")
    repo.fast_import(story.stream())
    assert repo.git("rev-parse", "main", "side").split() == [merge, story.head("side")]
    assert repo.git("ls-tree", "-r", "--name-only", "main").split() == ["a/c", "a/d/e", "a0"]
    base = repo.git("rev-parse", "main^1")
    experiment = f"refs/exps/{base[:2]}/{base[2:]}/bold-owl"
    assert repo.git("rev-parse", f"{experiment}^") == base
    assert repo.git("show", f"{experiment}:a/c") == "exp"
    repo.git("fsck", "--strict")


def test_what_an_experiment_changed_does_not_stay_on_the_branch() -> None:
    story = Story()
    story.commit(ADA, "2025-01-01 00:00:00", "Start", {"a": "1"})
    story.experiment(ADA, "2025-01-01 00:00:01", "bold-owl", {"a": "2"})
    assert story.files() == {"a": b"1"}


def test_tags_count_as_gto_counts(tmp_path_factory: pytest.TempPathFactory) -> None:
    story = Story()
    story.commit(ADA, "2025-01-01 00:00:00", "Start", {"a": "1"})
    for second, tell in enumerate(
        (
            lambda when: story.register(ADA, when, "m", "v1.0.0", "one"),
            lambda when: story.assign(ADA, when, "m", "v1.0.0", "dev", "two"),
            lambda when: story.unassign(ADA, when, "m", "v1.0.0", "dev", "three"),
            lambda when: story.deregister(ADA, when, "m", "v1.0.0", "four"),
            lambda when: story.deprecate(ADA, when, "m", "five"),
            lambda when: story.register(ADA, when, "cv=m", "v1.0.0", "six"),
            lambda when: story.assign(ADA, when, "cv=m", "v1.0.0", "dev", "seven"),
        )
    ):
        tell(f"2025-01-02 00:00:{second:02}")
    repo = GitRepo(tmp_path_factory.mktemp("story") / "repo")
    repo.fast_import(story.stream())
    shown = repo.git("for-each-ref", "--sort=taggerdate", "--format=%(refname:short) %(subject)")
    assert shown.splitlines()[1:] == [
        "m@v1.0.0 one",
        "m#dev#1 two",
        "m#dev!#2 three",
        "m@v1.0.0! four",
        "m@deprecated five",
        "cv=m@v1.0.0 six",
        "cv=m#dev#1 seven",
    ]


def test_two_acts_of_one_second_are_refused() -> None:
    story = Story()
    story.commit(ADA, "2025-01-01 00:00:00", "Start", {"a": "1"})
    with pytest.raises(ValueError, match="told after something later"):
        story.deprecate(ADA, "2025-01-01 00:00:00", "m", "Same second")
