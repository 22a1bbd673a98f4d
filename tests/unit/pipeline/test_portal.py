import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sitegen import config, pipeline, snapshot
from sitegen.config import Config
from sitegen.errors import OutputError, RepositoryError, SnapshotError
from sitegen.registry.facts import Picture
from tests.gitrepo import GitRepo


def repository(path: Path, *tags: str) -> GitRepo:
    repo = GitRepo(path)
    repo.commit({"metrics.json": '{"f1": 0.5}'})
    for tag in tags:
        repo.tag(tag)
    return repo


def settings(folder: Path, *repositories: Path) -> Config:
    return config.default([str(path) for path in repositories], folder=folder, environ={})


def registry(output: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((output / "api/v1/registry.json").read_bytes())
    return found


@pytest.fixture
def churn(tmp_path: Path) -> GitRepo:
    return repository(tmp_path / "churn", "m@v1.0.0", "m#prod#1")


def test_a_clone_becomes_a_portal_without_any_settings(churn: GitRepo, tmp_path: Path) -> None:
    built = pipeline.build(settings(tmp_path, churn.path))
    assert built.output == tmp_path / "_site"
    assert built.problems == ()
    assert built.site.title == "churn"
    assert {path.name for path in built.output.iterdir()} >= {
        "index.html", "models", "projects", "activity.html", "problems.html", "404.html", "api",
    }  # fmt: skip
    assert "prod" in (built.output / "index.html").read_text()


def test_one_repository_that_cannot_be_read_does_not_stop_the_others(
    churn: GitRepo, tmp_path: Path
) -> None:
    (tmp_path / "broken").mkdir()
    built = pipeline.build(settings(tmp_path, churn.path, tmp_path / "broken"))
    assert [p.repo for p in built.problems] == ["broken"]
    assert built.problems[0].remedy
    assert [m["name"] for m in registry(built.output)["models"]] == ["m"]


def test_where_nothing_can_be_read_the_error_is_raised(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    with pytest.raises(RepositoryError, match="broken"):
        pipeline.build(settings(tmp_path, tmp_path / "broken"))
    assert not (tmp_path / "_site").exists()


def test_without_any_registry_tag_nothing_is_published_unless_asked(tmp_path: Path) -> None:
    empty = repository(tmp_path / "empty", "v1.0.0")
    with pytest.raises(RepositoryError, match="--allow-empty"):
        pipeline.build(settings(tmp_path, empty.path))
    built = pipeline.build(settings(tmp_path, empty.path), allow_empty=True)
    assert registry(built.output)["models"] == []


def test_an_empty_repository_beside_others_is_a_problem(churn: GitRepo, tmp_path: Path) -> None:
    empty = repository(tmp_path / "empty")
    built = pipeline.build(settings(tmp_path, churn.path, empty.path))
    assert [(p.repo, p.kind) for p in built.problems] == [("empty", "repository.empty")]


def test_a_repository_that_lost_its_tags_is_not_published_over_its_models(
    churn: GitRepo, tmp_path: Path
) -> None:
    other = repository(tmp_path / "other", "n@v1.0.0")
    both = settings(tmp_path, churn.path, other.path)
    before = (pipeline.build(both).output / "index.html").read_bytes()
    churn.git("tag", "-d", "m@v1.0.0", "m#prod#1")
    with pytest.raises(OutputError, match="1 registered models") as caught:
        pipeline.build(both)
    assert caught.value.problem.repo == "churn"
    assert (tmp_path / "_site/index.html").read_bytes() == before
    names = [m["name"] for m in registry(pipeline.build(both, allow_empty=True).output)["models"]]
    assert names == ["n"]


def test_a_repository_that_cannot_be_read_any_more_keeps_its_models_published(
    churn: GitRepo, tmp_path: Path
) -> None:
    other = repository(tmp_path / "other", "n@v1.0.0")
    other.lightweight_tag("n@v2.0.0")
    both = settings(tmp_path, churn.path, other.path)
    pipeline.build(both)
    (churn.git_dir / "HEAD").unlink()
    with pytest.raises(OutputError, match="registered models") as caught:
        pipeline.build(both)
    first, *rest = caught.value.problems
    assert (first.repo, first.kind) == ("churn", "repository")
    assert first.reason.startswith("the folder is not a Git repository; the published site")
    assert first.remedy.startswith("give the folder")
    assert first.remedy.endswith("--allow-empty")
    assert [problem.kind for problem in rest] == ["tag.lightweight"]
    names = [m["name"] for m in registry(pipeline.build(both, allow_empty=True).output)["models"]]
    assert names == ["n"]


def test_all_that_cannot_be_read_is_told_where_the_rest_is_empty(tmp_path: Path) -> None:
    empty = repository(tmp_path / "empty")
    (tmp_path / "broken").mkdir()
    with pytest.raises(RepositoryError) as caught:
        pipeline.build(settings(tmp_path, empty.path, tmp_path / "broken"))
    assert [problem.repo for problem in caught.value.problems] == ["empty", "broken"]


def test_where_nothing_can_be_read_every_error_is_told(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with pytest.raises(RepositoryError) as caught:
        pipeline.build(settings(tmp_path, tmp_path / "one", tmp_path / "two"))
    assert [problem.repo for problem in caught.value.problems] == ["one", "two"]


def test_a_snapshot_that_cannot_be_read_is_a_problem_of_its_own(
    churn: GitRepo, tmp_path: Path
) -> None:
    (tmp_path / "odd").write_bytes(b"odd")
    missing, odd = tmp_path / "missing", tmp_path / "odd"
    built = pipeline.build(settings(tmp_path, churn.path), snapshots=[missing, odd])
    assert [(p.path, p.kind) for p in built.problems] == [
        (str(missing), "snapshot"), (str(odd), "snapshot"),
    ]  # fmt: skip
    assert [m["name"] for m in registry(built.output)["models"]] == ["m"]


def test_the_models_of_a_snapshot_that_cannot_be_read_any_more_stay_published(
    churn: GitRepo, tmp_path: Path
) -> None:
    file = tmp_path / "churn.snapshot"
    file.write_bytes(snapshot.dump(pipeline.scan(settings(tmp_path, churn.path))))
    other = settings(tmp_path, repository(tmp_path / "other", "n@v1.0.0").path)
    pipeline.build(other, snapshots=[file])
    file.write_bytes(b"odd")
    with pytest.raises(OutputError, match="is no snapshot of sitegen; the published site"):
        pipeline.build(other, snapshots=[file])


def test_a_snapshot_stands_for_the_repository_of_its_name(churn: GitRepo, tmp_path: Path) -> None:
    file = tmp_path / "churn.snapshot"
    file.write_bytes(snapshot.dump(pipeline.scan(settings(tmp_path, churn.path))))
    churn.tag("m@v7.0.0")
    built = pipeline.build(settings(tmp_path, churn.path), snapshots=[file])
    assert [one.name for one in built.site.repositories] == ["churn"]
    assert "v7.0.0" not in {event.version for event in built.site.events}


def test_check_finds_exactly_what_a_build_reports(churn: GitRepo, tmp_path: Path) -> None:
    empty = repository(tmp_path / "empty")
    churn.lightweight_tag("m@v2.0.0")
    (tmp_path / "content").mkdir()
    (tmp_path / "content/a.md").write_text("---\ntitle: [\n---\ntext\n")
    (tmp_path / "broken").mkdir()
    both = settings(tmp_path, churn.path, empty.path, tmp_path / "broken")
    found = pipeline.gather(both).problems
    assert not both.output.exists()
    assert {p.kind for p in found} >= {"tag.lightweight", "repository.empty", "repository"}
    assert any(p.path.endswith("a.md") for p in found)
    assert pipeline.build(both).problems == found
    shown = json.loads((both.output / "api/v1/problems.json").read_bytes())
    assert len(shown) == len(found)


@pytest.mark.parametrize(
    "name",
    ["access_key", "x-amz-credential", "X-Amz-Signature", "pat", "code", "jwt", "private_token"],
)
def test_no_parameter_of_an_address_is_in_the_published_folder(
    churn: GitRepo, tmp_path: Path, name: str
) -> None:
    remote = f"https://127.0.0.1:1/r.git?{name}=SECRET99"
    churn.git("remote", "add", "origin", remote)
    given = config.default(
        [str(churn.path), remote], folder=tmp_path, environ={"XDG_CACHE_HOME": str(tmp_path / "c")}
    )
    built = pipeline.build(given)
    assert any(p.repo == "r" for p in built.problems)
    for file in [*built.output.rglob("*"), *(tmp_path / "c").rglob("*")]:
        assert "SECRET99" not in file.name
        assert not file.is_file() or b"SECRET99" not in file.read_bytes(), file


def test_a_repository_taken_out_of_the_settings_may_go(churn: GitRepo, tmp_path: Path) -> None:
    other = repository(tmp_path / "other", "n@v1.0.0")
    pipeline.build(settings(tmp_path, churn.path, other.path))
    built = pipeline.build(settings(tmp_path, other.path))
    assert [r["name"] for r in registry(built.output)["repositories"]] == ["other"]


def test_a_snapshot_stands_in_for_its_repository(churn: GitRepo, tmp_path: Path) -> None:
    file = tmp_path / "churn.snapshot"
    direct = pipeline.build(settings(tmp_path, churn.path))
    file.write_bytes(snapshot.dump(pipeline.scan(settings(tmp_path, churn.path))))
    other = repository(tmp_path / "other", "n@v1.0.0")
    built = pipeline.build(settings(tmp_path, other.path), snapshots=[file])
    assert [m["name"] for m in registry(built.output)["models"]] == ["m", "n"]
    assert registry(built.output)["models"][0]["stages"] == {"prod": ["v1.0.0"]}
    assert direct.problems == ()


def test_one_name_twice_is_refused(churn: GitRepo, tmp_path: Path) -> None:
    file = tmp_path / "churn.snapshot"
    file.write_bytes(snapshot.dump(pipeline.scan(settings(tmp_path, churn.path))))
    with pytest.raises(RepositoryError, match="have this name"):
        pipeline.build(settings(tmp_path, churn.path), snapshots=[file, file])


def test_a_missing_snapshot_says_how_to_make_one(tmp_path: Path) -> None:
    alone = msgspec.structs.replace(settings(tmp_path, tmp_path), repositories=())
    with pytest.raises(SnapshotError, match="sitegen scan"):
        pipeline.build(alone, snapshots=[tmp_path / "missing"])


def test_a_git_remote_gives_links_without_its_credentials(churn: GitRepo, tmp_path: Path) -> None:
    churn.git("remote", "add", "origin", "https://me:SECRET@github.com/a/b.git")
    built = pipeline.build(settings(tmp_path, churn.path))
    page = (built.output / "models/churn/m.html").read_text()
    assert f"https://github.com/a/b/commit/{churn.head}" in page
    assert not any(b"SECRET" in f.read_bytes() for f in built.output.rglob("*") if f.is_file())


def test_content_is_published_beside_the_registry(churn: GitRepo, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/index.md").write_text("# How we work\n\n![x](x.png)\n")
    (tmp_path / "content/x.png").write_bytes(b"png")
    built = pipeline.build(settings(tmp_path, churn.path))
    assert "How we work" in (built.output / "docs/index.html").read_text()
    assert (built.output / "docs/x.png").read_bytes() == b"png"


def test_the_given_epoch_dates_the_site(churn: GitRepo, tmp_path: Path) -> None:
    dated = config.default(
        [str(churn.path)], folder=tmp_path, environ={"SOURCE_DATE_EPOCH": "1700000000"}
    )
    assert registry(pipeline.build(dated).output)["generated"] == "2023-11-14T22:13:20+00:00"


def test_model_cards_reach_the_pages_and_what_is_wrong_with_them_the_report(
    tmp_path: Path,
) -> None:
    churn = repository(tmp_path / "churn")
    churn.commit({"artifacts.yaml": "m: {path: models/m}\nn: {path: models/n/n}\n"})
    nested = "# Mine\n" + "- " * 3_000 + "x"
    churn.commit({"models/README.md": nested, "models/n/README.md": "# Theirs"})
    churn.tag("m@v1.0.0")
    churn.tag("n@v1.0.0")
    own = tmp_path / "content" / "models"
    own.mkdir(parents=True)
    (own / "n.md").write_text("# Ours")
    (own / "gone.md").write_text("# Nobody's")
    config_ = msgspec.structs.replace(settings(tmp_path, churn.path), content=own.parent)
    built = pipeline.build(config_)
    assert sorted((p.kind, p.path) for p in built.problems) == [
        ("card.text", "models/README.md"), ("card.unused", "models/gone.md"),
    ]  # fmt: skip
    assert built.problems == pipeline.gather(config_).problems
    pages = {name: (built.output / f"models/churn/{name}.html").read_text() for name in "mn"}
    assert '<pre class="source"># Mine\n- - -' in pages["m"]
    assert '<h3 id="card-ours">Ours</h3>' in pages["n"]
    assert "Theirs" not in pages["n"]
    problems = (built.output / "problems.html").read_text()
    assert "shown as text" in problems
    [repository_] = registry(built.output)["repositories"]
    told = json.loads((built.output / repository_["api"]).read_bytes())["problems"]
    assert [each["kind"] for each in told] == ["card.text"]


def test_images_of_a_snapshot_are_looked_at_again(churn: GitRepo, tmp_path: Path) -> None:
    facts = pipeline.scan(settings(tmp_path, churn.path))
    svg = "<svg xmlns='http://www.w3.org/2000/svg'>{}<rect width='3'/></svg>"
    facts = msgspec.structs.replace(
        facts,
        pictures={
            "a": Picture("a.svg", "a", "image/svg+xml", svg.format("<script/>").encode(), 1, 1),
            "b": Picture("b.png", "b", "text/html", b"<script>alert(1)</script>", 1, 1),
        },
    )
    (tmp_path / "facts").write_bytes(snapshot.dump(facts))
    none = msgspec.structs.replace(settings(tmp_path, churn.path), repositories=())
    [source] = pipeline.read(none, snapshots=[tmp_path / "facts"]).sources
    [(oid, picture)] = source.facts.pictures.items()
    assert (oid, picture.media_type) == ("a", "image/svg+xml")
    assert b"rect" in picture.data
    assert b"script" not in picture.data
