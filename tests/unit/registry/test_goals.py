"""A metric's goal is guessed from its name."""

from __future__ import annotations

import pytest

from sitegen.registry.goals import HIGHER, LOWER, guess


@pytest.mark.parametrize(
    "key",
    [
        "loss", "val_loss", "train.loss", "valLoss", "trainloss", "rmse", "RMSE", "test_rmse1",
        "mean_absolute_error", "log_loss", "logloss", "perplexity", "wer", "FID", "latency_ms",
        "p95.latency", "duration", "avg.error.rate", "size", "loss.test", "mse.fold.3",
    ],
)  # fmt: skip
def test_losses_errors_and_times_are_better_low(key: str) -> None:
    assert guess(key) == LOWER


@pytest.mark.parametrize(
    "key",
    [
        "f1", "acc", "accuracy", "roc_auc", "avg_prec.test", "recall", "r2", "bleu", "ndcg@10",
        "iou", "score", "neg_mean_squared_error", "error_reduction", "throughput", "",
        "classes.cat.f1",
    ],
)  # fmt: skip
def test_others_are_better_high(key: str) -> None:
    assert guess(key) == HIGHER


@pytest.mark.parametrize(
    "key", ["step", "epoch", "loss.best_epoch", "support", "n_samples", "test.rows"]
)
def test_what_is_only_counted_has_no_goal(key: str) -> None:
    assert guess(key) == ""
