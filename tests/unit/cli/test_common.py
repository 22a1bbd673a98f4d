"""Errors end as a message and an exit status; what is printed is harmless."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from sitegen.cli import common
from sitegen.errors import ConfigError, GitError, OutputError, Problem, SitegenError
from sitegen.pipeline import Silence

URL = "https://user:TOKEN@example.com/r?private_token=TOKEN"


def run(action: Callable[[], Any], *args: str) -> Result:
    @click.group(cls=common.Application)
    def program() -> None: ...

    @program.command()
    @click.pass_context
    def go(context: click.Context) -> Any:
        context.obj[common.SECRETS].append("hunter2")
        return action()

    return CliRunner().invoke(program, args or ("go",))


def raising(error: BaseException) -> Callable[[], Any]:
    def action() -> None:
        raise error

    return action


def test_a_command_that_returns_nothing_ends_with_zero() -> None:
    assert run(lambda: None).exit_code == 0


def test_a_command_may_return_its_exit_status() -> None:
    assert run(lambda: 1).exit_code == 1


def test_a_known_error_is_told_with_its_remedy_and_ends_with_one() -> None:
    error = GitError("is a shallow clone", repo="churn", ref="main", remedy="fetch the rest")
    result = run(raising(error))
    assert result.exit_code == 1
    assert result.stderr == "error: churn main: is a shallow clone\n       fetch the rest\n"
    assert result.stdout == ""


def test_every_mistake_of_a_configuration_is_told() -> None:
    problems = [Problem("", "", f"sitegen.yaml:{n}", "is wrong", "", "config") for n in (1, 2)]
    result = run(raising(ConfigError.of(problems)))
    assert result.stderr == "error: sitegen.yaml:1: is wrong\nerror: sitegen.yaml:2: is wrong\n"


@pytest.mark.parametrize("args", [("gone",), ("go", "--what"), ("go", "extra")])
def test_wrong_usage_ends_with_two(args: tuple[str, ...]) -> None:
    result = run(lambda: None, *args)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_an_interrupt_ends_with_130(error: BaseException) -> None:
    result = run(raising(error))
    assert result.exit_code == 130
    assert "interrupted" in result.stderr
    assert "Traceback" not in result.output


def test_an_unexpected_error_ends_with_three_and_names_a_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["sitegen", "build", URL])
    result = run(raising(KeyError(f"fetch {URL} with hunter2")))
    (log,) = (tmp_path / "sitegen").iterdir()
    text = log.read_text()
    assert result.exit_code == 3
    assert str(log) in result.stderr
    assert "error: unexpected KeyError" in result.stderr
    assert "Traceback" in text
    assert "https://example.com/r" in text
    assert log.stat().st_mode & 0o077 == 0
    for secret in ("TOKEN", "hunter2"):
        assert secret not in result.output + text


def test_where_there_is_no_state_folder_the_log_is_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    result = run(raising(RuntimeError()))
    assert result.exit_code == 3
    assert [str(path) in result.stderr for path in (tmp_path / "temporary").iterdir()] == [True]


@pytest.mark.parametrize("kind", [SitegenError, GitError, ConfigError])
def test_credentials_are_in_no_message(kind: type[SitegenError]) -> None:
    error = kind(f"cannot fetch {URL}", path=URL, remedy=f"try {URL} or hunter2")
    result = run(raising(error))
    assert "example.com" in result.output
    assert "TOKEN" not in result.output
    assert "hunter2" not in result.output


def test_control_characters_of_a_repository_do_not_reach_the_terminal() -> None:
    result = run(raising(GitError("\x1b[2J\x1b]0;x\x07 and \u202e", repo="a\rb")))
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(result.output)
    assert "U+001B" in result.output


def test_who_reads_no_more_gets_no_traceback() -> None:
    code = (
        "import click\nfrom sitegen.cli import common\n"
        "@click.group(cls=common.Application)\ndef main(): ...\n"
        "@main.command()\ndef go():\n"
        "    print('x' * 100, end='')\n"  # stays in the buffer until the end
        "main(['go'])\n"
    )
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


ODD = Problem("churn", "x@v1", "", "is lightweight", "fetch the tags again", "tag.lightweight")
PROBLEMS = (
    Problem("churn", "y@v1\x1b[2J", "a.yaml", "is lightweight", ODD.remedy, ODD.kind),
    ODD,
    Problem("", "", "sitegen.yaml:3", f"has {URL}", "", "config"),
)


def test_elsewhere_than_on_a_terminal_each_problem_is_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    common.print_problems(PROBLEMS)
    assert capsys.readouterr().out.splitlines() == [
        "churn y@v1⟨U+001B⟩[2J a.yaml: is lightweight (fetch the tags again)",
        "churn x@v1: is lightweight (fetch the tags again)",
        "sitegen.yaml:3: has https://example.com/r?***",
    ]
    common.print_problems((), err=True)
    common.print_problems(PROBLEMS[:1], err=True)
    assert len(capsys.readouterr().err.splitlines()) == 1


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_problems_of_one_kind_stand_together_and_none_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    common.print_problems(PROBLEMS, err=True)
    plain = re.sub(r"\x1b\[[\d;]*m", "", terminal.getvalue())
    shown = [line.strip() for line in plain.splitlines()]
    assert shown.count("Is lightweight") == 1
    assert shown.count("→ fetch the tags again") == 1
    assert {"churn", "x@v1", "y@v1⟨U+001B⟩[2J a.yaml", "sitegen.yaml:3"} <= set(shown)
    assert "TOKEN" not in terminal.getvalue()


def test_a_file_is_whole_and_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "new" / "a.yaml"
    common.write_file(target, b"one", folders=True)
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"one", 0o644)
    target.chmod(0o600)
    common.write_file(target, b"two")
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"two", 0o600)
    assert os.listdir(target.parent) == ["a.yaml"]  # noqa: PTH208


def test_what_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    for target in (tmp_path / "folder", tmp_path / "file" / "a"):
        with pytest.raises(OutputError, match="cannot be written"):
            common.write_file(target, b"x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_progress_is_silent_elsewhere_than_on_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with common.progress() as progress, progress.task("Reading", 2) as task:
        task.advance()
    assert isinstance(progress, Silence)
    assert capsys.readouterr() == ("", "")


def test_progress_is_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with common.progress(quiet=True) as silent:
        assert isinstance(silent, Silence)
    with common.progress() as progress, progress.task("Reading [bold]x\x1b[2J", 2) as task:
        task.advance(2)
    assert "Reading [bold]x⟨U+001B⟩" in terminal.getvalue()


def test_a_dumb_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert not common.is_terminal(Terminal())


def test_a_problem_as_json_holds_no_credentials() -> None:
    assert common.as_dict(PROBLEMS[2])["reason"] == "has https://example.com/r?***"
    assert list(common.as_dict(ODD)) == ["repo", "ref", "path", "reason", "remedy", "kind"]


def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    common.print_json({"a": ["ü"]})
    assert json.loads(capsys.readouterr().out) == {"a": ["ü"]}


def test_json_says_what_is_no_utf_8_too(capsys: pytest.CaptureFixture[str]) -> None:
    name = os.fsdecode(b"caf\xe9")
    common.print_json({"name": name})
    assert json.loads(capsys.readouterr().out) == {"name": name}


def test_starting_loads_nothing_heavy() -> None:
    code = (
        "import sys\nimport sitegen.cli.site\n"
        "heavy = {'rich', 'git', 'jinja2', 'watchdog', 'lunr', 'markdown', 'nh3', 'yaml'}\n"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.split() == []
