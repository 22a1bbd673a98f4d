import shlex

import pytest

from sitegen.registry.lineage import Data
from sitegen.registry.storage import (
    Storage,
    StorageRemote,
    address_of,
    direct_link,
    fetch_commands,
    object_path,
    storage_of,
)

MD5 = "63cb30df484bfa1d6ea2cdebac74876c"
HTTP = StorageRemote("storage", "https://remote.dvc.org/get-started-pools")
CLOUD = StorageRemote("cloud", "s3://bucket/store", (("version_aware", "true"),))
STORAGES = (Storage("", "storage", (HTTP, CLOUD)), Storage("sub", "", (HTTP,)))


def model(**fields: object) -> Data:
    return Data(**{"path": "models/model.pkl", "hash": MD5, "algorithm": "md5", **fields})  # type: ignore[arg-type]


def test_objects_lie_where_each_dvc_keeps_them() -> None:
    assert object_path(model()) == "files/md5/63/cb30df484bfa1d6ea2cdebac74876c"
    assert object_path(model(legacy=True)) == "63/cb30df484bfa1d6ea2cdebac74876c"
    assert object_path(model(hash=f"{MD5}.dir")) == f"files/md5/63/{MD5[2:]}.dir"


@pytest.mark.parametrize(
    "data",
    [
        model(hash=""),
        model(algorithm="etag"),
        model(hash="../../etc/passwd"),
        model(hash=f"{MD5}\n"),
        model(hash=MD5.upper()),
    ],
)
def test_without_an_md5_there_is_no_object(data: Data) -> None:
    assert object_path(data) == ""
    assert address_of(STORAGES, data) == ""


def test_the_nearest_root_above_a_path_counts() -> None:
    assert storage_of(STORAGES, "sub/model.pkl") is STORAGES[1]
    assert storage_of(STORAGES, "submarine/model.pkl") is STORAGES[0]
    assert storage_of(STORAGES[1:], "model.pkl") is None


def test_the_address_is_that_of_the_object_in_the_named_or_default_remote() -> None:
    link = "https://remote.dvc.org/get-started-pools/files/md5/63/cb30df484bfa1d6ea2cdebac74876c"
    assert address_of(STORAGES, model()) == direct_link(STORAGES, model()) == link
    assert address_of(STORAGES, model(remote="cloud")) == "s3://bucket/store/models/model.pkl"
    assert direct_link(STORAGES, model(remote="cloud")) == ""


@pytest.mark.parametrize(
    "data",
    [
        model(remote="nobody"),
        model(path="sub/model.pkl"),
        model(cached=False),
        model(pushed=False),
        model(path="../../evil", remote="cloud"),
        model(path="models/../../evil", remote="cloud"),
    ],
)
def test_what_no_remote_has_is_without_address(data: Data) -> None:
    assert address_of(STORAGES, data) == ""


def test_a_folder_has_no_link() -> None:
    assert direct_link(STORAGES, model(hash=f"{MD5}.dir")) == ""


def test_commands_are_ready_for_a_shell() -> None:
    found = dict(
        fetch_commands("https://h/r", "cv:nn", "v1.0.0", "", "cv=nn@v1.0.0", "cv/nn.pt", True)
    )
    assert found["modelreg get"] == "modelreg get cv:nn@v1.0.0 -r https://h/r"
    assert found["dvc get"] == "dvc get https://h/r cv/nn.pt --rev cv=nn@v1.0.0"
    assert found["dvc artifacts get"] == "dvc artifacts get https://h/r cv:nn --rev v1.0.0"
    assert "dvc.api.open('cv/nn.pt', repo='https://h/r', rev='cv=nn@v1.0.0'" in found["Python"]
    compile(found["Python"], "shown", "exec")


def test_a_stage_stands_for_a_version() -> None:
    found = dict(fetch_commands("/r", "nn", "", "prod", "c0ffee", "nn.pt", True))
    assert found["modelreg get"] == "modelreg get 'nn#prod' -r /r"
    assert found["dvc artifacts get"] == "dvc artifacts get /r nn --stage prod"


def test_an_unregistered_version_is_no_version_for_dvc() -> None:
    found = dict(fetch_commands("/r", "nn", "c0ffee1", "", "c0ffee1", "nn.pt", True))
    assert found["modelreg get"] == "modelreg get nn@c0ffee1 -r /r"
    assert "dvc get" in found and "dvc artifacts get" not in found


def test_commands_of_dvc_are_only_for_what_it_can_get() -> None:
    titles = [title for title, _ in fetch_commands("/r", "nn", "v1.0.0", "", "c", "nn.pt", False)]
    assert titles == ["modelreg get"]
    titles = [title for title, _ in fetch_commands("/r", "nn", "v1", "", "c", "s3://b/x", True)]
    assert titles == ["modelreg get"]
    found = fetch_commands("/r", "nn", "v1", "", "c", "x", True, in_dvc_yaml=False)
    titles = [title for title, _ in found]
    assert titles == ["modelreg get", "dvc get", "Python"]


def test_nothing_in_a_command_is_taken_for_an_option_or_for_the_shell() -> None:
    evil = "$(touch x); 'a\nb"
    found = fetch_commands(f"-u{evil}", f"-n{evil}", "-v", "", f"-r{evil}", f"-p{evil}", True)
    for title, command in found:
        if title == "Python":
            compile(command, "shown", "exec")
            continue
        words = shlex.split(command)
        assert [w for w in words if evil in w]
        before = words[: words.index("--")]
        options = [word for word in before if word.startswith("-")]
        assert all(word in ("-r", f"-u{evil}") or word.startswith("--rev=-") for word in options)
