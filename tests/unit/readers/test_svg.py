"""SVG drawings: shapes stay, whatever could act, load or unfold does not."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from sitegen.readers.svg import Drawing, read_drawing

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="30" height="20">'
)


def written(inside: str) -> str:
    found = read_drawing(f"{HEAD}{inside}</svg>".encode())
    assert isinstance(found, Drawing), found
    ElementTree.fromstring(found.data)
    return found.data.decode()


def refused(text: str) -> str:
    found = read_drawing(text.encode())
    assert isinstance(found, str)
    return found


def test_what_a_plotting_library_writes_stays() -> None:
    kept = (
        '<defs><clipPath id="c"><rect x="1"></rect></clipPath><path id="m" d="M 0 0"></path>'
        '<linearGradient id="g"><stop offset="1"></stop></linearGradient></defs>'
        '<g style="fill: none; stroke: #f00" clip-path="url(#c)"><use xlink:href="#m" x="3"></use>'
        '<text transform="scale(2)">a &lt; b &amp; c</text><rect fill="url(#g)"></rect></g>'
        '<image xlink:href="data:image/png;base64,iVBORw0KGgo="></image>'
        "<style>*{stroke-linejoin: round}</style>"
    )
    assert kept in written(kept)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<g onload="alert(1)"><rect onclick="alert(1)"/></g>',
        '<a href="javascript:alert(1)"><rect/></a>',
        '<a xlink:href="https://evil.example/"><rect/></a>',
        "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>alert(1)</p></foreignObject>",
        "<iframe xmlns='http://www.w3.org/1999/xhtml' src='https://evil.example/'/>",
        '<image href="https://evil.example/x.png"/>',
        '<image href="data:image/svg+xml;base64,alert"/>',
        '<use href="https://evil.example/x.svg#a"/>',
        '<use href="data:image/svg+xml,alert"/>',
        "<style>@import url(https://evil.example/)</style>",
        "<style>rect { fill: url(https://evil.example/) }</style>",
        "<style>rect { f\\69ll: url(https://evil.example/) }</style>",
        '<rect style="background: u\\72l(https://evil.example/)"/>',
        '<rect fill="url(https://evil.example/#a)"/>',
        '<rect fill="url(#a) url( https://evil.example/ )"/>',
        '<set attributeName="href" to="javascript:alert(1)"/>',
        '<animate attributeName="href" values="javascript:alert(1)"/>',
        '<rect xmlns:e="http://www.w3.org/2001/xml-events" e:handler="alert(1)"/>',
        "<!-- alert --><?xml-stylesheet href='https://evil.example/'?>",
        "<style>a</style><style><![CDATA[</style><script>alert(1)</script>]]></style>",
        '<handler xmlns="http://www.w3.org/2000/svg" type="text/x">alert(1)</handler>',
        "<metadata><rect/>alert</metadata>",
    ],
)
def test_nothing_that_acts_or_loads_is_left(hostile: str) -> None:
    text = written(hostile)
    for sign in ("alert", "evil", "javascript", "script", " on", "import", "iframe", "data:"):
        assert sign not in text


def test_text_is_never_markup() -> None:
    text = written("<text>&lt;script&gt;alert(1)&lt;/script&gt;</text><title>]]&gt;</title>")
    assert "<script" not in text


def test_the_size_is_what_it_asks_for() -> None:
    def size(attributes: str) -> tuple[int, int]:
        found = read_drawing(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode())
        assert isinstance(found, Drawing)
        return found.width, found.height

    assert size('width="72pt" height="1in"') == (96, 96)
    assert size('viewBox="0 0 40 30.5"') == (40, 30)
    assert size('width="100%" height="50%" viewBox="0,0,40,30"') == (40, 30)
    assert size("") == (300, 150)
    assert size('width="999999" height="4"') == (10_000, 4)


def test_what_unfolds_is_refused() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + HEAD + "<text>&b;</text></svg>"
    assert refused(bomb) == "it declares entities of its own"
    nested = "".join(
        f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 9)
    )
    assert "repetitions" in refused(f"{HEAD}{nested}</svg>")
    itself = refused(f'{HEAD}<g id="a"><use href="#a"/></g></svg>')
    assert "repetitions" in itself
    wide = '<g id="a">' + "<rect/>" * 2_000 + "</g>" + '<use href="#a"/>' * 100
    assert "stands for more than" in refused(f"{HEAD}{wide}</svg>")
    assert "nested more than" in refused(HEAD + "<g>" * 200 + "</g>" * 200 + "</svg>")
    assert "more than 100,000 elements" in refused(HEAD + "<g/>" * 100_001 + "</svg>")


def test_what_is_no_svg_is_refused() -> None:
    assert refused("<html><script>alert(1)</script></html>") == "its outermost element is no svg"
    assert refused("<svg><rect/></svg>") == "its outermost element is no svg"
    assert refused("<svg").startswith("it is no valid SVG")
    assert refused("").startswith("it is no valid SVG")
