import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from sitegen.cli.modelreg import main
from sitegen.cli.modelreg.group import one_of


def test_help_groups_the_commands_in_their_order() -> None:
    shown = CliRunner().invoke(main, ["--help"]).output
    places = [shown.index(f"\n{heading}:\n") for heading in ("Reading", "Writing", "Metadata")]
    assert places == sorted(places)
    assert places[0] < shown.index("check-ref") < places[1] < shown.index("deprecate") < places[2]


def test_promote_is_another_name_of_assign() -> None:
    runner = CliRunner()
    assert "assign (promote)" in runner.invoke(main, ["--help"]).output
    promote, assign = (runner.invoke(main, [name, "--help"]).output for name in main_names())
    assert promote.splitlines()[1:] == assign.splitlines()[1:]


def main_names() -> tuple[str, str]:
    return "promote", "assign"


def test_flags_that_exclude_each_other_are_named() -> None:
    one_of(json=True, plain=False)
    with pytest.raises(click.UsageError, match="--json and --plain exclude each other"):
        one_of(json=True, plain=True)


def test_every_command_says_what_it_does_and_each_option_too() -> None:
    for command in main.commands.values():
        assert command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, (command.name, parameter.name)


def test_help_imports_nothing_that_it_does_not_need() -> None:
    script = (
        "import sys; from sitegen.cli.modelreg import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "print(sorted(name for name in sys.modules if name.partition('.')[0] in sys.argv[1:]"
        " or name.startswith(('sitegen.registry', 'sitegen.pipeline', 'sitegen.gitio'))))"
    )
    heavy = ["git", "jinja2", "msgspec", "rich", "semver", "subprocess", "tempfile", "yaml"]
    done = subprocess.run([sys.executable, "-c", script, *heavy], capture_output=True, check=True)
    assert done.stdout.decode().splitlines()[-1] == "[]"
