"""Markdown to HTML, by two doors: the author's own pages, and untrusted text of repositories.

`trusted` trusts its text. `untrusted` does not: python-markdown has inputs of a few hundred bytes
that take minutes or gigabytes, so it runs in a process of its own with limits on time and memory,
and what comes out goes through nh3 with a short list of what may stay (`inert`). Nothing that is
left can run, style or name anything, or load what is not of the portal.
"""

from sitegen.render.markup.inert import Around
from sitegen.render.markup.trusted import asset, author, author_card
from sitegen.render.markup.untrusted import (
    LIMIT_BYTES,
    LIMIT_SECONDS,
    Rendered,
    Untrusted,
    as_text,
)

__all__ = [
    "LIMIT_BYTES",
    "LIMIT_SECONDS",
    "Around",
    "Rendered",
    "Untrusted",
    "as_text",
    "asset",
    "author",
    "author_card",
]
