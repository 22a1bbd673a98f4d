from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Oracle
from tests.gitrepo import GitRepo

from .conftest import Call


@pytest.fixture
def registry(repo: GitRepo) -> GitRepo:
    repo.tag("churn@v1.0.0")
    repo.tag("churn#prod#1")
    repo.commit({"metrics.json": '{"f1": 0.9}'})
    repo.tag("churn@v1.1.0")
    repo.tag("churn#dev#2")
    repo.tag("old@v0.1.0")
    repo.tag("old@deprecated")
    repo.commit({"artifacts.yaml": "fresh: {type: dataset, labels: [a, b]}\n"})
    repo.tag("bare#dev#1")
    return repo


def test_the_registry_is_shown_with_a_star_for_what_is_unregistered(
    registry: GitRepo, call: Call
) -> None:
    rows = [line.split("\t") for line in call("show", "--plain").stdout.splitlines()]
    assert rows[0] == ["name", "latest", "#dev", "#prod"]
    assert ["churn", "v1.1.0", "v1.1.0", "v1.0.0"] in rows
    assert ["*fresh", "-", "-", "-"] in rows
    assert ["bare", "-", registry.head[:7], "-"] in rows
    assert all(row[0] != "old" for row in rows)
    assert "old\tv0.1.0" in call("show", "--plain", "-d").stdout


@pytest.mark.parametrize(
    ("name", "versions"),
    [
        ("churn", ["v1.1.0", "v1.0.0"]),
        ("churn@latest", ["v1.1.0"]),
        ("churn@v1.0.0", ["v1.0.0"]),
        ("churn#prod", ["v1.0.0"]),
    ],
)
def test_shortcuts_narrow_the_versions(
    name: str, versions: list[str], registry: GitRepo, call: Call
) -> None:
    assert call("show", name, "--version").stdout.split() == versions


def test_an_unknown_artifact_is_refused(registry: GitRepo, call: Call) -> None:
    from sitegen.errors import RefusedError

    result = call("show", "nobody", status=1)
    assert isinstance(result.exception, SystemExit)
    assert "there is no artifact 'nobody'" in result.stderr
    assert RefusedError.kind == "refused"


def test_wrong_usage_ends_with_2(registry: GitRepo, call: Call) -> None:
    call("show", "--json", "--plain", status=2)
    call("show", "--ref", status=2)
    call("check-ref", "x", "--output", "y", status=2)
    call("describe", "churn@latest", "--rev", "HEAD", status=2)


def test_history_is_newest_first_or_ascending(registry: GitRepo, call: Call) -> None:
    newest = call("history", "churn", "--plain").stdout.splitlines()[1:]
    assert [line.split("\t")[-1] for line in newest] == [
        "churn#dev#2", "churn@v1.1.0", "churn#prod#1", "churn@v1.0.0",
    ]  # fmt: skip
    assert call("history", "churn", "--plain", "--asc").stdout.splitlines()[1:] == newest[::-1]
    assert call("history", "nobody").stdout == "Nothing found\n"


def test_stages_are_those_in_use_or_allowed(registry: GitRepo, call: Call) -> None:
    assert call("stages").stdout.split() == ["dev", "prod"]
    assert call("stages", "--allowed", "--json").stdout == "null\n"
    registry.commit({".gto": "stages: [test]\n"})
    assert call("stages").stdout.split() == ["test"]
    assert call("stages", "--used").stdout.split() == ["dev", "prod"]


def test_check_ref_tells_one_event_or_nothing(registry: GitRepo, call: Call) -> None:
    assert call("check-ref", "refs/tags/churn#prod#1", "--version").stdout == "v1.0.0\n"
    assert call("check-ref", "churn@v1.1.0", "--stage").stdout == ""
    assert "registration of churn v1.1.0" in call("check-ref", "churn@v1.1.0").stdout
    assert call("check-ref", "main").stdout == ""
    registry.lightweight_tag("light@v1.0.0")
    assert "light@v1.0.0" in call("check-ref", "light@v1.0.0").stderr


def test_check_ref_hands_all_of_an_event_to_ci(
    registry: GitRepo, call: Call, tmp_path: Path
) -> None:
    shown = call("check-ref", "churn#prod#1", "--format", "env").stdout
    for line in ("EVENT='assignment'", "NAME='churn'", "VERSION='v1.0.0'", "STAGE='prod'",
                 "TYPE='model'", "PATH='models/m.pkl'", "DESCRIPTION='Who leaves'",
                 "TAG='churn#prod#1'"):  # fmt: skip
        assert f"MODELREG_{line}\n" in shown
    file = tmp_path / "none.env"
    call("check-ref", "main", "--format", "gitlab", "--output", str(file))
    assert "MODELREG_EVENT=\n" in file.read_text()


def test_describe_asks_the_commit_that_is_meant(registry: GitRepo, call: Call) -> None:
    assert "description: Who leaves" in call("describe", "churn@v1.0.0").stdout
    assert "labels: a, b" in call("describe", "fresh").stdout
    assert "source: artifacts.yaml" in call("describe", "churn", "--rev", "HEAD~1").stdout
    assert call("describe", "churn", "--json").stdout == "null\n"
    assert "nothing describes churn" in call("describe", "churn", status=1).stderr
    registry.commit({"dvc.yaml": "artifacts: {piped: {path: p.pkl, type: model}}\n"})
    assert json.loads(call("describe", "piped", "--json").stdout)["path"] == "p.pkl"


def test_doctor_finds_nothing_or_ends_with_1(registry: GitRepo, call: Call) -> None:
    assert "No problems found." in call("doctor").stdout
    registry.lightweight_tag("light@v1.0.0")
    registry.tag("churn@1.0")
    registry.tag("churn#dev!#3", when=registry.now)
    registry.tag("churn#dev#4", when=registry.now)
    found = json.loads(call("doctor", "--json", status=1).stdout)["problems"]
    kinds = {problem["kind"] for problem in found}
    assert kinds >= {"tag.lightweight", "tag.near-miss", "tag.same-second"}
    assert f"{len(found)} problems found." in call("doctor", status=1).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("show",), ("show", "-d"), ("show", "--ro"), ("show", "churn"), ("show", "churn@latest"),
        ("show", "churn#prod", "--vs", "-1"), ("show", "bare", "--av", "1"),
        ("show", "churn", "--sort", "semver"), ("history",), ("history", "churn", "--asc"),
        ("stages",), ("stages", "--used"), ("stages", "--allowed"), ("check-ref", "churn#prod#1"),
        ("check-ref", "old@deprecated"), ("check-ref", "main"),
    ],
)  # fmt: skip
def test_json_is_what_gto_prints(
    arguments: tuple[str, ...], registry: GitRepo, call: Call, oracle: Oracle
) -> None:
    theirs = subprocess.run(
        [oracle.gto, *arguments, "--json"], cwd=registry.path, capture_output=True, check=True
    )
    assert call(*arguments, "--json").stdout == theirs.stdout.decode()


def test_signatures_are_shown_where_there_are_some(registry: GitRepo, call: Call) -> None:
    assert "signature" not in call("history", "--plain").stdout.splitlines()[0]
    raw = (
        f"object {registry.head}\ntype commit\ntag churn@v9.0.0\n"
        "tagger A <a@x> 1900000000 +0000\n\nx\n"
        "-----BEGIN SSH SIGNATURE-----\nbm9uZQ==\n-----END SSH SIGNATURE-----\n"
    )
    registry.ref("refs/tags/churn@v9.0.0", registry.raw_object("tag", raw.encode()))
    rows = [line.split("\t") for line in call("history", "--plain").stdout.splitlines()]
    assert rows[0][-1] == "signature"
    assert rows[1][-2:] == ["churn@v9.0.0", "ssh"]
    assert call("show", "churn", "--plain").stdout.splitlines()[0].endswith("signature")
