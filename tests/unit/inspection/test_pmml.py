"""PMML models."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Unreadable
from sitegen.inspection.pmml import DEPTH, ELEMENTS, PMML
from sitegen.inspection.sources import BytesSource
from sitegen.registry.schemas import Column, DataType
from tests.damage import attempt, cut_short, inspected, scrambled

START = '<?xml version="1.0" encoding="UTF-8"?>\n'
HEADER = """
<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
 <Header copyright="A. Person" description="Irises">
  <Application name="sklearn2pmml" version="0.99"/><Timestamp>2024-05-01T10:00:00Z</Timestamp>
 </Header>
 <DataDictionary>
  <DataField name="species" optype="categorical" dataType="string">
   <Value value="setosa"/><Value value="virginica"/>
  </DataField>
  <DataField name="size" optype="continuous" dataType="double"/>
  <DataField name="unused" optype="continuous" dataType="double"/>
 </DataDictionary>
"""
FOREST = """
 <MiningModel functionName="classification" algorithmName="forest" modelName="irises">
  <MiningSchema>
   <MiningField name="species" usageType="target"/><MiningField name="size"/>
  </MiningSchema>
  <Segmentation>
   <Segment id="1"><TreeModel functionName="classification">
    <MiningSchema><MiningField name="inner"/></MiningSchema><Node/></TreeModel></Segment>
   <Segment id="2"/>
  </Segmentation>
 </MiningModel>
"""
END = "</PMML>"
MODEL = (START + HEADER + FOREST + END).encode()


def test_a_model_says_its_fields_kind_and_writer() -> None:
    metadata = inspected(PMML, MODEL).metadata
    assert (metadata.framework, metadata.framework_version) == ("pmml", "4.4")
    assert (metadata.format, metadata.class_name) == ("pmml", "MiningModel")
    assert metadata.description == "Irises"
    assert metadata.methods[0].arguments[0].type == DataType(
        "dataframe", columns=(Column("size", "double"),)
    )
    assert metadata.methods[1].returns == DataType("ndarray", shape=(None, 2))
    assert dict(metadata.facts) == {
        "kind": "MiningModel",
        "name": "irises",
        "function": "classification",
        "algorithm": "forest",
        "predicts": "species",
        "classes": "2",
        "segments": "2",
        "written by": "sklearn2pmml 0.99",
        "written": "2024-05-01T10:00:00Z",
        "copyright": "A. Person",
    }


@pytest.mark.parametrize(
    "prolog",
    [
        "<!DOCTYPE PMML>",
        '<!DOCTYPE PMML SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE PMML [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE PMML [<!ENTITY a SYSTEM "http://127.0.0.1/">]>',
        '<!DOCTYPE PMML [<!ENTITY % a SYSTEM "http://127.0.0.1/"> %a;]>',
    ],
)
def test_a_document_type_is_refused_before_it_says_anything(prolog: str) -> None:
    with pytest.raises(Unreadable, match="document type"):
        inspected(PMML, (START + prolog + HEADER + FOREST + END).encode())


def test_an_unknown_encoding_is_unreadable() -> None:
    for encoding in ("nonsense", "rot13", "idna", "utf-7", "undefined", "base64"):
        start = f'<?xml version="1.0" encoding="{encoding}"?>\n'
        attempt(PMML, (start + HEADER + FOREST + END).encode())
    with pytest.raises(Unreadable):
        inspected(PMML, (START.replace("UTF-8", "nonsense") + HEADER + END).encode())


def test_very_many_elements_are_not_read_to_their_end() -> None:
    many = "<Node/>" * (ELEMENTS + 200_000)
    found = inspected(PMML, (START + HEADER + FOREST + many + END).encode()).metadata
    assert "not read" in dict(found.facts)
    assert found.methods == inspected(PMML, MODEL).metadata.methods


@pytest.mark.parametrize(
    "text",
    [
        "<other><PMML/></other>",
        "<PMML/>",
        "<PMML>" + "<Node>" * (DEPTH + 1),
        "<PMML><TreeModel></PMML>",
        "<PMML>&unknown;</PMML>",
    ],
)
def test_what_is_no_model_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        inspected(PMML, text.encode())


def test_another_xml_is_no_model() -> None:
    for data in (b"<html></html>", b"PMML", b""):
        assert not PMML.matches(data, BytesSource(data))


def test_a_model_that_is_cut_short_is_unreadable() -> None:
    assert cut_short(PMML, MODEL) == [None] * 16


@given(st.integers(0, 10**9))
def test_a_damaged_model_is_read_or_unreadable(seed: int) -> None:
    scrambled(PMML, MODEL, seed)


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_unreadable(data: bytes) -> None:
    attempt(PMML, data)
    attempt(PMML, b"<PMML>" + data)
