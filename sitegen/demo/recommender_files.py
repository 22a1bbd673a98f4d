"""The files of the recommender project at one state: pipeline, lock, reports, annotations."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from sitegen.demo.contents import (
    Stored,
    bar_chart,
    dvc_file,
    dvc_lock,
    json_text,
    loss_series,
    noise,
    stored,
    yaml_text,
)

MARKETS = ["uk", "se", "uy"]
STEPS: dict[str, Any] = {
    "features": {
        "cmd": "python -m recommender.features",
        "deps": ["data/aisles.csv", "data/purchases", "recommender/features.py"],
        "params": ["features"],
        "outs": ["data/features"],
    },
    "retriever": {
        "cmd": "python -m recommender.retriever",
        "deps": ["data/features", "recommender/retriever.py"],
        "params": ["retriever"],
        "outs": ["models/retriever"],
        "metrics": [{"reports/retriever.json": {"cache": False}}],
        "plots": [{"reports/retriever-loss.csv": {"cache": False, "x": "step"}}],
    },
    "ranker": {
        "cmd": "python -m recommender.ranker",
        "deps": ["data/features", "models/retriever", "recommender/ranker.py"],
        "params": ["ranker"],
        "outs": ["models/ranker.txt"],
        "metrics": [{"reports/ranker.json": {"cache": False}}],
        "plots": [{"reports/ranker-importance.svg": {"cache": False}}],
    },
    "replay": {
        "foreach": MARKETS,
        "do": {
            "cmd": "python -m recommender.replay --market ${item}",
            "deps": ["models/ranker.txt", "models/retriever", "recommender/replay.py"],
            "params": ["replay"],
            "metrics": [{"reports/replay/${item}.json": {"cache": False}}],
        },
    },
}
SIZES: dict[str, tuple[int, int | None]] = {
    "data/features": (612_000_000, 48),
    "models/retriever": (184_000_000, 5),
    "models/ranker.txt": (9_700_000, None),
}
AISLES = stored("aisles", size=48_200)
# As `dvc import` leaves it: the file belongs to another repository.
AISLES_DVC: dict[str, Any] = {
    "md5": stored("aisles.csv.dvc", size=0).md5,
    "frozen": True,
    "deps": [
        {
            "path": "export/aisles.csv",
            "repo": {
                "url": "https://git.alderfinch.example/shop/catalogue.git",
                "rev_lock": hashlib.sha1(b"catalogue", usedforsecurity=False).hexdigest(),
            },
        }
    ],
    "outs": [AISLES.record("aisles.csv")],
}
RETRIEVER = (
    "Two towers that put customers and items into one space of 128 dimensions; the 500 items "
    "nearest to a customer are the candidates which the ranker then orders.\n\n"
    "The item tower reads the title, the brand and the aisle, so that a new item can be found on "
    "its first day. The customer tower reads the last fifty items bought, with their age, and "
    "nothing that the customer is, has or searched for. Trained each quarter on one year of "
    "purchases with sampled softmax; served from an approximate index that the search team "
    "rebuilds every night. Known limits: customers with fewer than three orders get the shop's "
    "bestsellers, and seasonal items lag by about a week."
)


class State(msgspec.Struct, frozen=True):
    """What one commit rests on. artifacts, annotated: those of artifacts.yaml and of dvc.yaml."""

    quarter: str
    params: dict[str, Any]
    reports: dict[str, dict[str, Any]]
    artifacts: dict[str, Any]
    annotated: dict[str, Any]
    code: str = "1"

    def having(self, **changes: dict[str, Any] | str) -> State:
        """Another state: maps are merged key by key, other values replaced."""
        merged = {
            name: _merged(getattr(self, name), value) if isinstance(value, dict) else value
            for name, value in changes.items()
        }
        return msgspec.structs.replace(self, **merged)


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for key, value in new.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def project(state: State) -> dict[str, str]:
    """Every file that follows from a state."""
    dvc_yaml = {
        "metrics": ["reports/embedder.yaml"],
        "artifacts": state.annotated,
        "stages": STEPS,
    }
    ranker = state.reports["ranker"]
    cause = repr((state.params["retriever"], state.quarter))
    data: dict[str, Stored] = {
        "data/aisles.csv": AISLES,
        "data/purchases": stored("purchases", state.quarter, size=2_340_000_000, nfiles=92),
    }
    files = {
        "artifacts.yaml": yaml_text(state.artifacts),
        "dvc.yaml": yaml_text(dvc_yaml),
        "params.yaml": yaml_text(state.params),
        "data/purchases.dvc": dvc_file("purchases", data["data/purchases"]),
        "data/aisles.csv.dvc": yaml_text(AISLES_DVC),
        "data/.gitignore": "/aisles.csv\n/features\n/purchases\n",
        "models/.gitignore": "/ranker.txt\n/retriever\n",
        "reports/embedder.yaml": yaml_text(state.reports["embedder"]),
        "reports/retriever.json": json_text(state.reports["retriever"]),
        "reports/ranker.json": json_text(ranker),
        "reports/retriever-loss.csv": loss_series(cause, 30, 6.21, 2.4),
        "reports/ranker-importance.svg": bar_chart(
            "Gain per feature",
            {
                "retriever_score": 0.44,
                "bought_before": 0.27,
                "price_ratio": round(0.1 + 0.05 * noise(cause), 2),
                "aisle_affinity": 0.11,
                "in_season": 0.05,
            },
        ),
    }
    for number, market in enumerate(MARKETS):
        lift = ranker["ndcg"]["10"] / 3 - 0.02 * number
        rate = round(lift * (0.95 + 0.1 * noise(market, state.quarter, ranker)), 4)
        files[f"reports/replay/{market}.json"] = json_text(
            {"sessions": 40_000 - 11_300 * number, "hit_rate": rate}
        )
    for name, text in (
        ("features", "Purchases to features, one file per week."),
        ("retriever", "Two towers and a sampled softmax."),
        ("ranker", "LambdaRank over the retriever's candidates."),
        ("replay", "Replays a market's sessions of last week."),
    ):
        files[f"recommender/{name}.py"] = f'"""{text}"""\n\nVERSION = {state.code!r}\n'
    lock = dvc_lock(dvc_yaml, state.params, files, data, SIZES)
    files["models/ranker.mlem"] = yaml_text(
        _ranker_mlem(
            next(out for out in lock["stages"]["ranker"]["outs"] if out["path"].endswith(".txt"))
        )
    )
    return {**files, "dvc.lock": yaml_text(lock)}


def _ranker_mlem(model: dict[str, Any]) -> dict[str, Any]:
    features = {
        "columns": ["retriever_score", "bought_before", "price_ratio", "aisle_affinity"],
        "dtypes": ["float64", "bool", "float64", "float64"],
        "index_cols": [],
        "type": "dataframe",
    }
    return {
        "artifacts": {"data": {"hash": model["md5"], "size": model["size"], "uri": "ranker.txt"}},
        "call_orders": {"predict": [["model", "predict"]]},
        "object_type": "model",
        "processors": {
            "model": {
                "methods": {
                    "predict": {
                        "args": [
                            {"name": "data", "type_": {"inner": features, "type": "lightgbm"}},
                            {
                                "name": "num_iteration",
                                "required": False,
                                "default": None,
                                "type_": {"ptype": "int", "type": "primitive"},
                            },
                        ],
                        "name": "predict",
                        "returns": {"dtype": "float64", "shape": [None], "type": "ndarray"},
                    }
                },
                "type": "lightgbm",
            }
        },
        "requirements": [
            {"module": "lightgbm", "version": "4.5.0"},
            {"module": "pandas", "version": "2.2.3"},
        ],
    }


def item_dedup_mlem() -> dict[str, Any]:
    """Metadata of the older form, written once and never again."""
    pairs = {"dtype": "float32", "shape": [None, 2, 128], "type": "ndarray"}
    model = stored("item-dedup", size=3_200_000)
    return {
        "artifacts": {"data": {"hash": model.md5, "size": model.size, "uri": "item-dedup.onnx"}},
        "description": "Is it the same item twice?",
        "model_type": {
            "methods": {
                "predict": {
                    "args": [{"name": "pairs", "type_": pairs}],
                    "name": "predict",
                    "returns": {"dtype": "float32", "shape": [None], "type": "ndarray"},
                }
            },
            "type": "onnx",
        },
        "object_type": "model",
        "requirements": [{"module": "onnxruntime", "version": "1.20.1"}],
    }
