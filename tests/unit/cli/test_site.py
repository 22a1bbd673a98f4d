"""The commands of `sitegen`: what they read, print, write and end with. Nothing is built here."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from sitegen import __version__, config, snapshot
from sitegen.cli.site import main
from sitegen.errors import Problem, RepositoryError
from sitegen.output import Report
from sitegen.registry.facts import RepositoryFacts
from sitegen.registry.state import Registry
from sitegen.site.build import Settings, Source, build_site

LIGHTWEIGHT = Problem(
    "churn", "x@v1.0.0", "", "is lightweight", "fetch the tags again", "tag.lightweight"
)


def facts(name: str = "churn", problems: tuple[Problem, ...] = ()) -> RepositoryFacts:
    return RepositoryFacts(name, "", "main", "", (), {}, {}, {}, problems=problems)


class Pipeline:
    """Stands in for the pipeline: keeps what it is called with."""

    def __init__(self) -> None:
        self.problems: tuple[Problem, ...] = ()
        self.error: Exception | None = None
        self.stages: tuple[str, ...] = ()
        self.config: Any = None
        self.options: dict[str, Any] = {}

    def _called(self, settings: Any, options: dict[str, Any]) -> Any:
        self.config, self.options = settings, options
        if self.error:
            raise self.error
        return [
            Source(facts(one.name, self.problems), Registry({}, self.stages, ()))
            for one in settings.repositories
        ]

    def read(self, settings: Any, **options: Any) -> Any:
        return SimpleNamespace(sources=tuple(self._called(settings, options)), problems=())

    def gather(self, settings: Any, **options: Any) -> Any:
        sources = tuple(self._called(settings, options))
        problems = (*settings.problems, *self.problems)
        return SimpleNamespace(sources=sources, settings=Settings(), problems=problems)

    def build(self, settings: Any, **options: Any) -> Any:
        site = build_site(self._called(settings, options), Settings())
        report = Report(settings.output, 12, 10, 5000)
        return SimpleNamespace(
            site=site, report=report, problems=self.problems, output=settings.output
        )

    def scan(self, settings: Any, **options: Any) -> Any:
        return self._called(settings, options)[0].facts


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    fake = Pipeline()
    for name in ("read", "gather", "build", "scan"):
        monkeypatch.setattr(f"sitegen.pipeline.{name}", getattr(fake, name), raising=False)
    return fake


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "churn"
    (folder / ".git").mkdir(parents=True)
    (tmp_path / "vision" / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def sitegen(*args: str) -> Result:
    return CliRunner().invoke(main, args)


def test_in_a_clone_build_needs_nothing_else(pipeline: Pipeline, here: Path) -> None:
    result = sitegen("build")
    assert result.exit_code == 0
    assert [one.path for one in pipeline.config.repositories] == [here]
    assert pipeline.config.output == here / "_site"
    lines = result.stdout.splitlines()
    assert lines[0] == "0 models, 0 versions and 0 events of 1 repository."
    assert lines[-1].startswith("_site/ is built, in ")


def test_options_of_build_reach_the_pipeline(pipeline: Pipeline, here: Path) -> None:
    result = sitegen(
        "build", ".", "../vision", "-o", "out", "--title", "T", "--base-url", "https://x.example/m",
        "--allow-empty", "--allow-shallow", "--from-snapshot", "a", "--from-snapshot", "b", "-v",
    )  # fmt: skip
    assert result.exit_code == 0
    assert [one.name for one in pipeline.config.repositories] == ["churn", "vision"]
    assert (pipeline.config.title, pipeline.config.base_url) == ("T", "https://x.example/m/")
    assert pipeline.config.output == here / "out"
    options = {key: value for key, value in pipeline.options.items() if key != "progress"}
    snapshots = (Path("a"), Path("b"))
    assert options == {"allow_empty": True, "allow_shallow": True, "snapshots": snapshots}
    assert "2 of 12 files are new or changed" in result.stdout


def test_snapshots_alone_read_no_repository(pipeline: Pipeline) -> None:
    assert sitegen("build", "--from-snapshot", "a").exit_code == 0
    assert pipeline.config.repositories == ()


def test_the_configuration_beside_is_read(pipeline: Pipeline, here: Path) -> None:
    (here / "sitegen.yaml").write_text("title: Ours\nrepositories: [{path: ../vision}]\n")
    sitegen("build")
    assert (pipeline.config.title, pipeline.config.repositories[0].name) == ("Ours", "vision")
    (here / "other.yaml").write_text("title: Other\n")
    sitegen("build", "-c", "other.yaml")
    assert pipeline.config.title == "Other"


def test_a_wrong_configuration_ends_with_one_and_its_lines(here: Path) -> None:
    (here / "sitegen.yaml").write_text("titel: x\nstages: {colors: {prod: redd}}\n")
    result = sitegen("build")
    assert result.exit_code == 1
    assert "error: sitegen.yaml:1: `titel` is unknown" in result.stderr
    assert "error: sitegen.yaml:2: `stages.colors.prod` must be" in result.stderr
    assert "did you mean `title`?" in result.stderr


def test_problems_are_printed_and_strict_makes_them_an_exit_status(pipeline: Pipeline) -> None:
    pipeline.problems = (LIGHTWEIGHT,)
    result = sitegen("build")
    assert result.exit_code == 0
    assert f"{LIGHTWEIGHT}\n" == result.stderr
    assert "1 problem; also on the problems page." in result.stdout
    strict = sitegen("build", "--strict")
    assert strict.exit_code == 1
    assert "the site is published all the same" in strict.stderr
    pipeline.problems = ()
    assert sitegen("build", "--strict").exit_code == 0


def test_quiet_prints_problems_alone(pipeline: Pipeline) -> None:
    pipeline.problems = (LIGHTWEIGHT,)
    result = sitegen("build", "-q")
    assert (result.stdout, result.stderr) == ("", f"{LIGHTWEIGHT}\n")


def test_the_json_report_of_build_is_alone_on_stdout(pipeline: Pipeline, here: Path) -> None:
    pipeline.problems = (LIGHTWEIGHT,)
    report = json.loads(sitegen("build", "--json").stdout)
    assert isinstance(report.pop("seconds"), float)
    assert report == {
        "output": str(here / "_site"),
        "models": 0,
        "versions": 0,
        "events": 0,
        "repositories": [
            {
                "name": "churn",
                "url": "",
                "head": None,
                "models": 0,
                "artifacts": 0,
                "versions": 0,
                "problems": 1,
            }
        ],
        "files": 12,
        "written": 2,
        "problems": [
            {
                "repo": "churn",
                "ref": "x@v1.0.0",
                "path": "",
                "reason": "is lightweight",
                "remedy": "fetch the tags again",
                "kind": "tag.lightweight",
            }
        ],
    }


def test_check_ends_with_one_when_there_are_problems(pipeline: Pipeline) -> None:
    clean = sitegen("check")
    assert (clean.exit_code, clean.stdout) == (0, "0 problems in 1 repository.\n")
    pipeline.problems = (LIGHTWEIGHT,)
    result = sitegen("check")
    assert result.exit_code == 1
    assert result.stdout == f"{LIGHTWEIGHT}\n1 problem in 1 repository.\n"
    found = json.loads(sitegen("check", "--json").stdout)
    assert found["repositories"] == ["churn"]
    assert [one["kind"] for one in found["problems"]] == ["tag.lightweight"]


def test_check_says_a_line_of_every_repository_when_asked(pipeline: Pipeline) -> None:
    lines = sitegen("check", "-v", ".", "../vision").stdout.splitlines()
    assert lines[:2] == [
        "  churn: 0 models, 0 versions, 0 problems", "  vision: 0 models, 0 versions, 0 problems",
    ]  # fmt: skip


def test_check_reports_what_a_build_would_refuse(pipeline: Pipeline) -> None:
    pipeline.error = RepositoryError.of([LIGHTWEIGHT, msgspec.structs.replace(LIGHTWEIGHT, ref="")])
    result = sitegen("check")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "2 problems in 1 repository."
    assert len(json.loads(sitegen("check", "--json").stdout)["problems"]) == 2
    built = sitegen("build")
    assert (built.exit_code, built.stderr.count("error: churn")) == (1, 2)


def test_options_of_check_reach_the_pipeline(pipeline: Pipeline) -> None:
    sitegen("check", "--allow-empty", "--allow-shallow")
    assert (pipeline.options["allow_empty"], pipeline.options["allow_shallow"]) == (True, True)


def test_check_tells_what_the_configuration_leads_to(pipeline: Pipeline) -> None:
    result = sitegen("check", "https://user:TOKEN@example.com/r")
    assert result.exit_code == 1
    assert "token_env" in result.stdout
    assert "TOKEN" not in result.output


def test_a_token_of_the_environment_is_in_no_output(
    pipeline: Pipeline, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_VAR", "hunter2")
    (here / "sitegen.yaml").write_text(
        "repositories: [{url: 'https://example.com/r', token_env: MY_VAR}]\n"
    )
    pipeline.problems = (Problem("r", "", "", "said hunter2", "", "git"),)
    for args in (("build",), ("build", "--json"), ("check",), ("check", "--json")):
        assert "said ***" in sitegen(*args).output
    pipeline.error = RepositoryError("git said: hunter2", repo="r")
    failed = sitegen("build")
    assert (failed.exit_code, "hunter2" in failed.output) == (1, False)
    pipeline.error = KeyError("hunter2")
    failed = sitegen("build")
    assert (failed.exit_code, "hunter2" in failed.output) == (3, False)


def test_scan_writes_a_snapshot(pipeline: Pipeline, here: Path) -> None:
    result = sitegen("scan", "../vision", "-o", "facts.bin")
    assert result.exit_code == 0
    data = (here / "facts.bin").read_bytes()
    assert snapshot.load(data, "facts.bin") == facts("vision")
    assert [path.name for path in here.iterdir() if path.name.startswith(".sitegen-")] == []


def test_scan_writes_to_the_standard_output(pipeline: Pipeline, here: Path) -> None:
    before = list(here.iterdir())
    result = sitegen("scan", ".", "-o", "-")
    assert snapshot.load(result.stdout_bytes, "-") == facts("churn")
    assert list(here.iterdir()) == before


def test_scan_tells_where_it_cannot_write(pipeline: Pipeline) -> None:
    result = sitegen("scan", ".", "-o", "no/such/folder/facts.bin")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_init_writes_what_it_finds(pipeline: Pipeline, here: Path) -> None:
    pipeline.stages = ("prod", "dev")
    assert sitegen("init").exit_code == 0
    found = config.load(here / "sitegen.yaml", {})
    assert (found.title, [one.path for one in found.repositories]) == ("churn", [here])
    assert set(found.stages.order) == {"prod", "dev"}


def test_init_names_the_repositories_of_a_folder(pipeline: Pipeline, here: Path) -> None:
    assert sitegen("init", "..").exit_code == 0
    found = config.load(here.parent / "sitegen.yaml", {})
    assert [one.name for one in found.repositories] == ["churn", "vision"]


def test_init_works_where_nothing_can_be_read(pipeline: Pipeline, here: Path) -> None:
    pipeline.error = RepositoryError("is no repository")
    assert sitegen("init").exit_code == 0
    assert config.load(here / "sitegen.yaml", {}).stages.order == ()


def test_init_never_overwrites_unless_forced(pipeline: Pipeline, here: Path) -> None:
    (here / "sitegen.yaml").write_text("mine")
    result = sitegen("init")
    assert (result.exit_code, (here / "sitegen.yaml").read_text()) == (1, "mine")
    assert "--force" in result.stderr
    assert sitegen("init", "--force").exit_code == 0
    assert (here / "sitegen.yaml").read_text() != "mine"


Served = list[tuple[Any, dict[str, Any]]]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Served:
    calls: Served = []

    def run(load: Callable[[], Any], **options: Any) -> None:
        options["started"]("http://127.0.0.1:8000/")
        calls.append((load(), options))

    monkeypatch.setattr("sitegen.serve.run", run)
    return calls


def test_serve_prints_its_address_and_reads_the_configuration_anew(
    here: Path, served: Served
) -> None:
    result = sitegen("serve", "--port", "0", "--title", "T")
    ((settings, options),) = served
    assert result.stdout == "Serving http://127.0.0.1:8000/ (Ctrl-C stops)\n"
    assert (settings.title, settings.repositories[0].path) == ("T", here)
    assert (options["host"], list(options["ports"])) == ("127.0.0.1", [0])
    sitegen("serve")
    assert list(served[1][1]["ports"])[:2] == [8000, 8001]


def test_options_of_serve_reach_the_server(served: Served) -> None:
    sitegen("serve", "--allow-empty")
    options = served[0][1]
    assert (options["allow_empty"], options["allow_shallow"]) == (True, False)


def test_serve_says_a_line_of_every_repository_when_asked(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    done = SimpleNamespace(site=build_site([Source(facts(), Registry({}, (), ()))], Settings()))
    for number, option in enumerate(("-v", "-q")):
        sitegen("serve", option)
        served[number][1]["built"](done)
    assert capsys.readouterr().out == "  churn: 0 models, 0 versions, 0 problems\n"


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> None:
    def make_demo(target: Path) -> tuple[Path, ...]:
        (target / "one" / ".git").mkdir(parents=True)
        return (target / "one",)

    monkeypatch.setattr("sitegen.demo.make_demo", make_demo, raising=False)


def test_demo_makes_registries_and_their_portal(pipeline: Pipeline, here: Path, demo: None) -> None:
    result = sitegen("demo")
    assert result.exit_code == 0
    assert [one.path for one in pipeline.config.repositories] == [here / "sitegen-demo" / "one"]
    assert pipeline.config.output == here / "sitegen-demo" / "_site"
    assert "sitegen-demo/_site/ is built" in result.stdout


def test_demo_serves_when_asked(here: Path, demo: None, served: Served) -> None:
    result = sitegen("demo", "there", "--serve", "-o", "out")
    assert "Serving http://127.0.0.1:8000/" in result.stdout
    assert served[0][0].output == here / "out"


def test_the_version_is_told() -> None:
    assert sitegen("--version").stdout == f"sitegen {__version__}\n"


@pytest.mark.parametrize("command", ["build", "check", "scan", "init", "serve", "demo"])
def test_every_command_and_option_has_help(command: str) -> None:
    result = sitegen(command, "--help")
    assert result.exit_code == 0
    options = [one for one in main.commands[command].params if one.param_type_name == "option"]
    assert all(getattr(one, "help", "") for one in options)
    assert main.commands[command].help
