from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

import sitegen
from sitegen import OpenRegistry
from sitegen.errors import RefusedError
from sitegen.registry.facts import Moment
from sitegen.registry.versions import Bump
from tests.gitrepo import GitRepo

WHEN = datetime(2026, 3, 3, 12, tzinfo=timezone(timedelta(hours=1)))
ADA = "Ada Example <ada@example.com>"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo(tmp_path / "repo")
    made.commit({"metrics.json": '{"f1": 0.7}'})
    return made


@pytest.fixture
def registry(repo: GitRepo) -> OpenRegistry:
    return sitegen.open_registry(repo.path)


def test_writing_returns_the_event_and_reads_again(registry: OpenRegistry, repo: GitRepo) -> None:
    event = registry.register("churn", message="First", author=ADA, when=WHEN)
    assert (event.tag, event.version, event.commit) == ("churn@v0.0.1", "v0.0.1", repo.head)
    assert event.when == Moment(int(WHEN.timestamp()), 60)
    assert event.author is not None and event.author.name == "Ada Example"
    assert registry.assign("churn", "prod", version="v0.0.1", author=ADA).tag == "churn#prod#1"
    assert registry.model("churn").stages["prod"][0].version == "v0.0.1"
    assert repo.git("cat-file", "-t", "churn#prod#1") == "tag"


def test_versions_are_found_by_number_stage_and_as_the_latest(
    registry: OpenRegistry, repo: GitRepo
) -> None:
    registry.register("m", author=ADA)
    first = repo.head
    registry.assign("m", "prod", version="v0.0.1", author=ADA)
    repo.commit({"a": "2"})
    registry.register("m", bump=Bump(major=True), author=ADA)
    assert registry.version("m").name == "v1.0.0"
    assert registry.version("m", "v0.0.1").commit == registry.version("m", "#prod").commit == first
    for wrong in ("v7.0.0", "#dev"):
        with pytest.raises(RefusedError, match="has no version"):
            registry.version("m", wrong)


def test_everything_that_was_done_can_be_undone(registry: OpenRegistry) -> None:
    registry.assign("m", "dev", "HEAD", author=ADA)
    assert [event.kind for event in registry.history("m")] == ["assignment", "registration"]
    assert registry.unassign("m", "dev", version="v0.0.1", author=ADA).kind == "unassignment"
    assert registry.deregister("m", version="v0.0.1", author=ADA).tag == "m@v0.0.1!"
    assert registry.deprecate("m", author=ADA).kind == "deprecation"
    assert registry.models()[0].deprecated


def test_what_is_refused_writes_nothing(registry: OpenRegistry, repo: GitRepo) -> None:
    with pytest.raises(RefusedError, match="no commit 'gone'"):
        registry.register("m", "gone", author=ADA)
    with pytest.raises(RefusedError, match="no artifact"):
        registry.model("m")
    with pytest.raises(RefusedError, match="names nobody"):
        registry.register("m", author="nobody")
    assert repo.git("tag") == ""


def test_promotion_rules_of_gto_bind(registry: OpenRegistry, repo: GitRepo) -> None:
    rules = "promotion: {require: {prod: {metrics: {f1: '>= 0.8'}}}}\n"
    repo.commit({".gto": rules})
    registry.register("m", author=ADA)
    with pytest.raises(RefusedError, match=r"promotion\.require\.prod\.metrics\.f1"):
        registry.assign("m", "prod", version="v0.0.1", author=ADA)
    forced = registry.assign(
        "m", "prod", version="v0.0.1", author=ADA, force=True, message="Agreed"
    )
    assert forced.stage == "prod"


def test_at_an_address_what_is_written_is_pushed(repo: GitRepo, tmp_path: Path) -> None:
    server = tmp_path / "server.git"
    repo.git("clone", "-q", "--bare", ".", str(server))
    registry = sitegen.open_registry(f"file://{server}", cache=tmp_path / "cache")
    registry.register("m", author=ADA)
    assert repo.git("--git-dir", str(server), "tag") == "m@v0.0.1"


def test_a_date_without_a_zone_is_utc(registry: OpenRegistry) -> None:
    event = registry.register("m", author=ADA, when=datetime(2026, 1, 1))
    assert event.when == Moment(int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()))


def test_the_past_is_read_as_it_was(registry: OpenRegistry, repo: GitRepo) -> None:
    registry.register("m", author=ADA, when=WHEN)
    repo.commit({"a": "2"})
    registry.register("m", author=ADA, when=WHEN + timedelta(days=1))
    then = registry.at(WHEN)
    assert then.model("m").latest == "v0.0.1"
    assert [event.version for event in then.history()] == ["v0.0.1"]
    assert registry.at(WHEN - timedelta(seconds=1)).models() == ()
    changes = registry.changes(WHEN)
    assert [(c.what, c.old, c.new) for c in changes] == [
        ("latest", "v0.0.1", "v0.0.2"),
        ("registered", "", "v0.0.2"),
    ]
    assert registry.changes(WHEN, WHEN + timedelta(hours=1)) == ()


def test_days_count_whole_in_utc(registry: OpenRegistry, repo: GitRepo) -> None:
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    day = date(2026, 3, 3)
    registry.register("m", author=ADA, when=midnight)
    assert registry.at(day - timedelta(days=1)).models() == ()
    repo.commit({"a": "2"})
    registry.register("m", author=ADA, when=midnight + timedelta(days=1, seconds=-1))
    repo.commit({"a": "3"})
    registry.register("m", author=ADA, when=midnight + timedelta(days=1))
    assert registry.at(day).model("m").latest == "v0.0.2"
    found = registry.changes(day, day)
    assert [c.new for c in found if c.what == "registered"] == ["v0.0.2", "v0.0.1"]
    assert [c.new for c in registry.changes(day + timedelta(days=1))] == ["v0.0.3", "v0.0.3"]
