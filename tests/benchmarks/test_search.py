"""The search index at scale, against the lunr package and lunr.js with the same documents."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page

from sitegen.render.search import index_files
from sitegen.render.search.fields import Document
from sitegen.render.search.memory import Memory
from sitegen.render.site import render_site
from sitegen.render.theme import load_theme
from sitegen.site.build import Settings, build_site
from tests.conftest import ROOT
from tests.searching import documents, fields_of

pytestmark = pytest.mark.bench

MODELS, MANY = 10_000, 100_000
SCRIPTS = (
    "words", "turns", "inflate", "files", "terms", "postings", "group", "find", "rank", "query",
    "results",
)  # fmt: skip

# Asked in a page that is opened from disk: how long until the search is ready, how long a first
# query and a misspelt one take and what they read, and how long further ones take.
MEASURE = """async ([first, misspelt, others]) => {
  const search = window.sitegen.search;
  let files = [];
  const insert = search.files.insert;
  search.files.insert = path => { files.push(path); return insert(path); };
  const time = async text => {
    const start = performance.now();
    await search.run(text, { all: 10 });
    return performance.now() - start;
  };
  const start = performance.now();
  await search.groups();
  const ready = performance.now() - start;
  const cold = await time(first);
  const read = files.slice();
  const fuzzy = await time(misspelt);
  for (const each of others) await time(each);
  const warm = [];
  for (const each of others) warm.push(await time(each));
  warm.sort((a, b) => a - b);
  await new Promise(done => setTimeout(done, 100));
  return {
    ready, cold, files: read, fuzzy,
    p95: warm[Math.floor(warm.length * 0.95)], longest: window.longest || 0,
  };
}"""
# In a portal's own page: from a key in its search box to the results that are shown.
KEYS = """() => {
  const box = document.querySelector("[data-search-box] input");
  const list = document.querySelector("[data-search-box] [role=listbox]");
  window.taken = [];
  let start = 0;
  box.addEventListener("keydown", () => { start = performance.now(); });
  new MutationObserver(() => {
    if (start && list.querySelector("[role=option]")) {
      window.taken.push(performance.now() - start);
      start = 0;
    }
  }).observe(list, { childList: true, subtree: true });
}"""
# The heap counts what lunr.js keeps once its index is loaded.
LUNR = """async text => {
  const start = performance.now();
  window.index = lunr.Index.load(JSON.parse(window.packed));
  const ready = performance.now() - start;
  window.packed = "";
  const from = performance.now();
  window.index.search(text);
  return { ready, cold: performance.now() - from };
}"""
# The scripts are there, and results of so many keys.
UNTIL = """async count => {
  while (!window.sitegen.search?.run || window.taken.length < count) {
    await new Promise(done => setTimeout(done, 5));
  }
}"""
# Tasks that took longer than 50 ms, in which a page stands still.
WATCH = """
new PerformanceObserver(list => list.getEntries().forEach(each => {
  window.longest = Math.max(window.longest || 0, each.duration);
})).observe({ type: "longtask" });
"""


def package_index(found: Sequence[Document]) -> tuple[float, str]:
    """How long the package builds and serialises, and what comes of it."""
    from lunr import get_default_builder

    start = time.process_time()
    builder = get_default_builder()
    builder.ref("ref")
    for field in fields_of(found):
        builder.field(field.name, boost=field.boost)
    for number, each in enumerate(found):
        builder.add({**{f.name: "" for f in fields_of(found)}, **each.texts, "ref": str(number)})
    text = json.dumps(builder.build().serialize())
    return time.process_time() - start, text


def our_index(
    found: Sequence[Document], memory: bytes = b""
) -> tuple[float, dict[str, bytes], bytes]:
    """How long the index takes with what the build before left, its files, and what is left."""
    start = time.process_time()
    kept = Memory(memory)
    files = dict(index_files({"models": found}, kept))
    left = kept.encode()
    return time.process_time() - start, files, left


def size(files: Mapping[str, bytes], without: str = "/passages/") -> int:
    return sum(len(data) for path, data in files.items() if without not in path)


def page_of(folder: Path, files: Mapping[str, bytes]) -> Path:
    """A page with nothing but the search in it."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    shutil.copytree(ROOT / "themes/default/static", folder / "static", dirs_exist_ok=True)
    names = ["lib/lunr.js", *(f"js/search-{name}.js" for name in SCRIPTS)]
    scripts = "".join(f'<script src="static/{name}"></script>' for name in names)
    head = f"<!doctype html><script>window.sitegen = {{}};{WATCH}</script>"
    (folder / "bench.html").write_text(f"{head}<body>{scripts}", "utf-8")
    return folder / "bench.html"


def heap(page: Page) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used: float = session.send("Runtime.getHeapUsage")["usedSize"]
    return used


def measured(page: Page, file: Path, found: Sequence[Document]) -> dict[str, Any]:
    page.goto(file.as_uri())
    name = found[len(found) // 2].texts["name"].split("-")[0]
    others = [f"{each.texts['name']} " for each in found[:: len(found) // 100]]
    answer: dict[str, Any] = page.evaluate(MEASURE, [name, f"{name[1:]}~1", others])
    paths = {path.partition("?")[0] for path in answer.pop("files")}
    answer["bytes"] = sum((file.parent / path).stat().st_size for path in paths)
    answer["heap"] = heap(page)
    return answer


def typed(page: Page, folder: Path, files: Mapping[str, bytes], word: str) -> list[float]:
    """Milliseconds from each key of a word to the results in the box of a portal's page."""
    for path, data in [*render_site(build_site([], Settings()), load_theme(), {}), *files.items()]:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    page.add_init_script(WATCH)
    page.goto((folder / "index.html").as_uri())
    page.evaluate(KEYS)
    page.locator("[data-search-box] input").focus()
    page.evaluate(UNTIL, 0)
    for number, letter in enumerate(word):
        page.keyboard.press(letter)
        page.evaluate(UNTIL, number + 1)
    answer: list[float] = page.evaluate("window.taken")
    return answer


def in_the_middle(document: Document, more: str) -> Document:
    """The document with a word more in the middle of its card."""
    words = document.texts["text"].split(" ")
    text = " ".join([*words[: len(words) // 2], more, *words[len(words) // 2 :]])
    return msgspec.structs.replace(document, texts={**document.texts, "text": text}, passage=text)


def test_10_000_models_against_the_package_and_lunr_js(page: Page, tmp_path: Path) -> None:
    found = list(documents(MODELS))
    our_index(found[:500])
    seconds, files, left = our_index(found)
    theirs, text = package_index(found)
    changes = {}
    for number in (77, 5_000, 9_999):
        changed = list(found)
        changed[number] = in_the_middle(found[number], "renewed")
        again, after, _ = our_index(changed, left)
        changes[number] = again, len([path for path in after if files.get(path) != after[path]])
        assert after == our_index(changed)[1]

    ours = measured(page, page_of(tmp_path, files), found)
    empty = page.context.new_page()
    empty.goto((tmp_path / "bench.html").as_uri())
    base = heap(empty)
    (tmp_path / "lunr-index.js").write_text(f"window.packed = {json.dumps(text)};", "utf-8")
    empty.add_script_tag(url="lunr-index.js")
    lunr = empty.evaluate(LUNR, found[0].texts["name"].split("-")[0])
    lunr["heap"] = heap(empty)
    box = page.context.new_page()
    taken = typed(box, tmp_path / "portal", files, "light")
    print(
        f"\nbuilt in {seconds:.1f} s, by the package in {theirs:.1f} s"
        f"\n{size(files) / 1e6:.2f} MB, lunr's {len(text) / 1e6:.1f} MB; "
        f"with the cards' texts {size(files, 'nothing') / 1e6:.2f} MB"
        f"\na word more in a card: (seconds, files) {changes}"
        f"\nours: {ours}\nlunr.js: {lunr}, base {base}"
        f"\nkeys in the box: {taken} ms, longest task {box.evaluate('window.longest || 0')} ms"
    )
    assert theirs >= 6 * seconds
    assert len(text) >= 10 * size(files)
    assert all(changed <= 10 for _, changed in changes.values())
    assert all(10 * again <= seconds for again, _ in changes.values())
    assert lunr["ready"] >= 10 * ours["ready"]
    assert lunr["heap"] - base >= 5 * (ours["heap"] - base)


def test_100_000_models_are_searched_as_few_are(page: Page, tmp_path: Path) -> None:
    few, many = list(documents(MODELS)), list(documents(MANY))
    answers = {}
    for name, found in (("few", few), ("many", many)):
        seconds, files, _ = our_index(found)
        answers[name] = measured(page, page_of(tmp_path / name, files), found)
        box = page.context.new_page()
        taken = typed(box, tmp_path / name / "portal", files, "light")
        print(f"\n{len(found)} models: built in {seconds:.1f} s, {size(files) / 1e6:.1f} MB")
        print(answers[name], taken, box.evaluate("window.longest || 0"))
    assert answers["many"]["bytes"] <= 300_000
    assert answers["many"]["bytes"] <= 4 * answers["few"]["bytes"]
    assert answers["many"]["ready"] <= 6 * answers["few"]["ready"] + 10
