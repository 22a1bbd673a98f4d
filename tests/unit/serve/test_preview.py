"""A served portal follows its inputs; a failing build leaves the last good site."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import msgspec
import pytest

from sitegen import config
from sitegen.config import Config
from sitegen.errors import ConfigError, OutputError, Problem, RenderError, RepositoryError
from sitegen.pipeline import Built
from sitegen.serve.live import State
from sitegen.serve.preview import Preview, run
from tests.gitrepo import GitRepo

TIMEOUT = 60


def save(path: Path, text: str) -> None:
    """Write as editors do, in one step: nobody sees half a file."""
    aside = path.with_name(f".{path.name}.aside")
    aside.write_text(text)
    aside.replace(path)


class Portal:
    """A preview of one repository and one page, with a build that counts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repo = GitRepo(folder / "churn")
        self.repo.commit({"a.txt": "a"}, message="First")
        (folder / "content").mkdir()
        self.page("first")
        (folder / "sitegen.yaml").write_text("repositories: [{path: churn}]\n")
        self.builds: list[str] = []
        self.problems: tuple[Problem, ...] = ()
        self.told: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.preview = Preview(self.load, self.build, self.told.append, quiet=0.01)

    def load(self) -> Config:
        return config.load(self.folder / "sitegen.yaml", {"XDG_CACHE_HOME": str(self.folder)})

    def page(self, text: str) -> None:
        save(self.folder / "content" / "page.md", text)

    def build(self, settings: Config) -> tuple[Problem, ...]:
        # A build reads; git status even writes the index.
        self.repo.git("status")
        self.repo.git("log", "--all")
        text = (self.folder / "content" / "page.md").read_text()
        self.builds.append(text)
        self.meanwhile()
        if "bad" in text:
            raise RenderError("cannot be rendered", path=text)
        settings.output.mkdir(exist_ok=True)
        (settings.output / "index.html").write_text(f"<head></head>{text} {settings.title}")
        return self.problems

    def start(self) -> str:
        return self.preview.start("127.0.0.1", [0])

    def after(self, change: Callable[[], object]) -> State:
        """The state that follows on `change`."""
        seen = self.preview.live.state
        change()
        found = self.preview.live.wait(seen, TIMEOUT)
        assert found is not None, "nothing was built"
        return found


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    portal = Portal(tmp_path)
    yield portal
    portal.preview.stop()


def shown(address: str) -> str:
    with urlopen(address, timeout=TIMEOUT) as answer:
        body: bytes = answer.read()
        return body.decode()


def test_a_change_of_content_refs_or_settings_is_built_and_served(portal: Portal) -> None:
    address = portal.start()
    assert "first churn" in shown(address)
    portal.after(lambda: portal.page("second"))
    assert "second churn" in shown(address)
    portal.after(lambda: portal.repo.tag("churn@v1.0.0"))
    source = portal.folder / "sitegen.yaml"
    portal.after(lambda: save(source, "title: Ours\nrepositories: [{path: churn}]\n"))
    assert "second Ours" in shown(address)
    assert portal.builds == ["first", "second", "second", "second"]


def test_what_a_build_reads_does_not_make_it_build_again(portal: Portal) -> None:
    portal.start()
    portal.repo.git("status")
    portal.repo.git("fsck")
    portal.after(lambda: portal.page("second"))
    assert portal.builds == ["first", "second"]


def test_a_change_that_left_everything_as_it_was_builds_nothing(portal: Portal) -> None:
    portal.start()
    assert portal.preview.rebuild() is None
    assert portal.builds == ["first"]


def test_a_failing_build_keeps_the_last_good_site_and_tells_why(portal: Portal) -> None:
    address = portal.start()
    before = portal.preview.live.state
    failed = portal.after(lambda: portal.page("bad"))
    assert failed == State(before.revision, "bad: cannot be rendered")
    assert "first churn" in shown(address)
    assert portal.told == ["The build failed: bad: cannot be rendered"]
    mended = portal.after(lambda: portal.page("third"))
    assert (mended.error, mended.revision != before.revision) == ("", True)
    assert "third churn" in shown(address)


def test_a_problem_is_told_once(portal: Portal) -> None:
    first = Problem("churn", "", "", "is odd", "", "odd")
    portal.problems = (first,)
    portal.start()
    assert portal.told == ["churn: is odd"]
    portal.problems = (first, Problem("vision", "", "", "is odd", "", "odd"))
    portal.after(lambda: portal.page("second"))
    portal.preview.stop()
    assert portal.told[1] == "vision: is odd"
    assert portal.told[2].startswith("Rebuilt in ")


def test_a_half_saved_configuration_keeps_the_last_good_site(portal: Portal) -> None:
    address = portal.start()
    source = portal.folder / "sitegen.yaml"
    good = source.read_text()
    failed = portal.after(lambda: save(source, good + "title: [\n"))
    assert "sitegen.yaml" in failed.error
    assert "first churn" in shown(address)
    assert portal.after(lambda: save(source, good)).error == ""


def test_a_change_during_a_build_is_built_next(portal: Portal) -> None:
    portal.start()
    done = threading.Event()

    def once() -> None:
        if not done.is_set():
            done.set()
            portal.page("third")

    portal.meanwhile = once
    second = portal.after(lambda: portal.page("second"))
    while portal.builds[-1] != "third":
        found = portal.preview.live.wait(second, TIMEOUT)
        assert found is not None
        second = found
    assert portal.builds[0] == "first"


def test_an_unexpected_error_is_shown_without_credentials(portal: Portal) -> None:
    portal.start()

    def fail() -> None:
        raise KeyError("https://user:TOKEN@example.com/r")

    portal.meanwhile = fail
    failed = portal.after(lambda: portal.page("second"))
    assert failed.error == "KeyError: 'https://example.com/r'"


def test_a_first_build_that_fails_is_raised_where_there_is_no_site_to_show(portal: Portal) -> None:
    portal.page("bad")
    with pytest.raises(RenderError):
        portal.start()
    assert portal.told == []  # who started it tells it, once


def test_a_first_build_that_fails_shows_an_earlier_site(portal: Portal) -> None:
    output = portal.preview.config.output
    output.mkdir()
    (output / "index.html").write_text("<head></head>earlier")
    portal.page("bad")
    assert "earlier" in shown(portal.start())
    assert portal.preview.live.state.error == "bad: cannot be rendered"
    assert portal.told == ["The build failed: bad: cannot be rendered"]


def test_settings_that_are_wrong_from_the_start_are_raised(tmp_path: Path) -> None:
    def load() -> Config:
        raise ConfigError("no")

    with pytest.raises(ConfigError):
        Preview(load, lambda settings: ())


def test_a_site_that_a_killed_build_left_aside_is_served(portal: Portal) -> None:
    aside = portal.preview.config.output.with_name("._site.sitegen-old")
    aside.mkdir()
    (aside / "index.html").write_text("<head></head>earlier")
    portal.page("bad")
    assert "earlier" in shown(portal.start())


class Run:
    """`run` with what it hands on to the pipeline and to people, stopped by its address."""

    def __init__(self, folder: Path, *repositories: GitRepo, **allowed: bool) -> None:
        paths = [str(repo.path) for repo in repositories]
        self.built: list[Built] = []
        self.told: list[str] = []
        run(
            lambda: config.default(paths, folder=folder, environ={}),
            host="127.0.0.1",
            ports=[0],
            started=self.stop,
            told=self.told.append,
            built=self.built.append,
            **allowed,
        )

    def stop(self, address: str) -> None:
        raise KeyboardInterrupt


def test_a_first_look_may_be_at_an_empty_registry(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "churn")
    repo.commit({"a.txt": "a"})
    served = Run(tmp_path, repo)
    assert [len(done.site.models) for done in served.built] == [0]


def test_no_empty_registry_is_served_over_a_full_one_unless_asked(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "churn")
    repo.commit({"a.txt": "a"})
    repo.tag("m@v1.0.0")
    assert [len(done.site.models) for done in Run(tmp_path, repo).built] == [1]
    registry = tmp_path / "_site/api/v1/registry.json"
    before = registry.read_bytes()
    repo.git("tag", "-d", "m@v1.0.0")
    served = Run(tmp_path, repo)
    assert served.built == []
    assert "--allow-empty" in served.told[0]
    assert registry.read_bytes() == before
    assert [len(done.site.models) for done in Run(tmp_path, repo, allow_empty=True).built] == [0]


def test_a_shallow_clone_is_served_only_when_asked(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "churn")
    repo.commit({"a.txt": "a"})
    repo.tag("m@v1.0.0")
    (repo.path / ".git/shallow").write_text(f"{repo.head}\n")
    with pytest.raises(RepositoryError, match="shallow"):
        Run(tmp_path, repo)
    assert len(Run(tmp_path, repo, allow_shallow=True).built) == 1


def test_only_a_loopback_address_is_served(portal: Portal) -> None:
    with pytest.raises(OutputError):
        portal.preview.start("0.0.0.0", [0])


def test_the_path_of_the_base_url_is_kept(portal: Portal) -> None:
    portal.preview.config = msgspec.structs.replace(
        portal.preview.config, base_url="https://example.com/models/"
    )
    assert portal.start().endswith("/models/")
