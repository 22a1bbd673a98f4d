"""Where a version's file is, and what people run to have it."""

from __future__ import annotations

import shlex

import pytest

from sitegen.registry.facts import Annotation
from sitegen.registry.lineage import Data
from sitegen.registry.storage import Storage, StorageRemote
from sitegen.site.build import Settings, build_site
from sitegen.site.fetch import IN_A_CLONE, NO_PATH
from sitegen.site.model import ModelView
from tests.facts import oid, source, tag

URL = "https://github.com/example/repo"
C1 = oid("c1")
IN_GIT = {C1: {"m.pkl": Data("m.pkl", "b" * 40, "git", 1500, cached=False)}}


def only(*said: Annotation, **more: object) -> ModelView:
    """A model called m, registered at c1, where `said` is its annotation."""
    (model,) = build_site(
        [source(tag("m@v1.0.0"), annotations={"c1": said}, **more)],  # type: ignore[arg-type]
        Settings(),
    ).models
    return model


def commands(model: ModelView) -> dict[str, str]:
    return {each.title: each.command for each in model.versions[0].commands}


def test_what_git_has_is_fetched_by_four_tools_and_a_link() -> None:
    model = only(Annotation("m", "dvc.yaml", "m.pkl", sources=("dvc.yaml",)), files=IN_GIT)
    found = commands(model)
    assert list(found) == [
        "modelreg get", "dvc get", "dvc artifacts get", "Python", "The whole repository",
    ]  # fmt: skip
    assert found["modelreg get"] == f"modelreg get m@v1.0.0 -r {URL}"
    assert found["dvc get"] == f"dvc get {URL} m.pkl --rev m@v1.0.0"
    assert found["The whole repository"] == f"git clone --branch m@v1.0.0 {URL}"
    file = model.versions[0].file
    assert file is not None
    assert (file.where, file.address, file.href) == ("Git", "", f"{URL}/raw/{C1}/m.pkl")


def test_a_folder_in_git_has_no_link() -> None:
    folder = {C1: {"m": Data("m", "a" * 40, "git", cached=False)}}
    file = only(Annotation("m", "artifacts.yaml", "m"), files=folder).versions[0].file
    assert file is not None
    assert file.href == ""


@pytest.mark.parametrize(
    ("remote", "link"),
    [("https://store.example/x", True), ("s3://bucket/x", False), ("/srv/store", False)],
)
def test_what_a_storage_has_says_where_and_links_if_a_browser_can_open_it(
    remote: str, link: bool
) -> None:
    md5 = "63cb30df484bfa1d6ea2cdebac74876c"
    model = only(
        Annotation("m", "artifacts.yaml", "m.pkl"),
        files={C1: {"m.pkl": Data("m.pkl", md5, "md5", 1500)}},
        storages={C1: (Storage("", "store", (StorageRemote("store", remote),)),)},
    )
    file = model.versions[0].file
    assert file is not None
    address = f"{remote}/files/md5/63/{md5[2:]}"
    assert (file.where, file.address, file.href) == (
        "DVC storage", address, address if link else "",
    )  # fmt: skip
    assert "dvc artifacts get" not in commands(model)


def test_without_a_public_address_the_commands_are_for_a_clone() -> None:
    model = only(Annotation("m", "artifacts.yaml", "m.pkl"), files=IN_GIT, url="")
    assert commands(model)["modelreg get"] == "modelreg get m@v1.0.0 -r ."
    assert commands(model)["The whole repository"] == "git switch --detach m@v1.0.0"
    assert {each.note for each in model.versions[0].commands} == {IN_A_CLONE}


def test_a_version_without_a_path_has_its_repository_and_says_so() -> None:
    (only_one,) = only(Annotation("m", "artifacts.yaml")).versions[0].commands
    assert (only_one.title, only_one.note) == ("The whole repository", NO_PATH)


def test_an_unregistered_version_is_named_by_its_commit() -> None:
    said = {"c9": [Annotation("m", "dvc.yaml", "m.pkl")]}
    model = build_site([source(tag("m#dev#1", "c9"), annotations=said)], Settings()).models[0]
    found = commands(model)
    assert found["modelreg get"] == f"modelreg get m@{oid('c9')[:12]} -r {URL}"
    whole = f"git clone {URL}\ngit -C repo switch --detach {oid('c9')}"
    assert found["The whole repository"] == whole


def test_a_deregistered_version_is_none_for_dvc() -> None:
    said = {"c1": [Annotation("m", "dvc.yaml", "m.pkl")]}
    repo = source(tag("m@v1.0.0"), tag("m@v1.0.0!", at=1), annotations=said, files=IN_GIT)
    found = commands(build_site([repo], Settings()).models[0])
    assert "dvc get" in found
    assert "dvc artifacts get" not in found


def test_an_address_is_shown_without_what_signs_it() -> None:
    signed = "https://ada:TOKEN@store.example/m.pkl?sig=TOKEN"
    model = only(Annotation("m", "dvc.yaml", signed))
    assert "TOKEN" not in repr(model)
    assert model.versions[0].path_href.startswith("https://store.example/m.pkl")


def test_a_chip_brings_the_command_for_its_stage() -> None:
    (model,) = build_site([source(tag("m@v1.0.0"), tag("m#prod#1", at=1))], Settings()).models
    (chip,) = model.chips
    assert shlex.split(chip.command) == ["modelreg", "get", "m#prod", "-r", URL]


def test_an_address_that_looks_like_an_option_is_none() -> None:
    model = only(Annotation("m", "dvc.yaml"), url="--upload-pack=touch x")
    (command,) = commands(model).values()
    assert shlex.split(command)[-2:] == ["--", "--upload-pack=touch x"]
