import msgspec

from sitegen.registry.facts import Annotation, ValueFile
from sitegen.registry.lineage import Data, Pipeline, PipelineStep
from sitegen.registry.storage import Storage, StorageRemote
from sitegen.site.build import Settings, build_site
from sitegen.site.model import ModelView
from tests.facts import metrics, oid, source, tag


def only(*tags, **more) -> ModelView:  # type: ignore[no-untyped-def]
    [model] = build_site([source(*tags, **more)], Settings()).models
    return model


def test_a_version_keeps_what_was_said_of_it_at_its_own_commit() -> None:
    model = only(
        tag("m@v1.0.0", "c1", 1),
        tag("m@v2.0.0", "c2", 2),
        head="c3",
        annotations={
            "c1": [Annotation("m", "artifacts.yaml", "old.pkl", "model", "Old", ("a",))],
            "c2": [Annotation("m", "dvc.yaml", "new.pkl", "model", "New", ("b",))],
        },
    )
    assert [(v.path, v.description, v.labels, v.annotated_in) for v in model.versions] == [
        ("new.pkl", "New", ("b",), "dvc.yaml"),
        ("old.pkl", "Old", ("a",), "artifacts.yaml"),
    ]
    assert model.description == "New"


def test_heads_annotation_describes_the_model() -> None:
    model = only(
        tag("m@v1.0.0", "c1", 1),
        head="c2",
        annotations={
            "c1": [Annotation("m", "dvc.yaml", description="Old")],
            "c2": [Annotation("m", "dvc.yaml", description="Now")],
        },
    )
    assert model.description == "Now"
    assert model.versions[0].description == "Old"


def test_chips_tell_the_holder_of_each_stage() -> None:
    model = only(
        tag("m@v1.0.0", "c1", 1), tag("m@v2.0.0", "c2", 2), tag("m#prod#1", "c1", 3, "Ship it")
    )
    [chip] = model.chips
    assert (chip.stage.name, chip.version, chip.author, chip.message) == (
        "prod",
        "v1.0.0",
        "Ada",
        "Ship it",
    )
    assert chip.url == "models/repo/m/v1.0.0.html"
    assert [[s.name for s in v.stages] for v in model.versions] == [[], ["prod"]]


def test_a_version_is_compared_with_the_next_lower_active_one() -> None:
    model = only(
        tag("m@v1.0.0", "c1", 1), tag("m@v1.1.0", "c2", 2), tag("m@v1.1.0!", "c2", 3),
        tag("m@v1.2.0", "c3", 4),
        values={
            "c1": [metrics(f1=0.5)], "c2": [metrics(f1=0.9)], "c3": [metrics(f1=0.75, auc=1.0)],
        },
    )  # fmt: skip
    newest = model.versions[0]
    assert newest.previous == "v1.0.0"
    assert newest.compare_href.endswith(f"/compare/{oid('c1')}...{oid('c3')}")
    shown = {v.key: (v.text, v.previous, v.delta, v.change) for v in newest.metrics[0].values}
    assert shown == {"f1": ("0.75", "0.5", "+0.25", "up"), "auc": ("1.0", "", "", "new")}


def test_an_unregistered_version_is_named_by_its_commit() -> None:
    model = only(tag("m#dev#1", "c9", 1))
    [version] = model.versions
    assert version.label == oid("c9")[:7]
    assert version.name == oid("c9")
    assert not version.registered
    assert model.latest is None


def test_of_one_name_at_two_commits_the_active_one_has_the_page() -> None:
    model = only(tag("m@v1.0.0", "c1", 1), tag("m@v1.0.0!", "c1", 2), tag("m@v1.0.0#3", "c2", 3))
    assert [(v.name, v.commit.oid) for v in model.versions] == [("v1.0.0", oid("c2"))]


def test_in_a_monorepo_a_model_shows_the_values_of_its_own_folder() -> None:
    site = build_site(
        [
            source(
                tag("cv=m@v1.0.0"),
                tag("top@v1.0.0"),
                values={"c1": [metrics("cv/metrics.json", a=1), metrics("metrics.json", b=2)]},
            )
        ],
        Settings(),
    )
    shown = {m.name: [f.path for f in m.versions[0].metrics] for m in site.models}
    assert shown == {"cv:m": ["cv/metrics.json"], "top": ["metrics.json"]}


def test_only_a_path_that_is_in_git_links_to_the_host() -> None:
    said = {"c1": [Annotation("m", "dvc.yaml", "m.pkl")]}
    model = only(tag("m@v1.0.0"), annotations=said)
    assert model.versions[0].path_href == ""
    model = only(tag("m@v1.0.0"), annotations=said, tracked={oid("c1"): frozenset({"m.pkl"})})
    assert model.versions[0].path_href == f"https://github.com/example/repo/blob/{oid('c1')}/m.pkl"


def test_a_path_elsewhere_names_its_storage() -> None:
    model = only(tag("m@v1.0.0"), annotations={"c1": [Annotation("m", "dvc.yaml", "s3://b/m.pt")]})
    assert (model.versions[0].storage, model.versions[0].path_href) == ("s3", "")
    model = only(
        tag("m@v1.0.0"), annotations={"c1": [Annotation("m", "dvc.yaml", "https://b/m.pt")]}
    )
    assert (model.versions[0].storage, model.versions[0].path_href) == ("https", "https://b/m.pt")


def test_custom_metadata_is_flattened() -> None:
    said = Annotation("m", "dvc.yaml", custom={"owner": {"team": "cv"}, "n": [1, 2]})
    model = only(tag("m@v1.0.0"), annotations={"c1": [said]})
    assert [(v.key, v.text) for v in model.versions[0].custom] == [
        ("owner.team", "cv"),
        ("n", "[1,2]"),
    ]


def test_hidden_characters_of_names_and_messages_are_spelt_out() -> None:
    model = only(tag("m@v1.0.0", message="safe\u202eexe"))
    assert model.versions[0].message == "safe⟨U+202E⟩exe"


def test_metrics_called_after_another_artifact_are_not_a_models_own() -> None:
    files = [
        metrics("reports/a.json", x=1),
        metrics("reports/b.json", x=2),
        metrics("all.json", x=3),
    ]
    site = build_site(
        [source(tag("a@v1.0.0"), tag("b@v1.0.0"), tag("c@v1.0.0"), values={"c1": files})],
        Settings(),
    )
    shown = {m.name: [f.path for f in m.versions[0].metrics] for m in site.models}
    assert shown == {
        "a": ["reports/a.json", "all.json"],
        "b": ["reports/b.json", "all.json"],
        "c": ["all.json"],
    }


def test_a_dataset_has_only_the_metrics_that_are_called_after_it() -> None:
    said = [Annotation("sales", "dvc.yaml", type="dataset")]
    files = [metrics("sales/stats.json", rows=5), metrics("metrics.json", f1=0.5)]
    model = only(tag("sales@v1.0.0"), annotations={"c1": said}, values={"c1": files})
    assert [f.path for f in model.versions[0].metrics] == ["sales/stats.json"]


def test_a_model_called_as_everybodys_files_does_not_take_them_from_the_others() -> None:
    site = build_site(
        [source(tag("metrics@v1.0.0"), tag("m@v1.0.0"), values={"c1": [metrics(f1=0.5)]})],
        Settings(),
    )
    assert [[f.path for f in m.versions[0].metrics] for m in site.models] == [["metrics.json"]] * 2


def test_of_one_name_at_two_commits_the_one_in_a_stage_has_the_page() -> None:
    model = only(tag("m@v1.0.0", "c1", 1), tag("m#prod#1", "c1", 2), tag("m@v1.0.0#3", "c2", 3))
    assert [(v.name, v.commit.oid) for v in model.versions] == [("v1.0.0", oid("c1"))]


def test_ci_runs_of_the_commit_are_linked() -> None:
    message = "Train\n\nCI-Run: https://ci.example/7?token=T\nBuild-Id: 12\n"
    one = source(tag("m@v1.0.0"))
    commits = {oid("c1"): msgspec.structs.replace(one.facts.commits[oid("c1")], message=message)}
    facts = msgspec.structs.replace(one.facts, commits=commits)
    (model,) = build_site([msgspec.structs.replace(one, facts=facts)], Settings()).models
    assert [(run.text, run.href) for run in model.versions[0].runs] == [
        ("https://ci.example/7", "https://ci.example/7"), ("12", ""),
    ]  # fmt: skip


def test_metrics_that_dvc_keeps_say_where_and_what_is_recorded() -> None:
    folder = Data("results", f"{'a' * 32}.dir", "md5", 955, 5, source="dvc.lock")
    note = "cached by DVC, not in Git"
    model = only(
        tag("m@v1.0.0"),
        values={"c1": [ValueFile("results/metrics.json", "metrics", {}, note)]},
        pipelines={oid("c1"): Pipeline((PipelineStep("train", "dvc.lock", outs=(folder,)),))},
        storages={oid("c1"): (Storage("", "s", (StorageRemote("s", "s3://b"),)),)},
    )
    (file,) = model.versions[0].metrics
    assert file.kept is not None
    assert (file.kept.path, file.kept.where, file.kept.size) == (
        "results",
        "DVC storage",
        "955 bytes",
    )
    assert file.kept.hash == folder.hash
