import pytest
from click.testing import CliRunner

from sitegen.cli.modelreg import main


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_asks_modelreg(shell: str) -> None:
    shown = CliRunner().invoke(main, ["completion", shell])
    assert shown.exit_code == 0
    assert f"_MODELREG_COMPLETE={shell}_complete" in shown.stdout


def test_what_is_completed_are_commands_and_options() -> None:
    runner = CliRunner()
    environ = {
        "_MODELREG_COMPLETE": "bash_complete",
        "COMP_WORDS": "modelreg de",
        "COMP_CWORD": "1",
    }
    shown = runner.invoke(main, [], env=environ, prog_name="modelreg").stdout
    assert "plain,describe" in shown
