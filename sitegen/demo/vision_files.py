"""The files of the vision monorepo: the projects detection, ocr and shared at one state."""

from __future__ import annotations

from typing import Any

import msgspec

from sitegen.demo.contents import (
    Stored,
    confusion,
    dvc_file,
    dvc_lock,
    json_text,
    noise,
    shelf_picture,
    stored,
    yaml_text,
)

BACKBONE = "../shared/models/backbone.pt"
DETECTION: dict[str, Any] = {
    "params": ["dvclive/params.yaml"],
    "metrics": ["dvclive/metrics.json"],
    "plots": [
        {"dvclive/plots/metrics": {"x": "step"}},
        "dvclive/plots/images",
        {
            "Precision and recall": {
                "x": "recall",
                "y": {"dvclive/plots/precision-recall.csv": ["precision"]},
                "template": "linear",
                "x_label": "recall",
                "y_label": "precision at IoU 0.5",
            }
        },
    ],
    "artifacts": {
        "yolo": {
            "path": "models/yolo.pt",
            "type": "model",
            "desc": "Finds facings, gaps and price tags in pictures of shelves",
            "labels": ["detection", "shelf", "torch"],
            "meta": {"owner": "hana.sato", "classes": ["facing", "gap", "price tag"]},
        }
    },
    "stages": {
        "split": {
            "cmd": "python split.py",
            "deps": ["data/shelves", "split.py"],
            "params": ["split"],
            "outs": ["data/train", "data/val"],
        },
        "train": {
            "cmd": "python train.py",
            "deps": [BACKBONE, "data/train", "data/val", "train.py"],
            "params": ["train"],
            "outs": ["models/yolo.pt"],
        },
    },
}
OCR: dict[str, Any] = {
    "artifacts": {
        "price-reader": {
            "path": "models/reader.onnx",
            "type": "model",
            "desc": "Reads prices off the tags that detection:yolo finds",
            "labels": ["ocr", "onnx", "edge"],
        },
        "price-tags": {
            "path": "data/tags",
            "type": "dataset",
            "desc": "Cut-out price tags with what they say, from 61 shops",
        },
    },
    "stages": {
        "train": {
            "cmd": "python train.py --export models/reader.onnx",
            "deps": [BACKBONE, "data/tags", "train.py"],
            "params": ["model", "train"],
            "outs": ["models/reader.onnx"],
        },
        "evaluate": {
            "cmd": "python evaluate.py",
            "deps": ["data/tags", "evaluate.py", "models/reader.onnx"],
            "metrics": [{"metrics.yaml": {"cache": False}}],
            "plots": [
                {
                    "plots/digits.csv": {
                        "cache": False,
                        "template": "confusion_normalized",
                        "x": "predicted",
                        "y": "actual",
                        "title": "Digits read",
                    }
                },
                # In storage: what a portal without it can show is its hash and size.
                "plots/misread",
            ],
        },
    },
}
SHARED: dict[str, Any] = {
    "backbone": {
        "path": "models/backbone.pt",
        "type": "model",
        "desc": "ConvNeXt-T, pretrained on our shelves without labels",
        "labels": ["backbone", "self-supervised"],
    }
}
SIZES: dict[str, tuple[int, int | None]] = {
    "data/train": (3_910_000_000, 10_212),
    "data/val": (430_000_000, 1_135),
    "models/yolo.pt": (52_300_000, None),
    "models/reader.onnx": (18_900_000, None),
    "plots/misread": (7_400_000, 120),
}
DETECTION_CARD = """\
Finds facings, gaps and price tags in pictures of shelves, taken with the hand-held of a shop.
Starts from the [backbone](../shared/dvc.yaml) that all our vision models share.

![Boxes around what stands on three shelves of an aisle](dvclive/plots/images/aisle.png)

| | mAP@50 | mAP@50-95 |
| --- | --- | --- |
| validation, 61 shops | {map50} | {map95} |

## Use

```python
from vision.detection import load

model = load("models/yolo.pt", confidence=0.4)
boxes = model("shelf.jpg")
```

Works on pictures of 1280 pixels and more, in shop light. Freezers with frosted doors are **not**
covered: their recall is 0.41.

## Privacy

People are cut out of the pictures before they leave the hand-held.
"""
OCR_CARD = """\
Reads a price and its unit off one price tag. Runs on the hand-held, 11 ms a tag.

- exact match: **{exact}**
- characters wrong: {cer}

Handwritten offers are out of scope; the model says so with an empty string.
"""


class Detection(msgspec.Struct, frozen=True):
    """A run of detection. series: final mAP@50, mAP@50-95 and validation loss."""

    pictures: str
    params: dict[str, Any]
    scores: tuple[float, float, float]
    code: str = "1"

    def having(self, *, train: dict[str, Any] | None = None, **changes: Any) -> Detection:
        """Another run; `train` changes single parameters of the training step."""
        params = {**self.params, "train": {**self.params["train"], **(train or {})}}
        return msgspec.structs.replace(self, **{"params": params, **changes})


class Ocr(msgspec.Struct, frozen=True):
    """A run of ocr. exact: share of tags read without a mistake; cer: character error rate."""

    tags: str
    params: dict[str, Any]
    exact: float
    cer: float
    code: str = "1"


def backbone(release: str) -> Stored:
    """The shared backbone in storage."""
    return stored("backbone", release, size=114_000_000)


def shared(release: str) -> dict[str, str]:
    """Every file of folder shared."""
    return {
        "shared/dvc.yaml": yaml_text({"artifacts": SHARED}),
        "shared/models/backbone.pt.dvc": dvc_file("backbone.pt", backbone(release)),
        "shared/models/.gitignore": "/backbone.pt\n",
    }


def detection(run: Detection, release: str) -> dict[str, str | bytes]:
    """Every file of folder detection. release: of the backbone that the run starts from."""
    map50, map95, loss = run.scores
    epochs = int(run.params["train"]["epochs"])
    cause = repr(run)
    pictures = stored("shelves", run.pictures, size=4_340_000_000, nfiles=11_347)
    train = run.params["train"]
    front = {
        "license": "other",
        "library_name": "torch",
        "pipeline_tag": "object-detection",
        "tags": ["shelf", "retail"],
        "datasets": ["alderfinch/shelves"],
        "metrics": ["mAP"],
        "base_model": "shared:backbone",
        "model-index": [
            {
                "name": "yolo",
                "results": [
                    {
                        "task": {"type": "object-detection", "name": "Object detection"},
                        "dataset": {"type": "alderfinch/shelves", "name": "Shelves of 61 shops"},
                        "metrics": [
                            {"type": "mAP", "name": "mAP@50", "value": map50},
                            {"type": "mAP", "name": "mAP@50-95", "value": map95},
                        ],
                    }
                ],
            }
        ],
    }
    text = DETECTION_CARD.format(map50=map50, map95=map95)
    files: dict[str, str | bytes] = {
        "README.md": f"---\n{yaml_text(front)}---\n\n# Shelf detection\n\n{text}",
        "dvc.yaml": yaml_text(DETECTION),
        "params.yaml": yaml_text(run.params),
        "data/shelves.dvc": dvc_file("shelves", pictures),
        "data/.gitignore": "/shelves\n/train\n/val\n",
        "models/.gitignore": "/yolo.pt\n",
        "split.py": '"""Splits by shop, so that no shop is on both sides."""\n',
        "train.py": f'"""Trains on two GPUs and logs with DVCLive."""\n\nVERSION = {run.code!r}\n',
        "dvclive/params.yaml": yaml_text({**train, "device": "cuda", "seed": 7}),
        "dvclive/metrics.json": json_text(
            {
                "train": {"loss": round(loss * 0.91, 5)},
                "val": {"loss": loss, "mAP50": map50, "mAP50-95": map95},
                "step": epochs - 1,
            }
        ),
        "dvclive/plots/precision-recall.csv": _precision_recall(map50),
        "dvclive/plots/images/aisle.png": shelf_picture(cause, 6),
        "dvclive/plots/images/freezer.png": shelf_picture(f"{cause} freezer", 4),
    }
    for path, start, end in (
        ("train/loss", 2.9, loss * 0.91),
        ("val/loss", 3.0, loss),
        ("val/mAP50", 0.05, map50),
    ):
        files[f"dvclive/plots/metrics/{path}.tsv"] = _series(f"{cause} {path}", epochs, start, end)
    data = {"data/shelves": pictures, BACKBONE: backbone(release)}
    files["dvc.lock"] = yaml_text(dvc_lock(DETECTION, run.params, files, data, SIZES))
    return {f"detection/{path}": content for path, content in files.items()}


def ocr(run: Ocr, release: str) -> dict[str, str | bytes]:
    """Every file of folder ocr. release: of the backbone that the run starts from."""
    tags = stored("tags", run.tags, size=286_000_000, nfiles=40_118)
    front = {
        "license": "other",
        "library_name": "onnx",
        "pipeline_tag": "image-to-text",
        "language": ["en", "sv", "es"],
        "tags": ["ocr", "edge"],
    }
    files: dict[str, str | bytes] = {
        "README.md": f"---\n{yaml_text(front)}---\n\n# Price reader\n\n"
        + OCR_CARD.format(exact=run.exact, cer=run.cer),
        "dvc.yaml": yaml_text(OCR),
        "params.yaml": yaml_text(run.params),
        "metrics.yaml": yaml_text(
            {
                "exact": run.exact,
                "cer": run.cer,
                "by_language": {
                    "en": round(run.exact + 0.011, 4),
                    "sv": round(run.exact - 0.004, 4),
                    "es": round(run.exact - 0.018, 4),
                },
            }
        ),
        "data/tags.dvc": dvc_file("tags", tags),
        "data/.gitignore": "/tags\n",
        "models/.gitignore": "/reader.onnx\n",
        "plots/.gitignore": "/misread\n",
        "plots/digits.csv": confusion(repr(run), list("0123456789"), run.exact, 300),
        "train.py": f'"""CTC over a small backbone."""\n\nVERSION = {run.code!r}\n',
        "evaluate.py": '"""Exact matches and wrong characters, by language."""\n',
    }
    data = {"data/tags": tags, BACKBONE: backbone(release)}
    files["dvc.lock"] = yaml_text(dvc_lock(OCR, run.params, files, data, SIZES))
    return {f"ocr/{path}": content for path, content in files.items()}


def _series(cause: str, steps: int, start: float, end: float) -> str:
    """One value per epoch, as DVCLive writes it."""
    lines = [f"step\t{cause.rpartition('/')[2]}"]
    for step in range(steps):
        share = 1 - (1 - step / (steps - 1)) ** 3
        value = start + (end - start) * share
        value *= 1 if step == steps - 1 else 1 + 0.03 * (noise(cause, step) - 0.5)
        lines.append(f"{step}\t{value:.5g}")
    return "\n".join(lines) + "\n"


def _precision_recall(map50: float) -> str:
    """A curve that falls off the later, the better the model."""
    lines = ["recall,precision"]
    for number in range(51):
        recall = number / 50
        lines.append(f"{recall:.2f},{1 - (1 - map50) * (0.3 + 2.8 * recall**6):.4f}")
    return "\n".join(lines) + "\n"
