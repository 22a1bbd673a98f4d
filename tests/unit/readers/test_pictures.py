"""Images: which a text names, and what is one by its bytes."""

from __future__ import annotations

import struct
import time

import pytest

from sitegen.readers.pictures import MOST, image_paths, means_image, read_picture
from sitegen.registry.facts import Picture


def png(width: int = 3, height: int = 2) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(
        ">I4sIIBBBBB", 13, b"IHDR", width, height, 8, 2, 0, 0, 0
    )


IMAGES = {
    "image/png": png(),
    "image/gif": b"GIF89a" + struct.pack("<HH", 3, 2) + b"\0\0\0",
    # A thumbnail's segment, which has a frame of its own inside, goes before the image's frame.
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x08\xff\xc0\x09\x09\x09\x09\xff\xff\xc2"
    + struct.pack(">HBHHB", 11, 8, 2, 3, 1),
    "image/webp": b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\x02\0\0\x01\0\0",
}  # fmt: skip


@pytest.mark.parametrize("kind", IMAGES)
def test_an_image_is_one_by_its_first_bytes_whatever_it_is_called(kind: str) -> None:
    found = read_picture("plots/x.txt", "b" * 40, IMAGES[kind])
    assert found == Picture("plots/x.txt", "b" * 40, kind, IMAGES[kind], 3, 2)


def test_the_other_forms_of_webp_say_their_size_too() -> None:
    lossless = b"RIFF\0\0\0\0WEBPVP8L\x0a\0\0\0\x2f" + struct.pack("<I", 2 | 1 << 14)
    lossy = b"RIFF\0\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 3 | 1 << 14, 2)
    for data in (lossless, lossy):
        found = read_picture("x", "b", data)
        assert isinstance(found, Picture)
        assert (found.width, found.height) == (3, 2)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"<!doctype html>",
        b"%PDF-1.7", b"GIF8", b"\x00\x00\x01\x00", b"BM", b"RIFF\0\0\0\0WAVE",
        b" \x89PNG\r\n\x1a\n",
    ],
)  # fmt: skip
def test_what_a_browser_might_run_or_not_know_is_no_image(data: bytes) -> None:
    assert "not those of" in str(read_picture("x.png", "b", data))


@pytest.mark.parametrize("kind", IMAGES)
def test_an_image_that_ends_too_early_is_not_shown(kind: str) -> None:
    data = IMAGES[kind]
    for end in range(len(data)):
        found = read_picture("x", "b", data[:end])
        # A GIF or PNG says its size before it ends.
        assert isinstance(found, str) or (found.width, found.height) == (3, 2)
    assert isinstance(read_picture("x", "b", data[:13]), str) or kind == "image/gif"


def test_an_image_that_would_fill_a_browsers_memory_is_not_shown() -> None:
    assert isinstance(read_picture("x.png", "b", png(8000, 5000)), Picture)
    assert "8001 by 5000" in str(read_picture("x.png", "b", png(8001, 5000)))
    assert "does not say" in str(read_picture("x.png", "b", png(0, 5)))


def test_images_are_found_as_they_are_written() -> None:
    text = (
        '![a](a.png) ![b]( <b c.png> "t") ![](/top.jpg) ![x](../up/d%20e.gif?raw=true#x)\n'
        "[![badge](badge.png)](https://ci.example/) ![p](f(1).png)\n"
        "<p><img alt='>' src=\"g.png\"></p> <IMG width=3\nsrc='h.webp'/> <img src=i.png>\n"
        "![ref][r]\n\n[r]: ref.png 'Title'\n[l]: LICENSE\n"
    )
    assert image_paths(text, "models/nn") == (
        "models/nn/a.png", "models/nn/b c.png", "top.jpg", "models/up/d e.gif",
        "models/nn/badge.png", "models/nn/f(1).png", "models/nn/h.webp", "models/nn/i.png",
        "models/nn/ref.png",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "![](https://e.example/x.png)", "![](//evil.example/t.gif)", "![](data:image/png;base64,x)",
        "![](../../../etc/passwd.png)", "![](#x)", "[x](a.png)", "![](javascript:1)", "![](..)",
        "![](http://[::1/x.png)", "![](a%00b.png)", "![](a%ff.png)",
    ],
)  # fmt: skip
def test_what_leads_out_of_the_repository_is_no_image_of_it(text: str) -> None:
    assert image_paths(text, "models") == ()


def test_of_very_many_images_the_first_are_taken() -> None:
    found = image_paths("".join(f"![](p{n}.png)" for n in range(500)), "")
    assert found == tuple(f"p{n}.png" for n in range(MOST))


@pytest.mark.parametrize(
    "text",
    ["![", "![]", "![](", "![](((", "<img ", "<img src", "[a]: ", "![" + "a" * 250, "<img x='>"],
)
def test_looking_for_images_takes_time_in_proportion_to_the_text(text: str) -> None:
    def seconds(count: int) -> float:
        whole = text * (count // len(text))
        start = time.process_time()
        image_paths(whole, "")
        return time.process_time() - start

    few, many = (min(seconds(count) for _ in range(3)) for count in (20_000, 160_000))
    assert many <= 40 * max(few, 0.002)


def test_the_formats_that_are_shown_are_known_by_their_names() -> None:
    assert means_image("a/B.PNG")
    assert means_image("a/b.svg")
    assert not means_image("a/b.pdf")
    assert not means_image("png")
