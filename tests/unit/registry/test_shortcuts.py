from typing import Any

import pytest

from sitegen.registry.shortcuts import Shortcut, narrow, parse_shortcut


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("churn", Shortcut("churn")),
        ("churn@latest", Shortcut("churn", latest=True)),
        ("churn@greatest", Shortcut("churn", latest=True)),
        ("cv:churn@v1.0.0-rc.1", Shortcut("cv:churn", version="v1.0.0-rc.1")),
        ("churn#prod", Shortcut("churn", stage="prod")),
        ("churn@1.0.0", Shortcut("churn@1.0.0")),
        ("churn@latest\n", Shortcut("churn@latest\n")),
    ],
)
def test_a_shortcut_is_read_as_gto_reads_it(text: str, meant: Shortcut) -> None:
    assert parse_shortcut(text) == meant


def test_an_artifact_alone_narrows_nothing() -> None:
    assert not parse_shortcut("churn")
    assert parse_shortcut("churn@latest")


def test_rows_are_narrowed_to_what_is_meant() -> None:
    rows: list[dict[str, Any]] = [
        {"version": "v2.0.0", "stages": []},
        {"version": "v1.0.0", "stages": [{"stage": "prod"}, {"stage": "dev"}]},
    ]
    assert narrow(rows, Shortcut("m")) == rows
    assert narrow(rows, Shortcut("m", latest=True)) == rows[:1]
    assert narrow(rows, Shortcut("m", version="v1.0.0")) == rows[1:]
    assert narrow(rows, Shortcut("m", stage="prod")) == rows[1:]
    assert narrow(rows, Shortcut("m", stage="x")) == narrow([], Shortcut("m", latest=True)) == []
