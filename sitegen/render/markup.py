"""Markdown to HTML, by two doors: the author's own pages, and untrusted text of repositories.

`author` trusts its text. `Untrusted` does not: python-markdown has inputs of a few hundred bytes
that take minutes or gigabytes, so it runs in a process of its own with limits on time and memory,
and what comes out goes through nh3 with a short list of what may stay. Nothing that is left can
run, style, name or load anything.
"""

from __future__ import annotations

import html
import json
import posixpath
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, BinaryIO
from urllib.parse import quote, unquote, urlsplit
from xml.etree.ElementTree import Element

import markdown
import msgspec
import nh3
from markdown.treeprocessors import Treeprocessor

from sitegen.site import urls
from sitegen.site.text import visible

# Styles in attributes are what the portal's Content-Security-Policy forbids.
_TABLES = {"tables": {"use_align_attribute": True}}

# The author's door


def author(source: str, path: str) -> str:
    """The HTML of a page of `content/`; `path` is the page's own, relative to `content/`.

    Relative links to other Markdown files lead to their pages, those to other files to their
    copies (`asset`). Highlighting is left to the theme: code has its language as a class.
    """
    converter = markdown.Markdown(
        extensions=["tables", "fenced_code", "toc", "admonition", "attr_list", "sane_lists"],
        extension_configs=_TABLES,
        output_format="html",
    )
    converter.treeprocessors.register(_Links(converter, path), "links", 0)
    return converter.convert(source)


def asset(path: str) -> str:
    """Where a file of `content/` that is no page is published: at its own path below docs/."""
    return f"docs/{path}"


class _Links(Treeprocessor):
    def __init__(self, converter: markdown.Markdown, path: str) -> None:
        super().__init__(converter)
        self._path = path

    def run(self, root: Element) -> None:
        for element in root.iter():
            for name in ("href", "src"):
                target = element.get(name)
                if target:
                    element.set(name, _rewritten(target, self._path))


def _rewritten(target: str, path: str) -> str:
    """A link as it stands in the Markdown file `path`, for that file's page."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return target
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return target
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
    if wanted.startswith(".."):
        return target
    page = wanted.endswith(".md")
    found = urls.content(wanted) if page else asset(wanted)
    here = posixpath.dirname(urls.content(path))
    return parts._replace(path=quote(posixpath.relpath(found, here), safe="/~")).geturl()


# The door for untrusted text

LIMIT_BYTES = 256 * 1024
LIMIT_SECONDS = 4.0
_LIMIT_MEMORY = 512 * 1024 * 1024
_LIMIT_OUTPUT = 4 * 1024 * 1024

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "div",
    "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "ol", "p",
    "pre", "q", "s", "samp", "small", "strong", "sub", "summary", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "u", "ul", "var",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"id"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "code": {"class"},
    "details": {"open"},
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

# Of characters that mislead, those that turn text around and control characters are spelt out, as
# everywhere in the portal; zero-width ones stay in prose, where emoji and some scripts need them.
_MISLEADING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)

# As nh3 writes them, and nothing else does: text and attributes hold no raw quote within a tag.
_IMAGE_OR_LINK = re.compile(r'<img(?: [a-z]+="[^"]*")*>|<a(?= |>)|</a>')
_ATTRIBUTE = re.compile(r' (src|alt)="([^"]*)"')


class Rendered(msgspec.Struct, frozen=True):
    """Untrusted Markdown as HTML that is safe to stand in a page.

    reason: "" where all is well; else why `html` is the source as text, for a Problem.
    """

    html: str
    reason: str = ""


class Untrusted:
    """The bounded converter: one process for many texts, started when first needed.

    Use it as a context manager, or call `close`. Threads may share it; they take turns.
    """

    def __init__(self, *, seconds: float = LIMIT_SECONDS, memory: int = _LIMIT_MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Untrusted:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._stop()

    def render(self, source: str, *, prefix: str, limit_bytes: int = LIMIT_BYTES) -> Rendered:
        """HTML with every id beginning with `prefix`, so that it meets none of the page's own."""
        text = _MISLEADING.sub(lambda match: visible(match[0]), source)
        data = text.encode("utf-8", "replace")
        if len(data) > limit_bytes:
            shown = data[:limit_bytes].decode("utf-8", "ignore")
            size = f"{len(data):,} bytes, over the limit of {limit_bytes:,}"
            return Rendered(_as_text(shown + "\n[…]"), f"the Markdown has {size}")
        with self._lock:
            answer = self._ask(msgspec.json.encode([data.decode("utf-8"), prefix]))
        if answer.startswith(b"+"):
            return Rendered(answer[1:].decode("utf-8"))
        return Rendered(_as_text(text), answer[1:].decode("utf-8"))

    def _ask(self, request: bytes) -> bytes:
        """The process's answer: "+" and HTML, or "-" and a reason."""
        process = self._started()
        overrun = threading.Event()

        def kill() -> None:
            overrun.set()
            process.kill()

        timer = threading.Timer(self._seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            _send(process.stdin, request)
            return _receive(process.stdout)
        except (OSError, EOFError):
            self._stop()
            if overrun.is_set():
                return f"-the Markdown takes over {self._seconds:g} seconds to convert".encode()
            return b"-the Markdown takes too much memory to convert"
        finally:
            timer.cancel()
            # Killed just after it answered: the next text needs a new one.
            if overrun.is_set():
                self._stop()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            # Isolated from the user's environment; it finds modules where this process does.
            program = (
                f"import sys; sys.path[:] = {json.dumps(sys.path)}; "
                "from sitegen.render.markup import serve_requests; "
                f"serve_requests({self._memory})"
            )
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            assert self._process.stdout is not None
            with suppress(EOFError):
                _receive(self._process.stdout)  # it has started: from here on the time counts
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(OSError):
                process.communicate()


def _send(stream: BinaryIO | Any, data: bytes) -> None:
    stream.write(len(data).to_bytes(4, "big") + data)
    stream.flush()


def _receive(stream: BinaryIO | Any) -> bytes:
    head = stream.read(4)
    size = int.from_bytes(head, "big")
    data: bytes = stream.read(size)
    if len(head) < 4 or len(data) < size:
        raise EOFError
    return data


def _as_text(source: str) -> str:
    return f"<pre>{html.escape(source)}</pre>"


def serve_requests(memory: int) -> None:
    """What the bounded process runs: requests from standard input, answers to standard output."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    _send(outgoing, b"ready")
    while True:
        try:
            request = _receive(incoming)
        except EOFError:
            return
        source, prefix = msgspec.json.decode(request, type=tuple[str, str])
        try:
            answer = b"+" + _converted(source, prefix).encode("utf-8", "replace")
        except RecursionError:
            answer = b"-the Markdown is nested too deeply"
        except MemoryError:
            answer = b"-the Markdown takes too much memory to convert"
        except Exception as error:
            answer = f"-the Markdown cannot be converted ({type(error).__name__})".encode()
        if len(answer) > _LIMIT_OUTPUT:
            answer = f"-the Markdown becomes over {_LIMIT_OUTPUT:,} bytes of HTML".encode()
        _send(outgoing, answer)


def _converted(source: str, prefix: str) -> str:
    converter = markdown.Markdown(
        extensions=["tables", "fenced_code", "toc", "sane_lists"],
        extension_configs=_TABLES,
        output_format="html",
    )
    raw = converter.convert(source)
    if len(raw) > _LIMIT_OUTPUT:
        raise MemoryError
    # Twice: the first pass leaves images in one spelling, to be made links, the second has the
    # last word on everything, our own replacement included.
    images = _cleaned(raw, _TAGS | {"img"}, _ATTRIBUTES | {"img": {"src", "alt"}}, _image_source)
    return _cleaned(_images_as_links(images), _TAGS, _ATTRIBUTES, _attributes(prefix))


def _cleaned(
    text: str,
    tags: set[str],
    attributes: dict[str, set[str]],
    kept: Callable[[str, str, str], str | None],
) -> str:
    return nh3.clean(
        text,
        tags=tags,
        clean_content_tags=_HIDDEN - tags,
        attributes=attributes,
        attribute_filter=kept,
        link_rel="nofollow noopener noreferrer",
        url_schemes=_SCHEMES,
    )


def _image_source(tag: str, name: str, value: str) -> str | None:
    return _absolute(value) if (tag, name) == ("img", "src") else value


def _attributes(prefix: str) -> Callable[[str, str, str], str | None]:
    def kept(tag: str, name: str, value: str) -> str | None:
        if name == "id":
            return prefix + value if _IDENTIFIER.fullmatch(value) else None
        if name == "href":
            return f"#{prefix}{value[1:]}" if value.startswith("#") else _absolute(value)
        if name == "class":
            return " ".join(part for part in value.split() if _LANGUAGE.fullmatch(part)) or None
        if name == "align":
            return value if value in ("left", "right", "center") else None
        return value

    return kept


def _absolute(value: str) -> str | None:
    """An address that names its host, None for any other: there is nothing beside a portal's page.

    An address that begins with // would be a file's in a portal that is opened from disk.
    """
    value = value.strip()
    if value.startswith("//"):
        value = f"https:{value}"
    return value if value.lower().startswith(("http://", "https://", "mailto:")) else None


def _images_as_links(text: str) -> str:
    """Images become links to them; inside of a link, and without an address, their text."""
    inside = False

    def replaced(match: re.Match[str]) -> str:
        nonlocal inside
        if not match[0].startswith("<img"):
            inside = match[0] == "<a"
            return match[0]
        said = dict(_ATTRIBUTE.findall(match[0]))
        source, alt = said.get("src", ""), said.get("alt", "")
        name = alt.strip() or source.rpartition("/")[2].partition("?")[0] or "image"
        # Only "<" is left to escape: nh3 has done the rest, and an attribute may hold it raw.
        name = name.replace("<", "&lt;")
        return f'<a href="{source}">{name}</a>' if source and not inside else name

    return _IMAGE_OR_LINK.sub(replaced, text)
