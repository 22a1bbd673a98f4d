from __future__ import annotations

import pytest

from sitegen.site.headings import Outline


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ((1, 2, 3, 2, 1), (3, 4, 5, 4, 3)),
        ((2, 3, 2), (3, 4, 3)),
        ((1, 4, 4, 2, 6), (3, 4, 4, 4, 5)),
        ((3, 1, 2), (3, 3, 4)),
        ((1, 2, 3, 4, 5, 6), (3, 4, 5, 6, 6, 6)),
    ],
)
def test_no_level_is_skipped_on_the_way_down(
    written: tuple[int, ...], shown: tuple[int, ...]
) -> None:
    outline = Outline()
    assert tuple(outline.level(level) for level in written) == shown
