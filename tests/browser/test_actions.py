"""The dialogs that fill in commands: by keyboard and by link, over HTTP and from disk."""

from __future__ import annotations

import shlex
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from sitegen import config, pipeline
from tests.browser.conftest import both_ways, copied, way
from tests.browser.test_pages import TAGS, overflow, violations
from tests.gitrepo import GitRepo

MODEL = "models/recommender/ranker.html"
COMMAND = "dialog [data-command]"


@pytest.fixture
def root(request: pytest.FixtureRequest, portal: Path, served: str) -> str:
    """The address of the demo's portal."""
    return served if way(request) == "http" else f"{portal.as_uri()}/"


RULES = """
repositories: [{path: repo}]
promotion:
  order: [dev, staging, prod]
  require: {prod: {from: staging, metrics: {f1: ">= 0.8"}}}
"""


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A portal with promotion rules, of a repository on GitLab that has the job set up."""
    folder = tmp_path_factory.mktemp("ruled")
    repo = GitRepo(folder / "repo")
    repo.commit({"metrics.json": '{"f1": 0.9}', ".gitlab/modelreg.yml": "modelreg:"})
    repo.tag("m@v1.0.0")
    for number, stage in enumerate(("dev", "staging"), start=1):
        repo.tag(f"m#{stage}#{number}")
    repo.commit({"metrics.json": '{"f1": 0.5}'})
    repo.tag("m@v2.0.0")
    repo.git("remote", "add", "origin", "https://gitlab.example/team/repo.git")
    (folder / "sitegen.yaml").write_text(RULES)
    pipeline.build(config.load(folder / "sitegen.yaml"))
    return f"{(folder / '_site').as_uri()}/models/repo/m.html"


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portal without rules of its own, of a repository whose .gto has stages, types and rules."""
    folder = tmp_path_factory.mktemp("bound")
    repo = GitRepo(folder / "repo")
    gto = "stages: [dev, staging, prod]\ntypes: [dataset, embedding]\n"
    repo.commit({".gto": gto + "promotion: {order: [dev, staging, prod]}\n"})
    repo.tag("m@v1.0.0")
    repo.tag("m#dev#1")
    repo.tag("m#staging#2")
    repo.commit({"a": "1"})
    repo.tag("m@v2.0.0")
    settings = config.default([str(repo.path)], folder=folder, environ={})
    pipeline.build(config.override(settings, output="site", folder=folder))
    return folder / "site"


def test_stages_are_those_that_gto_allows_and_its_rules_are_told(
    page: Page, trouble: list[str], bound: Path
) -> None:
    model = f"{bound.as_uri()}/models/repo/m.html"
    page.goto(f"{model}#do=assign")
    stage, version = page.get_by_label("Stage", exact=True), page.locator("#do-version")
    told = stage.locator("option")
    expect(told).to_have_text(
        ["dev", "staging (its rules are not met)", "prod (its rules are not met)"]
    )
    expect(stage).to_have_value("dev")
    stage.select_option("prod")
    rules = page.locator("dialog .rules")
    expect(rules).to_contain_text("v2.0.0 does not meet them: it must have been in staging first")
    version.select_option("v1.0.0")
    expect(told).to_have_text(["dev", "staging", "prod"])
    expect(rules).to_contain_text("v1.0.0 meets them.")
    assert words(page)[3:7] == ["--version", "v1.0.0", "--stage", "prod"]
    # What a link asks for and .gto does not allow is said to be so.
    page.goto(f"{model}?again#do=assign&stage=qa")
    expect(stage).to_have_value("qa")
    expect(page.locator("dialog .fault:visible")).to_have_text(
        "There is no stage qa: the repository's .gto allows dev, staging, prod."
    )
    expect(page.locator(COMMAND)).to_have_count(0)


def test_types_are_those_that_gto_allows(page: Page, trouble: list[str], bound: Path) -> None:
    page.goto(f"{bound.as_uri()}/index.html#do=add")
    kind = page.get_by_label("Type", exact=True)
    expect(kind).to_have_value("dataset")
    assert page.locator("#do-type-offered option").evaluate_all("all => all.map(o => o.value)") == [
        "dataset", "embedding",
    ]  # fmt: skip
    page.get_by_label("Name", exact=True).fill("words")
    kind.fill("model")
    expect(page.locator("dialog .fault:visible")).to_have_text(
        "There is no type model: the repository's .gto allows dataset, embedding."
    )
    kind.fill("embedding")
    assert "--type embedding" in " ".join(words(page))


def words(page: Page) -> list[str]:
    """The command that a dialog shows, as a shell takes it apart."""
    return shlex.split(page.locator(COMMAND).inner_text())


def test_a_dialog_is_opened_filled_in_and_left_by_keyboard(
    root: str, page: Page, trouble: list[str]
) -> None:
    page.goto(root + MODEL)
    button = page.get_by_role("button", name="Register version")
    button.press("Enter")
    expect(page.get_by_label("Version", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("exp/wide")
    page.keyboard.press("Tab")
    page.keyboard.type("it's $HOME")
    found = words(page)
    assert found[:4] == ["modelreg", "register", "ranker", "exp/wide"]
    assert found[4:] == ["--version", found[5], "-m", "it's $HOME"]
    page.keyboard.press("Escape")
    expect(page.locator("dialog.do")).to_have_count(0)
    expect(button).to_be_focused()
    expect(page).to_have_url(root + MODEL)


def test_on_a_phone_one_menu_holds_every_action(
    page: Page, trouble: list[str], portal: Path
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{portal.as_uri()}/{MODEL}")
    summary = page.locator(".actions summary", has_text="Actions")
    summary.click()
    choices = page.locator(".actions .choice:visible")
    assert choices.all_inner_texts() == [
        "Register version", "Assign stage", "Unassign", "Deregister", "Deprecate",
    ]  # fmt: skip
    assert overflow(page) <= 0
    choices.first.click()
    expect(page.get_by_role("dialog")).to_contain_text("Register version")
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()


def test_the_rarer_actions_are_in_a_menu_that_is_closed_again(
    page: Page, trouble: list[str], portal: Path
) -> None:
    page.goto(f"{portal.as_uri()}/{MODEL}")
    summary = page.locator(".actions summary", has_text="More")
    for name in ("Unassign", "Deregister", "Deprecate"):
        summary.press("Enter")
        page.get_by_role("button", name=name).press("Enter")
        expect(page.get_by_role("dialog")).to_contain_text(name)
        assert words(page)[:3] == ["modelreg", name.lower(), "ranker"]
        page.keyboard.press("Escape")
        expect(page.locator("dialog.do")).to_have_count(0)
        expect(summary).to_be_focused()
        expect(page.get_by_role("button", name=name)).to_be_hidden()


@both_ways("root")
def test_a_link_opens_a_dialog_with_what_it_says_and_back_closes_it(
    root: str, page: Page, trouble: list[str]
) -> None:
    page.goto(root + MODEL)
    page.goto(f"{root}{MODEL}#do=assign&stage=dev&version=v2.0.0&message=Go")
    assert words(page) == [
        "modelreg", "assign", "ranker", "--version", "v2.0.0", "--stage", "dev", "-m", "Go",
    ]  # fmt: skip
    page.reload()
    assert words(page)[4] == "v2.0.0"
    page.goto(f"{root}{MODEL}#do=deregister&version=v2.0.0")
    expect(page.get_by_role("dialog")).to_contain_text("Deregister")
    assert words(page) == ["modelreg", "deregister", "ranker", "--version", "v2.0.0"]
    expect(page.locator("dialog.do")).to_have_count(1)
    page.go_back()
    expect(page.get_by_role("dialog")).to_contain_text("Assign stage")
    assert words(page)[1] == "assign"
    page.get_by_role("button", name="Close").click()
    expect(page).to_have_url(root + MODEL)


def test_what_is_filled_in_is_kept_in_the_hash(ruled: str, page: Page, trouble: list[str]) -> None:
    page.goto(f"{ruled}#do=assign&where=.")
    page.get_by_label("Stage", exact=True).select_option("another stage…")
    expect(page.get_by_label("Another stage")).to_be_focused()
    expect(page.locator(COMMAND)).to_have_count(0)
    page.get_by_label("Another stage").fill("blue/green")
    page.get_by_label("Push").uncheck()
    shown = words(page)
    assert shown[-2:] == ["--stage", "blue/green"]
    page.reload()
    assert words(page) == shown


def test_wrong_values_are_told_at_their_field_and_no_command_is_shown(
    page: Page, trouble: list[str], portal: Path
) -> None:
    page.goto(f"{portal.as_uri()}/{MODEL}#do=register&version=1.0&revision=-x")
    version, commit = page.get_by_label("Another version"), page.get_by_label("Commit")
    for field in (version, commit):
        expect(field).to_have_attribute("aria-invalid", "true")
        described = (field.get_attribute("aria-describedby") or "").split()[-1]
        expect(page.locator(f"#{described}")).to_contain_text("Write a")
    expect(page.locator(COMMAND)).to_have_count(0)
    version.fill("v9.0.0")
    commit.fill("HEAD")
    assert words(page)[-2:] == ["--version", "v9.0.0"]


HOSTILE = (
    "'; touch pwn; '",
    "$(touch pwn)`touch pwn`",
    '"\\\n-r evil\n!!',
    "--push",
    "<img src=x onerror=alert(1)>",
)


def test_a_hostile_link_gets_nothing_into_the_command_but_quoted(
    page: Page, trouble: list[str], portal: Path
) -> None:
    for text in HOSTILE:
        asked = urlencode({"do": "deprecate", "message": text, "where": text.replace("\n", " ")})
        # Not from one hash to the next, which a page follows a moment later.
        page.goto("about:blank")
        page.goto(f"{portal.as_uri()}/{MODEL}#{asked}")
        found = words(page)
        assert found[:3] == ["modelreg", "deprecate", "ranker"]
        assert text in " ".join(found)
        options = [word.partition("=")[0] for word in found[3:] if word.startswith("-")]
        assert set(options) <= {"-m", "--message", "-r", "--repo", "--push"}
        assert len(found) <= 8


def test_control_characters_do_not_reach_the_clipboard(page: Page, portal: Path) -> None:
    asked = urlencode({"do": "deprecate", "message": "a\x1b[201~\x07b\u202ec\td"})
    page.goto(f"{portal.as_uri()}/{MODEL}#{asked}")
    command = page.locator("dialog .code [data-copy]").get_attribute("data-copy") or ""
    assert command.isprintable()
    assert shlex.split(command)[-1] == "a [201~ b c d"


def test_copy_puts_the_command_on_the_clipboard(clipboard: Page, served: str) -> None:
    clipboard.goto(f"{served}{MODEL}#do=deprecate&message=two%0Alines")
    button = clipboard.locator("dialog .code [data-copy]")
    command = copied(button, lambda: button.press("Enter"))
    assert command == "modelreg deprecate ranker -m 'two\nlines'"


def test_where_a_page_lists_no_names_the_dashboards_table_knows_which_are_taken(
    page: Page, portal: Path
) -> None:
    page.goto((portal / "index.html").as_uri())
    taken = page.evaluate("""() => {
        const known = JSON.parse(document.querySelector("[data-actions]").dataset.actions);
        known.models = [];
        window.sitegen.actionForm(known);
        return ["churn", "vision"].map(repository => known.isModel("churn", repository));
    }""")
    assert taken == [True, False]


@pytest.mark.parametrize(
    ("path", "way"),
    [("index.html", "http"), ("projects/index.html", "file")],
)
def test_add_model_asks_for_the_repository_and_keeps_the_pages_own_filters(
    path: str, way: str, page: Page, trouble: list[str], portal: Path, served: str
) -> None:
    root = served if way == "http" else f"{portal.as_uri()}/"
    page.goto(f"{root}{path}#q=e")
    page.get_by_role("button", name="Add model").press("Enter")
    expect(page.get_by_label("Repository of the portal")).to_be_focused()
    expect(page.locator(COMMAND)).to_have_count(0)
    page.get_by_label("Name", exact=True).fill("risk/score")
    page.get_by_label("File", exact=True).fill("models/it's.pkl")
    page.get_by_role("textbox", name="Labels").fill("a, b c")
    found = words(page)
    assert found[: found.index("&&")] == [
        "modelreg", "annotate", "risk/score", "--path", "models/it's.pkl", "--type", "model",
        "--label", "a", "--label", "b c", "--commit",
    ]  # fmt: skip
    assert found[found.index("&&") + 1 :] == [
        "modelreg", "register", "risk/score", "--version", "v0.0.1",
    ]  # fmt: skip
    page.reload()
    assert words(page) == found
    page.get_by_label("Name", exact=True).fill("churn")
    expect(page.get_by_role("dialog")).to_contain_text("churn is in this repository already")
    expect(page.locator(COMMAND)).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{root}{path}#q=e")


@pytest.mark.parametrize(
    "path",
    [f"{MODEL}#do=register", f"{MODEL}#do=assign&stage=prod", "index.html#do=add&add-name=a b"],
)
def test_axe_finds_nothing_in_a_dialog_and_it_fits_a_phone(
    path: str, page: Page, axe: str, portal: Path
) -> None:
    for width, scheme in ((1440, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.goto("about:blank")
        page.goto(f"{portal.as_uri()}/{path}")
        expect(page.locator("dialog.do")).to_be_visible()
        page.evaluate(axe)
        assert violations(page, runOnly=TAGS) == []
        assert overflow(page) <= 0
        dialog = page.locator("dialog.do")
        assert dialog.evaluate("box => box.scrollWidth - box.clientWidth") <= 0


def test_without_javascript_the_commands_stand_as_text(browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served + MODEL)
    page.locator(".actions summary", has_text="Commands that change it").click()
    expect(page.locator(".actions .no-js pre").first).to_contain_text("modelreg register ranker")
    expect(page.locator("[data-do=register]:visible")).to_have_count(0)
    context.close()


def test_rules_of_the_stage_are_told_and_who_meets_them(
    ruled: str, page: Page, trouble: list[str]
) -> None:
    page.goto(f"{ruled}#do=assign&stage=prod&version=v1.0.0")
    rules = page.locator("dialog .rules")
    expect(rules).to_contain_text("it must have been in staging first")
    expect(rules).to_contain_text("f1 >= 0.8")
    expect(rules).to_contain_text("v1.0.0 meets them")
    page.get_by_label("Version", exact=True).select_option("v2.0.0")
    expect(rules).to_contain_text("v2.0.0 does not meet them")
    page.get_by_label("Stage", exact=True).select_option("dev")
    expect(rules).to_have_count(0)


def test_what_is_in_the_stage_already_is_not_assigned_again(
    ruled: str, page: Page, trouble: list[str]
) -> None:
    page.goto(f"{ruled}#do=assign&stage=staging&version=v1.0.0")
    expect(page.get_by_role("dialog")).to_contain_text("v1.0.0 is in staging already.")
    expect(page.locator(COMMAND)).to_have_count(0)


WRONG = (
    ("assign&stage=canary&version=v1.3.0", "There is no stage canary"),
    ("assign&stage=prod&version=v9.9.9", "churn has no version v9.9.9."),
    ("deregister&version=v9.9.9", "churn has no version v9.9.9."),
    ("unassign&stage=prod&version=v9.9.9", "v9.9.9 is not in prod."),
    ("register&version=v1.0.0", "v1.0.0 is registered already."),
)


def test_a_link_that_means_what_is_not_there_is_told_so(
    page: Page, trouble: list[str], portal: Path
) -> None:
    for asked, said in WRONG:
        page.goto("about:blank")
        page.goto(f"{portal.as_uri()}/models/churn/churn.html#do={asked}")
        expect(page.get_by_role("dialog")).to_contain_text(said)
        expect(page.locator(COMMAND)).to_have_count(0)


def test_the_git_hosts_job_is_linked_with_the_values_filled_in(
    ruled: str, page: Page, trouble: list[str]
) -> None:
    page.goto(f"{ruled}#do=assign&stage=prod&version=v1.0.0&message=a%26b")
    href = page.get_by_role("link", name="Run it on GitLab").get_attribute("href")
    assert href == (
        "https://gitlab.example/team/repo/-/pipelines/new?ref=main&var[MODELREG_ACTION]=assign"
        "&var[MODELREG_MODEL]=m&var[MODELREG_VERSION]=v1.0.0&var[MODELREG_STAGE]=prod"
        "&var[MODELREG_MESSAGE]=a%26b"
    )
    assert words(page)[-2:] == ["-r", "https://gitlab.example/team/repo.git"]
    expect(page.get_by_label("Push")).to_be_hidden()
