import math

from sitegen.registry.facts import Leaf, ValueFile
from sitegen.site.build import Settings, build_site
from sitegen.site.links import repository_links
from sitegen.site.values import file_views, value_view
from tests.facts import metrics, source, tag

LINKS = repository_links("https://github.com/a/b")


def test_a_value_says_how_it_changed() -> None:
    def change(now: object, before: object) -> str:
        return value_view(
            "k", Leaf(now, repr(now)), Leaf(before, repr(before)), compared=True
        ).change

    assert change(2, 1) == "up"
    assert change(1, 2) == "down"
    assert change(1, 1) == "same"
    assert change(1.0, 1) == "same"
    assert change("a", "b") == ""
    assert change(math.nan, 1) == ""


def test_the_first_version_compares_with_nothing() -> None:
    assert value_view("k", Leaf(1, "1"), None, compared=False).change == ""


def test_a_file_that_is_not_in_git_keeps_its_note_and_has_no_link() -> None:
    cached = ValueFile("metrics.json", "metrics", {}, "cached by DVC, not in Git")
    [view] = file_views([cached], [], "metrics", LINKS, "c0ffee")
    assert (view.note, view.href, view.values) == ("cached by DVC, not in Git", "", ())


def test_metrics_and_params_are_told_apart() -> None:
    files = [metrics(a=1), ValueFile("params.yaml", "params", {"lr": Leaf(0.1, "0.1")})]
    assert [v.path for v in file_views(files, [], "params", LINKS, "c")] == ["params.yaml"]


def test_metrics_across_versions_leave_gaps_where_a_version_has_none() -> None:
    one = source(
        tag("m@v1.0.0", "c1", 1),
        tag("m@v2.0.0", "c2", 2),
        values={"c1": [metrics(f1=0.5)], "c2": [metrics(auc=0.7)]},
    )
    [model] = build_site([one], Settings()).models
    table = {c.key: [v.text if v else None for v in c.values] for c in model.metric_table}
    assert table == {"auc": ["0.7", None], "f1": [None, "0.5"]}
    assert [v.key for v in model.headline] == ["auc"]
