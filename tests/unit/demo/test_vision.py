"""The story of the vision registry."""

from __future__ import annotations

from sitegen.demo.vision import tell


def test_the_story_is_the_same_every_time() -> None:
    assert tell().stream() == tell().stream()


def test_there_are_branches_dvc_experiments_and_hidden_commits() -> None:
    story = tell()
    stream = story.stream()
    for branch in ("exp/augment", "exp/tiny-backbone"):
        assert len(story.head(branch)) == 40
    assert stream.count(b"commit refs/exps/") == 5
    assert stream.count(b"[skip studio]") >= 2
    assert b"tag detection=yolo@v2.0.0-alpha.1\n" in stream
