"""The story of the churn registry."""

from __future__ import annotations

from sitegen.demo.churn import tell


def test_the_story_is_the_same_every_time() -> None:
    assert tell().stream() == tell().stream()


def test_production_was_rolled_back_and_metadata_changed_its_form() -> None:
    stream = tell().stream()
    assert stream.index(b"tag churn@v1.2.0\n") < stream.index(b"Roll back to v1.1.0")
    assert b"model_type:\n" in stream
    assert b"processors:\n" in stream
