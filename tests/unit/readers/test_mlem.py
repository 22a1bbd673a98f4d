"""Files of MLEM: which belongs to an artifact, links, and what is passed over."""

from __future__ import annotations

import pytest

from sitegen.readers.memo import Memo
from sitegen.readers.mlem import alone_in_folders, candidates, read_models, wants
from sitegen.registry.facts import Annotation

MODEL = b"object_type: model\nmodel_type: {type: sklearn, methods: {}}\n"
STATE = b"object_type: deployment\nstate: {type: heroku, team: {email: ann@example.org}}\n"


def of(artifact: str, path: str = "") -> Annotation:
    return Annotation(artifact, "artifacts.yaml", path=path)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("nn.mlem", True),
        ("models/nn.mlem", True),
        (".mlem/config.yaml", False),
        (".mlem.yaml", False),
        (".mlem", False),
        ("nn.mlem/data", False),
    ],
)
def test_objects_end_in_mlem(path: str, wanted: bool) -> None:
    assert wants(path) is wanted


@pytest.mark.parametrize(
    ("artifact", "said", "paths", "found"),
    [
        ("nn", "models/nn", {"models/nn.mlem", "nn.mlem"}, "models/nn.mlem"),
        ("nn", "models/nn.mlem", {"models/nn.mlem"}, "models/nn.mlem"),
        ("nn", "models/nn.mlem", {"nn.mlem"}, None),
        ("nn", "models", {"models/a.mlem", "models/data.pkl"}, "models/a.mlem"),
        ("nn", "models/", {"models/a.mlem"}, "models/a.mlem"),
        ("nn", "models", {"models/a.mlem", "models/b.mlem"}, None),
        ("nn", "models", {"models/deep/a.mlem"}, None),
        ("nn", "models/a.pkl", {"models/x.mlem"}, "models/x.mlem"),
        ("nn", "models/a.pkl", {"models/x.mlem", "models/y.mlem"}, None),
        ("nn", "models/nn/model.xgb", {"models/nn.mlem", "models/y.mlem"}, "models/nn.mlem"),
        ("nn", "s3://bucket/nn", {"nn.mlem"}, None),
        ("nn", "", {"nn.mlem", "models/nn.mlem"}, "models/nn.mlem"),
        ("nn", "", {".mlem/model/nn.mlem", "nn.mlem"}, ".mlem/model/nn.mlem"),
        ("nn", "", {"other.mlem"}, None),
        ("cv:nn", "", {"cv/nn.mlem", "nn.mlem"}, "cv/nn.mlem"),
        ("cv:nn", "", {"nn.mlem"}, None),
        ("nn", "nn", {"nn"}, None),
    ],
)
def test_a_file_belongs_where_nothing_is_guessed(
    artifact: str, said: str, paths: set[str], found: str | None
) -> None:
    assert candidates(artifact, said, paths, alone_in_folders(paths)) == found


def test_a_model_is_read_for_each_artifact_it_belongs_to() -> None:
    files = {"models/a.mlem": MODEL, "models/b.mlem": b"- no object"}
    models, problems = read_models(files, [of("a", "models/a"), of("again", "models/a.mlem")])
    assert {name: one.source for name, one in models.items()} == {
        "a": "models/a.mlem",
        "again": "models/a.mlem",
    }
    # models/b.mlem belongs to nobody: nobody is told.
    assert problems == ()


def test_a_neighbour_whose_files_are_others_is_not_taken() -> None:
    files = {"models/x.mlem": MODEL + b"artifacts: {data: {uri: x}}\n"}
    assert read_models(files, [of("a", "models/a.pkl")]) == ({}, ())
    assert "x" in read_models(files, [of("x", "models/x")])[0]
    files = {"models/x.mlem": MODEL + b"artifacts: {data: {uri: a.pkl}}\n"}
    assert "a" in read_models(files, [of("a", "models/a.pkl")])[0]


@pytest.mark.parametrize(
    "data", [b"a: [", b"- a", b"object_type: model\n", b"a: &a [*b]", b"\xff\xfe\x00", b"\x00"]
)
def test_a_broken_file_of_an_artifact_is_one_problem(data: bytes) -> None:
    models, problems = read_models({"nn.mlem": data, "good.mlem": MODEL},
                                   [of("nn"), of("good")], "repo")  # fmt: skip
    assert list(models) == ["good"]
    [problem] = problems
    assert (problem.repo, problem.path) == ("repo", "nn.mlem")
    assert problem.remedy


@pytest.mark.parametrize(
    "data",
    [
        STATE,
        b"object_type: data\n",
        b"object_type: server\n",
        b"object_type: [model]\n",
        b"path: x\n",
        b"object_type: link\nlink_type: data\npath: x\n",
        b"object_type: link\nlink_type: model\npath: x\nproject: https://example.org/r\n",
        b"object_type: link\npath: x\nrev: main\n",
    ],
)
def test_what_is_no_model_of_here_is_passed_over(data: bytes) -> None:
    assert read_models({"nn.mlem": data}, [of("nn")]) == ({}, ())


def link(path: str) -> bytes:
    return f"object_type: link\nlink_type: model\npath: {path}\n".encode()


def test_links_are_followed_from_their_folder_and_from_folders_above() -> None:
    files = {
        "nn.mlem": link("cv/latest.mlem"),
        "cv/latest.mlem": link("models/nn"),
        "cv/models/nn.mlem": MODEL,
        "cv/.mlem/model/nn.mlem": link("models/nn.mlem"),
        "models/other.mlem": MODEL,
    }
    models, problems = read_models(files, [of("nn"), of("cv:nn")])
    assert {name: one.source for name, one in models.items()} == {
        "nn": "cv/models/nn.mlem",
        "cv:nn": "cv/models/nn.mlem",
    }
    assert problems == ()


@pytest.mark.parametrize(
    "files",
    [
        {"nn.mlem": link("nn.mlem")},
        {"nn.mlem": link("a.mlem"), "a.mlem": link("b"), "b.mlem": link("a")},
        {"nn.mlem": link("a0"), **{f"a{at}.mlem": link(f"a{at + 1}") for at in range(40)}},
        {"nn.mlem": link("gone.mlem")},
        {"nn.mlem": link("../../up.mlem")},
        {"nn.mlem": link("/etc/passwd")},
        {"nn.mlem": b"object_type: link\npath: [a]\n"},
        {"models/nn.mlem": link("a.mlem"), "a.mlem": MODEL, "models/a.mlem": MODEL},
    ],
)
def test_a_link_that_leads_nowhere_is_one_problem(files: dict[str, bytes]) -> None:
    models, problems = read_models(files, [of("nn")])
    assert models == {}
    assert len(problems) == 1


def test_equal_bytes_are_read_once_and_equal_models_are_one() -> None:
    memo = Memo()
    one = read_models({"nn.mlem": MODEL}, [of("nn")], memo=memo)[0]["nn"]
    two = read_models({"nn.mlem": bytes(bytearray(MODEL))}, [of("nn")], memo=memo)[0]["nn"]
    three = read_models({"nn.mlem": MODEL + b"# later\n"}, [of("nn")], memo=memo)[0]["nn"]
    assert one is two
    assert one is three


def test_problems_of_one_file_are_few() -> None:
    orders = b"call_orders: {" + b",".join(b"m%d: [1]" % at for at in range(200)) + b"}\n"
    _, problems = read_models({"nn.mlem": MODEL + orders}, [of("nn")])
    assert len(problems) == 10
