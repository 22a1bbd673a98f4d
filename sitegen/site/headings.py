"""How deep headings of a text stand that is put into a page below a heading of the page's own."""

from __future__ import annotations

FIRST = 3
"""Below the page's own first and second."""

LAST = 6


class Outline:
    """From the levels of a text's headings, one after the other, to those that they get.

    The first is `FIRST`, one below another is one deeper, however many levels the text skips:
    screen readers step through headings by their levels.
    """

    def __init__(self) -> None:
        self._open: list[int] = []

    def level(self, written: int) -> int:
        """The level of the next heading. written: its level in the text, 1 to 6."""
        while self._open and self._open[-1] >= written:
            self._open.pop()
        self._open.append(written)
        return min(FIRST + len(self._open) - 1, LAST)
