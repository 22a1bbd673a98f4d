"""Which plots a commit declares."""

from __future__ import annotations

import pytest

from sitegen.errors import Problem
from sitegen.readers.plots import (
    DeclaredPlot,
    is_image,
    names_of,
    open_folders,
    read_plots,
    template_paths,
)


def declared(text: str, path: str = "dvc.yaml", **files: str) -> tuple[DeclaredPlot, ...]:
    more = {f"{name}.yaml": value.encode() for name, value in files.items()}
    found, problems = read_plots({path: text.encode(), **more})
    assert problems == ()
    return found


def wrong(text: str) -> list[str]:
    _, problems = read_plots({"dvc.yaml": text.encode()})
    return [problem.kind for problem in problems]


def test_paths_at_the_top_are_of_the_folder_of_their_dvc_yaml() -> None:
    text = "plots:\n- plots/metrics: {x: step}\n- cm.png\n- ../all.csv:\n"
    assert declared(text, "live/dvc.yaml") == (
        DeclaredPlot("live/plots/metrics", "live/dvc.yaml", "live/dvc.yaml", {"x": "step"},
                     ("live/plots/metrics",)),
        DeclaredPlot("live/cm.png", "live/dvc.yaml", "live/dvc.yaml", {}, ("live/cm.png",)),
        DeclaredPlot("all.csv", "live/dvc.yaml", "live/dvc.yaml", {}, ("all.csv",)),
    )  # fmt: skip


def test_a_name_is_a_plot_of_the_files_of_its_axes() -> None:
    text = (
        "plots:\n- both:\n    x: {a.csv: n}\n    y: {b.csv: [l, m], ../c.csv: l}\n    title: Both\n"
        "- same:\n    x: n\n    y: {b.csv: l}\n"
    )
    both, same = declared(text, "live/dvc.yaml")
    assert both == DeclaredPlot(
        "both", "live/dvc.yaml", "live/dvc.yaml",
        {"x": {"live/a.csv": "n"}, "y": {"live/b.csv": ["l", "m"], "c.csv": "l"}, "title": "Both"},
        ("live/b.csv", "c.csv", "live/a.csv"), named=True,
    )  # fmt: skip
    assert same.definition == {"x": "n", "y": {"live/b.csv": "l"}}


def test_plots_of_steps_are_outputs_with_options() -> None:
    text = (
        "stages:\n  a:\n    cmd: c\n    wdir: sub\n    plots:\n    - l.csv: {cache: false, x: n}\n"
        "    - bare.tsv: {header: false}\n    - cm.png\n"
    )
    assert declared(text) == (
        DeclaredPlot("sub/l.csv", "dvc.yaml", "", {"x": "n"}, ("sub/l.csv",)),
        DeclaredPlot("sub/bare.tsv", "dvc.yaml", "", {}, ("sub/bare.tsv",), header=False,
                     cached=True),
        DeclaredPlot("sub/cm.png", "dvc.yaml", "", {}, ("sub/cm.png",), cached=True),
    )  # fmt: skip


def test_templates_and_loops_are_filled_in() -> None:
    text = (
        "vars: [{out: {dir: plots}}]\nplots:\n- ${out.dir}/a.csv: {title: '${name}'}\n"
        "stages:\n  t:\n    foreach: [u, v]\n    do:\n      cmd: c\n"
        "      plots: [{'${out.dir}/${item}.csv': {y: '${item}'}}]\n"
    )
    found = declared(text, params="name: N")
    assert [(one.id, one.definition) for one in found] == [
        ("plots/a.csv", {"title": "N"}),
        ("plots/u.csv", {"y": "u"}),
        ("plots/v.csv", {"y": "v"}),
    ]


def test_a_folder_is_opened_and_leaves_out_what_is_named_by_itself() -> None:
    found = declared("plots: [p, p/b.csv: {y: m}, gone, p/deep]")
    paths = ["a.csv", "p/a.csv", "p/b.csv", "p/deep/c.csv", "p2/a.csv"]
    assert [(one.id, one.definition) for one in open_folders(found, paths)] == [
        ("p/a.csv", {}),
        ("p/b.csv", {"y": "m"}),
        ("gone", {}),
        ("p/deep/c.csv", {}),
    ]
    everything = open_folders(declared("plots: ['.']", "p/dvc.yaml"), paths)
    assert [one.id for one in everything] == ["p/a.csv", "p/b.csv", "p/deep/c.csv"]


def test_a_name_that_is_a_path_of_the_folder_counts_as_one_and_any_other_harms_nothing() -> None:
    text = "plots:\n- plots\n- /top: {y: {a.csv: l}}\n- plots/a.csv: {y: {b.csv: l}}\n"
    opened = open_folders(declared(text, "x/dvc.yaml"), ["x/plots/a.csv", "x/plots/b.csv"])
    assert [(one.id, one.named) for one in opened] == [
        ("x/plots/b.csv", False), ("/top", True), ("plots/a.csv", True),
    ]  # fmt: skip


def test_what_stands_twice_is_named_with_its_dvc_yaml() -> None:
    files = {
        "dvc.yaml": b"plots: [a.csv, both: {y: {a.csv: l}}]\nstages: {s: {cmd: c, plots: [a.csv]}}",
        "p/dvc.yaml": b"plots: [both: {y: {a.csv: l}}]",
    }
    found, _ = read_plots(files)
    assert names_of(found) == ["dvc.yaml::a.csv", "dvc.yaml::both", "a.csv", "p/dvc.yaml::both"]


@pytest.mark.parametrize(
    ("said", "paths"),
    [
        ("", (".dvc/plots/linear", ".dvc/plots/linear.json")),
        ("{template: own}", (".dvc/plots/own", ".dvc/plots/own.json")),
        (
            "{template: t/own.json}",
            (".dvc/plots/t/own.json", "t/own.json"),
        ),
        ("{template: ../../../x.json}", ()),
        ("{template: ../../x}", ("x", "x.json")),
    ],
)
def test_templates_are_looked_for_in_the_repository(said: str, paths: tuple[str, ...]) -> None:
    [plot] = declared(f"plots: [{{a.csv: {said}}}]" if said else "plots: [a.csv]")
    assert template_paths(plot) == paths


def test_images_are_known_by_their_paths() -> None:
    found = declared("plots: [a.PNG, b.svg, c.csv, d.png: {y: {c.csv: l}}]")
    assert [is_image(one) for one in found] == [True, True, False, False]


def test_what_is_wrong_costs_one_plot() -> None:
    text = (
        "plots: [a.csv: {title: 3, x: [n], y: []}, 5, b.csv: t, '${nope}', ../out.csv, c.csv, "
        "d: {y: {../x.csv: l}}, s3://bucket/x.csv]"
    )
    found, problems = read_plots({"dvc.yaml": text.encode()}, "repo")
    assert [(one.id, one.definition) for one in found] == [
        ("a.csv", {}),
        ("b.csv", {}),
        ("c.csv", {}),
    ]
    assert [problem.kind for problem in problems] == [*["plot.definition"] * 6, *["plot.path"] * 2]
    assert problems[-1] == Problem(
        "repo", "", "dvc.yaml", "the plot 'd' leaves the repository",
        "give a path inside the repository", "plot.path",
    )  # fmt: skip


def test_a_broken_dvc_yaml_declares_nothing() -> None:
    assert read_plots({"dvc.yaml": b"plots: ["}) == ((), ())
    assert read_plots({"dvc.yaml": b"- a"}) == ((), ())


def test_one_dvc_yaml_declares_so_many() -> None:
    assert wrong("plots: [" + ", ".join(f"p{n}.csv" for n in range(1_001)) + "]") == ["plot.limit"]
