"""dvc.lock: what DVC keeps outside Git."""

from __future__ import annotations

import pytest

from sitegen.readers.dvc_lock import LockOut, find_out, read_lock_outs

LOCK = b"""schema: '2.0'
stages:
  train:
    cmd: python train.py
    outs:
    - path: model.pkl
      hash: md5
      md5: '0877a48b2e2935cb7f596d30137a4e2c'
      size: 299
    - path: results/train
      md5: 1f.dir
      size: 10
      nfiles: 2
  other:
    outs:
    - path: ../up.pkl
      etag: abc
    - path: num
      md5: 1230
    - path: ../../../out
    - text
"""


def test_outs_of_every_step_are_relative_to_the_root() -> None:
    assert read_lock_outs(LOCK, "cv") == {
        "cv/model.pkl": LockOut("0877a48b2e2935cb7f596d30137a4e2c", 299),
        "cv/results/train": LockOut("1f.dir", 10),
        "up.pkl": LockOut("abc"),
        "cv/num": LockOut("1230"),
    }


def test_a_folder_covers_the_files_below_it() -> None:
    outs = read_lock_outs(LOCK)
    assert find_out(outs, "model.pkl") == LockOut("0877a48b2e2935cb7f596d30137a4e2c", 299)
    assert find_out(outs, "results/train/a/metrics.json") == LockOut()
    assert find_out(outs, "results/other.json") is None


def test_the_first_schema_has_its_steps_at_the_top() -> None:
    assert read_lock_outs(b"train: {outs: [{path: x, md5: a}]}") == {"x": LockOut("a")}


@pytest.mark.parametrize("data", [b"", b"[", b"- a", b"schema: 2\nstages: 3", b"a: {outs: 3}"])
def test_a_strange_file_has_no_outs(data: bytes) -> None:
    assert read_lock_outs(data) == {}
