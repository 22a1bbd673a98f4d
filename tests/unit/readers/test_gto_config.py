from sitegen.readers.gto_config import read_stages


def test_allowed_stages_keep_their_order() -> None:
    assert read_stages(b"stages: [dev, prod, dev]\ntypes: [model]\n") == (("dev", "prod"), ())


def test_without_stages_all_are_allowed() -> None:
    assert read_stages(b"types: [model]\n") == ((), ())
    assert read_stages(b"") == ((), ())


def test_illegal_stages_and_shapes_are_problems_and_spare_the_rest() -> None:
    found, problems = read_stages(b"stages: [dev, '<b>', 3]", "repo", "c0ffee")
    assert found == ("dev",)
    assert [p.kind for p in problems] == ["gto.stages", "gto.stages"]
    assert read_stages(b"- dev")[1][0].path == ".gto"
    assert read_stages(b"stages: dev")[1][0].repo == ""
    assert read_stages(b"stages: [")[1][0].kind == "yaml"
