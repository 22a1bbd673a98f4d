"""The jobs of Git hosts that `modelreg workflow` writes, for people without a terminal.

What people enter reaches the script through the environment alone, and each job may do no more than
push to its own repository.
"""

from __future__ import annotations

from textwrap import indent

SCRIPT = """\
set -euf
case "$MODELREG_ACTION" in
  register|assign|unassign|deregister|deprecate|annotate) ;;
  *) echo "no such action: $MODELREG_ACTION" >&2; exit 2 ;;
esac
set -- "$MODELREG_ACTION" --push --remote origin --author "$MODELREG_AUTHOR"
[ -z "${MODELREG_VERSION:-}" ] || set -- "$@" "--version=$MODELREG_VERSION"
[ -z "${MODELREG_STAGE:-}" ] || set -- "$@" "--stage=$MODELREG_STAGE"
[ -z "${MODELREG_MESSAGE:-}" ] || set -- "$@" "--message=$MODELREG_MESSAGE"
if [ "$MODELREG_ACTION" = annotate ]; then
  set -- "$@" --commit
  [ -z "${MODELREG_PATH:-}" ] || set -- "$@" "--path=$MODELREG_PATH"
  [ -z "${MODELREG_TYPE:-}" ] || set -- "$@" "--type=$MODELREG_TYPE"
  [ -z "${MODELREG_DESCRIPTION:-}" ] || set -- "$@" "--desc=$MODELREG_DESCRIPTION"
  labels=${MODELREG_LABELS:-}
  while [ -n "$labels" ]; do
    set -- "$@" "--label=${labels%%,*}"
    case "$labels" in *,*) labels=${labels#*,} ;; *) labels= ;; esac
  done
fi
modelreg "$@" -- "$MODELREG_MODEL" ${MODELREG_REVISION:+"$MODELREG_REVISION"}
"""
"""Every value is one word, whatever is in it; what an action does not take, `modelreg` refuses."""

# Input -> what it is for, and what goes with it in GitHub's form.
INPUTS = {
    "model": "The model's name; in a folder of a monorepo folder:name",
    "version": "The version, such as v1.2.0",
    "stage": "The stage, such as prod",
    "revision": "The commit, a branch or a tag; without it HEAD",
    "message": "Why",
    "path": "annotate: where its file is",
    "type": "annotate: its type, such as model",
    "labels": "annotate: labels, with commas between them",
    "description": "annotate: what it is",
}

_GITHUB = """\
# Changes the model registry for people without a terminal: Actions, Model registry, Run workflow.
# Written by `modelreg workflow github`; the portal links to it from every model.
name: Model registry
on:
  workflow_dispatch:
    inputs:
      action:
        description: What to do
        required: true
        type: choice
        options: [register, assign, unassign, deregister, deprecate, annotate]
{inputs}
permissions: {{}}
concurrency:
  group: model-registry
jobs:
  modelreg:
    runs-on: ubuntu-latest
    permissions:
      contents: write
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
          # What GitHub's own token pushes starts no other workflow. With a token of your own in the
          # secret MODELREG_TOKEN, the workflow that builds the portal on a new tag runs as well.
          token: ${{{{ secrets.MODELREG_TOKEN || github.token }}}}
      - run: git fetch --tags --force
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: {install}
      - env:
          MODELREG_AUTHOR: {author}
          MODELREG_ACTION: ${{{{ inputs.action }}}}
{environment}
        run: |
{script}"""

_GITLAB = """\
# Changes the model registry for people without a terminal: Build, Pipelines, New pipeline.
# Written by `modelreg workflow gitlab`; the portal links to it from every model. It needs, in
# .gitlab-ci.yml:
#
#   include:
#     - local: {path}
#
# and in the project's settings, CI/CD, Job token permissions: allow Git push requests.
modelreg:
  image: python:3.12
  rules:
    - if: $CI_PIPELINE_SOURCE == "web" && $MODELREG_ACTION
  resource_group: model-registry
  variables:
    GIT_DEPTH: "0"
  script:
    - git fetch --tags --force
    - git switch --force-create "$CI_COMMIT_REF_NAME"
    - {install}
    - export MODELREG_AUTHOR="$GITLAB_USER_NAME <$GITLAB_USER_EMAIL>"
    - |
{script}"""


def github(install: str) -> str:
    """The workflow file. install: the command that brings `modelreg`."""
    inputs = "".join(
        f"      {name}:\n        description: {_quoted(what)}\n"
        + ("        required: true\n" if name == "model" else "")
        for name, what in INPUTS.items()
    )
    environment = "".join(
        f"          MODELREG_{name.upper()}: ${{{{ inputs.{name} }}}}\n" for name in INPUTS
    )
    return _GITHUB.format(
        inputs=inputs.rstrip("\n"),
        environment=environment.rstrip("\n"),
        install=_quoted(install),
        author="${{ github.actor }} <${{ github.actor }}@users.noreply.github.com>",
        script=indent(SCRIPT, " " * 10),
    )


def gitlab(install: str, path: str) -> str:
    """The file to be included. install: the command that brings `modelreg`. path: the file's."""
    return _GITLAB.format(path=path, install=_quoted(install), script=indent(SCRIPT, " " * 6))


def _quoted(text: str) -> str:
    """A text of one line as YAML, whatever is in it."""
    return "'" + text.replace("'", "''") + "'"
