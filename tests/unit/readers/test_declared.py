"""Which files of a commit hold metrics and params."""

from __future__ import annotations

import pytest

from sitegen.readers.declared import (
    Declared,
    found_among,
    read_declarations,
)
from sitegen.readers.memo import Memo
from tests.declaring import declared_values


def declared(text: str, paths: set[str] | None = None, **files: str) -> tuple[Declared, ...]:
    more = {f"{name}.yaml": value.encode() for name, value in files.items()}
    found, problems = declared_values({"dvc.yaml": text.encode(), **more}, paths)
    assert problems == ()
    return found


def test_top_level_files_are_of_the_folder_of_their_dvc_yaml() -> None:
    files = {
        "cv/dvc.yaml": b"metrics: [m.json, ../all.json]\nparams: p.yaml\n",
        "dvclive/dvc.yaml": b"metrics:\n- metrics.json\nparams:\n- params.yaml\n",
    }
    assert declared_values(files) == (
        (
            Declared("all.json", "metrics", source="cv/dvc.yaml"),
            Declared("cv/m.json", "metrics", source="cv/dvc.yaml"),
            Declared("dvclive/metrics.json", "metrics", source="dvclive/dvc.yaml"),
            Declared("cv/p.yaml", "params", source="cv/dvc.yaml"),
            Declared("dvclive/params.yaml", "params", source="dvclive/dvc.yaml"),
        ),
        (),
    )


def test_metrics_of_steps_say_whether_dvc_caches_them() -> None:
    found = declared(
        "stages: {a: {cmd: c, metrics: [x.json, {y.json: {cache: false}}, "
        "{z.json: {cache: true}}]}, b: {cmd: c, metrics: {w.json: }}}"
    )
    assert [(one.path, one.cached) for one in found] == [
        ("w.json", True),
        ("x.json", True),
        ("y.json", False),
        ("z.json", True),
    ]


def test_keys_of_params_add_up_over_steps() -> None:
    found = declared(
        "stages:\n"
        "  a: {cmd: c, params: [base, split, {conf/t.toml: [lr, net.depth]}, {whole.json: }]}\n"
        "  b: {cmd: c, params: [base, train, {params.yaml: [more]}]}\n",
        {"params.yaml"},
    )
    assert [(one.path, one.keys) for one in found] == [
        ("conf/t.toml", ("lr", "net.depth")),
        ("params.yaml", None),
        ("whole.json", None),
    ]


def test_of_params_yaml_only_tracked_keys_count_where_the_storage_is_of_the_cloud() -> None:
    files = {"dvc.yaml": b"stages: {a: {cmd: c, params: [base]}}\n"}
    said, _ = read_declarations(files)
    found = {
        in_cloud: [one.keys for one in found_among(said, {"params.yaml"}, in_cloud=in_cloud)]
        for in_cloud in (False, True)
    }
    assert found == {False: [None], True: [("base",)]}


def test_of_a_file_that_is_named_as_a_whole_all_keys_count() -> None:
    found = declared(
        "params: [conf.yaml]\nstages: {a: {cmd: c, params: [{conf.yaml: [lr]}, {b.yaml: [x]}]}}\n"
    )
    assert [(one.path, one.keys) for one in found] == [("b.yaml", ("x",)), ("conf.yaml", None)]


def test_what_templates_take_out_of_files_counts_as_params() -> None:
    found = declared_values(
        {
            "cv/dvc.yaml": (
                b"vars: [{own: 1}, vars.yaml, 'some.yaml:kept', named.yaml]\n"
                b"params: [named.yaml]\nstages:\n"
                b"  a: {cmd: 'c ${own} ${train.lr} ${sizes[0]} ${kept.x}', vars: [step.yaml]}\n"
                b"  b: {foreach: '${langs}', do: {cmd: '${item} ${named} ${nowhere}'}}\n"
                b"  c: {cmd: c}\n"
                b"  d: {foreach: [x, y], do: {wdir: in, vars: [d.yaml], cmd: '${deep}'}}\n"
            ),
            "cv/in/d.yaml": b"deep: 1\n",
            "cv/d.yaml": b"deep: 3\n",
            "cv/params.yaml": b"train: {lr: 1, more: 2}\nown: 5\n",
            "cv/vars.yaml": b"sizes: [1, 2]\nlangs: [de]\nunused: 1\n",
            "cv/some.yaml": b"kept: {x: 1}\nother: 2\n",
            "cv/named.yaml": b"named: 1\n",
            "cv/step.yaml": b"s: 1\n",
        }
    )[0]
    assert [(one.path, one.keys) for one in found] == [
        ("cv/in/d.yaml", ("deep",)),
        ("cv/named.yaml", None),
        ("cv/params.yaml", ("train.lr",)),
        ("cv/some.yaml", ("kept.x",)),
        ("cv/vars.yaml", ("sizes.0", "langs")),
    ]


def test_params_yaml_at_the_root_counts_without_being_named() -> None:
    text = "metrics: [m.json]"
    assert declared(text, {"m.json", "params.yaml", "metrics.json"}) == (
        Declared("m.json", "metrics", source="dvc.yaml"),
        Declared("params.yaml", "params"),
    )


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"cv/dvc.yaml": b"metrics: [m.json]"},
        {"dvc.yaml": b"artifacts: {nn: {type: model}}\nstages: {a: {cmd: c, outs: [o]}}"},
        {"dvc.yaml": b"metrics: ["},
        {"dvc.yaml": b""},
    ],
    ids=["none", "below", "only annotates", "broken", "empty"],
)
def test_customary_files_count_where_the_dvc_yaml_of_the_root_declares_none(
    files: dict[str, bytes],
) -> None:
    found, problems = declared_values(files, {*files, "metrics.json", "params.yaml"})
    ours = [one for one in found if not one.source]
    assert ours == [Declared("metrics.json", "metrics"), Declared("params.yaml", "params")]
    assert problems == ()


@pytest.mark.parametrize(
    "text", ["params: [p.yaml]", "stages: {a: {cmd: c, params: [lr]}}", "metrics: [cv/m.json]"]
)
def test_they_do_not_where_it_declares_metrics_or_params(text: str) -> None:
    files = {"dvc.yaml": text.encode(), "cv/dvc.yaml": b"metrics: [m.json]"}
    found, _ = declared_values(files, {*files, "metrics.json"})
    assert "metrics.json" not in [one.path for one in found]


def test_with_a_memo_the_same_is_declared_and_files_that_stay_are_read_once() -> None:
    memo = Memo()
    text = b"metrics: ['${name}.json']\n"
    for name in ("a", "b", "a"):
        files = {"dvc.yaml": text, "params.yaml": f"name: {name}".encode()}
        assert declared_values(files, memo=memo) == declared_values(files)
    broken = {"dvc.yaml": text}
    assert declared_values(broken, memo=memo)[1] == declared_values(broken)[1] != ()


def test_without_any_dvc_yaml_customary_files_count_where_they_are() -> None:
    paths = {
        "metrics.json",
        "params.yaml",
        "dvclive.json",
        "dvclive/metrics.json",
        "x/metrics.json",
    }
    found, _ = declared_values({}, paths)
    assert [(one.path, one.kind, one.source) for one in found] == [
        ("dvclive.json", "metrics", ""),
        ("dvclive/metrics.json", "metrics", ""),
        ("metrics.json", "metrics", ""),
        ("params.yaml", "params", ""),
    ]


def test_a_folder_stands_for_the_files_in_it() -> None:
    found = declared("metrics: [out, gone]", {"out/b.json", "out/a.json", "outside.json"})
    assert [one.path for one in found] == ["gone", "out/a.json", "out/b.json"]


def test_wdir_and_templates_are_followed() -> None:
    found = declared(
        "vars: [{dir: out}]\nmetrics: ['${dir}/top.json']\n"
        "stages: {a: {wdir: 'sub/${dir}', vars: [{k: key}], metrics: ['../m-${name}.json'],"
        " params: ['${k}']}}",
        params="name: nn",
    )
    assert [(one.path, one.keys) for one in found] == [
        ("out/top.json", None),
        ("sub/m-nn.json", None),
        ("params.yaml", None),
        ("sub/out/params.yaml", ("key",)),
    ]


def test_foreach_and_matrix_are_written_out() -> None:
    found = declared(
        "vars: [{langs: [de, fr]}]\nstages:\n"
        "  a: {foreach: '${langs}', do: {cmd: c, metrics: ['a-${item}.json']}}\n"
        "  b: {foreach: {x: {n: 1}, y: {n: 2}}, do: {metrics: ['b-${key}-${item.n}.json']}}\n"
        "  c: {matrix: {m: [p, q], n: [1, 2]}, cmd: c, metrics: ['c-${item.m}${item.n}.json']}\n"
    )
    assert [one.path for one in found] == [
        "a-de.json",
        "a-fr.json",
        "b-x-1.json",
        "b-y-2.json",
        "c-p1.json",
        "c-p2.json",
        "c-q1.json",
        "c-q2.json",
    ]


def test_what_cannot_be_followed_is_a_problem_and_spares_the_rest() -> None:
    text = (
        "metrics: [good.json, '${missing}.json', ../out.json]\nstages:\n"
        "  a: {foreach: '${gone}', do: {cmd: c, metrics: [a.json]}}\n"
        f"  b: {{matrix: {{x: {list(range(100))}, y: {list(range(100))}}}, metrics: [b.json]}}\n"
        "  c: {wdir: ../.., metrics: [c.json]}\n  d: text\n  e: {metrics: 3, params: [4, [x]]}\n"
    )
    found, problems = declared_values({"dvc.yaml": text.encode()}, None, "r", "c")
    assert [one.path for one in found] == ["good.json"]
    assert [one.kind for one in problems] == [
        "values.template",
        "values.path",
        "pipeline.template",
        "pipeline.template",
        "pipeline.template",
    ]


def test_a_broken_dvc_yaml_declares_nothing_and_is_reported_elsewhere() -> None:
    assert declared_values({"dvc.yaml": b"metrics: ["}) == ((), ())


def test_a_folder_holds_what_is_below_it_and_not_its_neighbours() -> None:
    paths = {"r/a.json", "r/b/c.json", "r-x/d.json", "r0/e.json", "r.json", "r!/f.json"}
    found = declared("metrics: [r, r.json, none]", paths)
    assert [one.path for one in found] == ["none", "r.json", "r/a.json", "r/b/c.json"]


def test_thousands_of_tracked_params_are_one_declaration() -> None:
    keys = tuple(f"k{number}" for number in range(5_000))
    text = "stages:\n  a:\n    params:\n" + "".join(f"    - {key}\n" for key in keys)
    assert declared(text) == (Declared("params.yaml", "params", keys, source="dvc.yaml"),)
