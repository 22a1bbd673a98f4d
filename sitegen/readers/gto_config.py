""".gto, the settings of GTO at a repository's root: which stages it allows.

Source of the format: GTO 1.10, `{stages: [...], types: [...]}`. They bind writes, not reads; here
they give the stages their order, and a column even before anything is in one.
"""

from __future__ import annotations

from sitegen.errors import Problem
from sitegen.readers.context import Context
from sitegen.registry import names

NAME = ".gto"


def read_stages(
    data: bytes, repo: str = "", ref: str = ""
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The allowed stages in their order, () where all are, and what was wrong."""
    context = Context({NAME: data}, repo, ref)
    document = context.yaml(NAME)
    if document is None or document.value is None:
        return (), context.problems
    said = document.value.get("stages") if isinstance(document.value, dict) else document.value
    if said is None:
        return (), context.problems
    if not isinstance(document.value, dict) or not isinstance(said, list):
        reason = "stages are expected as a list under the key `stages`"
        context.report("gto.stages", NAME, reason, f"correct {NAME}")
        return (), context.problems
    legal = [stage for stage in said if isinstance(stage, str) and names.is_name(stage)]
    for stage in said:
        if stage not in legal:
            reason = f"{stage!r} is no stage: letters, digits, '-', '_' and '/' are allowed"
            context.report("gto.stages", NAME, reason, f"correct {NAME}")
    return tuple(dict.fromkeys(legal)), context.problems
