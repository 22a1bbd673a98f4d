"""A portal of as many models as a test or benchmark asks for, as views made from facts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import msgspec

from sitegen.registry.facts import Annotation, Leaf, Moment, Person, Tag, ValueFile
from sitegen.render import dashboard, pages
from sitegen.render.theme import Templates, load_theme, static_files
from sitegen.site import urls
from sitegen.site.build import Settings, Source, build_site
from sitegen.site.model import Facet, ModelView, Site
from tests.facts import oid, source

STAGES = ("dev", "staging", "prod")
PEOPLE = ("Ada Lovelace", "Grace Hopper", "Émile Zola", "Noor Haddad", "小野 美咲")
FRAMEWORKS = ("LightGBM", "scikit-learn", "PyTorch", "XGBoost", "")
WORDS = (
    "churn", "fraud", "price", "demand", "vision", "speech", "rank", "spam", "credit", "claims",
    "search", "basket",
)  # fmt: skip
LABELS = ("tabular", "nlp", "cv", "batch", "online", "pii", "tier-1", "tier-2")
START = 1_600_000_000


def site_of(count: int, repositories: int = 20) -> Site:
    """A portal of so many models: of every thousand a few are deprecated or not registered."""
    chance = Random(count)
    share = [count // repositories + (i < count % repositories) for i in range(repositories)]
    sources = [_source(f"team-{i:02}", models, chance) for i, models in enumerate(share) if models]
    site = build_site(sources, Settings())
    models = tuple(
        msgspec.structs.replace(model, framework=FRAMEWORKS[i % len(FRAMEWORKS)])
        for i, model in enumerate(site.models)
    )
    used = Counter(model.framework for model in models if model.framework)
    facet = Facet("framework", "Framework", tuple(sorted(used.items())))
    return msgspec.structs.replace(site, models=models, facets=(*site.facets, facet))


def multiplied(site: Site, times: int) -> Site:
    """The same models so many times, each time under other names: quick, for what needs many."""
    models = [_renamed(model, f"{model.name}-{i}") for i in range(times) for model in site.models]
    return msgspec.structs.replace(site, models=tuple(sorted(models, key=lambda m: m.name)))


def _renamed(model: ModelView, name: str) -> ModelView:
    def moved(url: str) -> str:
        return url.replace(model.url.removesuffix(".html"), stem, 1)

    url = urls.model(model.repo, name)
    stem = url.removesuffix(".html")
    chips = tuple(msgspec.structs.replace(chip, url=moved(chip.url)) for chip in model.chips)
    return msgspec.structs.replace(
        model,
        name=name,
        url=url,
        chips=chips,
        held={chip.stage.name: chip for chip in chips},
        latest=model.latest and msgspec.structs.replace(model.latest, url=moved(model.latest.url)),
    )


def publish(site: Site, folder: Path) -> Path:
    """Write the dashboard, the plain lists and all that they load; no page of a model."""
    theme = load_theme(None)
    templates = Templates(theme)
    files = {
        **dict(static_files(theme)),
        pages.STAGES_CSS: pages.stages_css(site),
        **dict(dashboard.data_files(site)),
    }
    for kind in pages.PAGE_KINDS:
        if kind.name in ("dashboard", "list"):
            for job in kind.jobs(site):
                context = {"site": site, "page": pages.page_of(site, kind.name, job), **job.context}
                files[job.path] = templates.render(kind.template, context).encode()
    for path, data in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return folder


def _source(name: str, models: int, chance: Random) -> Source:
    tags: list[Tag] = []
    annotations = []
    values: dict[str, tuple[ValueFile, ...]] = {}
    for number in range(models):
        model = f"{WORDS[number % len(WORDS)]}-{name[-2:]}-{number}"
        annotations.append(
            Annotation(
                model, "artifacts.yaml", f"models/{model}.pkl",
                "dataset" if number % 50 == 7 else "model", f"Scores {model} once a day.",
                tuple(sorted(chance.sample(LABELS, number % 4))),
            )
        )  # fmt: skip
        if number % 40 == 39:
            continue
        commits = [f"{name}{number}.{i}" for i in range(1 + number % 2)]
        versions = [f"v{1 + number % 3}.{i}.0" for i in range(len(commits))]
        at = START + chance.randrange(100_000_000)
        for commit, version in zip(commits, versions, strict=True):
            tags.append(_tag(f"{model}@{version}", commit, at, chance))
            at += 100
            score = Leaf(round(chance.random(), 4), "")
            leaf = Leaf(score.value, repr(score.value))
            values[commit] = (
                ValueFile("metrics.json", "metrics", {"auc" if number % 3 else "f1": leaf}),
            )
        for place, stage in enumerate(STAGES):
            if chance.random() < 0.4:
                tags.append(_tag(f"{model}#{stage}#{place + 1}", commits[-1], at, chance))
                at += 100
        if number % 60 == 11:
            tags.append(_tag(f"{model}@deprecated", commits[-1], at, chance))
    return source(
        *tags, name=name, url=f"https://github.com/example/{name}",
        annotations={"c1": annotations}, values=values,
    )  # fmt: skip


def _tag(name: str, commit: str, at: int, chance: Random) -> Tag:
    who = Person(chance.choice(PEOPLE), "somebody@example.com")
    return Tag(name, oid("tag " + name), oid(commit), who, Moment(at, 60), "Because\n")
