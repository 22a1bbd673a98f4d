import re
import subprocess
from pathlib import Path

import pytest

from sitegen.cli.modelreg import outputs
from sitegen.errors import OutputError, RefusedError

HOSTILE = {
    "name": "$(touch pwn)`id`'\"\\",
    "description": "one\nevent=assignment\nEOF\n::set-env name=X::y\r\nlast\x00\x1b",
}


def test_github_blocks_hold_any_value_and_end_where_they_should() -> None:
    text = outputs.github(HOSTILE)
    read = {}
    while text:
        match = re.match(r"(\w+)<<(EOF_[0-9a-f]{32})\n", text)
        assert match
        value, mark, text = text[match.end() :].partition(f"\n{match[2]}\n")
        assert mark
        read[match[1]] = value
    assert read == HOSTILE


def test_github_outputs_are_added_to_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "out"
    file.write_text("before=1\n")
    monkeypatch.setenv("GITHUB_OUTPUT", str(file))
    outputs.write_outputs(HOSTILE, "github")
    text = file.read_text()
    assert text.startswith("before=1\nname<<")
    assert "\r" not in text
    assert "\x1b" not in text
    monkeypatch.delenv("GITHUB_OUTPUT")
    with pytest.raises(RefusedError):
        outputs.write_outputs(HOSTILE, "github")


def test_a_dotenv_report_has_one_line_a_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outputs.write_outputs({"description": "a\nB=c\\"}, "gitlab")
    assert Path("dotenv.env").read_text() == "MODELREG_DESCRIPTION=a\\nB=c\\\\\n"


def test_a_shell_reads_back_what_was_meant_and_runs_nothing(tmp_path: Path) -> None:
    text = outputs.env({"name": HOSTILE["name"], "path": "/bin"})
    script = f'{text}printf %s "$MODELREG_NAME"; command -v printf >/dev/null'
    done = subprocess.run(["sh", "-c", script], capture_output=True, cwd=tmp_path, check=True)
    assert done.stdout.decode() == HOSTILE["name"]
    assert not list(tmp_path.iterdir())
    assert "\nPATH=" not in f"\n{text}"


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        outputs.write_outputs({}, "env", str(tmp_path))
