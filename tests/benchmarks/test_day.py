"""The registry of a day out of 170,000 events: what the browser does grows as the events do."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from statistics import median

import msgspec
import pytest

from sitegen.render import day
from sitegen.site.day import RecordView
from sitegen.site.model import Site
from tests.conftest import ROOT
from tests.facts import oid
from tests.node import SCRIPTS, node
from tests.portfolios import STAGES, START, site_of

pytestmark = pytest.mark.bench

FEW, MANY = 500, 10_000
MEASURE = ROOT / "tests/integration/day/measure.js"


def eventful(count: int) -> Site:
    """So many models, each with five versions and two or three assignments of each."""
    chance = Random(count)
    site = site_of(count)
    models = []
    for number, model in enumerate(site.models):
        now = START + chance.randrange(50_000_000)
        record: list[RecordView] = []
        for version in range(5):
            commit = oid(f"{number}.{version}")
            now += chance.randrange(8_000_000)
            said = {"commit": commit, "offset": "+01:00", "author": "Ada", "trailer": ""}
            record.append(RecordView("registration", f"v1.{version}.0", "", seconds=now, **said))
            for stage in chance.sample(STAGES, chance.choice((2, 3))):
                now += chance.randrange(400_000)
                record.append(RecordView("assignment", "", stage, seconds=now, **said))
        models.append(msgspec.structs.replace(model, record=tuple(record)))
    return msgspec.structs.replace(site, models=tuple(models))


def measure(count: int, folder: Path) -> tuple[list[float], float, int]:
    """Milliseconds for each chunk, and to fold all models; how many events there are."""
    site = eventful(count)
    files = []
    for path, data in day.data_files(site):
        files.append(folder / f"{count}-{path.replace('/', '-')}")
        files[-1].write_bytes(data)
    question = json.dumps({"files": [str(file) for file in files]}).encode()
    chunks, fold = json.loads(node([str(MEASURE), str(SCRIPTS)], question))
    return chunks, fold, sum(len(model.record) for model in site.models)


def test_a_day_of_many_models_costs_as_much_more_as_there_are_events(tmp_path: Path) -> None:
    few, many = measure(FEW, tmp_path), measure(MANY, tmp_path)
    for chunks, fold, events in (few, many):
        print(
            f"\n{events} events: {len(chunks)} chunks, {median(chunks):.1f} ms each, "
            f"{max(chunks):.1f} ms at most; {fold:.0f} ms to fold"
        )
    # However many models there are, one step of loading stays as small.
    assert median(many[0]) < 3 * median(few[0])
    assert many[1] / many[2] < 3 * few[1] / few[2]
