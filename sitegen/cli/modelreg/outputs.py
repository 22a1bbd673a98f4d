"""What `check-ref` hands to CI: values of any kind, none of which a shell or runner can act on."""

from __future__ import annotations

import os
import re
import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path

import click

from sitegen.errors import OutputError, RefusedError

KEYS = ("event", "name", "version", "stage", "type", "path", "description", "tag", "commit")
DOTENV = "dotenv.env"

# What ends a line somewhere, or ends a text early; tabs and newlines are dealt with by each format.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]")


def write_outputs(values: Mapping[str, str], form: str, output: str = "") -> None:
    """Hand on `values` as github, gitlab or env has it. output: the file, "" for the usual one."""
    clean = {key: _CONTROL.sub(" ", value).replace("\r", "") for key, value in values.items()}
    if form == "github":
        _append(output or _github_file(), github(clean), add=True)
    elif form == "gitlab":
        _append(output or DOTENV, gitlab(clean), add=False)
    elif output:
        _append(output, env(clean), add=False)
    else:
        click.echo(env(clean), nl=False)


def github(values: Mapping[str, str]) -> str:
    """`name<<DELIMITER` blocks; the delimiter is random and in no value."""
    blocks = []
    for key, value in values.items():
        mark = f"EOF_{secrets.token_hex(16)}"
        while mark in value:
            mark = f"EOF_{secrets.token_hex(16)}"
        blocks.append(f"{key}<<{mark}\n{value}\n{mark}\n")
    return "".join(blocks)


def gitlab(values: Mapping[str, str]) -> str:
    r"""Lines `NAME=value` of a dotenv report: it knows no quotes, so newlines are written \n."""
    return "".join(f"{_name(key)}={_one_line(value)}\n" for key, value in values.items())


def env(values: Mapping[str, str]) -> str:
    """Lines `NAME='value'` that a shell reads back as they are."""
    return "".join(f"{_name(key)}={_quoted(value)}\n" for key, value in values.items())


def _name(key: str) -> str:
    return f"MODELREG_{key.upper()}"


def _quoted(value: str) -> str:
    quoted = shlex.quote(value)
    return quoted if quoted.startswith("'") else f"'{quoted}'"


def _one_line(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n")


def _github_file() -> str:
    found = os.environ.get("GITHUB_OUTPUT", "")
    if not found:
        raise RefusedError(
            "GITHUB_OUTPUT names no file", remedy="run it in a GitHub workflow, or give --output"
        )
    return found


def _append(name: str, text: str, add: bool) -> None:
    try:
        with Path(name).open("a" if add else "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", path=name) from None
