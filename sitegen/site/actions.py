"""What may be done to a model, and what the commands for it are filled in with.

The portal only reads: an action is a `modelreg` command that the page fills in for a reader to run,
and where the repository has the job that is shipped for its Git host, the page that starts it.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from sitegen.registry import names, versions
from sitegen.registry.commands import next_counter
from sitegen.registry.facts import RepositoryFacts, Rules
from sitegen.registry.rules import Unmet, evidence_of, stage_before, unmet
from sitegen.registry.state import Artifact, Version
from sitegen.registry.versions import Bump
from sitegen.site.links import RepositoryLinks
from sitegen.site.parts import ActionsView, CommandView, RuleView, WorkflowView
from sitegen.site.text import visible

_PARTS = (
    ("next patch", Bump(patch=True)),
    ("next minor", Bump(minor=True)),
    ("next major", Bump(major=True)),
)
_FIRST = (("first", versions.FIRST), ("first minor", "v0.1.0"), ("first major", "v1.0.0"))


def actions_view(
    artifact: Artifact,
    kept: Sequence[Version],
    facts: RepositoryFacts,
    links: RepositoryLinks,
    stages: Sequence[str],
    rules: Rules,
) -> ActionsView:
    """What may be done to one artifact. kept: its versions with a page. stages: those known."""
    # Of the repository's tags its own alone: of ten thousand models each would look at all.
    taken = [event.tag for event in artifact.events]
    marks = (f"{names.to_tag(artifact.name)}@deprecated", f"{names.to_tag(artifact.name)}@v")
    active = tuple(v.name for v in kept if v.registered and v.active)
    gone = tuple(v.name for v in kept if v.registered and not v.active)
    held = tuple(
        dict.fromkeys(
            (stage, a.version) for stage in stages for a in artifact.stages.get(stage, ())
        )
    )
    return ActionsView(
        address=visible(facts.url),
        next=_next(artifact),
        counter=next_counter(artifact.name, taken),
        # Without a counter these can be made once only; of registrations versions tell.
        taken=tuple(
            sorted(n for n in taken if n.startswith(marks) and n.endswith(("!", "@deprecated")))
        ),
        stages=_stages(facts, stages, rules),
        only_these=bool(facts.stages),
        active=active,
        unregistered=tuple(v.name for v in kept if not v.registered),
        gone=gone,
        held=held,
        rules=_rules(artifact, [v for v in kept if v.name not in gone], facts, rules),
        workflow=workflow_view(facts, links),
        commands=_commands(artifact, active, held, facts, stages),
    )


def _stages(facts: RepositoryFacts, stages: Sequence[str], rules: Rules) -> tuple[str, ...]:
    """What may be assigned: what `.gto` allows, else what is in use or in the rules."""
    return facts.stages or tuple(dict.fromkeys([*rules.order, *stages, *rules.require]))


def workflow_view(facts: RepositoryFacts, links: RepositoryLinks) -> WorkflowView | None:
    """The page that starts the shipped job, where HEAD has the file that sets it up."""
    workflow = links.host.workflow if links.host else None
    if workflow is None or workflow.path not in facts.tracked.get(facts.head, ()):
        return None
    href = links.run(facts.branch)
    return WorkflowView(workflow.host, href, workflow.prefilled) if href else None


def _next(artifact: Artifact) -> tuple[tuple[str, str], ...]:
    """The versions that may come next, each with what it is: (version, "next patch")."""
    taken = {version.name for version in artifact.versions}
    if not artifact.latest:
        return tuple((_free(name, taken, Bump(patch=True)), part) for part, name in _FIRST)
    return tuple(
        (_free(versions.following(artifact.latest, bump), taken, bump), part)
        for part, bump in _PARTS
    )


def _free(name: str, taken: set[str], bump: Bump) -> str:
    """`name`, or where that was withdrawn once, the next one after it that is free."""
    while name in taken:
        name = versions.following(name, bump)
    return name


def _rules(
    artifact: Artifact, kept: Sequence[Version], facts: RepositoryFacts, rules: Rules
) -> tuple[RuleView, ...]:
    """The promotion rules of each stage that has any, and which versions do not meet them."""
    folder, _ = names.split(artifact.name)
    asked = dict.fromkeys([*rules.order, *rules.require])
    found = []
    for stage in asked:
        lines = _lines(rules, stage)
        if not lines:
            continue
        refused = []
        for version in kept:
            here = facts.values.get(version.commit, ())
            card = artifact.name in facts.cards.get(version.commit, {})
            broken = unmet(rules, stage, version, evidence_of(here, folder, card))
            if broken:
                reasons = "; ".join(_reason(one) for one in broken)
                refused.append((version.name, visible(reasons)))
        found.append(RuleView(stage, lines, tuple(refused)))
    return tuple(found)


def _reason(unmet: Unmet) -> str:
    """Why, with the metric that is meant."""
    metric = unmet.rule.partition(".metrics.")[2]
    return f"{metric}: {unmet.reason}" if metric else unmet.reason


def _lines(rules: Rules, stage: str) -> tuple[str, ...]:
    before, _ = stage_before(rules, stage)
    required = rules.require.get(stage)
    lines = [f"it must have been in {before} first"] if before else []
    if required is not None:
        lines += [f"{key} {condition.strip()}" for key, condition in required.metrics.items()]
        lines += ["it must have a model card"] if required.card else []
    return tuple(visible(line) for line in lines)


def _commands(
    artifact: Artifact,
    active: Sequence[str],
    held: Sequence[tuple[str, str]],
    facts: RepositoryFacts,
    stages: Sequence[str],
) -> tuple[CommandView, ...]:
    """One command for each action, as a sample to be changed where no script fills it in."""
    name, tag = artifact.name, names.to_tag(artifact.name)
    taken = {event.tag for event in artifact.events}

    def once(mark: str) -> list[str]:
        """A tag without a counter can be made once; after that it needs one."""
        return ["--simple", "false"] if f"{tag}@{mark}" in taken else []

    rows = [("Register version", ["register", name, "--version", _next(artifact)[0][0]])]
    # What is in a stage already is refused.
    free = [
        (version, stage)
        for stage in facts.stages or stages or ("prod",)
        for version in active[:1]
        if (stage, version) not in held
    ]
    if free:
        version, stage = free[0]
        rows.append(("Assign stage", ["assign", name, "--version", version, "--stage", stage]))
    if held:
        rows.append(("Unassign", ["unassign", name, held[0][0], "--version", held[0][1]]))
    if active:
        last = active[0]
        rows.append(("Deregister", ["deregister", name, "--version", last, *once(f"{last}!")]))
    if not artifact.deprecated:
        rows.append(("Deprecate", ["deprecate", name, *once("deprecated")]))
    where = ["-r", facts.url] if facts.url else []
    return tuple(
        CommandView(title, visible(shlex.join(["modelreg", *words, *where])))
        for title, words in rows
    )
