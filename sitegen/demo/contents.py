"""The files of a demo project: YAML and JSON text, dvc.lock, and the data of plots.

All of it follows from its arguments alone. What stands for measurement noise is drawn from
hashes, and what DVC would have hashed gets a hash of its causes: a step whose dependencies,
params and command did not change keeps the hashes of its outputs, as with DVC itself.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

_PLAIN = re.compile(r"[A-Za-z_./$][A-Za-z0-9_./$ (){}=+*@-]*")
_HASH = re.compile(r"[0-9a-f]*[a-df][0-9a-f]*(\.dir)?")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


class Stored(msgspec.Struct, frozen=True):
    """A file or folder in storage, as a `.dvc` file or dvc.lock tells of it. size: bytes."""

    md5: str
    size: int
    nfiles: int | None = None

    def record(self, path: str) -> dict[str, Any]:
        """The entry in a dvc.lock."""
        entry: dict[str, Any] = {"path": path, "hash": "md5", "md5": self.md5, "size": self.size}
        return entry if self.nfiles is None else {**entry, "nfiles": self.nfiles}


def stored(*causes: str, size: int, nfiles: int | None = None) -> Stored:
    """Something in storage that follows from its causes. size: about that many bytes."""
    text = "\0".join(causes)
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    wobble = int(size * (0.97 + 0.06 * noise(text)))
    return Stored(digest if nfiles is None else f"{digest}.dir", wobble, nfiles)


def dvc_file(name: str, data: Stored) -> str:
    """The text of NAME.dvc, for data added by hand."""
    entry = data.record(name)
    return yaml_text({"outs": [{key: entry[key] for key in ("md5", *entry) if key in entry}]})


def dvc_lock(
    pipeline: Mapping[str, Any],
    params: Mapping[str, Any],
    files: Mapping[str, str | bytes],
    data: Mapping[str, Stored],
    sizes: Mapping[str, tuple[int, int | None]],
) -> dict[str, Any]:
    """What `dvc repro` would leave in dvc.lock.

    pipeline: the dvc.yaml. params: params.yaml. files: those in Git, by path relative to the
    pipeline's folder. data: what is in storage by hand. sizes: path -> (bytes, number of files)
    of what the steps put into storage. A step with `foreach` becomes its `step@item`s.
    """
    known = dict(data)

    def record(path: str) -> dict[str, Any]:
        if path in known:
            return known[path].record(path)
        raw = files[path]
        raw = raw.encode() if isinstance(raw, str) else raw
        md5 = hashlib.md5(raw, usedforsecurity=False).hexdigest()
        return Stored(md5, len(raw)).record(path)

    steps: dict[str, Any] = {}
    for name, step in _expanded(pipeline["stages"]):
        entry: dict[str, Any] = {"cmd": step["cmd"]}
        entry["deps"] = [record(path) for path in sorted(step["deps"])]
        used = {key: params[key] for key in step.get("params", ())}
        if used:
            entry["params"] = {"params.yaml": used}
        cause = json.dumps(entry)
        paths = sorted(
            next(iter(out)) if isinstance(out, dict) else out
            for kind in ("outs", "metrics", "plots")
            for out in step.get(kind, ())
        )
        for path in paths:
            if path not in files:
                size, nfiles = sizes[path]
                known[path] = stored(cause, path, size=size, nfiles=nfiles)
        entry["outs"] = [record(path) for path in paths]
        steps[name] = entry
    return {"schema": "2.0", "stages": steps}


def _expanded(steps: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    for name, step in steps.items():
        for item in step.get("foreach", ()):
            text = json.dumps(step["do"]).replace("${item}", item)
            yield f"{name}@{item}", json.loads(text)
        if "do" not in step:
            yield name, step


def json_text(value: Any) -> str:
    """JSON as DVCLive and most training scripts write it."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def yaml_text(value: Any) -> str:
    """YAML in block style of anything that JSON can hold; equal under YAML 1.1 and 1.2."""
    return "\n".join(_yaml_lines(value)) + "\n"


def _yaml_lines(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _yaml_entry(f"{_scalar(key)}:", item)
    elif isinstance(value, list) and value:
        for item in value:
            if isinstance(item, Mapping | list) and item:
                first, *rest = _yaml_lines(item)
                yield f"- {first}"
                yield from (f"  {line}" for line in rest)
            else:
                yield f"- {_scalar(item)}"
    else:
        yield _scalar(value)


def _yaml_entry(key: str, item: Any) -> Iterable[str]:
    if isinstance(item, Mapping) and item:
        yield key
        yield from (f"  {line}" for line in _yaml_lines(item))
    elif isinstance(item, list) and item:
        yield key
        yield from _yaml_lines(item)
    elif isinstance(item, str) and "\n" in item:
        yield f"{key} |-"
        yield from (f"  {line}".rstrip() for line in item.split("\n"))
    else:
        yield f"{key} {_scalar(item)}"


def _scalar(value: Any) -> str:
    plain = isinstance(value, str) and (_PLAIN.fullmatch(value) or _HASH.fullmatch(value))
    if plain and value == value.rstrip() and value.lower() not in _WORDS:
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def noise(*causes: object) -> float:
    """A number in [0, 1) that follows from its causes."""
    digest = hashlib.sha256(repr(causes).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def roc_curve(auc: float, points: int = 40) -> str:
    """A smooth ROC curve with about that area, as scikit-learn's plots are kept by DVCLive."""
    power = (1 - auc) / auc
    rows = []
    for number in range(points + 1):
        fpr = round((number / points) ** 2, 5)
        rows.append({"fpr": fpr, "tpr": round(fpr**power, 5), "threshold": round(1 - fpr, 5)})
    return json_text({"roc": rows})


def loss_series(cause: str, steps: int, start: float, end: float) -> str:
    """Training and validation loss per epoch, as CSV."""
    lines = ["step,train_loss,val_loss"]
    for step in range(steps):
        fall = math.exp(-4 * step / steps)
        train = end * 0.92 + (start - end) * fall + 0.02 * start * (noise(cause, step) - 0.5)
        gap = start * 0.04 * (0.5 + noise(cause, step, "val"))
        lines.append(f"{step},{train:.4f},{train + gap:.4f}")
    return "\n".join(lines) + "\n"


def confusion(cause: str, labels: Sequence[str], accuracy: float, rows: int = 160) -> str:
    """Predictions with about that accuracy, one row each, as CSV for a confusion matrix."""
    lines = ["actual,predicted"]
    for number in range(rows):
        actual = int(noise(cause, number, "actual") ** 1.4 * len(labels))
        right = noise(cause, number, "right") < accuracy
        step = 0 if right else 1 + int(noise(cause, number, "wrong") * (len(labels) - 1))
        lines.append(f"{labels[actual]},{labels[(actual + step) % len(labels)]}")
    return "\n".join(lines) + "\n"


def bar_chart(title: str, bars: Mapping[str, float]) -> str:
    """A small bar chart as SVG, with a light ground of its own."""
    top, longest = 36, max(bars.values())
    height = top + 24 * len(bars) + 8
    rows = [
        f'<text x="132" y="{top + 24 * number + 12}" text-anchor="end">{name}</text>'
        f'<rect x="140" y="{top + 24 * number}" width="{300 * value / longest:.0f}" height="16" '
        f'fill="#4477aa"/><text x="{146 + 300 * value / longest:.0f}" '
        f'y="{top + 24 * number + 12}">{value:g}</text>'
        for number, (name, value) in enumerate(bars.items())
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 500 {height}" width="500" '
        f'height="{height}" font-family="sans-serif" font-size="12" fill="#222">\n'
        f'<rect width="500" height="{height}" fill="#ffffff"/>\n'
        f'<text x="8" y="20" font-size="14">{title}</text>\n' + "\n".join(rows) + "\n</svg>\n"
    )


def shelf_picture(cause: str, boxes: int) -> bytes:
    """A PNG of boxes on shelves: 160 by 96 points of 16 colours.

    Its data is stored, not compressed, since zlib's output differs from release to release.
    """
    width, height = 160, 96
    pixels = [[1 if y % 32 > 28 else 0 for _ in range(width)] for y in range(height)]
    for number in range(boxes):
        left = int(noise(cause, number, "x") * (width - 26))
        bottom = 28 + 32 * (number % 3)
        wide, high = 10 + int(noise(cause, number, "w") * 14), 10 + int(noise(cause, "h") * 12)
        for y in range(bottom - high, bottom):
            for x in range(left, left + wide):
                edge = x in (left, left + wide - 1) or y in (bottom - high, bottom - 1)
                pixels[y][x] = 2 if edge else 3 + number % 4
    rows = (b"\0" + bytes(row[x] << 4 | row[x + 1] for x in range(0, width, 2)) for row in pixels)
    raw = b"".join(rows)
    size = len(raw)
    block = b"\x01" + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + raw
    packed = b"\x78\x01" + block + zlib.adler32(raw).to_bytes(4, "big")
    colours = ("f4f1ea", "8a7f70", "222222", "4477aa", "66ccee", "228833", "ccbb44")
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x04\x03\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
        for kind, data in (
            (b"IHDR", header),
            (b"PLTE", bytes.fromhex("".join(colours))),
            (b"IDAT", packed),
            (b"IEND", b""),
        )
    )
