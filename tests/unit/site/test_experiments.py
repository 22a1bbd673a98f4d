"""The table of experiments: rows by branch, columns, what is best, and what changed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from sitegen.registry.facts import Leaf, RepositoryFacts, ValueFile
from sitegen.registry.lineage import Data
from sitegen.registry.state import Annotated, fold
from sitegen.site.build import Settings, Source, build_site
from sitegen.site.tables import ExperimentsView
from tests.facts import history, metrics, oid, source, tag


def params(path: str = "params.yaml", **values: Any) -> ValueFile:
    return ValueFile(path, "params", {key: Leaf(v, str(v)) for key, v in values.items()})


def table_of(facts: RepositoryFacts) -> ExperimentsView:
    registry = fold((), (), Annotated(), "repo")
    [repository] = build_site([Source(facts, registry)], Settings()).repositories
    return repository.table


def names(table: ExperimentsView) -> list[str]:
    return [bytes.fromhex(row.commit.oid).decode().strip("\0") for row in table.rows]


def test_rows_stand_branch_by_branch_newest_first() -> None:
    table = table_of(history("a b:a x:a c:b y:x", {"main": "c", "topic": "y", "same": "y"}))
    assert names(table) == ["c", "b", "a", "y", "x"]
    assert [(b.name, b.parent, b.depth, b.rows) for b in table.branches] == [
        ("main", "", 0, 3),
        ("same", "main", 1, 2),
    ]
    assert [row.branch for row in table.rows] == [0, 0, 0, 1, 1]


def test_a_branch_without_commits_of_its_own_is_named_at_its_tip() -> None:
    table = table_of(history("a b:a c:b", {"main": "c", "old": "b"}))
    assert [b.name for b in table.branches] == ["main"]
    assert table.branch_count == 2
    assert [row.tips for row in table.rows] == [(), ("old",), ()]


def test_a_branch_that_grew_from_a_folded_one_says_where_that_shows() -> None:
    table = table_of(history("a b:a x:b y:x", {"main": "b", "mid": "b", "top": "y"}))
    assert [(b.name, b.parent, b.depth) for b in table.branches] == [
        ("main", "", 0),
        ("top", "main", 1),
    ]


def test_dvc_experiments_follow_their_baseline_with_their_own_names() -> None:
    facts = history("a b:a e:b", {"main": "b"}, made=[("tidy-wren", "e", "b")])
    table = table_of(facts)
    assert names(table) == ["b", "e", "a"]
    made = table.rows[1]
    assert (made.id, made.name, made.baseline) == (f"{oid('e')}~tidy-wren", "tidy-wren", oid("b"))


def test_what_changes_nothing_or_asks_for_it_is_hidden_and_counted() -> None:
    same = [metrics(f1=1)]
    facts = history(
        "a b:a c:b",
        {"main": "c"},
        values={"a": same, "b": same, "c": [metrics(f1=2)]},
        messages={"c": "Try\n\n[skip sitegen]\n"},
    )
    table = table_of(facts)
    assert [row.hidden for row in table.rows] == ["skipped", "unchanged", ""]
    assert (table.hidden, table.newest, table.baseline) == (2, 2, 2)


def test_an_unchanged_commit_with_a_version_shows_and_is_no_newest_change() -> None:
    facts = history("a b:a c:b", {"main": "c"}, values={key: [metrics(f1=1)] for key in "abc"})
    registry = source(tag("m@v1.0.0", "b")).registry
    [repository] = build_site([Source(facts, registry)], Settings()).repositories
    assert [row.hidden for row in repository.table.rows] == ["unchanged", "", ""]
    assert names(repository.table)[repository.table.newest] == "a"


def test_columns_keep_file_and_key_and_show_the_first_of_each_group() -> None:
    many = {f"p{i:02}": i for i in range(30)}
    facts = history(
        "a",
        {"main": "a"},
        values={"a": [metrics("m.json", loss=0.5, f1=0.25, note="x"), params(**many)]},
        data={"a": {f"d{i}": Data(f"d{i}", "0" * 32, "md5", 1500) for i in range(7)}},
    )
    table = table_of(facts)
    assert [(c.id, c.goal) for c in table.columns[:3]] == [
        ("metrics:m.json:loss", "lower"),
        ("metrics:m.json:f1", "higher"),
        ("metrics:m.json:note", ""),
    ]
    shown = [c.id for c in table.columns if c.shown]
    counts = [sum(c.startswith(group) for c in shown) for group in ("metrics", "params", "data")]
    assert counts == [3, 24, 0]
    data = table.columns[-1]
    assert (data.id, data.file, data.key) == ("data:d6", "d6", "")
    cell = data.cells[0]
    assert cell
    assert (cell.text, cell.full, cell.size) == ("0" * 7, "0" * 32, "1.5 kB")


def test_cells_keep_the_sources_digits_and_stand_in_their_rows() -> None:
    long = ValueFile("m.json", "metrics", {"f1": Leaf(0.6113116726835138, "0.6113116726835138")})
    facts = history("a b:a", {"main": "b"}, values={"a": [long], "b": []})
    [column] = table_of(facts).columns
    assert column.cells[0] is None
    cell = column.cells[1]
    assert cell
    assert (cell.text, cell.full, cell.number) == (
        "0.61131",
        "0.6113116726835138",
        0.6113116726835138,
    )


def test_commits_with_the_same_values_share_their_cells() -> None:
    same = (metrics(f1=1),)
    facts = history("a b:a", {"main": "b"}, values={"a": same, "b": same})
    [column] = table_of(facts).columns
    assert column.cells[0] is column.cells[1]


def test_the_best_row_is_by_each_metrics_goal_among_what_shows() -> None:
    facts = history(
        "a b:a c:b d:c",
        {"main": "d"},
        values={
            "a": [metrics(f1=0.5, loss=0.1)],
            "b": [metrics(f1=0.7, loss=0.3)],
            "c": [metrics(f1=0.7, loss=0.2)],
            "d": [metrics(f1=0.9, loss=float("nan"))],
        },
        messages={"d": "No [skip studio]\n"},
    )
    table = table_of(facts)
    found = [(table.columns[b.column].key, names(table)[b.row], b.cell.text) for b in table.best]
    # Of equal ones the older: it was there first.
    assert found == [("f1", "b", "0.7"), ("loss", "a", "0.1")]


def test_the_best_says_its_file_where_it_has_to_and_nothing_of_what_is_equal() -> None:
    def values(acc: float) -> list[ValueFile]:
        same = metrics("b.json", acc=acc / 2, f1=1)
        return [metrics("a.json", acc=acc, precision=3), same]

    facts = history("a b:a", {"main": "b"}, values={"a": values(0.5), "b": values(0.25)})
    table = table_of(facts)
    found = [(table.columns[b.column].key, b.file, b.cell.text) for b in table.best]
    assert found == [("acc", "a.json", "0.5"), ("acc", "b.json", "0.25")]
    assert [(c.file, c.name, c.alike) for c in table.changes] == [
        ("a.json", "acc", True),
        ("b.json", "acc", True),
    ]
    alone = table_of(history("a", {"main": "a"}, values={"a": values(0.5)}))
    assert [alone.columns[b.column].key for b in alone.best] == ["acc", "precision", "acc", "f1"]


def test_a_column_is_of_numbers_where_most_of_it_is() -> None:
    facts = history(
        "a b:a",
        {"main": "b"},
        values={"a": [params(lr=1, name="x", mixed=1)], "b": [params(mixed="y", none=None)]},
    )
    table = table_of(facts)
    assert {c.key: c.numeric for c in table.columns} == {
        "lr": True, "name": False, "mixed": True, "none": False,
    }  # fmt: skip


def test_the_newest_commit_says_what_it_changed() -> None:
    facts = history(
        "a b:a",
        {"main": "b"},
        values={
            "a": [metrics(f1=0.5, loss=0.25, gone=1), params(lr=1)],
            "b": [metrics(f1=0.75, loss=0.5), params(lr=2, name="x")],
        },
        data={"a": {"d": Data("d", "1" * 32)}, "b": {"d": Data("d", "2" * 32)}},
    )
    table = table_of(facts)
    assert names(table)[table.newest] == "b"
    assert table.against == oid("a")[:7]
    assert [(c.group, c.name, c.old, c.new, c.delta, c.verdict) for c in table.changes] == [
        ("metrics", "f1", "0.5", "0.75", "+0.25", "better"),
        ("metrics", "loss", "0.25", "0.5", "+0.25", "worse"),
        ("metrics", "gone", "1", "", "", ""),
        ("params", "lr", "1", "2", "+1", ""),
        ("params", "name", "", "x", "", ""),
        ("data", "d", "1111111", "2222222", "", ""),
    ]


def test_the_first_commit_is_compared_with_nothing() -> None:
    table = table_of(history("a", {"main": "a"}))
    assert (table.newest, table.changes, table.against) == (0, (), "")


def test_rows_have_the_versions_of_their_commit_and_versions_their_row() -> None:
    facts = history("a b:a", {"main": "b"})
    tags = (tag("m@v1.0.0", "a", 1), tag("m#prod#1", "a", 2), tag("n@v0.1.0", "c", 3))
    facts = msgspec.structs.replace(facts, commits=facts.commits | source(*tags).facts.commits)
    site = build_site(
        [Source(msgspec.structs.replace(facts, tags=tags), source(*tags).registry)], Settings()
    )
    table = site.repositories[0].table
    [badge] = table.rows[1].badges
    assert (badge.model, badge.label, badge.url) == ("m", "v1.0.0", "models/repo/m/v1.0.0.html")
    assert [stage.name for stage in badge.stages] == ["prod"]
    assert [m.versions[0].row for m in site.models] == [f"projects/repo.html#row={oid('a')}", ""]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", "modelreg register m {commit}"),
        ("https://h/r.git", "modelreg register m {commit} -r https://h/r.git"),
        ("https://h/a b", "modelreg register m {commit} -r 'https://h/a b'"),
    ],
)
def test_models_come_with_the_command_that_registers_a_commit(url: str, expected: str) -> None:
    one = tag("m@v1.0.0", "a", 1)
    facts = msgspec.structs.replace(history("a", {"main": "a"}), tags=(one,), url=url)
    [repository] = build_site(
        [Source(facts, source(one, head="a").registry)], Settings()
    ).repositories
    assert repository.table.models == (("m", expected),)


def test_text_is_made_visible() -> None:
    facts = history(
        "a",
        {"main\u202e": "a"},
        branch="main\u202e",
        values={"a": [metrics("m\u202e.json", **{"f\u202e": 1})]},
        messages={"a": "Say \u202e\n\nmore \u200b\n"},
    )
    table = table_of(facts)
    shown = msgspec.json.encode(table).decode()
    assert "\\u202e" not in shown
    assert not {"\u202e", "\u200b"} & set(shown)
    assert "⟨U+202E⟩" in shown


def test_notes_say_why_values_are_not_there() -> None:
    cached = ValueFile("m.json", "metrics", {}, "cached by DVC, not in Git")
    table = table_of(history("a", {"main": "a"}, values={"a": [cached]}))
    assert table.rows[0].notes == ("m.json: cached by DVC, not in Git",)


def test_without_history_there_is_no_row() -> None:
    [repository] = build_site([source(tag("m@v1.0.0"))], Settings()).repositories
    table = repository.table
    assert (table.rows, table.columns, table.last, table.newest) == ((), (), None, -1)
    assert table.url == "projects/repo.html"


def test_a_metric_that_is_a_list_or_nothing_has_no_column_and_breaks_nothing() -> None:
    table = table_of(history("a", {"main": "a"}, values={"a": [metrics(f1=1, none=None, c=[1])]}))
    assert [column.key for column in table.columns] == ["f1"]
