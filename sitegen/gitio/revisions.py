"""What people call a commit (HEAD, branches, tags, short and full ids) -> its id."""

from __future__ import annotations

from sitegen.errors import RefusedError
from sitegen.gitio.process import run
from sitegen.gitio.repository import Repository


def resolve(repo: Repository, text: str) -> str:
    """The commit that `text` names. Raises RefusedError where it names none."""
    if text and not any(ord(letter) < 32 for letter in text):
        answer = run(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{text}^{{commit}}"],
            repo.place,
            check=False,
        )
        # A range (a..b) is no commit, and is answered on two lines.
        oid = answer.output.decode("ascii", "replace").strip()
        if answer.status == 0 and len(oid) in (40, 64):
            return oid
    raise RefusedError(
        f"there is no commit {text!r}",
        path=str(repo.top),
        remedy="name a branch, a tag or a commit; fetch it first if it is elsewhere"
        if text != "HEAD"
        else "commit something first",
    )
