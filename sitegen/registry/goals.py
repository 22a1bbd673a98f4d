"""Which way a metric is better, guessed from its name; the reader of a table may say otherwise."""

from __future__ import annotations

import re

HIGHER = "higher"
LOWER = "lower"

# What is measured or counted, and neither good nor bad in itself.
_NEUTRAL = frozenset(
    {
        "batches", "classes", "count", "counts", "epoch", "epochs", "examples", "features",
        "images", "iter", "iteration", "iterations", "n", "num", "number", "records", "rows",
        "samples", "seed", "step", "steps", "support", "threshold", "timestamp", "tokens", "total",
    }
)  # fmt: skip
_LOWER = frozenset(
    {
        "aic", "bic", "bits", "brier", "bytes", "cer", "cost", "crossentropy", "deviance",
        "distance", "divergence", "duration", "ece", "eer", "elapsed", "emissions", "energy",
        "entropy", "err", "error", "errors", "fdr", "fid", "fn", "fnr", "fp", "fpr", "hamming",
        "hinge", "kl", "latency", "latencies", "logloss", "loss", "losses", "mae", "mape", "mase",
        "mbe", "medae", "memory", "mse", "msle", "nll", "nmse", "nrmse", "params", "perplexity",
        "ppl", "regret", "residual", "rmse", "rmsle", "runtime", "sec", "seconds", "secs", "size",
        "smape", "ter", "time", "wape", "wer",
    }
)  # fmt: skip
# Names that hold such a word without a break, as in `trainloss`, `val_rmse1` or `l2loss`.
_LOWER_WITHIN = re.compile(r"loss|error|rmse|logloss|perplexity|latency")
# The direction of the word before is turned round: `neg_mean_squared_error`, `error_reduction`.
_TURNED = frozenset({"neg", "negative", "reduction", "improvement"})

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def guess(key: str) -> str:
    """HIGHER, LOWER, or "" for what has no better; key: dotted, as in a metrics file.

    The last parts of a name count most: `loss.best_epoch` is an epoch, `epoch.loss` a loss.
    """
    turned = False
    for place, part in enumerate(reversed(key.split("."))):
        words = [word.lower() for word in _WORD.findall(part)]
        turned |= not _TURNED.isdisjoint(words)
        if not place and not _NEUTRAL.isdisjoint(words[-1:]):
            return ""
        if not _LOWER.isdisjoint(words) or _LOWER_WITHIN.search("".join(words)):
            return HIGHER if turned else LOWER
    return HIGHER
