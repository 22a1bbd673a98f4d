"""Untrusted Markdown to HTML that can do nothing; runs in the bounded process alone.

What may stay is a short list. Images stay where the portal publishes them itself, and become links
otherwise. Relative links lead to the repository's files on its Git host.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, urlsplit

import markdown
import msgspec
import nh3

from sitegen.site.headings import Outline
from sitegen.site.links import file_of

# Styles in attributes are what the portal's Content-Security-Policy forbids.
TABLES = {"tables": {"use_align_attribute": True}}

LIMIT_OUTPUT = 1024 * 1024
"""Bytes of HTML that a text may become."""

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "div",
    "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li",
    "ol", "p", "pre", "q", "s", "samp", "small", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"id"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "code": {"class"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}
_SCHEMES = {"http", "https", "mailto"}
_HIDDEN = {
    "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "title",
    "textarea", "select", "option", "form", "noembed", "noframes", "xmp", "audio", "video",
}  # fmt: skip
_LANGUAGE = re.compile(r"language-[A-Za-z0-9_+#.-]{1,40}")
_IDENTIFIER = re.compile(r"[^\s\"'<>&]{1,200}")
_PIXELS = re.compile(r"[1-9][0-9]{0,3}")

# As nh3 writes them, and nothing else does: a "<" of the text or of an attribute is escaped.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_EMPTY_HEADER = re.compile(r'<th((?: [a-z]+="[^"]*")*)></th>')


class Around(msgspec.Struct, frozen=True):
    """What a text stands in.

    prefix: begins every id, so that it meets none of the page's own. folder: of the file, in its
    repository. files: where the repository's files are to be seen, with {path}; "" where unknown.
    pictures: path in the repository -> (address, width, height) of the images that are published.
    """

    prefix: str = "card-"
    folder: str = ""
    files: str = ""
    pictures: dict[str, tuple[str, int, int]] = {}


def converted(source: str, around: Around) -> str:
    """The HTML of a text. Raises MemoryError where that is too much."""
    converter = markdown.Markdown(
        extensions=["tables", "fenced_code", "toc", "sane_lists"],
        extension_configs=TABLES,
        output_format="html",
    )
    raw = converter.convert(source)
    if len(raw) > 4 * LIMIT_OUTPUT:
        raise MemoryError
    # Twice: the first pass leaves everything in one spelling, to be rewritten, the second has the
    # last word on everything, what we wrote included.
    rewriter = _Rewriter(around)
    plain = _cleaned(raw, rewriter.first)
    return _cleaned(rewriter.rewrite(plain), rewriter.last)


def _cleaned(text: str, kept: Callable[[str, str, str], str | None]) -> str:
    return nh3.clean(
        text,
        tags=_TAGS,
        clean_content_tags=_HIDDEN,
        attributes=_ATTRIBUTES,
        attribute_filter=kept,
        link_rel="nofollow noopener noreferrer",
        url_schemes=_SCHEMES,
    )


class _Rewriter:
    """What happens to attributes, images and headings between and in the two passes."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self._published = {address: (w, h) for address, w, h in around.pictures.values()}

    def first(self, tag: str, name: str, value: str) -> str | None:
        """An attribute as written: of images, whatever their address leads to."""
        if (tag, name) != ("img", "src"):
            return value
        found = self._around.pictures.get(file_of(value, self._around.folder))
        return found[0] if found else self._target(value)

    def last(self, tag: str, name: str, value: str) -> str | None:
        """An attribute as it stays, None where it goes."""
        prefix = self._around.prefix
        match name:
            case "id":
                return prefix + value if _IDENTIFIER.fullmatch(value) else None
            case "href":
                return f"#{prefix}{value[1:]}" if value.startswith("#") else self._target(value)
            case "class":
                return " ".join(part for part in value.split() if _LANGUAGE.fullmatch(part)) or None
            case "align":
                return value if value in ("left", "right", "center") else None
            case "src":
                return value if value in self._published else None
            case "width" | "height":
                return value if _PIXELS.fullmatch(value) else None
            case "loading":
                return value if value == "lazy" else None
        return value

    def _target(self, value: str) -> str | None:
        """An address that names its host: its own, or that of a file on the Git host.

        None for any other: there is nothing beside a portal's page. An address that begins with //
        would be a file's in a portal that is opened from disk.
        """
        value = value.strip()
        if value.startswith("//"):
            value = f"https:{value}"
        if value.lower().startswith(("http://", "https://", "mailto:")):
            return value
        path = file_of(value, self._around.folder)
        if not path or not self._around.files:
            return None
        place = self._around.files.replace("{path}", quote(path))
        fragment = urlsplit(value).fragment
        return f"{place}#{quote(fragment, safe='-._~!$()*+,;=:@/?%')}" if fragment else place

    def rewrite(self, text: str) -> str:
        """Images that are not published become links, headings go below the page's own.

        Inside of a link, and without an address, an image becomes its text. The head of a column
        that says nothing is no head: screen readers would read it out.
        """
        inside = False
        outline = Outline()
        levels: list[int] = []

        def replaced(match: re.Match[str]) -> str:
            nonlocal inside
            closing, tag, attributes = match.groups()
            if tag == "img":
                return self._image(dict(_ATTRIBUTE.findall(attributes)), inside)
            if tag == "a":
                inside = not closing
            if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
                if not closing:
                    levels.append(outline.level(int(tag[1])))
                level = (levels.pop() if closing else levels[-1]) if levels else int(tag[1])
                return f"<{closing}h{level}{attributes}>"
            return match[0]

        return _EMPTY_HEADER.sub(r"<td\1></td>", _TAG.sub(replaced, text))

    def _image(self, said: dict[str, str], inside: bool) -> str:
        """An image by its attributes, which are escaped already."""
        source, alt = said.get("src", ""), said.get("alt", "")
        size = self._published.get(source)
        if size is None:
            name = alt.strip() or source.rpartition("/")[2].partition("?")[0] or "image"
            return f'<a href="{source}">{name}</a>' if source and not inside else name
        width, height = size
        wished = said.get("width", "")
        if _PIXELS.fullmatch(wished) and int(wished) < width:
            # Both are said, so that nothing moves when the image comes.
            height = max(round(height * int(wished) / width), 1)
            width = int(wished)
        return f'<img src="{source}" alt="{alt}" width="{width}" height="{height}" loading="lazy">'
