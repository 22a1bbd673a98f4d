"""What one commit says of one artifact: its annotation, and the evidence for promotion rules."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.errors import Problem, RepositoryError
from sitegen.gitio.files import Files, read_paths
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.read import read_commits
from sitegen.gitio.trees import FILE
from sitegen.pipeline.cards import Cards
from sitegen.pipeline.metadata import Metadata
from sitegen.pipeline.opened import Opened
from sitegen.readers import gto_config
from sitegen.registry import names
from sitegen.registry.facts import Annotation, Rules
from sitegen.registry.rules import Evidence, evidence_of


def annotation_at(opened: Opened, commit: str, artifact: str) -> Annotation | None:
    """What the metadata files of a commit say of an artifact; None where they are silent."""
    with ObjectReader(opened.repo) as reader:
        metadata, _ = _read(opened, reader, commit)
    return _said(metadata, commit, artifact)


def evidence_at(opened: Opened, commit: str, artifact: str) -> Evidence:
    """The metrics of a commit, and whether a model card is there.

    Metrics: of an artifact in a folder of a monorepo those files below it, where there are any.
    A card: as a portal finds it at the commit, but for those in the portal's own `content/`.
    """
    with ObjectReader(opened.repo) as reader:
        metadata, trees = _read(opened, reader, commit)
        said = _said(metadata, commit, artifact)
        folder, _ = names.split(artifact)
        cards = Cards(Files(reader, opened.name), trees, opened.name)
        meant = {commit: (said or Annotation(artifact, ""),)}
        card = cards.find(meant, metadata.annotations).get(commit, {}).get(artifact)
    return evidence_of(metadata.values.get(commit, ()), folder, card is not None)


def files_at(opened: Opened, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
    """The contents of those of the files that are there at a commit.

    Raises RepositoryError for what cannot be read: who changes a file must know all of it.
    """
    with ObjectReader(opened.repo) as reader:
        commits, problems = read_commits(reader, [commit], opened.name)
        trees = {oid: found.tree for oid, found in commits.items()}
        files = Files(reader, opened.name)
        found, blobs = read_paths(files, trees, {commit: paths})
    # An invalid date, or words that are no text, leave a commit what it is.
    lost = () if commit in commits else problems
    for problem in (*lost, *files.problems):
        raise RepositoryError(
            problem.reason, ref=problem.ref, path=problem.path, remedy=problem.remedy
        )
    return {path: blobs[oid] for path, oid in found.get(commit, {}).items()}


def promotion_of_gto(opened: Opened) -> tuple[Rules, tuple[Problem, ...]]:
    """The promotion rules of HEAD's .gto, and what is wrong with them."""
    head = opened.refs.head
    if not head:
        return Rules(), ()
    with ObjectReader(opened.repo) as reader:
        commits, _ = read_commits(reader, [head], opened.name)
        files = Files(reader, opened.name)
        trees = {head: commits[head].tree} if head in commits else {}
        found = files.resolve(trees, {head: (gto_config.NAME,)}).get(head, {})
        entry = found.get(gto_config.NAME)
        if entry is None or entry.kind != FILE:
            return Rules(), ()
        blobs = files.read({head: {gto_config.NAME: entry.oid}})
    data = blobs.get(entry.oid)
    if data is None:
        return Rules(), files.problems
    return gto_config.read_promotion(data, opened.name, head)


def _read(opened: Opened, reader: ObjectReader, commit: str) -> tuple[Metadata, dict[str, str]]:
    commits, _ = read_commits(reader, [commit], opened.name)
    trees = {oid: found.tree for oid, found in commits.items()}
    metadata = Metadata(Files(reader, opened.name), trees, opened.name)
    metadata.read()
    return metadata, trees


def _said(metadata: Metadata, commit: str, artifact: str) -> Annotation | None:
    said = metadata.annotations.get(commit, ())
    return next((one for one in said if one.artifact == artifact), None)
