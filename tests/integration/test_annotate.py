"""What gto and dvc read from changed annotations is what was asked."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from sitegen.readers.annotate import annotate, choose_file, remove
from tests.conftest import Oracle
from tests.gitrepo import GitRepo

OTHERS = {
    "artifacts.yaml": "# ours\nchurn:\n  path: models/churn.pkl  # weekly\n  type: model\n",
    "dvc.yaml": "artifacts:\n  segment: {path: s.pkl}\n\n# steps\nstages:\n  a: {cmd: ls}\n",
    "cv/dvc.yaml": "# empty\n",
}
TEXTS = [
    "plain", "yes", "on", "null", "~", "3.10", "010", "1_0", "2020-01-01", "1:30", "0o7", "1e3",
    "=", "<<", "a: b", "a #b", "#", "- a", "'", '"', "\\", "a\nb", "a\n\n b\n", "\ta",
    "naïve 漢 \U0001f9c0",
    "\u202e", "\u2028", "x" * 300, "@a", "%a", "`a", "{a}", "[a]", "a,b", "a:", ":a", "a?", "true",
]  # fmt: skip

GTO = "import json, sys; from gto.api import describe; r, *n = sys.argv[1:]; " \
    "print(json.dumps({x: (a := describe(r, x)) and a.model_dump() for x in n}))"  # fmt: skip
DVC = "import json, sys; from dataclasses import asdict; from dvc.repo import Repo; " \
    "print(json.dumps({f: {n: asdict(a) for n, a in of.items()} " \
    "for f, of in Repo(sys.argv[1]).artifacts.read().items()}))"  # fmt: skip


def ask(oracle: Oracle, program: str, *args: Any) -> Any:
    python = (oracle.gto.parent / "python").as_posix()
    told = subprocess.run(
        [python, "-c", program, *map(str, args)], check=True, capture_output=True, text=True
    )
    return json.loads(told.stdout)


def changed(files: dict[str, str], artifact: str, fields: dict[str, Any], to: str = "") -> None:
    path, form = choose_file({name: text.encode() for name, text in files.items()}, artifact, to)
    data = files[path].encode() if path in files else None
    files[path] = annotate(data, artifact, fields, form=form).decode()


def test_gto_describes_what_was_asked(tmp_path: Path, oracle: Oracle) -> None:
    files = dict(OTHERS)
    fields: dict[str, dict[str, Any]] = {
        f"text-{at}": {"description": text, "type": "model", "labels": ["on", "yes", "a1", "1e3"]}
        for at, text in enumerate(TEXTS)
    }
    fields["1e3"] = {"description": "a number by name", "path": "models/1e3"}
    for artifact, told in fields.items():
        changed(files, artifact, told, "artifacts.yaml")
    changed(files, "churn", {"description": "Churn: all", "labels": ["x"]})
    files["artifacts.yaml"] = remove(
        files["artifacts.yaml"].encode(), "text-0", form="artifacts.yaml"
    ).decode()
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"artifacts.yaml": files["artifacts.yaml"]}, message="annotate")
    found = ask(oracle, GTO, repo.path, "churn", *fields)
    assert found.pop("text-0") is None
    churn = found.pop("churn")
    assert (churn["path"], churn["description"], churn["labels"]) == (
        "models/churn.pkl", "Churn: all", ["x"],
    )  # fmt: skip
    assert found == {
        name: {"virtual": True, "custom": None, "path": None, "type": None, "labels": []}
        | found[name] | told
        for name, told in fields.items() if name != "text-0"
    }  # fmt: skip


def test_gto_reads_a_file_whose_last_entry_was_removed(tmp_path: Path, oracle: Oracle) -> None:
    repo = GitRepo(tmp_path / "repo")
    left = remove(OTHERS["artifacts.yaml"].encode(), "churn", form="artifacts.yaml")
    repo.commit({"artifacts.yaml": left}, message="remove")
    assert ask(oracle, GTO, repo.path, "churn") == {"churn": None}


def test_dvc_reads_what_was_asked(tmp_path: Path, oracle: Oracle) -> None:
    files = dict(OTHERS)
    texts = {f"text-{at}": text for at, text in enumerate(TEXTS)}
    for name, text in texts.items():
        changed(
            files, f"cv:{name}",
            {"path": "cv/m", "description": text, "labels": [text, "on"], "custom": {"k": text}},
        )  # fmt: skip
    changed(files, "segment", {"type": "model", "description": "Segments"})
    changed(files, "nn", {"path": "models/nn"})
    changed(files, "gone", {"path": "models/nn"}, "dvc.yaml")
    files["dvc.yaml"] = remove(files["dvc.yaml"].encode(), "gone", form="dvc.yaml").decode()
    alone = annotate(None, "only:m", {"path": "m"}, form="dvc.yaml")
    files["only/dvc.yaml"] = remove(alone, "m", form="dvc.yaml").decode()
    repo = GitRepo(tmp_path / "repo")
    repo.commit({**files, ".dvc/config": "", ".dvc/.gitignore": "/tmp\n"}, message="annotate")
    found = ask(oracle, DVC, repo.path)
    assert found["cv/dvc.yaml"] == {
        name: {"path": "m", "desc": text, "type": None, "labels": list(dict.fromkeys([text, "on"])),
               "meta": {"k": text}}
        for name, text in texts.items()
    }  # fmt: skip
    nothing = {"desc": None, "type": None, "labels": [], "meta": {}}
    assert found["dvc.yaml"] == {
        "segment": nothing | {"path": "s.pkl", "type": "model", "desc": "Segments"},
        "nn": nothing | {"path": "models/nn"},
    }
    assert not found.get("only/dvc.yaml")
