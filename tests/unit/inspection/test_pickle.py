"""Pickles as a whole: which model they hold, and what loading them would do."""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Inspected, Tensor, Unreadable
from sitegen.inspection.pickle import PICKLE
from sitegen.inspection.sources import BytesSource
from sitegen.registry.schemas import Requirement
from tests.damage import attempt, cut_short, inspected, scrambled
from tests.pickling import Call, Name, array, dumps, instance, texts

CLASS = "sklearn.linear_model._logistic.LogisticRegression"
COEFFICIENTS = array("f8", (1, 2), struct.pack("<2d", 0.5, 1))


def model(**more: Any) -> Call:
    return instance(
        CLASS, C=1.5, solver="lbfgs", n_features_in_=2, feature_names_in_=texts("age", "on"),
        coef_=COEFFICIENTS, _sklearn_version="1.5.2", **more,
    )  # fmt: skip


def read(value: Any, name: str = "m.pkl", protocol: int = 4) -> Inspected:
    return inspected(PICKLE, dumps(value, protocol), name)


@pytest.mark.parametrize("protocol", range(6))
def test_a_model_is_named_with_its_version_and_what_it_was_made_with(protocol: int) -> None:
    found = read(model(), protocol=protocol)
    metadata = found.metadata
    assert (metadata.framework, metadata.framework_version) == ("sklearn", "1.5.2")
    assert (metadata.class_name, metadata.format) == (CLASS, "pickle")
    assert metadata.requirements == (
        Requirement("numpy", "numpy"), Requirement("sklearn", "scikit-learn", "1.5.2"),
    )  # fmt: skip
    facts = dict(metadata.facts)
    assert facts["features"] == "2" and facts["parameters"] == "C=1.5, solver=lbfgs"
    assert facts.get("protocol", "0") == str(protocol if protocol > 1 else 0)
    assert found.warnings == ()
    assert found.tensors == (
        Tensor("feature_names_in_", "object", (2,)), Tensor("coef_", "float64", (1, 2)),
    )  # fmt: skip


def test_a_model_in_a_dictionary_is_found() -> None:
    metadata = read({"threshold": 0.5, "model": model()}).metadata
    assert metadata.class_name == CLASS
    assert dict(metadata.facts)["held in"] == "dict"
    assert dict(metadata.facts)["keys"] == "threshold, model"


def test_a_class_of_ones_own_is_told_of() -> None:
    found = read(instance("mine.Model", inner=model()))
    assert (found.metadata.class_name, found.metadata.framework) == ("mine.Model", "")
    assert Requirement("mine", "", "", "custom") in found.metadata.requirements
    assert "mine.Model" in found.warnings[0]


@pytest.mark.parametrize("compress", [zlib.compress, gzip.compress])
def test_a_compressed_file_is_one_of_joblib(compress: Any) -> None:
    metadata = inspected(PICKLE, compress(dumps(model())), "m.joblib").metadata
    assert (metadata.format, metadata.class_name) == ("joblib", CLASS)
    assert dict(metadata.facts)["compressed"] in ("zlib", "gzip")


def test_a_model_that_would_run_code_is_described_and_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    found = read({"model": model(), "x": Call(Name("os", "mkdir"), str(mark))})
    assert not mark.exists()
    assert found.warnings == ("Loading it would call os.mkdir.",)
    assert found.metadata.class_name == CLASS


def test_what_would_run_comes_first() -> None:
    found = read([instance("mine.A"), Call(Name("os", "system"), "true")])
    assert ["os.system" in one for one in found.warnings] == [True, False]


def test_damage_does_not_hide_what_would_have_run() -> None:
    data = dumps(Call(Name("os", "system"), "true"))[:-1] + b"\xff"
    with pytest.raises(Unreadable, match=r"byte \d+: 0xff\. Loading it would call os\.system\."):
        inspected(PICKLE, data)


def test_what_was_read_in_part_says_so() -> None:
    found = inspected(PICKLE, b"\x80\x04](" + b"N" * 1_000_000 + b"e.")
    assert "in part only" in found.warnings[0]


def test_a_pickle_is_known_by_its_beginning_or_its_name() -> None:
    def known(data: bytes, name: str) -> bool:
        return PICKLE.matches(data, BytesSource(data, name))

    assert known(dumps(1), "model") and known(dumps(1, 0), "m.PKL") and known(b"", "m.joblib")
    assert known(zlib.compress(dumps(1)), "model")
    assert not known(dumps(1, 0), "model") and not known(b"\x80\x09", "m.bin")
    assert not known(zlib.compress(b"text"), "m.pkl")


def test_a_model_that_is_cut_short_is_unreadable() -> None:
    assert cut_short(PICKLE, dumps(model()), "m.pkl") == [None] * 16
    assert cut_short(PICKLE, zlib.compress(dumps(model())), "m.pkl") == [None] * 16


@given(st.integers(0, 10**9), st.integers(0, 4))
def test_a_damaged_model_is_read_or_unreadable(seed: int, protocol: int) -> None:
    scrambled(PICKLE, dumps(model(), protocol), seed, "m.pkl")


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_unreadable(data: bytes) -> None:
    for start in (b"", b"\x80\x04", b"\x78\x9c"):
        attempt(PICKLE, start + data, "m.pkl")
