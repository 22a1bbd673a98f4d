"""What to say of a plan before it is carried out: who holds the stages then, and likely slips.

Pure. Nothing here refuses: a new name is legal, and a stage may fall back to an older version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from sitegen.registry.commands import Known, Plan
from sitegen.registry.facts import Moment, Tag
from sitegen.registry.names import did_you_mean
from sitegen.registry.state import Artifact, Assignment, fold
from sitegen.registry.tags import TagName, parse

_LEAVING = frozenset(("unassignment", "deregistration"))


class Holder(msgspec.Struct, frozen=True):
    """Who holds a stage once a plan is carried out. now: None for nobody.

    before: the version that held it, the same as now's where that stays.
    """

    artifact: str
    stage: str
    before: str
    now: Assignment | None


def holders_after(
    artifact: Artifact | None,
    tags: Iterable[Tag],
    said: Mapping[str, TagName],
    plan: Plan,
    when: Moment,
) -> tuple[Holder, ...]:
    """The stages that a plan takes a version out of, and their holders afterwards.

    tags, said: the registry's, as `fold` takes them. when: what the plan's tags are dated. () for a
    plan that takes nothing out. A stage that keeps its holder is named too where the plan names it.
    """
    leaving = [tag for tag in plan.create if tag.kind in _LEAVING]
    gone = set(plan.delete)
    if artifact is None or not (leaving or gone):
        return ()
    name = artifact.name
    own = [tag for tag in tags if tag.name in said and said[tag.name].artifact == name]
    left = [tag for tag in own if tag.name not in gone]
    spelled = dict(said)
    for made in leaving:
        left.append(Tag(made.name, "", made.commit, None, when, made.message))
        if spells := parse(made.name):
            spelled[made.name] = spells
    after = fold(left, spelled).artifacts.get(name)
    stages_after = after.stages if after else {}
    named = {tag.stage for tag in leaving} | {said[tag].stage for tag in gone if tag in said}
    found = []
    for stage, held in artifact.stages.items():
        now = next(iter(stages_after.get(stage, ())), None)
        changed = now is None or (now.version, now.commit) != (held[0].version, held[0].commit)
        if changed or stage in named:
            found.append(Holder(name, stage, held[0].version, now))
    return tuple(found)


def slips(known: Known, plan: Plan) -> tuple[str, ...]:
    """New names of a plan, each with the one that may have been meant: `new stage prdo (...)`.

    The first artifact and the first stage are no surprise.
    """
    expected = dict.fromkeys([*known.registry.stages, *known.stages, *known.rules.order])
    found: dict[str, None] = {}
    for tag in plan.create:
        for what, name, there in (
            ("artifact", tag.artifact, known.registry.artifacts),
            ("stage", tag.stage, expected),
        ):
            if name and there and name not in there:
                found.setdefault(f"new {what} {name}{did_you_mean(name, there)}")
    return tuple(found)
