"""The people of the demo."""

from __future__ import annotations

from sitegen.demo import people
from sitegen.demo.stream import Teller

PEOPLE = [one for one in vars(people).values() if isinstance(one, Teller)]


def test_people_differ_in_name_address_and_place() -> None:
    assert len({person.name for person in PEOPLE}) == len(PEOPLE) == 8
    assert len({person.email for person in PEOPLE}) == 8
    assert len({person.winter for person in PEOPLE}) >= 6


def test_addresses_are_plain_and_lead_nowhere() -> None:
    assert people.TOMAS.email == "tomas.echeverria@alderfinch.example"
    assert all(person.email.isascii() and " " not in person.email for person in PEOPLE)
