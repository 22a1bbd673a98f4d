"""sitegen.yaml -> Config: what is valid arrives, and all that is wrong is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen import config
from sitegen.config import Config, Entry, Experiments, Link, Stages
from sitegen.errors import ConfigError, Problem

HOME = {"HOME": "/home/ada"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("churn", "vision.git", "theme", "docs"):
        (tmp_path / name).mkdir()
    return tmp_path


def read(folder: Path, text: str, **environ: str) -> Config:
    path = folder / "sitegen.yaml"
    path.write_text(text, encoding="utf-8")
    return config.load(path, environ)


def problems(folder: Path, text: str, **environ: str) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text, **environ)
    return caught.value.problems


def lines(found: tuple[Problem, ...]) -> str:
    """A line for each: the number of the file's line, what is wrong, and the remedy."""
    return "".join(
        f"{one.path.rpartition(':')[2]} {one.reason}{one.remedy and ' -> '}{one.remedy}\n"
        for one in found
    )


WHOLE = """\
title: Models of the team
base_url: https://example.com/models
repositories:
  - path: churn
    branch: trunk
    projects: [cv, ./nlp/]
  - url: https://example.com/team/vision.git
    name: sight
    web: https://example.com/team/vision
    token_env: VISION_TOKEN
stages:
  order: [dev, prod]
  colors: {prod: "#0a0", dev: teal}
  descriptions: {prod: serves customers}
theme: theme
content: docs
output: public
cache: ../cache
experiments: {since: 2026-01-01, max_commits: 100, branches: [main], files: [metrics.json],
  plots: 20}
links:
  - {title: Help, url: "mailto:help@example.com"}
navigation:
  - {title: Models, page: index.html}
  - title: More
    children:
      - {title: Team, url: https://example.com}
"""


def test_every_setting_arrives(folder: Path) -> None:
    found = read(folder, WHOLE)
    churn, sight = found.repositories
    assert (found.title, found.base_url) == ("Models of the team", "https://example.com/models/")
    assert (churn.name, churn.path, churn.branch) == ("churn", folder / "churn", "trunk")
    assert churn.projects == ("cv", "nlp")
    assert (sight.name, sight.url) == ("sight", "https://example.com/team/vision.git")
    assert (sight.web, sight.token_env) == ("https://example.com/team/vision", "VISION_TOKEN")
    assert found.stages == Stages(
        ("dev", "prod"), {"prod": "#0a0", "dev": "teal"}, {"prod": "serves customers"}
    )
    assert (found.theme, found.content) == (folder / "theme", folder / "docs")
    assert (found.output, found.cache) == (folder / "public", folder.parent / "cache")
    assert found.experiments == Experiments("2026-01-01", 100, ("main",), ("metrics.json",), 20)
    assert found.links == (Link(title="Help", url="mailto:help@example.com"),)
    assert found.navigation[0] == Entry(title="Models", page="index.html")
    assert found.navigation[1].children == (Entry(title="Team", url="https://example.com"),)
    assert (found.folder, found.source, found.problems) == (folder, folder / "sitegen.yaml", ())


def test_an_empty_file_means_the_folder_itself(folder: Path) -> None:
    found = read(folder, "# nothing yet\n", XDG_CACHE_HOME="/var/cache/ada")
    assert [repository.path for repository in found.repositories] == [folder]
    assert found.title == folder.name
    assert (found.output, found.content, found.theme) == (folder / "_site", None, None)
    assert found.cache == Path("/var/cache/ada/sitegen")


ALL_WRONG = """\
1 `titel` is unknown; expected one of title, base_url, repositories, stages, theme, content, output, cache, experiments, links, navigation, promotion, signatures, search -> did you mean `title`?
2 `base_url` must be an absolute address (http or https) without credentials; found 'example.com'
4 `repositories[0].pth` is unknown; expected one of path, url, name, branch, web, token_env, projects -> did you mean `path`?
4 `repositories[0]` has neither `path` nor `url` -> give it one of them
5 `repositories[1].path` must be a folder that exists; found 'nowhere' -> there is none at {folder}/nowhere
7 `repositories[2].branch` must be a text; found 3.1 -> put it in quotes
9 `stages.colours` is unknown; expected one of order, colors, descriptions -> did you mean `colors`?
10 `stages.colors.prod` must be #rgb, #rrggbb or a CSS colour name; found 'redd' -> did you mean `red`?
11 `output` must be a path; found a list
12 `cache` must be a path; found nothing -> give it a value or remove the key
13 `experiments.since` must be a date such as 2026-01-31; found 'soon'
13 `experiments.max_commits` must be a whole number above 0; found 0
14 `links[0]` has no `url` -> give it a `url`
15 `navigation[0]` leads nowhere -> give it a `page`, a `url` or `children`
15 `navigation[1]` has no `title` -> give it a `title`
15 `navigation[1]` has both `page` and `url` -> keep one of them
"""  # noqa: E501


def test_all_that_is_wrong_is_told_at_once_with_line_key_and_nearest_name(folder: Path) -> None:
    text = """\
titel: Models
base_url: example.com
repositories:
  - pth: churn
  - path: nowhere
  - path: churn
    branch: 3.10
stages:
  colours: {prod: red}
  colors: {prod: redd}
output: []
cache:
experiments: {since: soon, max_commits: 0}
links: [{title: Help}]
navigation: [{title: Lost}, {page: a, url: "https://b"}]
"""
    assert lines(problems(folder, text)) == ALL_WRONG.format(folder=folder)


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text\n", "7\n"])
def test_a_file_that_is_no_map_is_wrong_as_a_whole(folder: Path, text: str) -> None:
    (problem,) = problems(folder, text)
    assert "`the file` must be a map with keys such as `title`" in problem.reason


def test_a_repeated_key_is_wrong(folder: Path) -> None:
    (problem,) = problems(folder, "title: A\ntitle: B\n")
    assert (problem.path.endswith("sitegen.yaml:2"), problem.kind) == (True, "config.repeated")


@pytest.mark.parametrize("text", ["title: [", "a: &x [*x]", "title: !!python/object:os.system x"])
def test_a_file_that_is_no_plain_yaml_is_a_configuration_error(folder: Path, text: str) -> None:
    (problem,) = problems(folder, text)
    assert problem.kind == "config"
    assert problem.path.endswith("sitegen.yaml")


def test_a_file_that_is_not_there_is_a_configuration_error(folder: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        config.load(folder / "sitegen.yml")


def test_two_repositories_of_one_name_need_a_name(folder: Path) -> None:
    text = "repositories:\n  - path: churn\n  - url: https://example.com/churn.git\n"
    (problem,) = problems(folder, text)
    assert problem.reason == "`repositories` has 2 repositories named 'churn'"
    assert problem.remedy == "give all but one of them another `name:`"
    assert len(read(folder, text + "    name: other\n").repositories) == 2


@pytest.mark.parametrize(
    "url", ["https://user:TOKEN@example.com/r", "https://example.com/r?private_token=TOKEN"]
)
def test_credentials_in_a_url_are_kept_for_git_and_never_shown(folder: Path, url: str) -> None:
    found = read(folder, f"repositories:\n  - url: {url}\n")
    assert found.repositories[0].url == url
    assert found.repositories[0].address == "https://example.com/r"
    assert found.repositories[0].name == "r"
    (remark,) = found.problems
    assert (remark.path.rpartition("/")[2], "token_env" in remark.remedy) == (
        "sitegen.yaml:2",
        True,
    )
    assert "TOKEN" not in f"{found!r} {found} {remark}"


def test_a_token_in_the_wrong_place_is_not_repeated(folder: Path) -> None:
    text = """\
base_url: https://user:TOKEN@example.com
repositories: [{url: "https://example.com/r", token_env: ghp-TOKEN, web: "https://u:TOKEN@h/r"}]
links: [{title: x, url: "https://example.com/?access_token=TOKEN"}]
"""
    found = problems(folder, text)
    assert len(found) == 4
    assert "TOKEN" not in "\n".join(map(str, found)).replace("GITHUB_TOKEN", "")


def test_the_environment_gives_the_cache_and_the_date(folder: Path) -> None:
    found = read(folder, "", SITEGEN_CACHE="/c", XDG_CACHE_HOME="/x", SOURCE_DATE_EPOCH="86400")
    assert (found.cache, found.epoch) == (Path("/c"), 86400)
    assert read(folder, "cache: here\n", SITEGEN_CACHE="/c").cache == folder / "here"
    (problem,) = problems(folder, "", SOURCE_DATE_EPOCH="now")
    assert problem.reason == "`SOURCE_DATE_EPOCH` must be whole seconds since 1970; found 'now'"


def test_a_token_is_read_from_the_variable_that_is_named() -> None:
    assert config.read_token("T", {"T": " secret\n"}) == "secret"
    assert config.read_token("T", {"T": ""}) is None
    assert config.read_token("T", {}) is None


def test_without_a_file_the_folder_is_the_repository(folder: Path) -> None:
    found = config.default(folder=folder / "churn", environ={})
    assert (found.title, found.source) == ("churn", None)
    assert [(one.name, one.path) for one in found.repositories] == [("churn", folder / "churn")]
    assert found.output == folder / "churn" / "_site"


def test_arguments_are_folders_before_they_are_addresses(folder: Path) -> None:
    (folder / "odd:name").mkdir()
    found = config.default(
        ["vision.git", "odd:name", "git@host:a/b.git"], folder=folder, environ={}
    )
    assert [one.name for one in found.repositories] == ["vision", "odd:name", "b"]
    assert [bool(one.path) for one in found.repositories] == [True, True, False]
    assert found.title == "Model registry"


def test_an_argument_that_is_neither_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match="`REPOSITORY` must be a folder that exists"):
        config.default(["nowhere"], folder=folder, environ={})


def test_the_command_line_overrides_the_file(folder: Path) -> None:
    base = read(folder, WHOLE)
    found = config.override(
        base,
        repositories=["sight", "churn"],
        title="T",
        base_url="https://x.example",
        theme="default",
        output="out",
        folder=folder,
    )
    assert found.repositories == base.repositories[::-1]
    assert (found.title, found.base_url, found.theme) == ("T", "https://x.example/", None)
    assert found.output == folder / "out"
    assert config.override(base) == base


def test_a_wrong_option_is_named(folder: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        config.override(read(folder, ""), base_url="x", theme="nowhere", folder=folder)
    assert [problem.reason.split()[0] for problem in caught.value.problems] == [
        "`--base-url`",
        "`--theme`",
    ]


RULES = """\
promotion:
  order: [dev, staging, prod]
  require:
    prod: {from: staging, metrics: {f1: ">= 0.8"}, card: true}
"""


def test_promotion_rules_arrive_whatever_else_is_in_the_file(folder: Path) -> None:
    file = folder / "sitegen.yaml"
    file.write_text(f"repositories: [{{path: nowhere}}]\n{RULES}")
    found = config.load_promotion(file)
    assert found.order == ("dev", "staging", "prod")
    assert found.require == {"prod": config.Requirement("staging", {"f1": ">= 0.8"}, True)}
    file.write_text("title: Models\n")
    assert config.load_promotion(file) == config.Promotion()


@pytest.mark.parametrize(
    "rules",
    [
        "[prod]",
        "{ordre: [dev]}",
        "{require: {prod: {metrics: {f1: 0.8}}}}",
        "{require: {prod: {metrics: {f1: '~ 0.8'}}}}",
        "{require: {prod: {card: yes please}}}",
        "{require: {prod: {form: dev}}}",
    ],
)
def test_a_wrong_promotion_rule_is_an_error_with_its_line(folder: Path, rules: str) -> None:
    file = folder / "sitegen.yaml"
    file.write_text(f"title: Models\npromotion: {rules}\n")
    for load in (config.load_promotion, config.load):
        with pytest.raises(ConfigError, match="promotion") as caught:
            load(file)
        assert caught.value.problem.path.endswith("sitegen.yaml:2")


def test_the_cache_is_where_the_environment_says() -> None:
    assert config.cache_folder({"SITEGEN_CACHE": "/c"}) == Path("/c")
    assert config.cache_folder({"XDG_CACHE_HOME": "/x"}) == Path("/x/sitegen")


def test_languages_of_the_search_are_known_ones_each_once(folder: Path) -> None:
    assert read(folder, "title: t\n").search.languages == ("en",)
    assert read(folder, "search: {languages: [de, no, de]}\n").search.languages == ("de", "no")
    (problem,) = problems(folder, "search:\n  languages: [en, pt]\n")
    assert "`search.languages[1]` must be a language" in problem.reason
    assert "da, de, en, es," in problem.reason
    assert "found 'pt'" in problem.reason
    for text in ("[]", "de", "[1]"):
        assert problems(folder, f"search: {{languages: {text}}}\n")


def test_trusted_keys_are_a_file_and_a_folder_that_exist(folder: Path) -> None:
    (folder / "allowed").write_text("")
    (folder / "keys").mkdir()
    found = read(folder, "signatures: {allowed_signers: allowed, keyring: keys}\n")
    assert found.signatures.allowed_signers == folder / "allowed"
    assert found.signatures.keyring == folder / "keys"
    wrong = lines(problems(folder, "signatures: {allowed_signers: gone}\n"))
    assert "must be a file that exists" in wrong
