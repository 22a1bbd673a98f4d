"""The trimmer: cuts off what is no part of a word at both ends.

lunr.js trims what its `\\W` means, everything but ASCII letters, digits and "_", and so turns
"élan" into "lan"; the package's trims only what is one word between such characters. This one does
what lunr.js does in ASCII, and beyond it keeps what the tokeniser takes for a letter.
"""

from __future__ import annotations

import re

from sitegen.render.search.words import NO_LETTER

# lunr.js takes "_" for part of a word.
_OUTSIDE = NO_LETTER.replace("\\[-`", "\\[-^`")
_ENDS = re.compile(rf"^[{_OUTSIDE}]+|[{_OUTSIDE}]+$")


def trim(word: str) -> str:
    """The word from its first letter or digit to its last one, "" where there is none."""
    return _ENDS.sub("", word)
