"""The frozen settings show no secret, whatever prints them."""

from __future__ import annotations

from pathlib import Path

from sitegen.config.settings import Config, Repository


def test_a_repository_prints_without_its_credentials() -> None:
    repository = Repository(name="r", url="https://u:TOKEN@example.com/r?token=TOKEN")
    config = Config(
        folder=Path("/"), output=Path("/o"), cache=Path("/c"), repositories=(repository,)
    )
    assert "TOKEN" not in f"{repository!r} {repository} {config!r} {config}"
    assert repository.address == "https://example.com/r"


def test_a_local_repository_prints_its_folder() -> None:
    repository = Repository(name="r", path=Path("/data/r"))
    assert repr(repository) == "Repository('r', '/data/r')"
    assert repository.address == ""
