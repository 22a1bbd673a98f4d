"""The state and history of random registries equal what GTO itself prints."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sitegen.pipeline.repository import Wanted, read_repository, to_source
from sitegen.registry.events import Event
from sitegen.registry.facts import timestamp
from sitegen.registry.state import Artifact, Registry
from tests.asking import Question, ask_gto
from tests.conftest import Oracle
from tests.gitrepo import START, GitRepo

MODELS = ("churn", "cv=nn", "a/b")
STAGES = ("dev", "staging", "prod")
OPERATIONS = 200


class RandomRegistry:
    """Random legal operations, each a tag one second after the one before."""

    def __init__(self, repo: GitRepo, seed: int) -> None:
        self.random = random.Random(seed)
        self.repo = repo
        self.commits = [
            repo.commit({"artifacts.yaml": ANNOTATIONS, "n": str(i)}) for i in range(60)
        ]
        self.stream: list[bytes] = []
        self.names: set[str] = set()
        self.counters: dict[str, int] = {}
        self.active: dict[str, dict[str, str]] = {model: {} for model in MODELS}
        self.removed: dict[str, dict[str, str]] = {model: {} for model in MODELS}
        self.staged: dict[str, set[tuple[str, str]]] = {model: set() for model in MODELS}
        self.now = START + 100_000

    def grow(self, operations: int) -> None:
        while operations:
            act = self.random.choices(
                [self.register, self.deregister, self.again, self.assign, self.assign_commit,
                 self.unassign, self.deprecate],
                [8, 2, 1, 8, 1, 4, 1],
            )[0]  # fmt: skip
            operations -= act(self.random.choice(MODELS))
        self.repo.fast_import(b"".join(self.stream))

    def tag(self, model: str, mark: str, commit: str) -> bool:
        name = f"{model}{mark}"
        if self.random.random() < 0.7 or name in self.names:
            self.counters[model] = self.counters.get(model, 0) + 1
            name = f"{name}#{self.counters[model]}"
        if name in self.names:
            return False
        self.names.add(name)
        self.now += 1
        message = f"Did {mark} to {model}\n\nBecause é {self.now}\n".encode()
        self.stream.append(
            f"tag {name}\nfrom {commit}\ntagger Zoë <z@example.com> {self.now} "
            f"{self.random.choice(['+0000', '-0430', '+1245'])}\ndata {len(message)}\n".encode()
            + message
        )
        return True

    def register(self, model: str) -> bool:
        taken = {*self.active[model].values(), *self.removed[model].values()}
        free = [commit for commit in self.commits if commit not in taken]
        numbers = [self.random.randrange(4) for _ in range(3)]
        pre = self.random.choice(["", "", "", "-rc.1", "-alpha", "+b7"])
        version = f"v{numbers[0]}.{numbers[1]}.{numbers[2]}{pre}"
        if not free or version in self.active[model] or version in self.removed[model]:
            return False
        commit = self.random.choice(free)
        if not self.tag(model, f"@{version}", commit):
            return False
        self.active[model][version] = commit
        return True

    def deregister(self, model: str) -> bool:
        if not self.active[model]:
            return False
        version = self.random.choice(sorted(self.active[model]))
        commit = self.active[model][version]
        if self.tag(model, f"@{version}!", commit):
            self.removed[model][version] = self.active[model].pop(version)
            return True
        return False

    def again(self, model: str) -> bool:
        if not self.removed[model]:
            return False
        version = self.random.choice(sorted(self.removed[model]))
        if self.tag(model, f"@{version}", self.removed[model][version]):
            self.active[model][version] = self.removed[model].pop(version)
            return True
        return False

    def assign(self, model: str) -> bool:
        if not self.active[model]:
            return False
        commit = self.active[model][self.random.choice(sorted(self.active[model]))]
        stage = self.random.choice(STAGES)
        self.staged[model].add((stage, commit))
        return self.tag(model, f"#{stage}", commit)

    def assign_commit(self, model: str) -> bool:
        return self.tag(model, f"#{self.random.choice(STAGES)}", self.random.choice(self.commits))

    def unassign(self, model: str) -> bool:
        # Of registered versions alone: GTO never lets an unregistered one leave its stage.
        if not self.staged[model]:
            return False
        stage, commit = self.random.choice(sorted(self.staged[model]))
        self.staged[model].discard((stage, commit))
        return self.tag(model, f"#{stage}!", commit)

    def deprecate(self, model: str) -> bool:
        return self.random.random() < 0.3 and self.tag(model, "@deprecated", self.commits[-1])


ANNOTATIONS = """\
churn: {type: model, path: m.pkl, labels: [a]}
only-annotated: {type: model, path: x.pkl}
"""


def ask(oracle: Oracle, repo: Path, *args: str) -> Any:
    done = subprocess.run(
        [oracle.gto, *args, "--json", "--repo", repo], capture_output=True, check=True, cwd=repo
    )
    return json.loads(done.stdout)


def registry_of(repo: Path) -> Registry:
    return to_source(read_repository(Wanted("repo", repo))).registry


def show(registry: Registry) -> dict[str, Any]:
    used = sorted({stage for a in registry.artifacts.values() for stage in a.stages})
    return {
        artifact.name: {
            "version": artifact.latest or None,
            "stage": {
                stage: artifact.stages[stage][0].version if stage in artifact.stages else None
                for stage in used
            },
            "registered": artifact.registered,
            "active": not artifact.deprecated,
        }
        for artifact in registry.artifacts.values()
    }


def history(registry: Registry) -> list[dict[str, Any]]:
    events = [event for a in registry.artifacts.values() for event in a.events]
    events.sort(key=lambda event: event.when.seconds if event.when else -1, reverse=True)
    return [said(event) for event in events]


def said(event: Event) -> dict[str, Any]:
    assert event.author
    return {
        "timestamp": timestamp(event.when),
        "artifact": event.artifact,
        "event": event.kind,
        "version": event.version or None,
        "stage": event.stage or None,
        "commit": event.commit,
        "author": event.author.name,
        "author_email": event.author.email,
        "message": event.message,
        "ref": event.tag,
    }


def versions(artifact: Artifact) -> list[dict[str, Any]]:
    found = []
    for version in artifact.versions:
        direct = [event for event in version.events if not event.stage]
        if direct:
            found.append(
                {
                    "version": version.name,
                    "commit_hexsha": version.commit,
                    "is_active": version.active,
                    "registrations": [e.tag for e in direct if e.kind == "registration"],
                    "deregistrations": [e.tag for e in direct if e.kind == "deregistration"],
                    "stages": sorted(version.stages),
                }
            )
    return found


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2, 3))])
def test_a_random_history_reads_as_gto_reads_it(seed: int, tmp_path: Path, oracle: Oracle) -> None:
    repo = GitRepo(tmp_path / "repo")
    RandomRegistry(repo, seed).grow(OPERATIONS)
    registry = registry_of(repo.path)
    assert len([e for a in registry.artifacts.values() for e in a.events]) == OPERATIONS
    names = list(registry.artifacts)
    questions: list[Question] = [("show", {"deprecated": True}), ("history", {})]
    questions += [("show", {"name": name, "deprecated": True}) for name in names]
    answers = ask_gto(oracle, repo.path, questions)
    assert [fine for fine, _ in answers] == [True] * len(questions)
    shown, told, *each = (answer for _, answer in answers)
    assert show(registry) == shown
    for event in told:
        del event["priority"]
    assert history(registry) == told
    for artifact, theirs_of in zip(registry.artifacts.values(), each, strict=True):
        theirs = [
            {
                "version": version["version"],
                "commit_hexsha": version["commit_hexsha"],
                "is_active": version["is_active"],
                "registrations": [e["tag"] for e in version["registrations"]],
                "deregistrations": [e["tag"] for e in version["deregistrations"]],
                "stages": sorted(stage["stage"] for stage in version["stages"]),
            }
            for version in theirs_of
            if version["registrations"] or version["deregistrations"]
        ]
        assert versions(artifact) == theirs


def test_where_gto_loses_an_assignment_within_one_second_the_counter_decides(
    tmp_path: Path, oracle: Oracle
) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"a": "1"})
    repo.tag("m@v1.0.0", when=START + 10)
    for name in ("m#prod#1", "m#prod!#2", "m#prod#3"):
        repo.tag(name, when=START + 20)
    assert registry_of(repo.path).artifacts["m"].stages["prod"][0].version == "v1.0.0"
    assert ask(oracle, repo.path, "show")["m"]["version"] == "v1.0.0"


def test_an_unregistered_version_leaves_its_stage_though_gto_keeps_it(
    tmp_path: Path, oracle: Oracle
) -> None:
    repo = GitRepo(tmp_path / "repo")
    commit = repo.commit({"a": "1"})
    repo.tag("m#dev#1")
    repo.tag("m#dev!#2")
    assert registry_of(repo.path).artifacts["m"].stages == {}
    assert ask(oracle, repo.path, "show")["m"]["stage"] == {"dev": commit}


def test_two_versions_at_one_commit_are_read_though_gto_fails(
    tmp_path: Path, oracle: Oracle
) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"a": "1"})
    repo.tag("m@v1.0.0")
    repo.tag("m@v2.0.0")
    repo.tag("m#prod#1", message="Ship\n\nVersion: v1.0.0")
    registry = registry_of(repo.path)
    assert registry.artifacts["m"].stages["prod"][0].version == "v1.0.0"
    with pytest.raises(subprocess.CalledProcessError):
        ask(oracle, repo.path, "show")


def test_a_later_commit_does_not_revive_a_deprecated_model_though_it_does_in_gto(
    tmp_path: Path, oracle: Oracle
) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"artifacts.yaml": "m: {type: model}\n"})
    repo.tag("m@v1.0.0")
    repo.tag("m@deprecated")
    repo.commit({"a": "2"})
    assert registry_of(repo.path).artifacts["m"].deprecated
    assert "m" in ask(oracle, repo.path, "show")
