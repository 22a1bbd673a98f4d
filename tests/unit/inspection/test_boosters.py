"""The boosters inside of pickles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from sitegen.inspection.boosters import held_in, methods_of
from sitegen.inspection.feeds import Cursor, SourceFeed
from sitegen.inspection.opcodes import Machine
from sitegen.inspection.sources import BytesSource
from sitegen.inspection.symbols import Blob, Global, Made
from sitegen.registry.schemas import Argument, Column, DataType, Method
from tests.pickling import dumps, instance

STORED = Path(__file__).parents[2] / "integration" / "model_files"
TEXT = (STORED / "more-binary.txt").read_text()
UBJ = (STORED / "more-binary.ubj").read_bytes()
CBM = (STORED / "more-classes.cbm").read_bytes()
KEY = b"L\0\0\0\0\0\0\0"


def made(module: str, name: str, **state: Any) -> Made:
    one = Made(Global(module, name), ())
    one.state = state
    return one


def columns(value: Any, data: bytes = b"") -> list[str]:
    found = held_in(value, BytesSource(data) if data else None)
    assert found is not None
    taken = found.metadata.methods[0].arguments[0].type
    assert taken is not None
    return [column.name for column in taken.columns]


def test_a_booster_is_read_where_an_estimator_holds_it() -> None:
    booster = made("lightgbm.basic", "Booster", _handle=TEXT)
    names = ["sepal", "petal", "leaf"]
    assert columns(booster) == names
    assert columns(made("lightgbm.sklearn", "LGBMClassifier", _Booster=booster)) == names
    old = made("lightgbm.basic", "Booster", handle=TEXT)
    assert columns(made("lightgbm.sklearn", "LGBMClassifier", _Booster=old)) == names


def test_the_settings_before_an_xgboost_model_are_passed_over() -> None:
    whole = b"{" + KEY + b"\x06Config{}" + KEY + b"\x05Model" + UBJ + b"}"
    for handle in (whole, UBJ):
        booster = made("xgboost.core", "Booster", handle=handle)
        assert columns(made("xgboost.sklearn", "XGBClassifier", _Booster=booster))[0] == "sepal"


@pytest.mark.parametrize("protocol", range(6))
def test_a_booster_is_found_in_pickles_of_every_protocol(protocol: int) -> None:
    # Before protocol 5 a bytearray is a call with bytes, or with a text.
    data = dumps(instance("xgboost.core.Booster", handle=bytearray(UBJ)), protocol)
    value = Machine(Cursor(SourceFeed(BytesSource(data)))).run()
    assert columns(value)[0] == "sepal"


def test_a_large_booster_is_read_where_it_stands_in_the_file() -> None:
    booster = made("xgboost.core", "Booster", handle=Blob(len(UBJ), 7))
    assert columns(booster, b"before " + UBJ + b" behind")[0] == "sepal"
    assert held_in(booster) is None


def test_catboost_keeps_its_own_format() -> None:
    assert len(columns(made("catboost.core", "CatBoostClassifier", __model=CBM))) == 4


def test_what_cannot_be_read_is_not_known() -> None:
    for handle in ("", "tree", TEXT[:200], 5, None, Blob(9, 0), Made(Global("os", "system"), ())):
        assert held_in(made("lightgbm.basic", "Booster", _handle=handle)) is None
    assert held_in(made("xgboost.core", "Booster", handle=b"{}"), BytesSource(b"")) is None
    assert held_in({"a": 1}) is None
    assert held_in(made("some", "Thing", _handle=TEXT)) is None


def test_an_estimator_keeps_its_methods_and_takes_what_its_booster_takes() -> None:
    booster = held_in(made("lightgbm.basic", "Booster", _handle=TEXT))
    assert booster is not None
    rough = (Argument("X", DataType("ndarray")), Argument("raw"))
    own = (Method("predict", rough, DataType("ndarray", "int64")), Method("fit"))
    predict, fit = methods_of(booster, own)
    taken = predict.arguments[0].type
    assert taken is not None and taken.columns[0] == Column("sepal", "")
    assert predict.arguments[1:] == rough[1:] and predict.returns == own[0].returns
    assert fit == own[1]
    assert methods_of(booster, ()) == booster.metadata.methods
    bare = msgspec.structs.replace(
        booster, metadata=msgspec.structs.replace(booster.metadata, methods=())
    )
    assert methods_of(bare, own) == own
