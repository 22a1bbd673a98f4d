import json

import pytest

from sitegen.render import day
from sitegen.site import urls
from sitegen.site.build import Settings, build_site
from sitegen.site.model import Site
from tests.facts import oid, source, tag


def site_of(*names: tuple[str, str, int | None]) -> Site:
    tags = [tag(name, commit, at, "Ship\n\nVersion: v1.0.0") for name, commit, at in names]
    return build_site([source(*tags)], Settings())


def read(script: bytes, name: str) -> dict[str, object]:
    text = script.decode()
    start = f"window.sitegen.events.{name}("
    assert text.startswith(start) and text.endswith(");\n")
    value: dict[str, object] = json.loads(json.loads(text[len(start) : -3]))
    return value


def test_a_chunk_tells_each_event_by_column() -> None:
    site = site_of(
        ("b@v2.0.0", "x", 20), ("a#dev#1", "y", None), ("a@v1.0.0+b", "x", 10),
        ("a@v1.0.0", "x", 12), ("a#prod#2", "x", 15), ("a@v1.0.0!", "x", 18),
        ("a@deprecated", "y", 19),
    )  # fmt: skip
    (path, head), (chunk_path, chunk) = day.data_files(site)
    assert (path, chunk_path) == ("data/events.js", "data/events/0.js")
    assert read(head, "open") == {
        "models": 2, "chunks": 1, "stages": [["dev", 0], ["prod", 2]], "first": 10, "last": 20,
    }  # fmt: skip
    assert read(chunk, "take") == {
        "number": 0,
        "start": 0,
        "names": ["a", "b"],
        "repos": ["repo", "repo"],
        "urls": ["models/repo/a.html", "models/repo/b.html"],
        "counts": [6, 1],
        "versions": [["v1.0.0", "v1.0.0+b"], ["v2.0.0"]],
        "ties": {"0": [1]},
        "slugs": {"0": {"1": urls.slug("v1.0.0+b")}},
        "ids": {"0": {"0": oid("y")}},
        "seconds": ["", 10, 2, 3, 3, 1, 20],
        "what": [0, 1, 0, 1, 0, 0, 0],
        "commit": [0, 1, 1, 1, 1, 0, 0],
        "who": [0, 1, 1, 1, 1, 1, 1],
        "trailers": {"0": 0, "3": 0},
        "kinds": "2002140",
        "people": [["Ada", ""], ["Ada", "+00:00"]],
    }


def test_models_stand_in_chunks_of_bounded_size(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [(f"m{n:03}@v1.0.{v}", f"c{n}{v}", v) for n in range(30) for v in range(8)]
    site = site_of(*names)
    whole = list(day.data_files(site))
    assert len(whole) == 2
    monkeypatch.setattr(day, "EVENTS", 50)
    _, *chunks = day.data_files(site)
    read_chunks = [read(data, "take") for _, data in chunks]
    assert [path for path, _ in chunks] == [f"data/events/{n}.js" for n in range(6)]
    assert [chunk["start"] for chunk in read_chunks] == [0, 5, 10, 15, 20, 25]
    assert sum(len(str(chunk["kinds"])) for chunk in read_chunks) == 240
    names_of = [list(map(str, chunk["names"])) for chunk in read_chunks]  # type: ignore[call-overload]
    places = zip(site.models, day.chunks(site.models), strict=True)
    assert all(model.name in names_of[chunk] for model, chunk in places)


def test_a_portal_without_events_has_no_such_data() -> None:
    assert list(day.data_files(build_site([source()], Settings()))) == []


def test_a_pages_data_is_of_one_model_and_cannot_end_its_script() -> None:
    site = site_of(("a@v1.0.0", "x", 10), ("b@v1.0.0", "x", 11))
    text = day.page_data(site.models[1], site)
    assert json.loads(text)["names"] == ["b"]
    assert json.loads(text)["stages"] == []
    hostile = build_site(
        [source(tag("a@v1.0.0", at=1), name="</script><img src=x onerror=alert(1)>")], Settings()
    )
    assert "<" not in day.page_data(hostile.models[0], hostile)
