"""Model cards of many commits: where they are found, and that each is read once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from sitegen.gitio import process
from sitegen.pipeline import cards as module
from sitegen.pipeline.repository import Wanted, read_repository
from sitegen.readers.card import ReadCard, read_card
from sitegen.registry.facts import Card, RepositoryFacts
from tests.gitrepo import GitRepo
from tests.unit.readers.test_pictures import png

SAID = "m: {type: model, path: models/m.pkl}\n"
MARKED = "---\nlicense: mit\n---\n# Marked"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "repo")


def read(repo: GitRepo) -> RepositoryFacts:
    return read_repository(Wanted("repo", repo.path))


def card(repo: GitRepo, files: Mapping[str, str | bytes], name: str = "m") -> str:
    """The path of the card of a version with these files, "" without one."""
    commit = repo.commit(files)
    repo.tag(f"{name.replace(':', '=')}@v1.0.0")
    found = read(repo).cards.get(commit, {}).get(name)
    return found.path if found else ""


@pytest.mark.parametrize(
    ("path", "files"),
    [
        ("models/README.md", {"models/README.md": "x", "README.md": MARKED}),
        ("models/MODEL_CARD.md", {"models/README.md": "x", "models/MODEL_CARD.md": "x"}),
        ("models/README.md", {"models/README.md": "x", "MODEL_CARD.md": "x"}),
        ("MODEL_CARD.md", {"MODEL_CARD.md": "x", "README.md": MARKED}),
        ("README.md", {"README.md": MARKED}),
        ("", {"README.md": "# The project"}),
        ("", {"README.md": "---\ntitle: A page\n---\n# The project"}),
        ("", {"docs/README.md": MARKED, "models/other/README.md": "x", "models/readme.md": "x"}),
    ],
)
def test_a_card_lies_beside_the_model_or_is_marked_as_one(
    repo: GitRepo, path: str, files: dict[str, str]
) -> None:
    assert card(repo, {"artifacts.yaml": SAID, "models/m.pkl": "x", **files}) == path


def test_a_model_that_is_a_folder_may_hold_its_card(repo: GitRepo) -> None:
    files = {"models/m.pkl/README.md": "x", "models/README.md": "x"}
    assert card(repo, {"artifacts.yaml": SAID, **files}) == "models/m.pkl/README.md"


def test_a_model_at_the_top_has_a_readme_as_its_card_where_that_is_marked(repo: GitRepo) -> None:
    both = "m: {path: m.pkl}\nn: {path: n.pkl}\n"
    assert card(repo, {"artifacts.yaml": both, "README.md": "# The project"}) == ""
    repo.commit({"README.md": MARKED})
    repo.tag("m@v2.0.0")
    facts = read(repo)
    assert facts.cards[repo.head]["m"].path == "README.md"


def test_the_readme_of_a_repository_of_several_models_is_nobodys_card(repo: GitRepo) -> None:
    more = {"artifacts.yaml": f"{SAID}n: {{type: model}}\n", "README.md": MARKED}
    assert card(repo, more) == ""
    more = {"artifacts.yaml": f"{SAID}n: {{type: dataset}}\n"}
    repo.commit(more)
    repo.tag("m@v2.0.0")
    assert read(repo).cards[repo.head]["m"].path == "README.md"


def test_the_annotation_names_a_card_before_all_others(repo: GitRepo) -> None:
    said = "m: {path: models/m.pkl, custom: {card: docs/m.md}}\n"
    files = {"models/MODEL_CARD.md": "x", "docs/m.md": "x"}
    assert card(repo, {"artifacts.yaml": said, **files}) == "docs/m.md"


def test_in_a_monorepo_paths_are_those_of_the_project(repo: GitRepo) -> None:
    said = "artifacts: {nn: {path: nn.pkl, meta: {card: docs/nn.md}}}\n"
    files = {"cv/dvc.yaml": said, "cv/docs/nn.md": "x", "cv/README.md": "x", "README.md": MARKED}
    assert card(repo, files, "cv:nn") == "cv/docs/nn.md"
    repo.commit({"cv/dvc.yaml": "artifacts: {nn: {path: nn.pkl}}\n"})
    repo.tag("cv=nn@v2.0.0")
    assert read(repo).cards[repo.head]["cv:nn"].path == "cv/README.md"
    repo.commit({"cv/README.md": None, "cv/MODEL_CARD.md": "x"})
    repo.tag("cv=nn@v3.0.0")
    assert read(repo).cards[repo.head]["cv:nn"].path == "cv/MODEL_CARD.md"


def test_a_card_that_is_named_and_not_there_is_told_and_another_is_taken(repo: GitRepo) -> None:
    said = "m: {path: models/m.pkl, custom: {card: ../../etc/passwd}}\n"
    commit = repo.commit({"artifacts.yaml": said, "models/README.md": "x"})
    repo.tag("m@v1.0.0")
    facts = read(repo)
    [problem] = facts.problems
    assert (problem.kind, problem.ref, problem.path) == (
        "card.missing", commit, "../../etc/passwd",
    )  # fmt: skip
    assert "artifacts.yaml" in problem.remedy
    assert facts.cards[commit]["m"].path == "models/README.md"


def test_an_address_is_no_path_and_no_problem(repo: GitRepo) -> None:
    said = "m: {path: s3://bucket/m.pkl, custom: {card: 'https://e.example/card.md'}}\n"
    assert card(repo, {"artifacts.yaml": said, "MODEL_CARD.md": "x"}) == "MODEL_CARD.md"
    assert read(repo).problems == ()


def test_a_link_is_never_followed(repo: GitRepo, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET")
    links = {"models/README.md": str(tmp_path / "secret"), "MODEL_CARD.md": "models/m.pkl"}
    commit = repo.commit(
        {"artifacts.yaml": SAID, "models/m.pkl": "SECRET", **links},
        modes=dict.fromkeys(links, "120000"),
    )
    repo.tag("m@v1.0.0")
    facts = read(repo)
    assert facts.cards == {}
    assert [(p.kind, p.ref, p.path) for p in facts.problems] == [
        ("card.link", commit, "models/README.md"), ("card.link", commit, "MODEL_CARD.md"),
    ]  # fmt: skip


def test_a_version_keeps_its_card_and_equal_ones_are_read_once(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []

    def once(path: str, oid: str, data: bytes, repo: str = "") -> ReadCard:
        counted.append(oid)
        return read_card(path, oid, data, repo)

    monkeypatch.setattr(module, "read_card", once)
    commits = []
    for number in range(6):
        text = "# First" if number < 4 else "---\nlicense: mit\n---\n# Second"
        commits.append(
            repo.commit({"artifacts.yaml": SAID, "models/README.md": text, "n": str(number)})
        )
        repo.tag(f"m@v{number}.0.0")
    facts = read(repo)
    cards = [facts.cards[commit]["m"] for commit in commits]
    assert [facts.texts[each.oid] for each in cards] == ["# First"] * 4 + ["# Second"] * 2
    assert all(each is cards[0] for each in cards[:4])
    assert cards[5].facts == (("license", ("mit",)),)
    assert len(counted) == 2


def test_images_are_those_of_the_commit_that_can_be_shown(repo: GitRepo) -> None:
    text = (
        "![a](../plots/a.png) ![b](b.svg) ![c](fake.png) ![d](script) ![e](gone.png)\n"
        "![f](link.png) ![g](huge.png) ![h](https://e.example/x.png) ![i](../../../x.png)"
    )
    files: dict[str, str | bytes] = {
        "artifacts.yaml": SAID,
        "models/README.md": text,
        "plots/a.png": png(),
        "models/b.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "models/fake.png": "<!doctype html><script>alert(1)</script>",
        "models/script": "<script>alert(1)</script>",
        "models/huge.png": png(1, 1) + bytes(3 * 1024 * 1024),
        "models/link.png": "fake.png",
    }
    first = repo.commit(files, modes={"models/link.png": "120000"})
    repo.tag("m@v1.0.0")
    second = repo.commit({"plots/a.png": png(8, 8)})
    repo.tag("m@v2.0.0")
    facts = read(repo)
    shown = [facts.cards[commit]["m"].pictures for commit in (first, second)]
    assert [[path for path, _ in row] for row in shown] == [["plots/a.png", "models/b.svg"]] * 2
    sizes = [facts.pictures[row[0][1]].width for row in shown]
    assert sizes == [3, 8]
    told = {p.path: p.reason for p in facts.problems if p.kind == "card.picture"}
    assert sorted(told) == ["models/fake.png", "models/huge.png", "models/script"]
    assert "also at 1 other commit" in told["models/fake.png"]
    assert "3,145,7" in told["models/huge.png"]
    assert len(facts.problems) == 3


def test_a_card_that_is_too_large_is_said_and_not_read(repo: GitRepo) -> None:
    commit = repo.commit({"artifacts.yaml": SAID, "models/README.md": "x" * 1_100_000})
    repo.tag("m@v1.0.0")
    facts = read(repo)
    found = facts.cards[commit]["m"]
    assert isinstance(found, Card)
    assert "1,100,000 bytes" in found.note
    assert [p.kind for p in facts.problems] == ["card.large"]
    assert facts.texts == {}


def test_the_number_of_processes_does_not_grow_with_the_cards(tmp_path: Path) -> None:
    started: dict[int, list[tuple[str, ...]]] = {}
    for count in (1, 20):
        repo = GitRepo(tmp_path / str(count))
        for number in range(count):
            text = f"# Card {number}\n![p](p.png)"
            files = {"models/README.md": text, "models/p.png": png(number + 1, 1)}
            repo.commit({"artifacts.yaml": SAID, **files})
            repo.tag(f"m@v{number}.0.0")
        started[count] = []
        with process.observing(started[count].append):
            facts = read(repo)
        assert len(facts.texts) == len(facts.pictures) == count
    assert started[1] == started[20]
