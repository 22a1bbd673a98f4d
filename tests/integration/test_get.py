"""`modelreg get` brings the bytes that DVC, Git LFS and Git keep, and nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sitegen.cli import modelreg
from sitegen.registry.storage import fetch_commands
from tests.conftest import Oracle
from tests.fileserver import serving
from tests.gitrepo import GitRepo

MODEL = bytes(range(256)) * 2000
FOLDER = {"a.txt": b"1\r\n", "deep/er/b.bin": b"\0\xff", "empty": b""}
NAMES = "model: {path: models/model.pkl, type: model}\ndata: {path: data, type: dataset}\n" \
    "part: {path: data/deep, type: dataset}\n"  # fmt: skip

Get = Callable[..., Result]


@pytest.fixture
def get(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Get:
    """`modelreg get` in an empty folder `out` beside the repository `repo`."""
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")

    def call(*args: str, repo: str = "", status: int = 0) -> Result:
        done = CliRunner().invoke(modelreg.main, ["get", "-r", repo or "../repo", *args])
        assert done.exit_code == status, done.output
        return done

    return call


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def dvc(oracle: Oracle, folder: Path, *args: str) -> None:
    done = subprocess.run([oracle.dvc, *args], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, oracle: Oracle, isolated: None) -> Path:
    """A folder with `repo`, whose model and data the real dvc has pushed to `store`."""
    top = tmp_path_factory.mktemp("dvc")
    repo = GitRepo(top / "repo")
    dvc(oracle, repo.path, "init", "-q")
    dvc(oracle, repo.path, "remote", "add", "-q", "-d", "local", "../store")
    write(repo.path, {"models/model.pkl": MODEL} | {f"data/{n}": d for n, d in FOLDER.items()})
    dvc(oracle, repo.path, "add", "-q", "models/model.pkl", "data")
    dvc(oracle, repo.path, "push", "-q")
    (repo.path / "artifacts.yaml").write_text(NAMES)
    write(repo.path, {"cv/dvc.yaml": b"artifacts:\n  nn: {path: ../models/model.pkl}\n"})
    repo.git("add", "-A")
    repo.git("commit", "-qm", "Add a model")
    for name in ("model", "data", "part"):
        repo.git("tag", "-a", "-m", "x", f"{name}@v1.0.0")
        repo.git("tag", "-a", "-m", "x", f"{name}#prod#1")
    repo.git("tag", "-a", "-m", "x", "cv=nn@v1.0.0")
    return top


@pytest.fixture
def pushed(made: Path, tmp_path: Path) -> Path:
    """A copy of that repository without DVC's cache, so that the storage is needed."""
    shutil.copytree(made / "repo", tmp_path / "repo")
    shutil.copytree(made / "store", tmp_path / "store")
    shutil.rmtree(tmp_path / "repo" / ".dvc" / "cache")
    return tmp_path


def at_server(pushed: Path, url: str) -> None:
    """Let the repository's storage be a web server, in a version of its own."""
    config = pushed / "repo" / ".dvc" / "config"
    config.write_text(config.read_text().replace("../../store", url))
    repo = ["git", "-C", str(pushed / "repo")]
    subprocess.run([*repo, "commit", "-qam", "Move the storage"], check=True)
    for name in ("model", "data"):
        subprocess.run([*repo, "tag", "-a", "-m", "x", f"{name}@v2.0.0"], check=True)


def test_a_file_comes_from_a_local_storage_as_dvc_gets_it(
    pushed: Path, get: Get, oracle: Oracle
) -> None:
    told = get("model#prod").stdout
    assert told == "model.pkl: model@v1.0.0, 512 kB, hash checked\n"
    assert Path("model.pkl").read_bytes() == MODEL
    dvc(oracle, Path(), "get", "-q", "../repo", "models/model.pkl", "-o", "theirs")
    assert Path("theirs").read_bytes() == MODEL


def test_a_folder_comes_from_a_local_storage(pushed: Path, get: Get) -> None:
    assert "hash of 3 files checked" in get("data@v1.0.0", "-o", "here/mine").stdout
    assert tree(Path("here/mine")) == FOLDER
    assert [path.name for path in Path("here").iterdir()] == ["mine"]
    get("part")
    assert tree(Path("deep")) == {"er/b.bin": b"\0\xff"}


def test_the_commands_that_people_are_shown_bring_the_file(
    pushed: Path, get: Get, oracle: Oracle
) -> None:
    shown = dict(
        fetch_commands(
            "../repo", "cv:nn", "v1.0.0", "", "cv=nn@v1.0.0", "models/model.pkl", known=True
        )
    )
    get(*shlex.split(shown["modelreg get"])[2:3])
    assert Path("model.pkl").read_bytes() == MODEL
    for title in ("dvc get", "dvc artifacts get"):
        Path("model.pkl").unlink()
        dvc(oracle, Path(), *shlex.split(shown[title])[1:])
        assert Path("model.pkl").read_bytes() == MODEL
    program = f"{shown['Python']}\nimport sys\nsys.stdout.buffer.write(data)\n"
    python = oracle.dvc.parent / "python"
    done = subprocess.run([python, "-c", program], capture_output=True, check=True)
    assert done.stdout == MODEL


def test_what_dvc_stored_before_3_is_found_and_checked(pushed: Path, get: Get) -> None:
    text = b"one\r\ntwo\r\n"
    digest = hashlib.md5(text.replace(b"\r", b"")).hexdigest()
    listed = json.dumps([{"md5": digest, "relpath": "a.txt"}]).encode()
    of_list = hashlib.md5(listed).hexdigest()
    write(pushed / "store", {f"{digest[:2]}/{digest[2:]}": text,
                             f"{of_list[:2]}/{of_list[2:]}.dir": listed})  # fmt: skip
    repo = pushed / "repo"
    (repo / "data.dvc").write_text(f"outs:\n- md5: {of_list}.dir\n  path: data\n")
    (repo / "models/model.pkl.dvc").write_text(f"outs:\n- md5: {digest}\n  path: model.pkl\n")
    subprocess.run(["git", "-C", repo, "commit", "-qam", "Go back"], check=True)
    for name in ("model", "data"):
        subprocess.run(["git", "-C", repo, "tag", "-a", "-m", "x", f"{name}@v0.1.0"], check=True)
        get(f"{name}@v0.1.0")
    assert Path("model.pkl").read_bytes() == text
    assert tree(Path("data")) == {"a.txt": text}


def test_the_cache_of_a_checkout_comes_first(made: Path, get: Get, tmp_path: Path) -> None:
    shutil.copytree(made / "repo", tmp_path / "repo")
    assert "from DVC's cache" in get("model", "--dry-run").stdout
    get("model")
    get("data")
    assert Path("model.pkl").read_bytes() == MODEL and tree(Path("data")) == FOLDER


def test_a_dry_run_fetches_nothing(pushed: Path, get: Get) -> None:
    told = get("model@latest", "--dry-run").stdout
    digest = hashlib.md5(MODEL).hexdigest()
    assert "would fetch model@v1.0.0 to model.pkl" in told
    assert f"from DVC: ../store/files/md5/{digest[:2]}/{digest[2:]}" in told
    assert list(Path().iterdir()) == []


def test_a_cut_connection_is_resumed(pushed: Path, get: Get) -> None:
    with serving() as server:
        at_server(pushed, f"{server.url}/store")
        server.files = {f"/store/{n}": data for n, data in tree(pushed / "store").items()}
        digest = hashlib.md5(MODEL).hexdigest()
        path = f"/store/files/md5/{digest[:2]}/{digest[2:]}"
        server.cut[path] = [len(MODEL) // 2]
        get("model")
        get("data")
        asked = [(at, said) for _, at, said in server.asked if at == path]
    assert asked == [(path, ""), (path, f"bytes={len(MODEL) // 2}-")]
    assert Path("model.pkl").read_bytes() == MODEL and tree(Path("data")) == FOLDER


def test_a_server_that_stays_away_is_gone_on_with_by_the_next_command(
    pushed: Path, get: Get
) -> None:
    with serving() as server:
        at_server(pushed, f"{server.url}/store")
        server.files = {f"/store/{n}": data for n, data in tree(pushed / "store").items()}
        digest = hashlib.md5(MODEL).hexdigest()
        path = f"/store/files/md5/{digest[:2]}/{digest[2:]}"
        server.cut[path] = [1000] + [0] * 9
        assert "run the same command again" in get("model", status=1).stderr
        (part,) = Path().iterdir()
        assert part.suffix == ".part"
        server.cut.clear()
        server.asked.clear()
        get("model")
        assert server.asked == [("GET", path, "bytes=1000-")]
    assert [path.name for path in Path().iterdir()] == ["model.pkl"]


@pytest.mark.parametrize("name", ["model", "data"])
def test_a_corrupted_object_is_refused_and_nothing_is_left(
    pushed: Path, get: Get, name: str
) -> None:
    for path in (pushed / "store").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            data = path.read_bytes() or b"x"
            path.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    assert "not what was recorded" in get(name, status=1).stderr
    assert list(Path().iterdir()) == []


def test_a_missing_object_is_named(pushed: Path, get: Get) -> None:
    shutil.rmtree(pushed / "store")
    assert "is not there" in get("model", status=1).stderr
    assert list(Path().iterdir()) == []


def test_a_list_that_leads_out_of_its_folder_is_refused(pushed: Path, get: Get) -> None:
    evil = hashlib.md5(b"evil").hexdigest()
    listed = json.dumps([{"md5": evil, "relpath": "../../evil"}]).encode()
    digest = hashlib.md5(listed).hexdigest()
    store = pushed / "store" / "files" / "md5"
    write(store, {f"{evil[:2]}/{evil[2:]}": b"evil", f"{digest[:2]}/{digest[2:]}.dir": listed})
    pointer = f"outs:\n- md5: {digest}.dir\n  size: 4\n  nfiles: 1\n  hash: md5\n  path: data\n"
    (pushed / "repo" / "data.dvc").write_text(pointer)
    repo = ["git", "-C", str(pushed / "repo")]
    subprocess.run([*repo, "commit", "-qam", "Change the data"], check=True)
    subprocess.run([*repo, "tag", "-a", "-m", "x", "data@v3.0.0"], check=True)
    assert "leads out of the folder" in get("data", status=1).stderr
    assert list(Path().iterdir()) == []
    assert list(pushed.rglob("evil")) == []


def test_a_repository_from_elsewhere_names_no_folder_of_this_machine(
    pushed: Path, get: Get
) -> None:
    told = get("model", repo=f"file://{pushed / 'repo'}", status=1).stderr
    assert "folder of the machine" in told
    assert list(Path().iterdir()) == []


def test_what_is_there_stays(pushed: Path, get: Get) -> None:
    Path("model.pkl").write_text("mine")
    assert "--force" in get("model", status=1).stderr
    assert Path("model.pkl").read_text() == "mine"
    get("model", "--force")
    assert Path("model.pkl").read_bytes() == MODEL


def lfs_repo(path: Path) -> str:
    repo = GitRepo(path / "repo")
    oid = hashlib.sha256(MODEL).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(MODEL)}\n"
    repo.commit({"models/model.pkl": pointer, "models/card.md": "card", "artifacts.yaml":
                 "model: {path: models/model.pkl}\nall: {path: models}\n"})  # fmt: skip
    repo.git("tag", "-a", "-m", "x", "model@v1.0.0")
    return oid


def test_lfs_gives_from_the_checkouts_own_store(tmp_path: Path, get: Get) -> None:
    oid = lfs_repo(tmp_path)
    write(tmp_path / "repo" / ".git/lfs/objects", {f"{oid[:2]}/{oid[2:4]}/{oid}": MODEL})
    assert "hash checked" in get("model").stdout
    assert Path("model.pkl").read_bytes() == MODEL
    get("all")
    assert tree(Path("models")) == {"model.pkl": MODEL, "card.md": b"card"}


@pytest.mark.parametrize("good", [True, False])
def test_lfs_gives_from_its_server(tmp_path: Path, get: Get, good: bool) -> None:
    oid = lfs_repo(tmp_path)
    with serving() as server:
        GitRepo(tmp_path / "repo").git("remote", "add", "origin", f"{server.url}/me/models")
        server.files["/there"] = MODEL if good else MODEL[::-1]
        download = {"download": {"href": f"{server.url}/there"}}
        answer = {"objects": [{"oid": oid, "size": len(MODEL), "actions": download}]}
        server.answers["/me/models.git/info/lfs/objects/batch"] = lambda body: json.dumps(
            answer
        ).encode()
        server.cut["/there"] = [1000]
        done = get("model", status=0 if good else 1)
    if good:
        assert Path("model.pkl").read_bytes() == MODEL
    else:
        assert "its sha256 is" in done.stderr
        assert list(Path().iterdir()) == []


def test_git_gives_files_and_folders_of_the_versions_own_commit(tmp_path: Path, get: Get) -> None:
    repo = GitRepo(tmp_path / "repo")
    files = {"models/model.pkl": MODEL, "models/a/b": b"x"}
    repo.commit({**files, "artifacts.yaml": "model: {path: models/model.pkl}\nall: {path: models}"})
    repo.git("tag", "-a", "-m", "x", "model@v1.0.0")
    repo.commit({"models/model.pkl": "other"})
    assert get("model@v1.0.0").stdout == "model.pkl: model@v1.0.0, 512 kB, hash checked\n"
    assert Path("model.pkl").read_bytes() == MODEL
    get("all")
    assert tree(Path("models")) == {"model.pkl": b"other", "a/b": b"x"}


def test_at_an_address_a_large_file_is_asked_for_alone(tmp_path: Path, get: Get) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.git("config", "uploadpack.allowFilter", "true")
    large = os.urandom(2_000_000)
    repo.commit({"m.bin": large, "artifacts.yaml": "model: {path: m.bin}"})
    repo.git("tag", "-a", "-m", "x", "model@v1.0.0")
    get("model", repo=f"file://{repo.path}")
    assert Path("m.bin").read_bytes() == large


def test_an_address_is_fetched_and_its_missing_hash_told(tmp_path: Path, get: Get) -> None:
    repo = GitRepo(tmp_path / "repo")
    with serving() as server:
        server.files["/models/m.bin"] = MODEL
        repo.commit({"artifacts.yaml": f"model: {{path: '{server.url}/models/m.bin'}}"})
        assert "nothing was checked" in get("model").stdout
    assert Path("m.bin").read_bytes() == MODEL


@pytest.mark.parametrize("name", ["other", "model@v9.0.0", "model#nowhere", "model@latest"])
def test_names_that_mean_nothing_are_refused(tmp_path: Path, get: Get, name: str) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"artifacts.yaml": "model: {path: m}"})
    get(name, status=1)


def test_a_path_that_nobody_keeps_is_named(tmp_path: Path, get: Get) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"artifacts.yaml": "model: {path: m}"})
    assert "neither Git nor DVC has it" in get("model", status=1).stderr
