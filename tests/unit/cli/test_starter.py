"""The file that `sitegen init` writes is valid, with and without its comments."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sitegen import config, safeyaml
from sitegen.cli.starter import quoted, starter


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("churn", "theme", "docs", "keyring"):
        (tmp_path / name).mkdir()
    (tmp_path / ".allowed_signers").touch()
    return tmp_path


def test_what_was_found_is_filled_in(folder: Path) -> None:
    path = folder / "sitegen.yaml"
    path.write_text(starter("Müller's: models #1", ["churn"], ["dev", "prod"]))
    found = config.load(path, {})
    assert found.title == "Müller's: models #1"
    assert [repository.path for repository in found.repositories] == [folder / "churn"]
    assert found.stages.order == ("dev", "prod")


def test_every_commented_setting_is_valid_and_all_are_there(folder: Path) -> None:
    path = folder / "sitegen.yaml"
    text = starter("Models", ["churn"], ())
    path.write_text(re.sub(r"^#(?! )(?=\S)|^#(?=  )", "", text, flags=re.MULTILINE))
    found = config.load(path, {})
    assert [repository.name for repository in found.repositories] == ["churn", "vision"]
    assert found.stages.colors == {"prod": "#1a7f37", "dev": "teal"}
    assert set(safeyaml.load(path.read_bytes()).value) == {
        "title", "base_url", "repositories", "stages", "theme", "content", "output", "cache",
        "links", "navigation", "experiments", "promotion", "signatures",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["churn", "on", "1.5", "a: b", "#x", "ü\"'\\", "-", "a-b", "null", "."]
)
def test_a_text_stays_itself_in_yaml(text: str) -> None:
    assert safeyaml.load(f"key: {quoted(text)}\n".encode()).value == {"key": text}
