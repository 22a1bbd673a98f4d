"""The files of the churn project at one state: pipeline, lock, metrics, plots, card, metadata."""

from __future__ import annotations

from typing import Any

import msgspec

from sitegen.demo.contents import (
    Stored,
    bar_chart,
    confusion,
    dvc_file,
    dvc_lock,
    json_text,
    loss_series,
    roc_curve,
    stored,
    yaml_text,
)

PIPELINE: dict[str, Any] = {
    "stages": {
        "prepare": {
            "cmd": "python src/prepare.py",
            "deps": ["data/customers.parquet", "src/prepare.py"],
            "params": ["prepare"],
            "outs": ["data/train.parquet", "data/test.parquet"],
        },
        "train": {
            "cmd": "python src/train.py",
            "deps": ["data/train.parquet", "src/features.py", "src/train.py"],
            "params": ["train"],
            "outs": ["models/churn", {"models/churn.mlem": {"cache": False}}],
            "plots": [
                {"plots/loss.csv": {"cache": False, "x": "step", "y": "val_loss"}},
                {"plots/importance.svg": {"cache": False}},
            ],
        },
        "evaluate": {
            "cmd": "python src/evaluate.py",
            "deps": ["data/test.parquet", "models/churn", "models/churn.mlem", "src/evaluate.py"],
            "params": ["evaluate"],
            "metrics": [{"metrics.json": {"cache": False}}],
            "plots": [
                {
                    "plots/roc.json": {
                        "cache": False,
                        "title": "ROC on the held-out month",
                        "x": "fpr",
                        "y": "tpr",
                    }
                },
                {
                    "plots/confusion.csv": {
                        "cache": False,
                        "template": "confusion",
                        "x": "predicted",
                        "y": "actual",
                    }
                },
            ],
        },
    }
}
SIZES: dict[str, tuple[int, int | None]] = {
    "data/train.parquet": (41_800_000, None),
    "data/test.parquet": (10_300_000, None),
    "models/churn": (1_240_000, None),
}
MLEM = "models/churn.mlem"
COLUMNS = {
    "tenure_months": "int64",
    "orders_90d": "int64",
    "basket_value_mean": "float64",
    "days_since_order": "int64",
    "late_deliveries_90d": "int64",
    "support_contacts_90d": "int64",
    "voucher_share": "float64",
    "region": "category",
}
IMPORTANCE = {
    "days_since_order": 0.31,
    "orders_90d": 0.22,
    "late_deliveries_90d": 0.16,
    "basket_value_mean": 0.12,
    "support_contacts_90d": 0.09,
    "voucher_share": 0.06,
    "tenure_months": 0.04,
}


class State(msgspec.Struct, frozen=True):
    """What one commit of the project rests on; its other files follow from it.

    columns: how many of COLUMNS the model reads. scores: roc_auc, f1, accuracy, log_loss.
    """

    month: str
    params: dict[str, dict[str, Any]]
    scores: tuple[float, float, float, float]
    columns: int = 6
    framework: str = "sklearn"
    code: str = "1"
    card: str = ""
    labels: tuple[str, ...] = ("tabular", "classification")

    def having(self, *, train: dict[str, Any] | None = None, **changes: Any) -> State:
        """Another state; `train` changes single parameters of the training step."""
        params = {**self.params, "train": {**self.params["train"], **(train or {})}}
        return msgspec.structs.replace(self, **{"params": params, **changes})


def mlem(state: State, model: dict[str, Any]) -> dict[str, Any]:
    """The model's MLEM metadata: of the older form until MLEM 0.4, of the newer from then on.

    model: its entry in dvc.lock.
    """
    names = list(COLUMNS)[: state.columns]
    frame = {
        "columns": names,
        "dtypes": [COLUMNS[name] for name in names],
        "index_cols": [],
        "type": "dataframe",
    }
    shapes = {"predict": ("int64", [None]), "predict_proba": ("float64", [None, 2])}
    methods = {
        name: {
            "args": [{"name": "data", "type_": frame}],
            "name": name,
            "returns": {"dtype": dtype, "shape": shape, "type": "ndarray"},
        }
        for name, (dtype, shape) in shapes.items()
    }
    artifact = {"hash": model["md5"], "size": model["size"], "uri": "churn"}
    packages = [("pandas", "2.2.3"), ("numpy", "2.1.3")]
    packages.append(
        ("scikit-learn", "1.6.0") if state.framework == "sklearn" else ("lightgbm", "4.5.0")
    )
    modules = {"scikit-learn": "sklearn"}
    requirements = []
    for package, version in packages:
        entry = {"module": modules.get(package, package), "version": version}
        if package in modules:
            entry["package_name"] = package
        requirements.append(entry)
    if state.framework == "sklearn":
        return {
            "artifacts": {"data": {**artifact, "type": "dvc"}},
            "description": "Churn within sixty days",
            "model_type": {"methods": methods, "type": "sklearn"},
            "object_type": "model",
            "requirements": requirements,
        }
    return {
        "artifacts": {"data": artifact},
        "call_orders": {name: [["model", name]] for name in methods},
        "object_type": "model",
        "processors": {"model": {"methods": methods, "type": state.framework}},
        "requirements": requirements,
    }


def project(state: State) -> dict[str, str]:
    """Every file that follows from a state."""
    roc_auc, f1, accuracy, log_loss = state.scores
    cause = repr((state.params, state.month, state.code))
    customers = stored("customers", state.month, size=88_400_000 + 900_000 * int(state.month[-2:]))
    flags = {
        name: value
        for number, (name, value) in enumerate(IMPORTANCE.items())
        if number < state.columns
    }
    files = {
        "artifacts.yaml": yaml_text(
            {
                "churn": {
                    "type": "model",
                    "path": "models/churn",
                    "labels": list(state.labels),
                    "description": "Probability that a customer places no order within "
                    f"{state.params['prepare']['horizon_days']} days",
                    "custom": {"owner": "customer-analytics", "data": state.month},
                }
            }
        ),
        "params.yaml": yaml_text(state.params),
        "metrics.json": json_text(
            {
                "accuracy": accuracy,
                "f1": f1,
                "roc_auc": roc_auc,
                "log_loss": log_loss,
                "test": {"rows": 18_420 + 310 * int(state.month[-2:]), "positive_rate": 0.137},
            }
        ),
        "models/.gitignore": "/churn\n",
        "plots/roc.json": roc_curve(roc_auc),
        "plots/confusion.csv": confusion(cause, ["stays", "leaves"], accuracy),
        "plots/loss.csv": loss_series(cause, 40, 0.693, log_loss),
        "plots/importance.svg": bar_chart("Permutation importance", flags),
        "data/customers.parquet.dvc": dvc_file("customers.parquet", customers),
        "data/.gitignore": "/customers.parquet\n/test.parquet\n/train.parquet\n",
        "dvc.yaml": yaml_text(PIPELINE),
        **{
            f"src/{name}.py": f'"""{text}"""\n\nVERSION = {state.code!r}\n'
            for name, text in (
                ("prepare", "Cut the customer table into a training and a held-out month."),
                ("features", "What the model knows of a customer."),
                ("train", "Fit the model of params.yaml and save it with its loss per epoch."),
                ("evaluate", "Score the held-out month: metrics, ROC and confusion."),
            )
        },
    }
    data: dict[str, Stored] = {"data/customers.parquet": customers}
    # MLEM writes the model's hash into its own file, so the lock is needed once before that.
    lock = dvc_lock(PIPELINE, state.params, {**files, MLEM: ""}, data, SIZES)
    model = next(out for out in lock["stages"]["train"]["outs"] if out["path"] == "models/churn")
    files[MLEM] = yaml_text(mlem(state, model))
    lock = dvc_lock(PIPELINE, state.params, files, data, SIZES)
    files["dvc.lock"] = yaml_text(lock)
    if state.card:
        files["README.md"] = card(state)
    return files


def card(state: State) -> str:
    """The model card, with the front matter of Hugging Face."""
    front = {
        "language": "en",
        "license": "other",
        "library_name": state.framework,
        "pipeline_tag": "tabular-classification",
        "tags": list(state.labels),
        "datasets": ["alderfinch/customers"],
        "metrics": ["roc_auc", "f1"],
        "model-index": [
            {
                "name": "churn",
                "results": [
                    {
                        "task": {"type": "tabular-classification"},
                        "dataset": {"type": "customers", "name": f"Customers {state.month}"},
                        "metrics": [{"type": "roc_auc", "value": state.scores[0]}],
                    }
                ],
            }
        ],
    }
    return f"""---
{yaml_text(front)}---

# Churn

How likely is it that a customer of Alder & Finch places no order within the next
{state.params["prepare"]["horizon_days"]} days? Customer care reads the score every Monday and calls
those above the threshold of {state.params["evaluate"]["threshold"]}.

## Intended use

- Ranking of active customers for care calls and vouchers.
- **Not** for prices, and not for decisions on credit or delivery slots.

## Data

Orders, deliveries and support contacts of the {state.month} snapshot, one row per active customer.
Names, addresses and payment data never enter the table. `data/customers.parquet` is in storage:
`dvc pull data/customers.parquet`.

## Results on the held-out month

| metric | value |
| --- | --- |
| ROC AUC | {state.scores[0]} |
| F1 | {state.scores[1]} |
| accuracy | {state.scores[2]} |
| log loss | {state.scores[3]} |

{state.card}

## Contact

Customer Analytics, `#churn-model`. Owner: Mira Okafor.
"""
