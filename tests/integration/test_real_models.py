"""Pages and API say of the real registries' models what their own files say at each commit.

Those files are read here by other means: git, PyYAML and configparser.
"""

from __future__ import annotations

import configparser
import html
import json
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from sitegen import config, pipeline

CHURN = "demo-bank-customer-churn"
POOLS = "example-get-started-experiments"
MODELS = ("lightgbm-model", "randomforest-model", "xgboost-model")
MODEL = ".mlem/model/lightgbm-model"

Clone = Callable[[str], Path]


class Said(NamedTuple):
    """A version as the API has it, its page, and where its files are."""

    record: dict[str, Any]
    page: str
    repo: Path

    def blob(self, path: str) -> str | None:
        """A file at the version's commit, None where there is none."""
        command = ["git", "-C", str(self.repo), "show", f"{self.record['commit']}:{path}"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        return None if done.returncode else done.stdout


@pytest.fixture(scope="module")
def portal(real_registry: Clone, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portal")
    names = tuple(str(real_registry(name)) for name in (CHURN, POOLS))
    return pipeline.build(config.default(names, folder=folder, environ={})).output


@pytest.fixture(scope="module")
def versions(portal: Path, real_registry: Clone) -> Callable[[str, str], Iterator[Said]]:
    def read(repo: str, model: str) -> Iterator[Said]:
        record = json.loads((portal / f"api/v1/models/{repo}/{model}.json").read_bytes())
        for version in record["versions"]:
            page = (portal / version["url"]).read_text("utf-8")
            yield Said(version, page, real_registry(repo))

    return read


def section(page: str, name: str) -> str:
    """A part of a page by its class, without the page's own escapes."""
    found = re.search(rf'<section class="{name}".*?</section>', page, re.DOTALL)
    return html.unescape(found[0]) if found else ""


def table(type_: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """(column, type, whether it is the index) of a dataframe of MLEM's."""
    index = type_.get("index_cols") or []
    return [(n, d, n in index) for n, d in zip(type_["columns"], type_["dtypes"], strict=True)]


# Modules that are in packages of other names; where the file says none, MLEM knows it.
PACKAGES = {
    "box": "python-box",
    "ruamel": "ruamel.yaml",
    "sklearn": "scikit-learn",
    "yaml": "PyYAML",
}


def needed(requirement: dict[str, Any]) -> str:
    """A requirement of MLEM's as pip takes it, another one in words."""
    module = requirement.get("module", "")
    name = requirement.get("package_name") or PACKAGES.get(module, module)
    if requirement.get("type") in ("unix", "conda"):
        return f"{name} ({requirement['type']})"
    return f"{name}=={requirement['version']}" if requirement.get("version") else name


@pytest.mark.parametrize("model", MODELS)
def test_framework_methods_columns_and_requirements_are_those_of_the_mlem_file(
    model: str, versions: Callable[[str, str], Iterator[Said]]
) -> None:
    compared = 0
    for said in versions(CHURN, model):
        text = said.blob(f"{said.record['path']}.mlem") if said.record["path"] else None
        what = section(said.page, "what-it-is")
        if text is None:
            assert (said.record["framework"], said.record["methods"], what) == (None, [], "")
            assert said.record["requirements"] == []
            continue
        mlem = yaml.safe_load(text)
        compared += 1
        assert said.record["framework"] == mlem["model_type"]["type"]
        assert "scikit-learn" in what
        methods = {method["name"]: method for method in said.record["methods"]}
        assert list(methods) == list(mlem["model_type"]["methods"])
        signatures = re.findall(r"<li><code>(.*?)</code></li>", what)
        assert [text.partition("(")[0] for text in signatures] == list(methods)
        tables = []
        for name, theirs in mlem["model_type"]["methods"].items():
            ours = methods[name]
            assert [a["name"] for a in ours["arguments"]] == [a["name"] for a in theirs["args"]]
            for mine, argument in zip(ours["arguments"], theirs["args"], strict=True):
                columns = table(argument["type_"])
                assert mine["type"]["kind"] == argument["type_"]["type"]
                found = [(c["name"], c["dtype"], c["index"]) for c in mine["type"]["columns"]]
                assert found == columns
                tables.append(columns)
            assert ours["returns"]["kind"] == theirs["returns"]["type"]
            assert ours["returns"]["dtype"] == theirs["returns"]["dtype"]
            assert ours["returns"]["shape"] == theirs["returns"]["shape"]
        shown = re.findall(
            r'<tr><th scope="row" class="key">(.*?)</th><td class="mono">(.*?)</td></tr>', what
        )
        # Each table stands once, whichever methods take it.
        distinct = list(dict.fromkeys(map(tuple, tables)))
        assert [(re.sub(r"<.*", "", name), dtype) for name, dtype in shown] == [
            ("" if not name else name + (" " if index else ""), dtype)
            for columns in distinct
            for name, dtype, index in columns
        ]
        wanted = [needed(each) for each in mlem["requirements"]]
        assert said.record["requirements"] == wanted
        for each in wanted:
            assert each in what
    assert compared >= 2


@pytest.mark.parametrize("version", ["v1.0.0", "v2.0.0"])
def test_hash_size_and_storage_address_are_those_of_dvc_lock(
    version: str, versions: Callable[[str, str], Iterator[Said]]
) -> None:
    said = next(v for v in versions(CHURN, "lightgbm-model") if v.record["version"] == version)
    lock = yaml.safe_load(said.blob("dvc.lock") or "")
    (out,) = (
        out for step in lock["stages"].values() for out in step["outs"] if out["path"] == MODEL
    )
    settings = configparser.ConfigParser()
    settings.read_string((said.blob(".dvc/config") or "").replace("    ", ""))
    remote = settings["core"]["remote"]
    url = settings[f"'remote \"{remote}\"'"]["url"]
    # Written by DVC 2: it says no `hash: md5`, and its objects have no files/md5 before them.
    assert "hash" not in out
    address = f"{url.rstrip('/')}/{out['md5'][:2]}/{out['md5'][2:]}"
    assert said.record["artifact"] == {
        "path": MODEL,
        "size": out["size"],
        "files": None,
        "hash": out["md5"],
        "algorithm": "md5",
        "storage": address,
        "link": None,
    }
    assert out["md5"] in said.page
    assert address in html.unescape(said.page)
    nodes = {node["name"]: node for node in said.record["lineage"]["nodes"]}
    assert nodes[MODEL]["hash"] == out["md5"]
    for dep in lock["stages"]["train"]["deps"]:
        assert nodes[dep["path"]]["hash"] == dep["md5"]
        assert dep["md5"] in section(said.page, "lineage")


def test_a_model_in_a_public_storage_has_a_link_and_its_metrics_are_said_to_be_there(
    versions: Callable[[str, str], Iterator[Said]],
) -> None:
    (said,) = versions(POOLS, "pool-segmentation")
    lock = yaml.safe_load(said.blob("dvc.lock") or "")
    outs = {o["path"]: o for step in lock["stages"].values() for o in step.get("outs", ())}
    model = outs["models/model.pkl"]
    # DVC 3 says `hash: md5`, and keeps objects below files/md5.
    assert model["hash"] == "md5"
    link = "https://remote.dvc.org/get-started-pools/files/md5"
    link += f"/{model['md5'][:2]}/{model['md5'][2:]}"
    assert said.record["artifact"]["link"] == link
    assert f'<a href="{link}" rel="noopener" download>Download the file</a>' in said.page
    metrics = html.unescape(re.sub(r"<[^>]*>", "", section(said.page, "values")))
    for folder in ("results/evaluate", "results/train"):
        told = next(line for line in metrics.splitlines() if f"{folder}/metrics.json" in line)
        assert f"cached by DVC, not in Git: in DVC storage, folder {folder}" in told
        assert f"in {outs[folder]['nfiles']} files {outs[folder]['md5'][:10]}" in told
        assert outs[folder]["md5"] in said.page
    assert said.record["metrics"] == {}


def test_the_commands_name_what_they_fetch(
    versions: Callable[[str, str], Iterator[Said]],
) -> None:
    (said,) = versions(POOLS, "pool-segmentation")
    commands = {name: text for name, text in said.record["commands"].items() if name != "Python"}
    words = {name: shlex.split(text) for name, text in commands.items()}
    tag = "pool-segmentation@v1.0.0"
    assert words == {
        "modelreg get": ["modelreg", "get", tag, "-r", "."],
        "dvc get": ["dvc", "get", ".", "models/model.pkl", "--rev", tag],
        "dvc artifacts get": [
            "dvc", "artifacts", "get", ".", "pool-segmentation", "--rev", "v1.0.0",
        ],
        "The whole repository": ["git", "switch", "--detach", tag],
    }  # fmt: skip
    for text in said.record["commands"].values():
        assert html.escape(text, quote=True).replace("&#x27;", "&#39;") in said.page
