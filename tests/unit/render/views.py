"""A small portal as plain views, with names that attack whatever shows them."""

from __future__ import annotations

import msgspec

from sitegen.site import urls
from sitegen.site.model import (
    Chip,
    ContentView,
    EventView,
    ModelView,
    ProblemView,
    Site,
    VersionView,
)
from sitegen.site.parts import CommitView, StageView, When

EVIL = "\"><img src=x onerror=alert(1)></script><!--<script> & ' \u2028 {{ 7 * 7 }}"

PROD = StageView("prod", 2, "", "Serves customers", 1)
NEVER = When("", "invalid date", "invalid date", -1)


def day(number: int) -> When:
    """A date in March 2026."""
    iso = f"2026-03-{number:02}T14:05:33+01:00"
    return When(iso, f"{number} Mar 2026", iso.replace("T", " "), 1_772_500_000 + 86_400 * number)


def event(number: int, artifact: str = "good", kind: str = "registration") -> EventView:
    return EventView(
        kind=kind,
        verb={"registration": "registered", "unassignment": "unassigned"}.get(kind, "assigned"),
        artifact=artifact,
        repo="demo",
        model_url=urls.model("demo", artifact),
        version="v1.0.0",
        version_url=urls.version("demo", artifact, "v1.0.0"),
        stage=None if kind == "registration" else PROD,
        when=day(number),
        author="Ann",
        message=f"the reason for {artifact}",
        commit="c" * 40,
        commit_href="",
        tag=f"{artifact}#{number}",
        tag_href="",
    )


def version(artifact: str = "good", name: str = "v1.0.0") -> VersionView:
    commit = CommitView("c" * 40, "ccccccc", "", "Ann", day(1), "Train")
    return VersionView(
        name=name, label=name, url=urls.version("demo", artifact, name), tag=f"{artifact}@{name}",
        tag_href="", commit=commit, created=day(1), author="Ann", message="", signature="",
        registered=True, active=True, prerelease=False, discovered=False, latest=True,
        stages=(PROD,), type="model", path="", path_href="", storage="", description="",
        labels=(), custom=(), annotated_in="", metrics=(), params=(), previous="", previous_name="",
        previous_url="", compare_href="", events=(event(1, artifact),),
    )  # fmt: skip


def model(name: str = "good", versions: int = 1) -> ModelView:
    views = tuple(version(name, f"v{i}.0.0") for i in range(versions, 0, -1))
    chip = Chip(PROD, "v1.0.0", views[0].url if views else "", day(2), "Ann", "")
    return ModelView(
        name=name, folder="", repo="demo", repo_url="projects/index.html#repo-demo",
        url=urls.model("demo", name), api=urls.api_model("demo", name),
        feed=urls.model_feed("demo", name), type="model", description=f"What {name} is for",
        labels=(), path="", path_href="", registered=bool(views), deprecated=False,
        latest=views[0] if views else None, chips=(chip,), held={"prod": chip},
        last_event=event(2, name), versions=views,
        events=(event(2, name, "assignment"), event(1, name)),
        metric_versions=(), metric_table=(),
        badges=(
            ("latest", urls.badge("demo", name)),
            ("prod", urls.badge("demo", name, "prod")),
            ("latest", urls.badge("demo", name, "latest")),
        ),
        headline=(),
    )  # fmt: skip


def site(*models: ModelView, base_url: str = "") -> Site:
    content = ContentView(
        "Guide", urls.content("guide.md"), "", "# Guide\n\n[x](a/b.md)", "guide.md"
    )
    return Site(
        title=f"Portal {EVIL}", base_url=base_url, generated=day(3), stages=(PROD,),
        models=models or (model(),), repositories=(),
        events=tuple(event for view in models or (model(),) for event in view.events),
        problems=(ProblemView("demo", EVIL, "", "bad", "mend it", "tag.name"),),
        contents=(content,), navigation=(), facets=(), links=(), version="1",
    )  # fmt: skip


def with_stage(view: Site, color: str) -> Site:
    stage = msgspec.structs.replace(PROD, color=color)
    return msgspec.structs.replace(view, stages=(stage,))
