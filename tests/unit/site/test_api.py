import json
import math

import msgspec

from sitegen.errors import Problem
from sitegen.registry.facts import Annotation, Card
from sitegen.registry.lineage import Data
from sitegen.registry.storage import Storage, StorageRemote
from sitegen.site import api
from sitegen.site.build import Settings, build_site
from sitegen.site.records import SCHEMAS
from tests.facts import metrics, oid, source, tag
from tests.lineages import OLD_RAW, RAW, pipeline


def documents(*sources, problems=()):  # type: ignore[no-untyped-def]
    found = api.documents(sources, Settings(title="T"), problems)
    return {path: json.loads(msgspec.json.encode(record)) for path, record in found.items()}


def test_the_registry_lists_models_with_their_stages() -> None:
    found = documents(
        source(tag("m@v1.0.0", "c1", 1), tag("m#prod#1", "c1", 2), tag("n#dev#1", "c2", 3))
    )
    registry = found["api/v1/registry.json"]
    assert registry["title"] == "T"
    assert [(m["name"], m["latest"], m["stages"], m["versions"]) for m in registry["models"]] == [
        ("m", "v1.0.0", {"prod": ["v1.0.0"]}, 1),
        ("n", None, {"dev": [oid("c2")]}, 0),
    ]
    assert set(found) >= {model["api"] for model in registry["models"]}
    assert set(found) >= {repository["api"] for repository in registry["repositories"]}


def test_a_model_holds_its_versions_and_its_history_newest_first() -> None:
    found = documents(
        source(
            tag("m@v1.0.0", "c1", 1, "First"),
            tag("m@v1.0.0!", "c1", 2),
            values={"c1": [metrics(f1=0.5)]},
            annotations={"c1": [Annotation("m", "dvc.yaml", "m.pkl", "model", "D", ("l",))]},
        )
    )
    model = found["api/v1/models/repo/m.json"]
    assert [e["event"] for e in model["history"]] == ["deregistration", "registration"]
    [version] = model["versions"]
    assert version["created_at"] == "1970-01-01T00:00:01+00:00"
    assert (version["message"], version["author"], version["tag"]) == ("First", "Ada", "m@v1.0.0")
    assert (version["registered"], version["active"]) == (True, False)
    assert (version["path"], version["labels"]) == ("m.pkl", ["l"])
    assert version["metrics"] == {"metrics.json": {"f1": 0.5}}


def test_numbers_that_json_cannot_say_are_strings() -> None:
    found = documents(
        source(tag("m@v1.0.0"), values={"c1": [metrics(a=math.nan, b=math.inf, c=[-math.inf])]})
    )
    [version] = found["api/v1/models/repo/m.json"]["versions"]
    assert version["metrics"]["metrics.json"] == {"a": "NaN", "b": "Infinity", "c": ["-Infinity"]}


def test_an_invalid_date_is_null() -> None:
    found = documents(source(tag("m@v1.0.0", at=None)))
    assert found["api/v1/events.json"][0]["timestamp"] is None


def test_text_is_as_the_repository_has_it() -> None:
    found = documents(source(tag("m@v1.0.0", message="a\u202eb")))
    assert found["api/v1/events.json"][0]["message"] == "a\u202eb"


def test_problems_are_counted_and_listed() -> None:
    problem = Problem("repo", "t", "", "bad", "mend", "tag.corrupt")
    found = documents(
        source(problems=(problem,)), problems=[Problem("", "", "x", "y", "z", "config")]
    )
    assert found["api/v1/registry.json"]["problems"] == 2
    assert [p["kind"] for p in found["api/v1/problems.json"]] == ["config", "tag.corrupt"]


def test_every_document_fits_its_schema_class() -> None:
    found = documents(source(tag("m@v1.0.0"), tag("m#prod#1")))
    for name, path in {
        "registry": "api/v1/registry.json",
        "model": "api/v1/models/repo/m.json",
        "repository": "api/v1/repositories/repo.json",
        "events": "api/v1/events.json",
        "problems": "api/v1/problems.json",
    }.items():
        msgspec.convert(found[path], SCHEMAS[name])


def test_a_version_registered_at_two_commits_stands_twice() -> None:
    found = documents(
        source(tag("m@v1.0.0", "c1", 1), tag("m#prod#1", "c1", 2), tag("m@v1.0.0#3", "c2", 3))
    )
    rows = found["api/v1/models/repo/m.json"]["versions"]
    assert [(r["version"], r["commit"], r["stages"]) for r in rows] == [
        ("v1.0.0", oid("c2"), []),
        ("v1.0.0", oid("c1"), ["prod"]),
    ]


def test_events_of_one_second_stand_in_the_order_of_the_activity_page() -> None:
    two = [
        source(tag("zz@v1.0.0", at=5), tag("m@v1.0.0", at=5), name="b"),
        source(tag("aa@v1.0.0", at=5), name="a"),
    ]
    told = [(e["repo"], e["artifact"]) for e in documents(*two)["api/v1/events.json"]]
    assert told == [(e.repo, e.artifact) for e in build_site(two, Settings()).events]


def test_a_version_says_where_its_file_is_and_how_to_have_it() -> None:
    data = Data("m.pkl", "63cb30df484bfa1d6ea2cdebac74876c", "md5", 1500)
    remote = StorageRemote("store", "https://store.example")
    found = documents(
        source(
            tag("m@v1.0.0"), tag("far@v1.0.0"), tag("bare@v1.0.0"),
            annotations={
                "c1": [
                    Annotation("m", "artifacts.yaml", "m.pkl"),
                    Annotation("far", "artifacts.yaml", "https://h.example/m?token=T"),
                ]
            },
            files={oid("c1"): {"m.pkl": data}},
            storages={oid("c1"): (Storage("", "store", (remote,)),)},
        )
    )  # fmt: skip
    near, far, bare = (
        found[f"api/v1/models/repo/{name}.json"]["versions"][0] for name in ("m", "far", "bare")
    )
    address = f"https://store.example/files/md5/63/{data.hash[2:]}"
    assert near["artifact"] == {
        "path": "m.pkl", "size": 1500, "files": None, "hash": data.hash, "algorithm": "md5",
        "storage": address, "link": address,
    }  # fmt: skip
    assert near["commands"]["modelreg get"].startswith("modelreg get m@v1.0.0 -r https://")
    assert far["artifact"]["link"] == far["path"] == "https://h.example/m?token=***"
    assert (bare["artifact"], list(bare["commands"])) == (None, ["The whole repository"])


def test_the_text_of_a_card_stands_with_the_first_version_that_has_it() -> None:
    card = Card("README.md", "b" * 40, (("license", ("mit",)),), (("t", "d", "f1", "0.90"),))
    large, note = Card("README.md", "d" * 40), Card("README.md", "e" * 40, note="is too large")
    found = source(
        *(tag(f"m@v{n}.0.0", f"c{n}", n) for n in range(1, 6)),
        cards={
            oid("c5"): {"m": card}, oid("c4"): {"m": card}, oid("c3"): {"m": large},
            oid("c2"): {"m": note},
        },
        texts={"b" * 40: "# Card", "d" * 40: "x" * (api.CARD_TEXT + 1)},
    )  # fmt: skip
    versions = documents(found)["api/v1/models/repo/m.json"]["versions"]
    first, second, third, fourth, fifth = (version["card"] for version in versions)
    assert first == {
        "path": "README.md", "own": False, "facts": {"license": ["mit"]},
        "results": [{"task": "t", "dataset": "d", "metric": "f1", "value": "0.90"}],
        "text": "# Card", "same_as": None,
    }  # fmt: skip
    assert second == {**first, "text": None, "same_as": "v5.0.0"}
    assert [each["text"] for each in (third, fourth)] == [None, None]
    assert fifth is None


def test_a_version_says_what_it_comes_from_and_what_changed() -> None:
    said = [Annotation("m", "artifacts.yaml", "m.pkl")]
    found = documents(
        source(
            tag("m@v1.0.0", "c1"),
            tag("m@v2.0.0", "c2", 1),
            tag("bare@v1.0.0", "c1"),
            annotations={"c1": said, "c2": said},
            pipelines={oid("c1"): pipeline(OLD_RAW), oid("c2"): pipeline(RAW, rate="0.2")},
        )
    )
    new, old = found["api/v1/models/repo/m.json"]["versions"]
    lineage = new["lineage"]
    nodes = {node["name"]: node for node in lineage["nodes"]}
    assert nodes["data/raw.csv"]["hash"] == RAW
    assert nodes["train"]["params"] == {"params.yaml": {"train.rate": 0.2}}
    assert {name: node["change"] for name, node in nodes.items()} == {
        "data/raw.csv": "changed", "train.py": "same", "train": "changed", "m.pkl": "same",
        "evaluate": "same",
    }  # fmt: skip
    assert [nodes["train"]["id"], nodes["m.pkl"]["id"]] in lineage["edges"]
    assert (lineage["commit"], lineage["compared_with"]) == (oid("c2"), "v1.0.0")
    assert old["lineage"]["compared_with"] is None
    assert {node["change"] for node in old["lineage"]["nodes"]} == {None}
    assert found["api/v1/models/repo/bare.json"]["versions"][0]["lineage"] is None


def test_a_version_names_the_ci_runs_of_its_commit() -> None:
    one = source(tag("m@v1.0.0"))
    message = "Train\n\nCI-Run: https://ci.example/7\nBuild-Id: 12\n"
    commits = {oid("c1"): msgspec.structs.replace(one.facts.commits[oid("c1")], message=message)}
    facts = msgspec.structs.replace(one.facts, commits=commits)
    found = documents(msgspec.structs.replace(one, facts=facts))
    assert found["api/v1/models/repo/m.json"]["versions"][0]["runs"] == [
        {"key": "CI-Run", "url": "https://ci.example/7", "id": None},
        {"key": "Build-Id", "url": None, "id": "12"},
    ]
