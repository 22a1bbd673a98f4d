"""The Python API: one repository's registry as an object that reads, and writes by making tags."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sitegen import config
from sitegen.errors import RefusedError
from sitegen.gitio.address import Address, parse_address
from sitegen.gitio.clone import mirror
from sitegen.gitio.identity import identity
from sitegen.gitio.revisions import resolve
from sitegen.gitio.write import Writer, retry_races
from sitegen.pipeline.evidence import evidence_at, promotion_of_gto
from sitegen.pipeline.opened import Opened, open_local, opened_at
from sitegen.registry import commands, past
from sitegen.registry.commands import Known, Plan, Style
from sitegen.registry.events import Event, in_order
from sitegen.registry.facts import Moment, Rules
from sitegen.registry.past import Change
from sitegen.registry.rules import Evidence
from sitegen.registry.state import Artifact, Version
from sitegen.registry.versions import Bump


def open_registry(repository: str | Path, *, cache: str | Path | None = None) -> OpenRegistry:
    """Open the registry of a local repository, or of one at an address (https, ssh, git).

    cache: where mirrors of remote repositories are kept, by default the user's cache folder. With
    an address, what is written is pushed at once. Raises RepositoryError.

        registry = sitegen.open_registry(".")
        registry.assign("churn", "prod", version="v1.2.0", message="Live", push=True)
        registry.model("churn").stages["prod"][0].version
    """
    if config.is_url(str(repository)) and not Path(repository).exists():
        address = parse_address(str(repository), allow_file=True)
        place = Path(cache) if cache else config.cache_folder()
        return OpenRegistry(mirror(str(repository), place, allow_file=True), address)
    return OpenRegistry(Path(repository))


class ReadRegistry:
    """A registry as it is, or was at a moment; it only reads.

    Every record is frozen: `Artifact`, `Version` and `Event` of `sitegen.registry`.
    """

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def models(self) -> tuple[Artifact, ...]:
        """Every artifact, registered or only annotated, by name; deprecated ones too."""
        return tuple(self._opened.registry.artifacts.values())

    def model(self, name: str) -> Artifact:
        """One artifact. Raises RefusedError where there is none of that name."""
        found = self._opened.registry.artifacts.get(name)
        if found is None:
            raise RefusedError(f"there is no artifact {name}", remedy="see .models()")
        return found

    def version(self, name: str, version: str = "latest") -> Version:
        """One version: "latest", "v1.2.0" or "#prod". Raises RefusedError where there is none."""
        artifact = self.model(name)
        commit = ""
        if version == "latest":
            wanted = artifact.latest
        elif version.startswith("#"):
            held = artifact.stages.get(version[1:], ())
            wanted, commit = (held[0].version, held[0].commit) if held else ("", "")
        else:
            wanted = version
        rows = [v for v in artifact.versions if v.name == wanted and commit in ("", v.commit)]
        if not rows:
            raise RefusedError(
                f"{name} has no version {version}", remedy="see .model(name).versions"
            )
        return next((row for row in rows if row.active), rows[0])

    def history(self, name: str = "") -> tuple[Event, ...]:
        """Every event, of one artifact or of all, newest first."""
        artifacts = (self.model(name),) if name else self.models()
        events = [event for artifact in artifacts for event in artifact.events]
        return tuple(reversed(in_order(events)))


class OpenRegistry(ReadRegistry):
    """A registry that is read when it is opened, and again after each write.

    What cannot be done raises RefusedError before anything is written; GitError has the server's
    words.
    """

    def __init__(self, path: Path, address: Address | None = None) -> None:
        super().__init__(open_local(path))
        self._path = path
        self._address = address

    def reload(self) -> None:
        """Read the repository again."""
        self._opened = open_local(self._path)

    def at(self, when: date) -> ReadRegistry:
        """The registry as it was: later tags do not count. Without a zone `when` is in UTC.

        A day that is no datetime counts to its end.
        """
        return ReadRegistry(self._at(when))

    def changes(self, start: date, end: date | None = None) -> tuple[Change, ...]:
        """What is different at `end`, by default now, from how it was at `start`.

        Days that are no datetimes count whole: `start` from its beginning, `end` to its end.
        """
        after = self._opened if end is None else self._at(end)
        if not isinstance(start, datetime):
            start = _last_second(start) - timedelta(days=1)
        return past.changes(self._at(start).registry, after.registry)

    def _at(self, when: date) -> Opened:
        moment = when if isinstance(when, datetime) else _last_second(when)
        return opened_at(self._opened, _moment(moment).seconds)

    def register(
        self, name: str, ref: str = "HEAD", *, version: str = "", bump: Bump | None = None,
        message: str = "", simple: bool | None = None, force: bool = False, push: bool = False,
        remote: str = "", author: str = "", when: datetime | None = None, sign: bool = False,
    ) -> Event:  # fmt: skip
        """Register the commit at `ref`: as `version`, as a bump of the latest, or as the next."""
        commit = resolve(self._opened.repo, ref)
        style = Style(message, simple, force)
        return self._write(
            lambda known: commands.plan_register(known, name, commit, version, bump, style),
            push, remote, author, when, sign,
        )  # fmt: skip

    def assign(
        self, name: str, stage: str, ref: str = "", *, version: str = "",
        skip_registration: bool = False, message: str = "", simple: bool | None = None,
        force: bool = False, push: bool = False, remote: str = "", author: str = "",
        when: datetime | None = None, sign: bool = False,
    ) -> Event:  # fmt: skip
        """Put a version into a stage: `version`, or what is at `ref`, registered where need be.

        With both, `version` is what the commit at `ref` is registered as.
        """
        style = Style(message, simple, force)
        commit = resolve(self._opened.repo, ref or "HEAD") if ref or not version else ""

        def make(known: Known) -> Plan:
            if not commit:
                return commands.plan_assign(
                    known, name, stage, version=version, style=style,
                    evidence=self._evidence(known, name, version),
                )  # fmt: skip
            return commands.plan_assign(
                known, name, stage, commit=commit, name_version=version, style=style,
                skip_registration=skip_registration,
                evidence=evidence_at(self._opened, commit, name),
            )  # fmt: skip

        return self._write(make, push, remote, author, when, sign)

    def unassign(
        self, name: str, stage: str, ref: str = "", *, version: str = "", message: str = "",
        simple: bool | None = None, force: bool = False, push: bool = False, remote: str = "",
        author: str = "", when: datetime | None = None, sign: bool = False,
    ) -> Event:  # fmt: skip
        """Take a version, by name or at `ref`, out of a stage."""
        style = Style(message, simple, force)
        commit = self._commit(ref, version)
        return self._write(
            lambda known: commands.plan_unassign(known, name, stage, version, commit, style),
            push, remote, author, when, sign,
        )  # fmt: skip

    def deregister(
        self, name: str, ref: str = "", *, version: str = "", message: str = "",
        simple: bool | None = None, force: bool = False, push: bool = False, remote: str = "",
        author: str = "", when: datetime | None = None, sign: bool = False,
    ) -> Event:  # fmt: skip
        """Withdraw a version, by name or at `ref`."""
        style = Style(message, simple, force)
        commit = self._commit(ref, version)
        return self._write(
            lambda known: commands.plan_deregister(known, name, version, commit, style),
            push, remote, author, when, sign,
        )  # fmt: skip

    def deprecate(
        self, name: str, ref: str = "", *, message: str = "", simple: bool | None = None,
        force: bool = False, push: bool = False, remote: str = "", author: str = "",
        when: datetime | None = None, sign: bool = False,
    ) -> Event:  # fmt: skip
        """Say that nobody should use the artifact any more."""
        style = Style(message, simple, force)
        commit = resolve(self._opened.repo, ref) if ref else ""
        return self._write(
            lambda known: commands.plan_deprecate(
                known, name, commit, self._opened.refs.head, style
            ),
            push, remote, author, when, sign,
        )  # fmt: skip

    def _commit(self, ref: str, version: str) -> str:
        return resolve(self._opened.repo, ref or "HEAD") if ref or not version else ""

    def _evidence(self, known: Known, name: str, version: str) -> Evidence:
        found = known.registry.artifacts.get(name)
        commits = [v.commit for v in found.versions if v.name == version] if found else []
        return evidence_at(self._opened, commits[0], name) if commits else Evidence()

    def _known(self) -> Known:
        self.reload()
        rules: Rules = promotion_of_gto(self._opened)[0]
        allowed = self._opened.sources.allowed
        return Known(self._opened.registry, self._opened.taken, allowed, rules)

    def _write(
        self, make: Callable[[Known], Plan], push: bool, remote: str, author: str,
        when: datetime | None, sign: bool,
    ) -> Event:  # fmt: skip
        repo = self._opened.repo
        writer = Writer(
            repo, tagger=identity(repo, author), when=_moment(when) if when else None, sign=sign
        )
        applied = retry_races(
            lambda: make(self._known()),
            writer,
            push=push or self._address is not None,
            remote=remote or self._address or "",
        )
        self.reload()
        name = applied.tags[-1][0]
        return next(event for event in self.history() if event.tag == name)


def _last_second(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59))


def _moment(when: datetime) -> Moment:
    """A date as Git stores it; one without a zone is taken for UTC."""
    offset = when.utcoffset()
    if offset is None:
        return Moment(int((when - datetime(1970, 1, 1)).total_seconds()))
    return Moment(int(when.timestamp()), int(offset / timedelta(minutes=1)))
