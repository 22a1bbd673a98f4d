"""Every URL, path and slug of the site. A path is relative to the site's root and names a file.

A slug is safe in a URL and on every file system, and never depends on what else is there. A name
of harmless characters is its own slug; the ":" and "/" of artifacts' names become "~" and "~~"; any
other name gets a readable remainder, "~" and a hash of the whole. No name that is its own slug
holds a "~", and no written name ends like a hash, so no two names ever meet.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote

LONGEST = 80
"""A slug's length in characters, all of one byte; with endings added it stays far below 200."""

_PART = r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9_-])?"
_HARMLESS = re.compile(_PART)
_WRITTEN = re.compile(rf"{_PART}(?:/{_PART})*(?::{_PART}(?:/{_PART})*)?")
_LIKE_A_HASH = re.compile(r"[^~]*~[0-9a-f]{10}")
_UNFIT = re.compile(r"[^a-z0-9]+")
# Names that Windows keeps for devices, that a static host gives a meaning to, or that we use.
_RESERVED = {
    "con", "prn", "aux", "nul", "clock$", "index", "cname", "404", "_headers", "_redirects",
    "feed", "registry", "events", "problems", "robots", "sitemap", "favicon",
    *(f"com{i}" for i in range(10)),
    *(f"lpt{i}" for i in range(10)),
}  # fmt: skip

DASHBOARD = "index.html"
PROJECTS = "projects/index.html"
ACTIVITY = "activity.html"
PROBLEMS = "problems.html"
SEARCH = "search.html"
MISSING = "404.html"
API = "api/v1"
API_REGISTRY = f"{API}/registry.json"
API_EVENTS = f"{API}/events.json"
API_PROBLEMS = f"{API}/problems.json"
FEED = f"{API}/feed.xml"
PLOT_TEMPLATES = "data/plots/templates.js"


@lru_cache(maxsize=65_536)
def slug(name: str) -> str:
    """A file name for `name`, of at most `LONGEST` characters, equal for equal names alone."""
    if (
        len(name) <= LONGEST
        and _HARMLESS.fullmatch(name)
        and name.partition(".")[0] not in _RESERVED
    ):
        return name
    if _WRITTEN.fullmatch(name):
        written = name.replace("/", "~~").replace(":", "~")
        if "~" in written and len(written) <= LONGEST and not _LIKE_A_HASH.fullmatch(written):
            return written
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    rest = _UNFIT.sub("-", plain)[: LONGEST - 20].strip("-")
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{rest}~{digest}" if rest else f"~{digest}"


def model(repo: str, name: str) -> str:
    """A model's page."""
    return f"models/{slug(repo)}/{slug(name)}.html"


def version(repo: str, name: str, version_name: str) -> str:
    """A version's page: a permanent link."""
    return f"models/{slug(repo)}/{slug(name)}/{slug(version_name)}.html"


def compare(repo: str, name: str) -> str:
    """The page on which a model's versions stand side by side."""
    return f"models/{slug(repo)}/{slug(name)}/compare.html"


def experiments(repo: str) -> str:
    """The table of a repository's experiments."""
    return f"projects/{slug(repo)}.html"


def experiment(repo: str, row: str) -> str:
    """A row of that table, by its id."""
    return f"{experiments(repo)}#row={quote(row, safe='~')}"


def older_activity(number: int) -> str:
    """A page of older events; the first holds the oldest."""
    return f"activity/{number}.html"


def model_list(number: int) -> str:
    """A page of the plain list of all models, where the dashboard cannot hold them."""
    return f"list/{number}.html"


def content(path: str) -> str:
    """The page of a Markdown file of `content/`, in a folder of its own: docs/guide/tags.html."""
    parts = path.removesuffix(".md").split("/")
    return (
        "/".join(["docs", *(part if part == "index" else slug(part) for part in parts)]) + ".html"
    )


def api_model(repo: str, name: str) -> str:
    """A model's JSON."""
    return f"{API}/models/{slug(repo)}/{slug(name)}.json"


def api_repository(repo: str) -> str:
    """A repository's JSON."""
    return f"{API}/repositories/{slug(repo)}.json"


def model_feed(repo: str, name: str) -> str:
    """A model's Atom feed."""
    return f"{API}/feeds/{slug(repo)}/{slug(name)}.xml"


def plot_data(digest: str) -> str:
    """What a plot is drawn from, as a script."""
    return f"data/plots/{digest}.js"


def plot_index(repo: str) -> str:
    """Which plots the commits of a repository have, as a script."""
    return f"data/plots/of/{slug(repo)}.js"


def plot_image(digest: str, ending: str) -> str:
    """A plot that is an image."""
    return f"data/plots/{digest}.{ending}"


def plot_specification(digest: str) -> str:
    """A plot as Vega-Lite, with its data."""
    return f"{API}/plots/{digest}.json"


def badge(repo: str, name: str, stage: str = "") -> str:
    """A model's badge: of its latest version, or of a stage (even of one that is called latest)."""
    stem = ("latest~stage" if stage == "latest" else slug(stage)) if stage else "latest"
    return f"{API}/badges/{slug(repo)}/{slug(name)}/{stem}.svg"


def picture(digest: str, ending: str) -> str:
    """An image of a model card, named by a hash of its bytes."""
    return f"data/pictures/{digest}.{ending}"


def root(path: str) -> str:
    """The way from a page back to the site's root: "" or "../../"."""
    return "../" * path.count("/")
