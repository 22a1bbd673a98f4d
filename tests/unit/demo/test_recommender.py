"""The story of the recommender registry."""

from __future__ import annotations

from sitegen.demo.recommender import tell


def test_the_story_is_the_same_every_time() -> None:
    assert tell().stream() == tell().stream()


def test_every_kind_of_event_happens() -> None:
    stream = tell().stream()
    for tag in (
        b"tag ranker@v2.0.0-rc.1\n",
        b"tag retriever@v1.1.0!\n",
        b"tag retriever#staging!#7\n",
        b"tag item-dedup@deprecated\n",
        b"tag search/query-rewriter#dev!#2\n",
    ):
        assert tag in stream, tag
