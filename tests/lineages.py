"""Small pipelines for tests of lineage, and a version that has one."""

from __future__ import annotations

from typing import Any

import msgspec

from sitegen.registry.facts import Annotation
from sitegen.registry.lineage import Data, Pipeline, PipelineStep, StepParam, Tracked
from sitegen.registry.storage import Storage, StorageRemote
from sitegen.site.build import Settings, build_site
from sitegen.site.model import VersionView
from tests.facts import oid, source, tag

C2 = oid("c2")
RAW, OLD_RAW = "a" * 32, "b" * 32
STORE = (Storage("", "store", (StorageRemote("store", "https://store.example"),)),)


def md5(path: str, digest: str, size: int = 1500, **more: Any) -> Data:
    return Data(path, digest, "md5", size, source="dvc.lock", **more)


def pipeline(raw: str = RAW, model: str = "c" * 32, rate: str = "0.1", code: str = "d") -> Pipeline:
    """data/raw.csv is added, train makes m.pkl of it with train.py, evaluate uses m.pkl."""
    data, made = md5("data/raw.csv", raw), md5("m.pkl", model)
    train = PipelineStep(
        "train",
        "dvc.lock",
        ("python train.py",),
        (md5("data/raw.csv", raw, cached=False), md5("train.py", code * 32, cached=False)),
        (StepParam("params.yaml", "train.rate", float(rate), rate),),
        (made,),
    )
    evaluate = PipelineStep(
        "evaluate", "dvc.lock", ("python evaluate.py",), (msgspec.structs.replace(made),)
    )
    added = msgspec.structs.replace(data, source="data/raw.csv.dvc")
    return Pipeline((train, evaluate), (Tracked("data/raw.csv.dvc", "added", (added,)),))


def version(new: Pipeline, old: Pipeline | None = None, **more: Any) -> VersionView:
    """v2.0.0 with the lineage `new` after v1.0.0 with `old`."""
    said = [Annotation("m", "artifacts.yaml", "m.pkl")]
    site = build_site(
        [
            source(
                tag("m@v1.0.0", "c1"),
                tag("m@v2.0.0", "c2", 1),
                annotations={"c1": said if old else [], "c2": said},
                pipelines={oid("c1"): old or Pipeline(), C2: new},
                storages={oid("c1"): STORE, C2: STORE},
                tracked={C2: frozenset({"train.py"})},
                **more,
            )
        ],
        Settings(),
    )
    return site.models[0].versions[0]
