"""Keras archives."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Unreadable
from sitegen.inspection.keras import KERAS, MEMBER
from sitegen.inspection.sources import BytesSource
from tests.damage import attempt, cut_short, inspected, scrambled, stored

CONFIG = {
    "class_name": "Sequential",
    "config": {"layers": [{"class_name": "Dense", "config": {"batch_shape": [None, 3]}}]},
}


def archive(**members: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(f"{name}.json", content)
    return into.getvalue()


def test_a_model_says_its_version_and_layers() -> None:
    said = json.dumps({"keras_version": "3.1.0", "date_saved": "2024-05-01@10:00:00"}).encode()
    data = archive(metadata=said, config=json.dumps(CONFIG).encode())
    metadata = inspected(KERAS, data).metadata
    assert (metadata.framework, metadata.framework_version) == ("tf_keras", "3.1.0")
    assert (metadata.format, metadata.class_name) == ("keras", "keras.Sequential")
    assert dict(metadata.facts)["saved"] == "2024-05-01@10:00:00"


def test_an_archive_is_known_by_its_name_or_its_first_member() -> None:
    data = archive(other=b"{}")
    assert not KERAS.matches(data, BytesSource(data, "model.zip"))
    assert KERAS.matches(data, BytesSource(data, "Model.KERAS"))
    assert not KERAS.matches(b"no zip", BytesSource(b"no zip", "model.keras"))


@pytest.mark.parametrize(
    "data",
    [
        archive(metadata=b"{}"),
        archive(metadata=b"{}", config=b"[]"),
        archive(metadata=b"{}", config=b'{"a":' * 10_000),
        archive(metadata=b"{}", config=b" " * (MEMBER + 1)),
        archive(metadata=b"\xff", config=json.dumps(CONFIG).encode()),
    ],
    ids=["no config", "a list", "deep", "a bomb", "bytes"],
)
def test_what_is_no_model_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        inspected(KERAS, data)


def test_a_model_that_is_cut_short_is_unreadable() -> None:
    assert cut_short(KERAS, stored("more-line.keras")) == [None] * 16


@given(st.integers(0, 10**9))
def test_a_damaged_model_is_read_or_unreadable(seed: int) -> None:
    scrambled(KERAS, stored("more-line.keras"), seed)


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_unreadable(data: bytes) -> None:
    attempt(KERAS, b"PK\x03\x04" + data)
