"""Progress that says nothing."""

from __future__ import annotations

from sitegen.pipeline.progress import Progress, Silence


def test_silence_can_be_told_of_work() -> None:
    quiet: Progress = Silence()
    with quiet.task("Reading", 2) as task:
        task.advance()
        task.advance(1)
