"""The shapes; that they equal GTO's own is tested against GTO (integration/test_gto_json.py)."""

from sitegen.registry import events, gto
from sitegen.registry.facts import Annotation, Ref, Tag
from sitegen.registry.gto import Look, Sources
from sitegen.registry.state import Annotated, Registry, fold
from tests.facts import commit, oid, tag

HEAD = oid("head")
SOURCES = Sources(
    {oid(name): commit(name) for name in ("c1", "c2", "head")},
    {HEAD: {"z": Annotation("z", "artifacts.yaml"), "a": Annotation("a", "artifacts.yaml")}},
    ("dev", "prod"),
    HEAD,
)


def read(*tags: Tag) -> Registry:
    said, _, _ = events.select(Ref(f"refs/tags/{t.name}", t.oid) for t in tags)
    return fold(tags, said, Annotated(HEAD, ("z", "a"), ("z", "a")))


def test_artifacts_stand_in_the_order_in_which_gto_meets_them() -> None:
    registry = read(
        tag("late@v1.0.0", "c1", 9), tag("early@v1.0.0", "c1", 5), tag("staged#dev#1", "c2", 1),
        tag("gone@v1.0.0", "c1", 20), tag("gone@deprecated", "c1", 30),
    )  # fmt: skip
    shown = gto.show_registry(registry, Look(deprecated=True), SOURCES)
    assert list(shown) == ["gone", "early", "late", "staged", "z", "a"]
    assert "gone" not in gto.show_registry(registry, Look(), SOURCES)


def test_the_allowed_stages_are_the_columns() -> None:
    shown = gto.show_registry(read(tag("m@v1.0.0", "c1", 1)), Look(), SOURCES)
    assert shown["m"]["stage"] == {"dev": None, "prod": None}
    assert gto.list_stages(read(), Sources(), allowed=True) is None


def test_an_unregistered_version_that_left_its_stage_is_in_none() -> None:
    registry = read(tag("m#dev#1", "c1", 1), tag("m#dev!#2", "c1", 2))
    assert gto.show_registry(registry, Look(), SOURCES)["m"]["stage"]["dev"] is None


def test_history_and_check_ref_tell_one_event_alike() -> None:
    registry = read(tag("m@v1.0.0", "c1", 1, "First"))
    [told] = gto.history(registry)
    ref = gto.check_ref(registry.artifacts["m"].events[0])
    assert told["ref"] == ref["tag"] == "m@v1.0.0"
    assert told["message"] == ref["message"] == "First"
    assert "priority" not in ref


def test_an_artifact_is_described_with_gtos_keys() -> None:
    assert list(gto.describe(Annotation("m", "artifacts.yaml"))) == [
        "type", "path", "virtual", "labels", "description", "custom",
    ]  # fmt: skip
