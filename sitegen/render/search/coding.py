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


def front_decoded(text: str) -> list[str]:
    """The terms of such lines."""
    terms = []
    before = ""
    for line in text.split("\n"):
        before = before[: ord(line[0]) - FIRST] + line[1:]
        terms.append(before)
    return terms


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


def small(numbers: Sequence[int]) -> bytes:
    """Numbers that are seldom above 254, a byte for each; what is more follows 255."""
    if max(numbers, default=0) < 255:
        return bytes(list(numbers))
    return b"".join(
        [_BYTES[number] if number < 255 else b"\xff" + varint(number - 255) for number in numbers]
    )


_BYTES = [bytes([number]) for number in range(255)]


def read_varints(data: bytes) -> list[int]:
    """The numbers of such bytes."""
    if data.isascii():
        return list(data)
    found = []
    number = shift = 0
    for byte in data:
        if byte > 127:
            number |= (byte & 127) << shift
            shift += 7
        elif shift:
            found.append(number | byte << shift)
            number = shift = 0
        else:
            found.append(byte)
    return found


class Reader:
    """Reads such numbers one by one, and pieces of bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def number(self) -> int:
        """The next number."""
        number = shift = 0
        while (byte := self.data[self.at]) > 127:
            number |= (byte & 127) << shift
            shift += 7
            self.at += 1
        self.at += 1
        return number | byte << shift

    def numbers(self, count: int) -> list[int]:
        """So many of the next numbers."""
        data, at = self.data, self.at
        found = []
        for _ in range(count):
            byte = data[at]
            at += 1
            if byte > 127:
                number = byte & 127
                shift = 7
                while (byte := data[at]) > 127:
                    number |= (byte & 127) << shift
                    shift += 7
                    at += 1
                at += 1
                byte = number | byte << shift
            found.append(byte)
        self.at = at
        return found

    def piece(self, size: int) -> bytes:
        """The next bytes."""
        self.at += size
        return self.data[self.at - size : self.at]
