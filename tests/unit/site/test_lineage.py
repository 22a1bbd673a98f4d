"""Where a version comes from, as people see it."""

from __future__ import annotations

from typing import Any

import msgspec

from sitegen.registry.facts import Annotation
from sitegen.registry.lineage import Pipeline, PipelineStep, StepParam, Tracked
from sitegen.site.build import Settings, build_site
from sitegen.site.details import MOST
from sitegen.site.parts import LineageView, NodeView
from tests.facts import oid, source, tag
from tests.lineages import C2, OLD_RAW, RAW, md5, pipeline, version

URL = "https://github.com/example/repo"


def lineage(new: Pipeline, old: Pipeline | None = None, **more: Any) -> LineageView:
    found = version(new, old, **more).lineage
    assert found is not None
    return found


def by_name(found: LineageView) -> dict[str, NodeView]:
    return {node.name: node for node in found.nodes}


def test_each_part_is_listed_after_what_it_is_made_of() -> None:
    found = lineage(pipeline())
    names = {node.number: node.name for node in found.nodes}
    assert list(names) == [1, 2, 3, 4, 5]
    assert {node.name: sorted(names[n] for n in node.made_of) for node in found.nodes} == {
        "data/raw.csv": [],
        "train.py": [],
        "train": ["data/raw.csv", "train.py"],
        "m.pkl": ["train"],
        "evaluate": ["m.pkl"],
    }
    assert all(each < node.number for node in found.nodes for each in node.made_of)
    assert found.counts == ((1, "data item"), (1, "code file"), (1, "pipeline step"))
    assert by_name(found)["evaluate"].downstream


def test_a_part_says_where_it_is_and_who_says_so() -> None:
    parts = by_name(lineage(pipeline()))
    raw, code, train, model = (parts[n] for n in ("data/raw.csv", "train.py", "train", "m.pkl"))
    address = f"https://store.example/files/md5/aa/{RAW[2:]}"
    assert raw.file is not None
    assert (raw.file.where, raw.file.address, raw.file.href) == ("DVC storage", address, address)
    assert (raw.href, raw.source.text) == ("", "data/raw.csv.dvc")
    assert code.file is not None
    assert (code.file.where, code.file.href) == ("Git", f"{URL}/raw/{C2}/train.py")
    assert code.href == f"{URL}/blob/{C2}/train.py"
    assert (train.commands, train.params) == (("python train.py",), (("train.rate", "0.1"),))
    assert train.source.href == f"{URL}/blob/{C2}/dvc.yaml"
    assert (model.kind, model.source.text) == ("model", "dvc.lock")


def test_what_a_step_was_given_and_nobody_keeps_has_no_place() -> None:
    step = PipelineStep(
        "train", "dvc.lock", (), (md5("/mnt/raw.csv", RAW, cached=False),), (), (md5("m.pkl", "c"),)
    )
    raw = by_name(lineage(Pipeline((step,))))["/mnt/raw.csv"]
    assert raw.file is not None
    assert (raw.file.where, raw.file.address, raw.file.href, raw.href) == ("", "", "", "")


def test_the_picture_has_a_box_for_each_part_and_a_line_for_each_edge() -> None:
    found = lineage(pipeline(), pipeline(OLD_RAW))
    boxes = {node.name: node.box for node in found.nodes}
    assert len(found.lines) == 4
    raw, train, model = boxes["data/raw.csv"], boxes["train"], boxes["m.pkl"]
    assert raw and train and model
    assert raw.x + raw.width < train.x < train.x + train.width < model.x
    assert (raw.title, raw.note, raw.mark) == ("data/raw.csv", "data · 1.5 kB", "changed")
    assert [line.changed for line in found.lines].count(True) == 2
    assert found.width >= model.x + model.width


def test_changes_begin_at_data_code_and_params_and_not_at_what_follows_from_them() -> None:
    found = lineage(pipeline(RAW, "e" * 32, "0.2"), pipeline(OLD_RAW))
    states = {node.name: node.state for node in found.nodes}
    assert states == {
        "data/raw.csv": "changed", "train.py": "same", "train": "changed", "m.pkl": "changed",
        "evaluate": "changed",
    }  # fmt: skip
    shown = [(each.node.name, [(d.name, d.old, d.new) for d in each.details])
             for each in found.causes]  # fmt: skip
    assert shown == [("data/raw.csv", []), ("train", [("train.rate", "0.1", "0.2")])]
    # The new data is what changed it, and the step says so.
    details = by_name(found)["train"].details
    assert ("data/raw.csv", OLD_RAW[:10], RAW[:10]) in [(d.name, d.old, d.new) for d in details]


def test_equal_pipelines_have_no_cause() -> None:
    found = lineage(pipeline(), pipeline())
    assert (found.compared, found.causes) == (True, ())


def test_without_a_lineage_before_nothing_is_marked() -> None:
    found = lineage(pipeline())
    assert not found.compared
    assert {node.state for node in found.nodes} == {""}


def test_what_is_used_no_more_is_listed_and_not_drawn() -> None:
    old = pipeline()
    more = msgspec.structs.replace(
        old.steps[0], deps=(*old.steps[0].deps, md5("extra.csv", RAW, cached=False))
    )
    found = lineage(old, Pipeline((more, old.steps[1]), old.tracked))
    gone = by_name(found)["extra.csv"]
    assert (gone.state, gone.box, gone.number) == ("removed", None, len(found.nodes))
    assert gone in [cause.node for cause in found.causes]
    assert (gone.href, gone.source.text) == ("", "")


def test_an_import_leads_to_the_repository_it_is_from() -> None:
    raw = Tracked(
        "data/raw.csv.dvc", "repo", (md5("data/raw.csv", RAW),), (),
        "https://github.com/example/data", "get/raw.csv", "main", "f" * 40,
    )  # fmt: skip
    part = next(n for n in lineage(Pipeline(pipeline().steps, (raw,))).nodes if n.kind == "import")
    assert part.origin is not None
    assert part.origin.href == f"https://github.com/example/data/blob/{'f' * 40}/get/raw.csv"
    text = f"get/raw.csv of https://github.com/example/data at {'f' * 10} (main)"
    assert part.origin.text == text


def test_data_from_an_address_leads_there() -> None:
    raw = Tracked("data/raw.csv.dvc", "url", (md5("data/raw.csv", RAW),), (), "https://h.example/x")
    part = next(n for n in lineage(Pipeline(pipeline().steps, (raw,))).nodes if n.kind == "import")
    assert part.origin is not None
    assert (part.origin.text, part.origin.href) == ("https://h.example/x", "https://h.example/x")


def test_a_part_that_is_a_model_of_the_portal_leads_to_its_version() -> None:
    other = source(
        tag("raw@v1.0.0", "c9"),
        name="data",
        annotations={"c9": [Annotation("raw", "artifacts.yaml", "x.csv")]},
        files={oid("c9"): {"x.csv": md5("x.csv", RAW)}},
    )
    mine = source(
        tag("m@v1.0.0"),
        annotations={"c1": [Annotation("m", "artifacts.yaml", "m.pkl")]},
        pipelines={oid("c1"): pipeline()},
    )
    site = build_site([other, mine], Settings())
    found = next(model for model in site.models if model.name == "m").versions[0].lineage
    assert found is not None
    part = by_name(found)["data/raw.csv"]
    assert part.model is not None
    assert (part.model.text, part.model.url) == (
        "raw v1.0.0 of data",
        "models/data/raw/v1.0.0.html",
    )
    assert by_name(found)["m.pkl"].model is None


def test_long_names_fit_their_boxes() -> None:
    long = f"data/{'x' * 30}/{'y' * 40}.csv"
    step = PipelineStep("train", "dvc.lock", (), (md5(long, RAW),), (), (md5("m.pkl", "c"),))
    box = by_name(lineage(Pipeline((step,))))[long].box
    assert box is not None
    assert len(box.title) <= 26 and box.title.endswith("y.csv")


def test_hidden_characters_are_spelt_out() -> None:
    step = PipelineStep(
        "tr\u202eain", "dvc.lock", ("echo \u202e",), (md5("a\u202eb", RAW),),
        (StepParam("params.yaml", "k\u202e", 1, "1\u202e"),), (md5("m.pkl", "c"),), "why\u202e",
    )  # fmt: skip
    assert "\u202e" not in repr(lineage(Pipeline((step,))))


def test_a_version_without_a_file_has_no_lineage() -> None:
    site = build_site([source(tag("m@v1.0.0"), pipelines={oid("c1"): pipeline()})], Settings())
    assert site.models[0].versions[0].lineage is None


def test_equal_facts_give_equal_pictures() -> None:
    assert lineage(pipeline(), pipeline(OLD_RAW)) == lineage(pipeline(), pipeline(OLD_RAW))


def test_an_import_of_a_model_of_the_portal_leads_to_its_version() -> None:
    other = source(
        tag("raw@v1.0.0", "c9"),
        name="data",
        url="git@github.com:example/data.git",
        annotations={"c9": [Annotation("raw", "artifacts.yaml", "get/raw.csv")]},
    )
    raw = Tracked(
        "data/raw.csv.dvc", "repo", (md5("data/raw.csv", RAW),), (),
        "https://github.com/example/data", "get/raw.csv", "raw@v1.0.0", oid("c9"),
    )  # fmt: skip
    mine = source(
        tag("m@v1.0.0"),
        annotations={"c1": [Annotation("m", "artifacts.yaml", "m.pkl")]},
        pipelines={oid("c1"): Pipeline(pipeline().steps, (raw,))},
    )
    site = build_site([other, mine], Settings())
    found = next(model for model in site.models if model.name == "m").versions[0].lineage
    assert found is not None
    part = next(node for node in found.nodes if node.kind == "import")
    assert part.model is not None
    assert (part.model.text, part.model.url) == (
        "raw v1.0.0 of data",
        "models/data/raw/v1.0.0.html",
    )


def test_pipeline_steps_of_one_name_are_told_apart_by_their_folders() -> None:
    model = md5("m.pkl", "c" * 32)
    steps = [PipelineStep("train", f"{at}dvc.lock", (), (model,)) for at in ("", "a/", "b/c/")]
    found = lineage(Pipeline(tuple(steps)))
    assert sorted(node.name for node in found.nodes) == ["a:train", "b/c:train", "m.pkl", "train"]
    assert found.counts == ()


def test_of_a_very_wide_lineage_the_nearest_parts_are_shown() -> None:
    deps = tuple(md5(f"data/{number}.csv", f"{number:032}") for number in range(300))
    step = PipelineStep("train", "dvc.lock", (), deps, (), (md5("m.pkl", "c" * 32),))
    found = lineage(Pipeline((step,)))
    assert len(found.nodes) == MOST
    assert found.cut == 302 - MOST
    assert {"m.pkl", "train"} < by_name(found).keys()
