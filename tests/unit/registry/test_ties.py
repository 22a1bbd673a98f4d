from sitegen.registry.events import select
from sitegen.registry.facts import Moment, Person, Ref, Tag
from sitegen.registry.state import Registry, fold
from sitegen.registry.ties import find_ties


def registry(*tags: tuple[str, int]) -> Registry:
    said, _, _ = select([Ref(f"refs/tags/{name}", "0" * 40) for name, _ in tags])
    person = Person("A", "a@example.com")
    made = [Tag(name, "0" * 40, "c" * 40, person, Moment(when), "") for name, when in tags]
    return fold(made, said)


def test_two_words_on_one_stage_in_one_second_are_told() -> None:
    found = find_ties(registry(("m@v1.0.0", 1), ("m#prod#1", 5), ("m#prod!#2", 5)), "repo")
    assert [(p.repo, p.ref, p.kind) for p in found] == [
        ("repo", "m#prod#1", "tag.same-second"),
        ("repo", "m#prod!#2", "tag.same-second"),
    ]


def test_a_registration_with_its_first_assignment_is_no_tie() -> None:
    assert find_ties(registry(("m@v1.0.0", 5), ("m#prod#1", 5), ("m#dev#2", 5))) == ()
    assert find_ties(registry(("m@v1.0.0", 5), ("m@v2.0.0", 5))) == ()


def test_a_deprecation_ties_with_everything_of_its_second() -> None:
    assert len(find_ties(registry(("m@v1.0.0", 5), ("m@deprecated", 5)))) == 2
    assert find_ties(registry(("m@v1.0.0", 5), ("n@deprecated", 5))) == ()


def test_of_many_tags_of_one_second_some_are_named() -> None:
    found = find_ties(registry(*((f"m#prod#{number}", 5) for number in range(200))))
    assert len(found) == 200
    assert all("m#prod#1, " in p.reason and " and others" in p.reason for p in found[10:])
    assert max(len(p.reason) for p in found) < 300
