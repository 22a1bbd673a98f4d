"""How sorted terms and rising numbers are written: by what differs from the one before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

FIRST = 48
"""The character "0": what counts by a character begins here."""
_MOST_SHARED = 70


def shared_start(a: str, b: str) -> int:
    """How many characters two terms begin with alike; one of two UTF-16 units ends it."""
    most = min(len(a), len(b), _MOST_SHARED)
    for at in range(most):
        if a[at] != b[at] or a[at] > "\uffff":
            return at
    return most


def front_coded(terms: Iterable[str]) -> str:
    """Sorted terms as lines: a character for how much is the previous term's, and the rest."""
    lines = []
    before = ""
    for term in terms:
        shared = shared_start(before, term)
        lines.append(chr(FIRST + shared) + term[shared:])
        before = term
    return "\n".join(lines)


def distances(numbers: Sequence[int]) -> list[int]:
    """Rising numbers as the first and the distances between the others."""
    return [number - before for before, number in zip([0, *numbers], numbers, strict=False)]


def varint(number: int) -> bytes:
    """A number from 0 on as bytes: seven bits each, the lowest first, the top bit for more."""
    data = bytearray()
    while number > 127:
        data.append(number & 127 | 128)
        number >>= 7
    data.append(number)
    return bytes(data)


_SMALL = [varint(number) for number in range(1 << 14)]
_LIMIT = len(_SMALL)


def varints(numbers: Iterable[int]) -> bytes:
    """Numbers from 0 on, one after the other."""
    small, limit = _SMALL, _LIMIT
    return b"".join([small[n] if n < limit else varint(n) for n in numbers])
