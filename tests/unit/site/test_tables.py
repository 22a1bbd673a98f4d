"""The views of a table can be kept and sent as every other one."""

from __future__ import annotations

import msgspec

from sitegen.registry.state import Annotated, fold
from sitegen.site.build import Settings, Source, build_site
from sitegen.site.tables import ExperimentsView
from tests.facts import history


def test_a_table_survives_being_written_and_read() -> None:
    source = Source(history("a b:a", {"main": "b"}), fold((), (), Annotated(), "repo"))
    [repository] = build_site([source], Settings()).repositories
    table = repository.table
    assert msgspec.json.decode(msgspec.json.encode(table), type=ExperimentsView) == table
