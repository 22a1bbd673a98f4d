import pytest

from sitegen.readers.dvc_config import NAME, is_in_cloud, read_storages, wants
from sitegen.registry.storage import Storage, StorageRemote


def test_remotes_are_read_as_dvc_writes_them() -> None:
    text = b"""[core]
    remote = Storage
    autostage = true
['remote "storage"']
    url = https://remote.dvc.org/get-started-pools/
['remote "cloud"']
    url = "s3://bucket/models" # ours
    Region = eu-west-1
    version_aware = true
"""
    found, problems = read_storages({NAME: text, "dvc.yaml": b"["})
    assert problems == ()
    assert found == (
        Storage(
            "",
            "storage",
            (
                StorageRemote("storage", "https://remote.dvc.org/get-started-pools"),
                StorageRemote(
                    "cloud",
                    "s3://bucket/models",
                    (("region", "eu-west-1"), ("version_aware", "true")),
                ),
            ),
        ),
    )


def test_only_configurations_of_dvc_are_wanted() -> None:
    assert wants(".dvc/config") and wants("sub/.dvc/config")
    assert not wants(".dvc/config.local") and not wants("x.dvc/config")


def test_each_root_has_its_storage_and_relative_addresses_are_from_the_repository() -> None:
    one = b'[\'remote "a"\']\nurl = ../../store\n[remote "b"]\nurl = /data\n'
    found, _ = read_storages({NAME: one, "sub/.dvc/config": one})
    assert [storage.folder for storage in found] == ["", "sub"]
    assert [[r.url for r in storage.remotes] for storage in found] == [
        ["../store", "/data"],
        ["store", "/data"],
    ]


def test_no_credential_is_kept() -> None:
    text = b"""['remote "a"']
url = https://me:SECRET1@host/store?token=SECRET2
password = SECRET3
access_key_id = SECRET4
secret_access_key = SECRET5
connection_string = SECRET6
endpointurl = https://u:SECRET7@minio:9000
"""
    found, _ = read_storages({NAME: text})
    assert "SECRET" not in repr(found)
    assert found[0].remotes[0].options == (("endpointurl", "https://minio:9000"),)


def test_a_remote_by_way_of_another_has_that_ones_address() -> None:
    text = b"""['remote "base"']
url = ssh://git@host/data
['remote "models"']
url = remote://base/models
['remote "loop"']
url = remote://loop/x
['remote "lost"']
url = remote://nobody/x
"""
    found, _ = read_storages({NAME: text})
    assert [(r.name, r.url) for r in found[0].remotes] == [
        ("base", "ssh://git@host/data"),
        ("models", "ssh://git@host/data/models"),
    ]


@pytest.mark.parametrize(
    "data", [b"[core\nx", b"url = x", b"\xff\xfe", b"x" * 300_000, b"[core]\nremote = nobody\n"]
)
def test_a_broken_file_is_a_problem_and_spares_the_others(data: bytes) -> None:
    good = b"['remote \"a\"']\nurl = /data\n"
    found, problems = read_storages({NAME: data, "sub/.dvc/config": good}, "repo", "c0ffee")
    assert [(p.repo, p.ref, p.path, p.kind) for p in problems] == [
        ("repo", "c0ffee", NAME, "dvc.config")
    ]
    assert found[-1].remotes == (StorageRemote("a", "/data"),)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("s3://bucket/x", True),
        ("gs://bucket", True),
        ("ssh://host/x", True),
        ("https://example.com/x", False),
        ("../store", False),
        ("/mnt/store", False),
    ],
)
def test_the_default_storage_is_of_the_cloud_where_dvc_needs_a_plugin(
    url: str, expected: bool
) -> None:
    text = f"[core]\n    remote = one\n['remote \"one\"']\n    url = {url}\n"
    assert is_in_cloud(text.encode()) is expected
    assert not is_in_cloud(text.replace("remote = one", "remote = two").encode())


@pytest.mark.parametrize("data", [b"", b"[", b"\xff", b"[core]\n"])
def test_without_a_storage_nothing_is_of_the_cloud(data: bytes) -> None:
    assert not is_in_cloud(data)


@pytest.mark.parametrize("line", ["[" + " " * 30_000 + "x", "x = a" + " " * 30_000 + "b"])
def test_a_long_line_is_read_once_and_not_once_for_each_blank(line: str) -> None:
    # Once for each blank it would take minutes.
    storages, problems = read_storages({NAME: f"[core]\n{line}\n".encode()})
    assert (len(storages), len(problems)) in ((1, 0), (0, 1))
