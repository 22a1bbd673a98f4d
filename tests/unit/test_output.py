"""Publishing a folder: whole or not at all, and nothing outside of it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen import output
from sitegen.errors import OutputError, RenderError
from sitegen.output import MARKER, publish, recover
from tests.gitrepo import GitRepo

ROOT = Path(__file__).resolve().parents[2]
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone")

EXCHANGE_OFF = "output._exchange = lambda one, other: False\n"


def site(name: str, count: int = 12) -> list[tuple[str, bytes]]:
    """A site whose every file says which site it is of."""
    return [(f"models/{i % 3}/{i}.html", f"{name} {i}".encode() * 40) for i in range(count)]


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MARKER
    }


def beside(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir() if path.name != target.name)


def run(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.fixture(params=["exchange", "two renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to swap: that of Linux, and that of systems that cannot exchange folders."""
    if request.param == "two renames":
        monkeypatch.setattr(output, "_exchange", lambda one, other: False)
        return EXCHANGE_OFF
    return ""


def test_the_folder_holds_exactly_the_files(tmp_path: Path, way: str) -> None:
    target = tmp_path / "new" / "_site"
    publish(target, site("old", 20))
    report = publish(target, site("new"))
    assert tree(target) == dict(site("new"))
    assert (report.files, report.written, report.unchanged) == (12, 12, 0)
    assert report.bytes == sum(len(data) for _, data in site("new"))
    assert beside(target) == []


def test_an_unchanged_file_keeps_its_date(tmp_path: Path) -> None:
    target = tmp_path / "_site"
    publish(target, [("a.html", b"same"), ("b.html", b"old!")])
    os.utime(target / "a.html", (1_000_000_000, 1_000_000_000))
    os.utime(target / "b.html", (1_000_000_000, 1_000_000_000))
    report = publish(target, [("a.html", b"same"), ("b.html", b"new!")])
    assert (report.written, report.unchanged) == (1, 1)
    assert (target / "a.html").stat().st_mtime == 1_000_000_000
    assert (target / "b.html").stat().st_mtime > 1_000_000_000
    assert (target / "a.html").stat().st_nlink == 1


def test_a_link_in_the_old_site_is_not_taken_over(tmp_path: Path) -> None:
    target, secret = tmp_path / "_site", tmp_path / "secret"
    publish(target, [("a.html", b"same")])
    secret.write_bytes(b"same")
    (target / "a.html").unlink()
    (target / "a.html").symlink_to(secret)
    assert publish(target, [("a.html", b"same")]).unchanged == 0
    assert not (target / "a.html").is_symlink()


@pytest.mark.parametrize(
    "path",
    [
        "/etc/x", "../x", "a/../../x", "a/./b", "a//b", "a/", "", "a\\b", "C:/x", "c:x", "a\nb",
        "a\x00b", "x" * 201, "ü" * 101 + ".html", "\udcff.html", ".sitegen", ".SITEGEN",
        ".sitegen/x",
    ],
)  # fmt: skip
def test_a_path_that_could_leave_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    target = tmp_path / "_site"
    publish(target, site("old"))
    with pytest.raises(OutputError) as caught:
        publish(target, [("good.html", b""), (path, b"evil")])
    assert caught.value.problem.remedy
    assert str(caught.value).isprintable()
    assert tree(target) == dict(site("old"))
    assert [*tmp_path.iterdir()] == [target]


@pytest.mark.parametrize(
    "paths",
    [
        ("a.html", "a.html"),
        ("Model.html", "model.html"),
        ("straße/x", "STRASSE/x"),
        ("caf\u00e9.html", "cafe\u0301.html"),
        ("a/b", "a"),
        ("a", "a/b/c"),
        ("A", "a/b"),
        ("x/a.html", "x./a.html"),
        ("a.html", "a.html. "),
    ],
)
def test_two_files_that_are_one_on_some_file_system_are_refused(
    tmp_path: Path, paths: tuple[str, str]
) -> None:
    with pytest.raises(OutputError, match="two files"):
        publish(tmp_path / "_site", [(path, b"") for path in paths])
    assert [*tmp_path.iterdir()] == []


def test_long_names_and_names_that_only_look_alike_are_kept(tmp_path: Path) -> None:
    paths = ["x" * 200, "a.html", "a.htm", "a/b.html", "a b.html", "аdmin.html", "admin.html"]
    publish(tmp_path / "_site", [(path, path.encode()) for path in paths])
    assert sorted(tree(tmp_path / "_site")) == sorted(paths)


def test_a_folder_with_something_else_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "thesis"
    target.mkdir()
    (target / "thesis.tex").write_text("years of work")
    with pytest.raises(OutputError, match="not empty"):
        publish(target, site("new"))
    assert (target / "thesis.tex").read_text() == "years of work"


def test_a_link_named_like_the_marker_makes_no_folder_ours(tmp_path: Path) -> None:
    target, other = tmp_path / "mine", tmp_path / "other"
    publish(other, site("other"))
    target.mkdir()
    (target / MARKER).symlink_to(other / MARKER)
    with pytest.raises(OutputError, match="not empty"):
        publish(target, site("new"))


def test_an_empty_folder_is_taken_and_a_file_is_not(tmp_path: Path, way: str) -> None:
    (tmp_path / "empty").mkdir()
    publish(tmp_path / "empty", site("new"))
    assert tree(tmp_path / "empty") == dict(site("new"))
    (tmp_path / "file").write_text("kept")
    with pytest.raises(OutputError, match="must be a folder"):
        publish(tmp_path / "file", site("new"))
    assert (tmp_path / "file").read_text() == "kept"


def test_a_link_at_the_target_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    (tmp_path / "_site").symlink_to(tmp_path / "releases" / "one")
    publish(tmp_path / "_site", site("old"))
    publish(tmp_path / "_site", site("new"))
    assert (tmp_path / "_site").is_symlink()
    assert tree(tmp_path / "releases" / "one") == dict(site("new"))


def test_the_root_and_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    for target in (Path("/"), tmp_path / "a"):
        with pytest.raises(OutputError):
            publish(target, site("new"))


@pytest.mark.parametrize("place", [".git", ".git/site", ".GIT/a/b", "bare.git/site", "bare.git"])
def test_nothing_is_published_inside_of_a_git_folder(tmp_path: Path, place: str) -> None:
    GitRepo(tmp_path / "bare.git", bare=True)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OutputError, match="Git folder"):
        publish(tmp_path / place, site("new"))
    assert sorted(tmp_path.rglob("*")) == before


def test_the_permissions_of_the_folder_stay(tmp_path: Path, way: str) -> None:
    publish(tmp_path / "_site", site("old"))
    (tmp_path / "_site").chmod(0o750)
    publish(tmp_path / "_site", site("new"))
    assert (tmp_path / "_site").stat().st_mode & 0o777 == 0o750


def test_an_error_while_rendering_leaves_the_old_site(tmp_path: Path) -> None:
    def files() -> Iterator[tuple[str, bytes]]:
        yield from site("new")
        raise RenderError("a template failed")

    publish(tmp_path / "_site", site("old"))
    with pytest.raises(RenderError):
        publish(tmp_path / "_site", files())
    assert tree(tmp_path / "_site") == dict(site("old"))
    assert beside(tmp_path / "_site") == []


def test_a_failed_second_rename_puts_the_old_site_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "_site", site("old"))
    monkeypatch.setattr(output, "_exchange", lambda one, other: False)
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name.endswith(".tmp"):
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OutputError, match="Input/output error"):
        publish(tmp_path / "_site", site("new"))
    assert tree(tmp_path / "_site") == dict(site("old"))
    assert beside(tmp_path / "_site") == []


def test_leftovers_of_killed_builds_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in ("._site.123.tmp", "._site.12x.tmp", "._site2.1.tmp", "_site.1.tmp"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("")
    (tmp_path / "outside").mkdir()
    (tmp_path / "._site.9.tmp").symlink_to(tmp_path / "outside")
    publish(tmp_path / "_site", site("new"))
    assert beside(tmp_path / "_site") == [
        "._site.12x.tmp", "._site.9.tmp", "._site2.1.tmp", "_site.1.tmp", "outside",
    ]  # fmt: skip


# It dies at the n-th thing that it asks of the system while publishing; 0 counts them.
KILLED = """
import os, signal, sys
from pathlib import Path
from sitegen import output
from tests.unit.test_output import site
{patch}
target, name, last = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
seen, on = 0, True
def hook(event, arguments):
    global seen
    if on and event.startswith(("open", "os.", "shutil", "ctypes", "fcntl")):
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)
output.publish(target.with_name("warm"), site("warm", 1))
output.publish(target.with_name("warm"), site("warm", 2))
sys.addaudithook(hook)
output.publish(target, site(name))
on = False
print(seen)
"""


@LINUX
def test_a_build_killed_at_any_moment_leaves_the_old_site_or_the_new(
    tmp_path: Path, way: str
) -> None:
    target = tmp_path / "_site"
    script = KILLED.format(patch=way)
    publish(target, site("old"))
    shutil.copytree(target, tmp_path / "kept")
    first = run(script, target, "new", 0)
    total = int(first.communicate()[0])
    assert tree(target) == dict(site("new"))
    moments = random.Random(34).sample(range(1, total + 1), 13)
    outcomes = set()
    # The last moments are those around the swap, where a mistake would show.
    for moment in [*moments, total - 16, total - 20]:
        shutil.rmtree(target)
        shutil.copytree(tmp_path / "kept", target)
        killed = run(script, target, "new", moment)
        killed.communicate()
        assert killed.returncode == -signal.SIGKILL
        if not way:
            assert tree(target) in (dict(site("old")), dict(site("new")))
        recover(target)
        outcomes.add("new" if tree(target) == dict(site("new")) else "old")
        assert tree(target) in (dict(site("old")), dict(site("new")))
        assert beside(target) == ["kept", "warm"]
    assert outcomes == {"old", "new"}


@LINUX
def test_killed_between_two_renames_the_old_site_comes_back(tmp_path: Path) -> None:
    target = tmp_path / "_site"
    publish(target, site("old"))
    target.rename(tmp_path / "._site.sitegen-old")
    (tmp_path / "._site.77.tmp").mkdir()
    recover(target)
    assert tree(target) == dict(site("old"))
    assert beside(target) == []


FULL = """
import sys
from pathlib import Path
from sitegen import output
from sitegen.errors import OutputError
{setup}
try:
    output.publish(Path(sys.argv[1]), ((f"{{i}}.html", bytes(65536)) for i in range(100)))
except OutputError as error:
    print(error)
    sys.exit(1)
"""


@LINUX
def test_a_full_disk_leaves_the_old_site_and_is_an_error(tmp_path: Path) -> None:
    """A file system of 1 MB in a mount namespace of its own, gone with its process."""
    disk = tmp_path / "disk"
    disk.mkdir()
    (tmp_path / "full.py").write_text(FULL.format(setup=""))
    (tmp_path / "old.py").write_text(
        "import sys; from pathlib import Path; from sitegen.output import publish\n"
        "publish(Path(sys.argv[1]), [('index.html', b'old')])"
    )
    script = (
        'mount -t tmpfs -o size=1m none "$1" || exit 77; "$2" "$3/old.py" "$1/_site" || exit 78; '
        '"$2" "$3/full.py" "$1/_site"; echo "status $?"; ls -A "$1" "$1/_site"; '
        'cat "$1/_site/index.html"'
    )
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare")
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", disk, sys.executable, tmp_path],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        capture_output=True,
        check=False,
    )
    if "status" not in done.stdout:
        assert done.returncode != 78, done.stderr
        pytest.skip(f"no tmpfs can be mounted here: {done.stderr.strip()}")
    assert "No space left" in done.stdout
    assert "free some space" in done.stdout
    assert "status 1" in done.stdout
    assert done.stdout.endswith(f"{disk}:\n_site\n\n{disk}/_site:\n{MARKER}\nindex.html\nold")


@LINUX
def test_a_file_that_cannot_be_written_whole_is_an_error(tmp_path: Path) -> None:
    target = tmp_path / "_site"
    publish(target, site("old"))
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))"
    child = run(FULL.format(setup=limit), target)
    said, _ = child.communicate()
    assert child.returncode == 1
    assert "File too large" in said
    assert tree(target) == dict(site("old"))
    assert beside(target) == []


def test_an_error_in_close_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path / "_site", site("old"))
    close, opened = os.close, os.open
    ours: set[int] = set()

    def open_and_note(path: str, flags: int, mode: int = 0o777, **rest: int) -> int:
        file = opened(path, flags, mode, **rest)
        if flags & os.O_EXCL:
            ours.add(file)
        return file

    def failing(file: int) -> None:
        close(file)
        if file in ours:
            ours.discard(file)
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "open", open_and_note)
    monkeypatch.setattr(os, "close", failing)
    with pytest.raises(OutputError, match="No space left"):
        publish(tmp_path / "_site", site("new"))
    assert tree(tmp_path / "_site") == dict(site("old"))


HOLDER = """
import sys
from pathlib import Path
from sitegen.output import publish
from tests.unit.test_output import site
def files():
    yield from site("one")
    print("half-way", flush=True)
    sys.stdin.readline()
publish(Path(sys.argv[1]), files())
"""


def test_a_second_build_is_refused_and_told_who_builds(tmp_path: Path) -> None:
    target = tmp_path / "_site"
    publish(target, site("old"))
    holder = run(HOLDER, target)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "half-way\n"
    with pytest.raises(OutputError, match=rf"process {holder.pid}\b"):
        publish(target, site("two"), wait=0)
    assert tree(target) == dict(site("old"))
    holder.communicate("go on\n")
    assert tree(target) == dict(site("one"))
    assert beside(target) == []


def test_builds_at_once_wait_for_each_other(tmp_path: Path) -> None:
    target = tmp_path / "_site"
    script = (
        "import sys; from pathlib import Path; from sitegen.output import publish\n"
        "from tests.unit.test_output import site\n"
        "for i in range(5): publish(Path(sys.argv[1]), site(sys.argv[2] + str(i)))"
    )
    builds = [run(script, target, name) for name in ("one", "two")]
    for build in builds:
        assert build.communicate()[1] == ""
        assert build.returncode == 0
    assert tree(target) in (dict(site("one4")), dict(site("two4")))
    assert beside(target) == []
