"""The fold: what a repository's tags amount to. Pure; it never raises and looks at nothing else.

Source of the rules: GTO 1.10 (`gto/base.py`, `gto/tag.py`), which this agrees with on every
registry but for three cases, each named in a test: events of one second are ordered, an
unassignment takes an unregistered version out of its stage too, and a later commit alone does not
revive a deprecated artifact. Where GTO fails for the whole registry (two versions at one commit),
one is chosen and a problem reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

from sitegen.errors import Problem
from sitegen.registry.events import Event, from_tag, in_order, version_trailer
from sitegen.registry.facts import Tag
from sitegen.registry.tags import TagName
from sitegen.registry.versions import sort_key

SOME_VERSIONS = 5
"""How many versions a problem names; there may be thousands."""


class Assignment(msgspec.Struct, frozen=True, gc=False):
    """A version that is in a stage, and the event that put it there."""

    stage: str
    version: str
    commit: str
    event: Event


class Version(msgspec.Struct, frozen=True):
    """One version of an artifact, bound to a commit.

    name: vX.Y.Z, or the commit's id for an unregistered version. registered: whether a
    registration names it. active: not deregistered since. discovered: known only because HEAD
    annotates the artifact. stages: those it holds now, one holder a stage, sorted. registration:
    the newest one. events: its own, oldest first.
    """

    artifact: str
    name: str
    commit: str
    registered: bool
    active: bool
    discovered: bool
    stages: tuple[str, ...]
    registration: Event | None
    events: tuple[Event, ...]


class Artifact(msgspec.Struct, frozen=True):
    """A registered or annotated thing, and all that its tags say.

    versions: greatest first, unregistered ones last. latest: the greatest active registered
    version, "" where there is none. stages: stage -> the assignments in force, newest first; the
    first is the stage's holder. events: oldest first. registered: whether any tag names it.
    deprecated: whether its last event is a deprecation.
    """

    name: str
    versions: tuple[Version, ...]
    latest: str
    stages: dict[str, tuple[Assignment, ...]]
    events: tuple[Event, ...]
    registered: bool
    deprecated: bool


class Registry(msgspec.Struct, frozen=True):
    """The state of one repository. artifacts: by name, sorted. stages: every one ever used."""

    artifacts: dict[str, Artifact]
    stages: tuple[str, ...]
    problems: tuple[Problem, ...]


class Annotated(msgspec.Struct, frozen=True):
    """The artifacts that metadata files name at HEAD.

    names: of any file. discovered: those of artifacts.yaml, which GTO shows as an unregistered
    version at HEAD where none is registered there.
    """

    head: str = ""
    names: Collection[str] = ()
    discovered: Collection[str] = ()


def fold(
    tags: Iterable[Tag],
    said: Mapping[str, TagName],
    annotated: Annotated | None = None,
    repo: str = "",
) -> Registry:
    """Fold annotated tags, in any order, to the registry's state.

    said: what `events.select` read from each tag's short name; tags without an entry are ignored.
    """
    annotated = annotated or Annotated()
    rows: dict[str, list[tuple[Tag, TagName]]] = {}
    for tag in tags:
        name = said.get(tag.name)
        if name is not None and name.kind != "creation":
            row = rows.get(name.artifact)
            if row is None:
                rows[name.artifact] = [(tag, name)]
            else:
                row.append((tag, name))
    for artifact in annotated.names:
        rows.setdefault(artifact, [])
    problems: list[Problem] = []
    discovered = set(annotated.discovered)
    artifacts = {
        artifact: _fold_artifact(
            artifact,
            rows[artifact],
            annotated.head if artifact in discovered else "",
            problems,
            repo,
        )
        for artifact in sorted(rows)
    }
    stages = sorted({name.stage for row in rows.values() for _, name in row if name.stage})
    return Registry(artifacts, tuple(stages), tuple(sorted(problems)))


class _Draft(msgspec.Struct):
    """A version while its artifact is folded. staged: stage -> its last (un)assignment."""

    name: str
    commit: str
    active: bool = True
    registration: Event | None = None
    events: list[Event] = []
    staged: dict[str, Event] | None = None


def _fold_artifact(
    artifact: str,
    row: list[tuple[Tag, TagName]],
    head: str,
    problems: list[Problem],
    repo: str,
) -> Artifact:
    events, crowded = _events(artifact, row)
    events = in_order(events)
    if crowded:
        events = _resolve(events, crowded, problems, repo)
    drafts: dict[tuple[str, str], _Draft] = {}
    for event in events:
        version = event.version
        if not version:
            continue
        key = (version, event.commit)
        draft = drafts.get(key)
        if draft is None:
            draft = drafts[key] = _Draft(version, event.commit)
        draft.events.append(event)
        if event.stage:
            if draft.staged is None:
                draft.staged = {}
            if event.kind == "unassignment" and event.stage not in draft.staged:
                problems.append(_without_effect(repo, event))
            draft.staged[event.stage] = event
        elif event.kind == "registration":
            draft.registration = event
            draft.active = True
        else:
            draft.active = False
    if len({version for version, _ in drafts}) < len(drafts):
        problems.extend(_moved(repo, drafts.values()))
    stages = _stages(drafts.values(), events)
    held: dict[tuple[str, str], list[str]] = {}
    for stage, (holder, *_) in stages.items():
        held.setdefault((holder.version, holder.commit), []).append(stage)
    versions = [
        Version(
            artifact,
            draft.name,
            draft.commit,
            draft.registration is not None,
            draft.active,
            False,
            tuple(held[key]) if key in held else (),
            draft.registration,
            tuple(draft.events),
        )
        for key, draft in drafts.items()
    ]
    if head and all(commit != head for _, commit in drafts):
        versions.append(Version(artifact, head, head, False, True, True, (), None, ()))
    if len(versions) > 1:
        versions.sort(key=_version_order)
        versions.reverse()
    latest = next((v.name for v in versions if v.registered and v.active), "")
    return Artifact(
        artifact,
        tuple(versions),
        latest,
        stages,
        tuple(events),
        registered=bool(events),
        deprecated=bool(events) and events[-1].kind == "deprecation",
    )


def _events(
    artifact: str, row: list[tuple[Tag, TagName]]
) -> tuple[list[Event], dict[str, list[str]]]:
    """The events of one artifact, (un)assignments with the version at their commit.

    Also the commits that hold several versions: there the version is still to be chosen.
    """
    events: list[Event] = []
    pending: list[tuple[Tag, TagName]] = []
    at_commit: dict[str, list[str]] = {}
    withdrawn: dict[str, list[str]] = {}
    for tag, name in row:
        if name.stage:
            pending.append((tag, name))
            continue
        events.append(from_tag(tag, name, name.version))
        if name.version:
            registers = name.kind == "registration"
            here = at_commit if registers else withdrawn
            there = here.get(tag.commit)
            if there is None:
                here[tag.commit] = [name.version]
            elif name.version not in there:
                there.append(name.version)
    # What was only withdrawn at a commit counts where nothing was registered there.
    at_commit = {**withdrawn, **at_commit}
    for tag, name in pending:
        there = at_commit.get(tag.commit)
        events.append(from_tag(tag, name, tag.commit if there is None else there[0]))
    return events, {commit: there for commit, there in at_commit.items() if len(there) > 1}


def _resolve(
    events: list[Event], crowded: dict[str, list[str]], problems: list[Problem], repo: str
) -> list[Event]:
    """Choose the version of each (un)assignment at a commit that holds several.

    The one that the tag's trailer names; else for an unassignment the one that is in the stage;
    else the newest registered by then, an active one before a deregistered one; else the first.
    """
    # Versions as they were said last, newest last, and those of them that are active.
    known: dict[str, dict[str, None]] = {commit: {} for commit in crowded}
    active: dict[str, dict[str, None]] = {commit: {} for commit in crowded}
    among = {commit: frozenset(there) for commit, there in crowded.items()}
    shown: dict[str, str] = {}
    first: dict[str, str] = {}
    for event in events:
        if event.version and not event.stage:
            first.setdefault(event.commit, event.version)
    staged: dict[tuple[str, str], dict[str, None]] = {}  # commit, stage -> versions, newest last
    resolved: list[Event] = []
    for event in events:
        commit, chosen = event.commit, event.version
        if commit not in crowded or not event.version:
            resolved.append(event)
            continue
        if not event.stage:
            known[commit].pop(chosen, None)  # registering again makes it the newest
            known[commit][chosen] = None
            active[commit].pop(chosen, None)
            if event.kind == "registration":
                active[commit][chosen] = None
            resolved.append(event)
            continue
        here = staged.setdefault((commit, event.stage), {})
        trailer = version_trailer(event.message)
        if trailer in among[commit]:
            chosen = trailer
        else:
            held: dict[str, None] = here if event.kind == "unassignment" else {}
            rows = (held, active[commit], known[commit])
            chosen = next((next(reversed(row)) for row in rows if row), "") or first[commit]
            if len(held) != 1 and len(active[commit]) != 1:
                if commit not in shown:
                    shown[commit] = _some(crowded[commit])
                problems.append(_ambiguous(repo, event.tag, shown[commit], chosen))
        here.pop(chosen, None)
        if event.kind == "assignment":
            here[chosen] = None
        resolved.append(msgspec.structs.replace(event, version=chosen))
    return resolved


def _stages(drafts: Collection[_Draft], events: list[Event]) -> dict[str, tuple[Assignment, ...]]:
    held: dict[str, list[Event]] = {}
    for draft in drafts:
        if draft.staged and draft.active:
            for stage, last in draft.staged.items():
                if last.kind == "assignment":
                    held.setdefault(stage, []).append(last)
    if any(len(row) > 1 for row in held.values()):
        place = {event.tag: i for i, event in enumerate(events)}
        for row in held.values():
            row.sort(key=lambda event: place[event.tag], reverse=True)
    return {
        stage: tuple([Assignment(stage, e.version, e.commit, e) for e in held[stage]])
        for stage in sorted(held)
    }


def _version_order(version: Version) -> tuple[object, ...]:
    # Unregistered versions come after all that have a number. Of two that SemVer takes for equal
    # (build metadata, one name at two commits) the sort leaves the later one first, as GTO does.
    try:
        return (1, sort_key(version.name))
    except ValueError:
        return (0, version.name)


def _some(there: list[str]) -> str:
    """The greatest of several versions, and how many more there are."""
    some = sorted(there, key=sort_key)[-SOME_VERSIONS:]
    more = f" and {len(there) - len(some)} more" if len(there) > len(some) else ""
    return f"{', '.join(some)}{more}"


def _ambiguous(repo: str, tag: str, there: str, chosen: str) -> Problem:
    """there: the versions of the commit, as `_some` names them."""
    return Problem(
        repo,
        tag,
        "",
        f"the commit holds several versions ({there}); {chosen} was taken",
        "end the tag's message with a line 'Version: vX.Y.Z', or keep one version a commit",
        "tag.ambiguous",
    )


def _without_effect(repo: str, event: Event) -> Problem:
    return Problem(
        repo,
        event.tag,
        "",
        f"nothing leaves {event.stage}: what is at this commit ({event.commit[:7]}) was not in it",
        "tag the commit of the version that is to leave, as in `git tag -a TAG VERSION_TAG^{}`",
        "tag.no-effect",
    )


def _moved(repo: str, drafts: Collection[_Draft]) -> Iterable[Problem]:
    """A version is bound to one commit: what was registered at two, or withdrawn at another."""
    first = {draft.name: draft for draft in reversed(tuple(drafts)) if draft.registration}
    for draft in drafts:
        if draft.registration is None:
            known = first.get(draft.name)
            direct = [event for event in draft.events if not event.stage]
            if known and known.registration and direct:
                yield Problem(
                    repo,
                    direct[-1].tag,
                    "",
                    f"nothing is withdrawn: {draft.name} is registered at {known.commit[:7]}, not "
                    f"at this commit ({draft.commit[:7]})",
                    f"tag that commit: `git tag -f -a '{direct[-1].tag}' "
                    f"'{known.registration.tag}^{{}}'`",
                    "tag.no-effect",
                )
            continue
        other = first[draft.name]
        if other is not draft and other.registration is not None:
            yield Problem(
                repo,
                draft.registration.tag,
                "",
                f"{draft.name} is registered at this commit ({draft.commit[:7]}) and by "
                f"{other.registration.tag} at another ({other.commit[:7]})",
                "deregister one of the two, and give its commit a version of its own",
                "version.moved",
            )
