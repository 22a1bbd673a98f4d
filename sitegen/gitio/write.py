"""Writes registry tags as planned: checked first, then made, pushed, and only then named here.

Nothing is ever forced: a tag that is there already, here or on the server, stays. Tag objects are
stored first (without a ref they are nothing), the server takes the refs all at once or not at all,
and refs here follow in one transaction. So a rejected, broken or killed write leaves either no tag,
or one that the server has and the next fetch brings.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import msgspec

from sitegen.errors import GitError, RefusedError
from sitegen.gitio.address import Address
from sitegen.gitio.identity import now
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.push import TIMEOUT, Target, fetch_tags, find_target, push_remote, remote_refs
from sitegen.gitio.push import push as push_refs
from sitegen.gitio.refs import Change, RaceLost, change_refs, is_ref_name
from sitegen.gitio.repository import Repository, read_refs
from sitegen.gitio.tagobjects import NewTag, make_tags
from sitegen.registry.commands import Plan, moment_after
from sitegen.registry.facts import Moment, Person

TAGS = "refs/tags/"


class Applied(msgspec.Struct, frozen=True):
    """What was written. tags: (short name, tag object) as planned. deleted: short names.

    remote: the Git remote that took it, without credentials; "" where nothing was pushed.
    along: tags that the plan needs and the remote did not have, pushed with it.
    """

    tags: tuple[tuple[str, str], ...] = ()
    deleted: tuple[str, ...] = ()
    pushed: bool = False
    remote: str = ""
    along: tuple[str, ...] = ()


class Writer:
    """Writes plans into one repository, bare or not, as one person.

    when: the moment that the tags carry, None for now. sign: with git's own signing. timeout:
    seconds for each word with the server. checkpoint: called with the name of every step that is
    behind ("checked", "stored", "pushed", "named"), for tests that end the process there.
    """

    def __init__(
        self,
        repo: Repository,
        *,
        tagger: Person,
        when: Moment | None = None,
        sign: bool = False,
        timeout: float = TIMEOUT,
        checkpoint: Callable[[str], None] | None = None,
    ) -> None:
        self.repo = repo
        self._tagger = tagger
        self._when = when
        self._sign = sign
        self._timeout = timeout
        self._checkpoint = checkpoint or (lambda step: None)

    def apply(self, plan: Plan, *, push: bool = False, remote: str | Address = "") -> Applied:
        """Make and delete the plan's tags: all of them, or none.

        remote: a name or an address, "" for the one that the branch tracks. Raises RefusedError
        for what cannot be written, RaceLost where somebody else was quicker, and GitError with
        the server's words where it refuses or is not reached.
        """
        if not plan.create and not plan.delete:
            return Applied()
        there, branch = self._read()
        new = [NewTag(tag.name, tag.commit, tag.message) for tag in plan.create]
        self._check(new, plan.delete, there)
        target: Target | None = None
        if push:
            if isinstance(remote, str):
                remote = push_remote(self.repo, branch, remote)
            target = find_target(self.repo, remote)
        self._checkpoint("checked")
        moment = self._when or moment_after(plan.last, now())
        oids = make_tags(self.repo, new, self._tagger, moment, self._sign)
        self._checkpoint("stored")
        made = tuple((tag.name, oid) for tag, oid in zip(new, oids, strict=True))
        changes = [Change(TAGS + name, oid) for name, oid in made]
        changes += [Change(TAGS + name, "", there[TAGS + name]) for name in plan.delete]
        if target is None:
            change_refs(self.repo, changes)
            self._checkpoint("named")
            return Applied(made, plan.delete)
        elsewhere = self._changes_there(target, changes)
        along = self._lacking(target, plan.needs, there) if isinstance(remote, str) else []
        if elsewhere:
            push_refs(self.repo, target, [*along, *elsewhere], self._timeout)
        self._checkpoint("pushed")
        self._follow(changes, target)
        self._checkpoint("named")
        if not elsewhere:
            return Applied(made, plan.delete)
        brought = tuple(change.name.removeprefix(TAGS) for change in along)
        return Applied(made, plan.delete, True, target.shown, brought)

    def _read(self) -> tuple[dict[str, str], str]:
        refs = read_refs(self.repo)
        return {ref.name: ref.oid for ref in refs.refs}, refs.branch

    def _check(self, new: list[NewTag], delete: tuple[str, ...], there: dict[str, str]) -> None:
        """Raise for whatever git would refuse later, and for what it would not."""
        names = [tag.name for tag in new]
        for name in (*names, *delete):
            if not is_ref_name(TAGS + name) or name.startswith("-"):
                raise RefusedError(f"{name!r} is no name for a tag", ref=name)
        if len({*names, *delete}) < len(names) + len(delete):
            raise RefusedError("one tag is to be written twice", ref=names[0] if names else "")
        taken = [name for name in names if TAGS + name in there]
        if taken:
            raise RaceLost(taken, "the tag is there already")
        missing = [name for name in delete if TAGS + name not in there]
        if missing:
            raise RefusedError(
                f"there is no tag {missing[0]} to delete",
                ref=missing[0],
                remedy="fetch the tags with `git fetch --tags`",
            )
        left = {*there, *(TAGS + name for name in names)} - {TAGS + name for name in delete}
        folders = {name[:at] for name in left for at, sign in enumerate(name) if sign == "/"}
        for name in names:
            full = TAGS + name
            parts = [full[:at] for at, sign in enumerate(full) if sign == "/"]
            in_the_way = next((part for part in parts if part in left), None)
            if in_the_way or full in folders:
                raise RefusedError(
                    f"the tag {name} cannot stand beside "
                    + (in_the_way.removeprefix(TAGS) if in_the_way else f"those in {name}/"),
                    ref=name,
                    remedy="Git keeps no tag and folder of one name: choose another name",
                )
        with ObjectReader(self.repo) as reader:
            kinds = reader.info([tag.commit for tag in new]) if new else {}
        for tag in new:
            kind = kinds[tag.commit].kind if tag.commit in kinds else "missing"
            if kind != "commit":
                raise RefusedError(
                    f"{tag.commit} is {kind}, expected a commit of this repository",
                    ref=tag.name,
                    remedy="fetch it, or name another ref",
                )

    def _changes_there(self, target: Target, changes: list[Change]) -> list[Change]:
        """What the server is to do: a tag that it never had needs no deleting there."""
        gone = {change.name: change for change in changes if not change.new}
        if not gone:
            return changes
        theirs = remote_refs(self.repo, target, gone, self._timeout)
        for name, oid in theirs.items():
            if oid != gone[name].old:
                raise RefusedError(
                    f"{target.shown} has another tag of this name than this repository",
                    ref=name.removeprefix(TAGS),
                    remedy="look at both; fetch theirs with `git fetch --tags --force`",
                )
        return [change for change in changes if change.new or change.name in theirs]

    def _lacking(
        self, target: Target, needs: tuple[str, ...], there: dict[str, str]
    ) -> list[Change]:
        """Those of the tags here that the server does not have."""
        wanted = [TAGS + name for name in needs if TAGS + name in there]
        theirs = remote_refs(self.repo, target, wanted, self._timeout) if wanted else {}
        return [Change(name, there[name]) for name in wanted if name not in theirs]

    def _follow(self, changes: list[Change], target: Target) -> None:
        """Let the refs here be as the server's are now; a fetch may have done some of it."""
        for _ in range(3):
            there, _branch = self._read()
            left = [change for change in changes if there.get(change.name, "") != change.new]
            if not left:
                return
            try:
                change_refs(self.repo, left)
                return
            except GitError as error:
                words = error.problem.reason
        raise GitError(
            f"{target.shown} took it, but the tags could not be written here: {words}",
            path=str(self.repo.top),
            remedy="fetch them with `git fetch --tags`; nothing needs to be done again",
        )


def retry_races(
    make_plan: Callable[[], Plan],
    writer: Writer,
    *,
    push: bool = False,
    remote: str | Address = "",
    attempts: int = 8,
    pause: Callable[[float], None] = time.sleep,
) -> Applied:
    """Plan and apply until it lands, nobody being quicker, at most `attempts` times.

    make_plan: reads the repository anew and plans, so that it takes the next counter; what it
    refuses is raised. After a lost race the remote's tags are fetched where it is pushed to.
    pause: called with seconds, so that those who race draw apart. Raises the last RaceLost.
    """
    for attempt in range(1, attempts + 1):
        try:
            return writer.apply(make_plan(), push=push, remote=remote)
        except RaceLost:
            if attempt == attempts:
                raise
        pause(random.uniform(0, min(2.0, 0.05 * 2**attempt)))
        if push:
            source = remote
            if isinstance(source, str):
                source = push_remote(writer.repo, read_refs(writer.repo).branch, source)
            fetch_tags(writer.repo, source)
    raise ValueError("attempts must be at least one")
