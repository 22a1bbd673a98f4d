"""The lineage of versions is what dvc.lock says at their commits, and what DVC itself answers."""

from __future__ import annotations

import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sitegen.pipeline.repository import Wanted, read_repository, to_source
from sitegen.readers.pipelines import read_pipeline
from sitegen.registry.facts import RepositoryFacts
from sitegen.registry.graph_changes import changes_of
from sitegen.registry.graphs import PipelineIndex, graph_of
from sitegen.registry.lineage import Data, Graph, Node, Tracked, outs_of
from sitegen.registry.storage import address_of
from sitegen.site.details import VersionDetails, details_of
from tests.conftest import Oracle
from tests.gitrepo import GitRepo

CHURN = "demo-bank-customer-churn"
POOL = "example-get-started-experiments"
REGISTRIES = (CHURN, "example-gto", POOL)

Clone = Callable[[str], Path]
Edges = set[tuple[str, str]]


def git(repo: Path, *args: str) -> str:
    return subprocess.check_output(["git", "-C", repo, *args], text=True)


def dvc(oracle: Oracle, folder: Path, *args: str) -> str:
    command = [oracle.dvc, *args]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def versions(facts: RepositoryFacts) -> Iterator[tuple[str, str, str, VersionDetails]]:
    """(artifact, version, commit, details) of every version of a repository."""
    said = {c: {one.artifact: one for one in here} for c, here in facts.annotations.items()}
    registry = to_source(facts).registry
    details = details_of(facts, said, registry)
    for artifact in registry.artifacts.values():
        for version in artifact.versions:
            found = details[artifact.name, version.commit]
            yield artifact.name, version.name, version.commit, found


def read(repo: Path) -> RepositoryFacts:
    return read_repository(Wanted("repo", repo))


class Locked:
    """What the files of DVC say at one commit, read here as simply as can be."""

    def __init__(self, repo: Path, commit: str) -> None:
        self.steps: dict[str, dict[str, Any]] = {}
        self.added: dict[str, dict[str, Any]] = {}
        names = git(repo, "ls-tree", "-r", "--name-only", commit).splitlines()
        if "dvc.lock" in names:
            self.steps = self._yaml(repo, commit, "dvc.lock")["stages"]
        for name in (name for name in names if name.endswith(".dvc")):
            for out in self._yaml(repo, commit, name)["outs"]:
                self.added[f"{name.rpartition('/')[0]}/{out['path']}"] = out

    def _yaml(self, repo: Path, commit: str, name: str) -> Any:
        # Its plain loader leaves every scalar the text that it is.
        return yaml.load(git(repo, "show", f"{commit}:{name}"), yaml.BaseLoader)

    def graph(self, path: str) -> tuple[dict[str, tuple[str, str]], Edges]:
        """Node -> (hash, size), and edges, of all that is upstream, and of what takes the model."""
        nodes: dict[str, tuple[str, str]] = {}
        edges: Edges = set()
        waiting = [path]
        while waiting:
            file = waiting.pop()
            nodes.setdefault(f"data:{file}", _hash(self.added.get(file, {})))
            for name, step in self.steps.items():
                for out in step.get("outs", ()):
                    if out["path"] == file:
                        nodes[f"data:{file}"] = _hash(out)
                        edges.add((f"step:dvc.lock:{name}", f"data:{file}"))
                        if f"step:dvc.lock:{name}" not in nodes:
                            nodes[f"step:dvc.lock:{name}"] = ("", "")
                            for dep in step["deps"]:
                                edges.add((f"data:{dep['path']}", f"step:dvc.lock:{name}"))
                                nodes.setdefault(f"data:{dep['path']}", _hash(dep))
                                waiting.append(dep["path"])
        for name, step in self.steps.items():
            if any(dep["path"] == path for dep in step.get("deps", ())):
                nodes[f"step:dvc.lock:{name}"] = ("", "")
                edges.add((f"data:{path}", f"step:dvc.lock:{name}"))
        return nodes, edges


def _hash(entry: dict[str, Any]) -> tuple[str, str]:
    return entry.get("md5", ""), entry.get("size", "")


def _shown(node: Node) -> tuple[str, str]:
    data = node.data or Data("")
    return data.hash, "" if data.size is None else str(data.size)


@pytest.mark.parametrize("name", REGISTRIES)
def test_every_version_of_a_real_registry_has_the_lineage_of_its_lock(
    real_registry: Clone, name: str
) -> None:
    repo = real_registry(name)
    facts = read(repo)
    about_dvc = ("pipeline.file", "dvc.config", "yaml", "yaml.duplicate")
    assert not [one for one in facts.problems if one.kind in about_dvc]
    made = 0
    for _, _, commit, details in versions(facts):
        graph = details.graph
        if details.said is None or not details.said.path:
            assert graph == Graph()
            continue
        nodes, edges = Locked(repo, commit).graph(details.said.path)
        assert {node.id: _shown(node) for node in graph.nodes} == nodes
        assert set(graph.edges) == edges
        assert graph.cut == 0
        steps = {node.name for node in graph.nodes if node.kind == "step"}
        made += bool(steps)
        assert {node.name for node in graph.nodes if node.downstream} <= steps
    assert bool(made) is (name != "example-gto")


@pytest.mark.parametrize("version", ["v1.0.0", "v2.0.0"])
def test_a_real_model_is_found_in_its_storage(real_registry: Clone, version: str) -> None:
    repo = real_registry(CHURN)
    path = ".mlem/model/lightgbm-model"
    (details,) = (
        each
        for name, one, _, each in versions(read(repo))
        if (name, one) == ("lightgbm-model", version)
    )
    lock = yaml.safe_load(git(repo, "show", f"lightgbm-model@{version}^{{commit}}:dvc.lock"))
    (out,) = (out for out in lock["stages"]["train"]["outs"] if out["path"] == path)
    config = git(repo, "show", f"lightgbm-model@{version}^{{commit}}:.dvc/config")
    (url,) = re.findall(r"url = (\S+)", config)
    assert details.data is not None
    assert (details.data.path, details.data.hash) == (path, out["md5"])
    assert details.data.size == out["size"]
    # Written before DVC 3.
    assert "hash" not in out
    md5 = out["md5"]
    assert address_of(details.storages, details.data) == f"{url.rstrip('/')}/{md5[:2]}/{md5[2:]}"


def test_what_changed_between_two_real_versions(real_registry: Clone) -> None:
    found = {
        version: details.graph
        for name, version, _, details in versions(read(real_registry(CHURN)))
        if name == "lightgbm-model"
    }
    changes = changes_of(found["v1.0.0"], found["v2.0.0"])
    states = {change.node.name: change.state for change in changes}
    assert states.pop("train") == states.pop(".mlem/model/lightgbm-model") == "changed"
    # The evaluation took another model.
    assert states.pop("eval") == "changed"
    assert set(states.values()) == {"same"}
    (train,) = (change for change in changes if change.node.name == "train")
    assert [name for name, _, _ in train.details] == [
        "train.params.n_estimators", "train.params.max_depth",
    ]  # fmt: skip
    assert train.details[0][1:] == ("100", "150")


# What DVC itself answers, in a checkout.


def dag(oracle: Oracle, repo: Path) -> tuple[set[str], Edges]:
    """DVC's own graph of pipeline steps and *.dvc files: nodes, and (from, to)."""
    lines = dvc(oracle, repo, "dag", "--dot").splitlines()
    edges = {m.groups() for line in lines if (m := re.fullmatch(r'"(.+)" -> "(.+)";', line))}
    nodes = {m[1] for line in lines if (m := re.fullmatch(r'"([^"]+)";', line))}
    return nodes, edges  # type: ignore[return-value]


def upstream(edges: Edges, node: str) -> set[str]:
    found = {node}
    while more := {old for old, new in edges if new in found} - found:
        found |= more
    return found


def named(step: str, file: str) -> str:
    """A pipeline step as DVC calls it."""
    return step if file == "dvc.lock" else f"{file.removesuffix('.lock')}.yaml:{step}"


def contracted(graph: Graph) -> tuple[set[str], Edges]:
    """Our graph with pipeline steps and *.dvc files alone: nodes, and (from, to)."""
    names = {}
    for node in graph.nodes:
        if node.kind == "step":
            names[node.id] = named(node.name, node.path)
        elif node.kind == "import":
            names[node.id] = node.path
    made_by = defaultdict(set)
    edges = set()
    for node in graph.nodes:  # each after all that it is made of
        before = {maker for old, new in graph.edges if new == node.id for maker in made_by[old]}
        if node.id in names:
            edges |= {(maker, names[node.id]) for maker in before}
            made_by[node.id] = {names[node.id]}
        elif node.data and node.data.source.endswith(".dvc") and not before:
            made_by[node.id] = {node.data.source}
        else:
            made_by[node.id] = before
    return {name for names in made_by.values() for name in names}, edges


def compare_with_dag(oracle: Oracle, repo: Path, facts: RepositoryFacts) -> int:
    """The lineage of each output at HEAD is DVC's: what is upstream of it, and what takes it."""
    nodes, edges = dag(oracle, repo)
    pipeline = facts.pipelines[facts.head]
    in_git = facts.tracked.get(facts.head, frozenset())
    index = PipelineIndex(pipeline)
    for maker in (*pipeline.steps, *pipeline.tracked):
        own = maker.file if isinstance(maker, Tracked) else named(maker.name, maker.file)
        assert own in nodes
        before = upstream(edges, own)
        for out in maker.outs:
            graph = graph_of(index, out.path, None, in_git)
            after = {named(node.name, node.path) for node in graph.nodes if node.downstream}
            assert after <= {new for old, new in edges if old == own}
            found, arrows = contracted(graph)
            assert found - after == before
            assert {edge for edge in arrows if edge[1] not in after} == {
                (old, new) for old, new in edges if new in before
            }
        taken = {new for old, new in edges if old == own}
        users = {
            named(node.name, node.path)
            for out in maker.outs
            for node in graph_of(index, out.path, None, in_git).nodes
            if node.downstream
        }
        assert users == taken
    return len(nodes)


def compare_with_exp_show(
    oracle: Oracle, repo: Path, facts: RepositoryFacts, *measured: str
) -> int:
    """Hash, size and files of everything at HEAD are those that DVC records."""
    shown = json.loads(dvc(oracle, repo, "exp", "show", "--json"))
    there = next(row for row in shown if row["rev"] == facts.head)["data"]
    pipeline = facts.pipelines[facts.head]
    deps = {dep.path: dep for step in pipeline.steps for dep in step.deps}
    outs = {out.path: out for out in outs_of(pipeline)}
    assert there["deps"].keys() == deps.keys()
    for path, said in there["deps"].items():
        dep = deps[path]
        assert (dep.hash or None, dep.size, dep.files) == tuple(
            map(said.get, ("hash", "size", "nfiles"))
        )
    # It has metrics and plots elsewhere.
    assert outs.keys() - there["outs"].keys() == set(measured)
    for path, said in there["outs"].items():
        out = outs[path]
        assert (out.hash, out.size, out.files) == tuple(map(said.get, ("hash", "size", "nfiles")))
        assert out.cached is said["use_cache"]
        assert any(out in one.outs for one in pipeline.tracked) is said["is_data_source"]
    return len(deps) + len(outs)


@pytest.mark.parametrize(
    ("name", "measured", "nodes", "files"),
    [
        (CHURN, ("eval_plots/cm.png", "eval_plots/plots/sklearn/roc.json", "metrics.json"), 4, 22),
        (POOL, (), 5, 16),
    ],
)
def test_a_real_registry_at_head_is_what_dvc_says(
    real_registry: Clone,
    oracle: Oracle,
    tmp_path: Path,
    name: str,
    measured: tuple[str, ...],
    nodes: int,
    files: int,
) -> None:
    repo = tmp_path / "repo"
    subprocess.run(["git", "clone", "-q", real_registry(name), repo], check=True)
    # DVC would ask the registry's own storage for what it has not got.
    (tmp_path / "empty").mkdir()
    remote = f"[core]\nremote = empty\n['remote \"empty\"']\nurl = {tmp_path / 'empty'}\n"
    (repo / ".dvc" / "config.local").write_text(remote)
    facts = read(repo)
    assert compare_with_dag(oracle, repo, facts) == nodes
    assert compare_with_exp_show(oracle, repo, facts, *measured) == files


# A monorepo that the real DVC has run.

SCRIPT = """for target; do :; done
while [ $# -gt 1 ]; do
  if [ -d "$1" ]; then cat "$1"/*; else cat "$1"; fi
  shift
done > made.txt
echo "$target" >> made.txt
case "$target" in
*.*) mkdir -p "$(dirname "$target")"; mv made.txt "$target";;
*) mkdir -p "$target"; mv made.txt "$target/0.csv";;
esac
"""

ROOT_YAML = """
vars: [conf/vars.yaml]
stages:
  split:
    foreach: ${regions}
    do:
      cmd: sh run.sh data/raw.csv shared/table.csv parts/${item}
      deps: [run.sh, data/raw.csv, shared/table.csv]
      params: [split]
      outs: ["parts/${item}"]
  grid:
    matrix: {region: "${regions}", size: [1, 2]}
    desc: Trains on ${item.region}
    cmd: sh run.sh parts/${item.region}/0.csv grid/${item.region}-${item.size}.pkl
    deps: ["parts/${item.region}/0.csv", run.sh]
    params: [conf/vars.yaml: [deep.lr]]
    outs: ["grid/${item.region}-${item.size}.pkl"]
  best:
    cmd:
    - sh run.sh grid best.pkl
    - 'echo "{}" > best.json'
    deps: [grid]
    outs:
    - best.pkl: {desc: The best, push: false}
    metrics:
    - best.json: {cache: false}
artifacts:
  best: {path: best.pkl, type: model}
"""

CV_YAML = """
stages:
  tune:
    wdir: work
    cmd: sh ../../run.sh ../../best.pkl tuned
    deps: [../../best.pkl]
    outs: [tuned]
  check:
    cmd: sh ../run.sh work/tuned/0.csv check.json
    deps: [work/tuned/0.csv]
    outs:
    - check.json: {cache: false}
artifacts:
  tuned: {path: work/tuned, type: model}
"""


@pytest.fixture(scope="module")
def monorepo(tmp_path_factory: pytest.TempPathFactory, oracle: Oracle, isolated: None) -> Path:
    """A repository that imports from another one; all its pipelines have been run by DVC."""
    top = tmp_path_factory.mktemp("monorepo")
    other = GitRepo(top / "other")
    (other.path / ".dvc").mkdir()
    (other.path / ".dvc" / "config").touch()
    (other.path / "table.csv").write_text("theirs\n")
    dvc(oracle, other.path, "add", "-q", "table.csv")
    other.git("add", "-A")
    other.git("commit", "-qm", "Add a table")
    other.git("tag", "-am", "x", "table@v1.0.0")
    repo = GitRepo(top / "repo")
    files = {
        "run.sh": SCRIPT,
        "params.yaml": "split: 1.10\n",
        "conf/vars.yaml": "regions: [north, south]\ndeep: {lr: 1e-3}\n",
        "dvc.yaml": ROOT_YAML,
        "cv/dvc.yaml": CV_YAML,
        "cv/work/.gitkeep": "",
        "data/raw.csv": "ours\n",
        ".dvc/config": "",
        "shared/.gitkeep": "",
    }
    for name, text in files.items():
        (repo.path / name).parent.mkdir(parents=True, exist_ok=True)
        (repo.path / name).write_text(text)
    dvc(oracle, repo.path, "add", "-q", "data/raw.csv")
    source = ("../other", "table.csv", "--rev", "table@v1.0.0", "-o", "shared/table.csv")
    dvc(oracle, repo.path, "import", "-q", *source)
    dvc(oracle, repo.path, "repro", "-q", "--all-pipelines")
    frozen = CV_YAML.replace("  check:\n", "  check:\n    frozen: true\n")
    (repo.path / "cv" / "dvc.yaml").write_text(frozen)
    repo.git("add", "-A")
    repo.git("commit", "-qm", "Run it all")
    repo.git("tag", "-am", "x", "cv=tuned@v1.0.0")
    repo.git("tag", "-am", "x", "best@v1.0.0")
    return repo.path


def test_a_monorepo_is_what_dvc_says(oracle: Oracle, monorepo: Path) -> None:
    facts = read(monorepo)
    assert facts.problems == ()
    assert compare_with_dag(oracle, monorepo, facts) == 11
    assert compare_with_exp_show(oracle, monorepo, facts, "best.json") == 20


def test_the_lineage_of_a_monorepos_model_leads_to_another_repository(monorepo: Path) -> None:
    facts = read(monorepo)
    details = {name: each for name, _, _, each in versions(facts)}
    assert details["cv:tuned"].data is not None
    assert details["cv:tuned"].data.hash.endswith(".dir")
    graph = details["cv:tuned"].graph
    nodes = {node.id: node for node in graph.nodes}
    assert [node.id for node in graph.nodes if node.kind == "model"] == ["data:cv/work/tuned"]
    assert [node.id for node in graph.nodes if node.downstream] == ["step:cv/dvc.lock:check"]
    imported = nodes["import:shared/table.csv.dvc"]
    assert (imported.url, imported.imported) == ("../other", "table.csv")
    assert imported.rev == "table@v1.0.0"
    commit = git(monorepo.parent / "other", "rev-parse", "HEAD").strip()
    assert imported.rev_lock == commit
    assert nodes["data:run.sh"].kind == "code"
    assert nodes["data:data/raw.csv"].kind == "data"
    grid = nodes["step:dvc.lock:grid@north-1"]
    assert grid.description == "Trains on north"
    assert [(one.file, one.key, one.text) for one in grid.params] == [
        ("conf/vars.yaml", "deep.lr", "0.001")
    ]
    assert nodes["step:dvc.lock:best"].commands == (
        "sh run.sh grid best.pkl",
        'echo "{}" > best.json',
    )
    assert nodes["data:parts/north/0.csv"].data is not None
    assert nodes["data:parts/north/0.csv"].data.cached
    assert ("data:parts/north", "data:parts/north/0.csv") in graph.edges
    assert ("data:grid/north-1.pkl", "data:grid") in graph.edges


def test_what_dvc_yaml_says_of_outputs_is_known(monorepo: Path) -> None:
    facts = read(monorepo)
    outs = {out.path: out for out in outs_of(facts.pipelines[facts.head])}
    assert (outs["best.pkl"].pushed, outs["best.pkl"].cached) == (False, True)
    assert not outs["best.json"].cached
    frozen = {step.name for step in facts.pipelines[facts.head].steps if step.frozen}
    assert frozen == {"check"}


def test_a_folder_told_file_by_file_has_dvcs_own_hash(oracle: Oracle, tmp_path: Path) -> None:
    files = [
        {"relpath": name, "md5": f"{at:032x}", "size": at, "cloud": {"r": {"version_id": "v"}}}
        for at, name in enumerate(("b", "a/c", "a-b", "\u00fc.csv"))
    ]
    code = (
        "import json, sys; from dvc_data.hashfile.tree import Tree\n"
        "tree = Tree.from_list(json.load(sys.stdin), hash_name='md5'); tree.digest()\n"
        "print(tree.hash_info.value)"
    )
    plain = [{key: one[key] for key in ("relpath", "md5", "size")} for one in files]
    said = subprocess.run(
        [oracle.dvc.parent / "python", "-c", code],
        input=json.dumps(plain), capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    text = json.dumps({"outs": [{"path": "d", "hash": "md5", "files": files}]})
    pipeline, problems = read_pipeline({"d.dvc": text.encode()})
    assert problems == ()
    (out,) = pipeline.tracked[0].outs
    assert (out.hash, out.size, out.files, out.remote) == (said, 6, 4, "r")
