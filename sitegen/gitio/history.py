"""Every commit of a repository, listed in bulk, and the branches, tags and DVC experiments that
lead to them.

Which refs count, as in DVC (`dvc exp show --all-commits`): branches, those that were fetched from
the Git remote, tags, and HEAD where it is on no branch. A DVC experiment is a ref
`refs/exps/<2>/<38>/<name>` that holds its baseline's id; the other folders below refs/exps are
DVC's own workings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

import msgspec

from sitegen.errors import GitError, Problem
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.process import run
from sitegen.gitio.read import TAGS, read_commits, read_tags
from sitegen.gitio.repository import HEADS, RefList, Repository
from sitegen.registry.facts import DvcExperiment, History, Ref

REMOTES = "refs/remotes/"
ORIGIN = "origin"

# Older DVC made a commit for each checkpoint; no experiment has thousands.
CHECKPOINTS = 1_000

_EXPERIMENT = re.compile(r"refs/exps/([0-9a-f]{2})/([0-9a-f]{38}|[0-9a-f]{62})/(.+)")


class Selection(msgspec.Struct, frozen=True):
    """Which commits count as experiments; each limit narrows the others.

    since: seconds, those committed before do not count. max_commits: the newest that count.
    branches: globs of the branches that count, () for all of them and the tags.
    """

    since: int | None = None
    max_commits: int | None = None
    branches: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self == EVERYTHING


EVERYTHING = Selection()


def read_history(
    reader: ObjectReader,
    refs: RefList,
    repo_name: str,
    selection: Selection = EVERYTHING,
    known: Mapping[str, str] | None = None,
) -> tuple[History, tuple[Problem, ...]]:
    """The commits that count, with one process of git.

    known: short name -> commit of tags that were read already. Problems, by kind: branch.missing,
    experiment.missing and history.broken; the commits themselves are not read here.
    """
    branches = {
        name: oid
        for name, oid in branch_tips(refs.refs).items()
        if not selection.branches or any(fnmatchcase(name, glob) for glob in selection.branches)
    }
    tags = {} if selection.branches else _tag_tips(reader, refs.refs, repo_name, known or {})
    tips = dict.fromkeys((*branches.values(), *tags.values()))
    if refs.head and not refs.branch and not selection.branches:
        tips[refs.head] = None
    kinds = reader.info(tips)
    starts = [oid for oid in tips if oid in kinds and kinds[oid].kind == "commit"]
    problems = [
        _missing_branch(name, oid, repo_name)
        for name, oid in branches.items()
        if oid not in kinds or kinds[oid].kind != "commit"
    ]
    listed, broken = _list(reader, starts, repo_name, selection)
    problems += broken
    made, lost = _experiments(reader, refs.refs, listed, repo_name, selection)
    problems += lost
    if selection.everything:
        # A baseline that no branch has any more still is what its experiments came from.
        more = {one.baseline for one in made} - listed.keys()
        listed |= {oid: 0 for oid, info in reader.info(more).items() if info.kind == "commit"}
    history = History(
        tuple(sorted(listed)),
        {name: oid for name, oid in branches.items() if oid in listed},
        {name: oid for name, oid in tags.items() if oid in listed},
        made,
    )
    return history, tuple(problems)


def branch_tips(refs: Iterable[Ref]) -> dict[str, str]:
    """Short name -> commit, sorted: local branches, and those of the Git remote without one.

    The Git remote is origin, or the first by name where none is called so: others are people's
    own copies. A clone's branches are called as in the repository that it is a clone of.
    """
    local: dict[str, str] = {}
    remotes: dict[str, dict[str, str]] = {}
    for ref in refs:
        if ref.name.startswith(HEADS):
            local[ref.name[len(HEADS) :]] = ref.oid
        elif ref.name.startswith(REMOTES):
            remote, _, name = ref.name[len(REMOTES) :].partition("/")
            if name and name != "HEAD":
                remotes.setdefault(remote, {})[name] = ref.oid
    counted = ORIGIN if ORIGIN in remotes else min(remotes, default="")
    return dict(sorted({**remotes.get(counted, {}), **local}.items()))


def _tag_tips(
    reader: ObjectReader, refs: Iterable[Ref], repo_name: str, known: Mapping[str, str]
) -> dict[str, str]:
    """Short name -> commit, of every tag that leads to one; the others are nobody's mistake."""
    tips = dict(known)
    others = [r for r in refs if r.name.startswith(TAGS) and r.name[len(TAGS) :] not in known]
    kinds = reader.info(ref.oid for ref in others)
    annotated = []
    for ref in others:
        kind = kinds[ref.oid].kind if ref.oid in kinds else ""
        if kind == "commit":
            tips[ref.name[len(TAGS) :]] = ref.oid
        elif kind == "tag":
            annotated.append(ref)
    found, _ = read_tags(reader, annotated, repo_name)
    tips |= {tag.name: tag.commit for tag in found}
    return dict(sorted(tips.items()))


def _list(
    reader: ObjectReader, starts: Sequence[str], repo_name: str, selection: Selection
) -> tuple[dict[str, int], list[Problem]]:
    """Every commit from the starts on that is selected, with its time of commit in seconds."""
    if not starts or selection.max_commits == 0:
        return {}, []
    try:
        rows = _rev_list(reader.repo, starts, selection.max_commits)
        problems = []
    except GitError as error:
        # One missing commit ends git's own listing: go from commit to commit, as far as they are.
        rows = _walk(reader, starts, repo_name, selection.max_commits)
        problems = [] if reader.repo.shallow else [_broken(error, repo_name)]
    since = selection.since
    return {oid: at for oid, at in rows.items() if since is None or at >= since}, problems


def _rev_list(repo: Repository, starts: Sequence[str], most: int | None) -> dict[str, int]:
    limit = [] if most is None else [f"--max-count={most}"]
    output = run(
        ["rev-list", "--timestamp", *limit, "--stdin"],
        repo.place,
        data="".join(f"{oid}\n" for oid in starts).encode("ascii"),
        # A file of the repository's that could tell other parents than the commits do.
        config={"core.commitGraph": "false"},
    ).output
    rows = (line.split(" ") for line in output.decode("ascii", "replace").splitlines())
    return {oid: int(seconds) for seconds, oid in rows}


def _walk(
    reader: ObjectReader, starts: Sequence[str], repo_name: str, most: int | None
) -> dict[str, int]:
    found: dict[str, int] = {}
    waiting = list(starts)
    while waiting:
        commits, _ = read_commits(reader, waiting, repo_name)
        for commit in commits.values():
            found[commit.oid] = commit.committed.seconds if commit.committed else 0
        parents = dict.fromkeys(p for commit in commits.values() for p in commit.parents)
        waiting = [oid for oid in parents if oid not in found]
    newest = sorted(found, key=lambda oid: (-found[oid], oid))[:most]
    return {oid: found[oid] for oid in newest}


def _experiments(
    reader: ObjectReader,
    refs: Iterable[Ref],
    listed: Mapping[str, int],
    repo_name: str,
    selection: Selection,
) -> tuple[tuple[DvcExperiment, ...], list[Problem]]:
    """The DVC experiments whose baseline counts, with their checkpoints."""
    asked: list[tuple[str, str, list[str]]] = []
    for ref in refs:
        match = _EXPERIMENT.fullmatch(ref.name)
        if match and (selection.everything or match[1] + match[2] in listed):
            asked.append((match[3], match[1] + match[2], [ref.oid]))
    waiting = asked
    whole = []
    problems: list[Problem] = []
    for _ in range(CHECKPOINTS):
        if not waiting:
            break
        commits, _ = read_commits(reader, [chain[-1] for _, _, chain in waiting], repo_name)
        deeper = []
        for name, baseline, chain in waiting:
            commit = commits.get(chain[-1])
            if commit is None and len(chain) == 1:
                problems.append(_missing_experiment(name, chain[0], repo_name))
                continue
            if commit is None:
                chain.pop()
            parent = commit.parents[0] if commit and commit.parents else baseline
            if parent == baseline or parent in listed:
                whole.append(DvcExperiment(name, tuple(chain), baseline))
            else:
                chain.append(parent)
                deeper.append((name, baseline, chain))
        waiting = deeper
    whole += [DvcExperiment(name, tuple(chain), base) for name, base, chain in waiting]
    return tuple(sorted(whole, key=lambda one: (one.name, one.commits, one.baseline))), problems


def _missing_branch(name: str, oid: str, repo: str) -> Problem:
    return Problem(
        repo,
        name,
        "",
        f"the branch's commit {oid} is missing",
        "fetch it again with `git fetch --force`, or delete the branch",
        "branch.missing",
    )


def _missing_experiment(name: str, oid: str, repo: str) -> Problem:
    return Problem(
        repo,
        name,
        "",
        f"the commit {oid} of the DVC experiment is missing",
        "fetch it with `dvc exp pull`, or remove the experiment with `dvc exp remove`",
        "experiment.missing",
    )


def _broken(error: GitError, repo: str) -> Problem:
    return Problem(
        repo,
        "",
        "",
        f"the history is not whole, and only what leads to the branches and tags is shown: "
        f"{error.problem.reason}",
        "see what `git fsck` says, or clone the repository again",
        "history.broken",
    )
