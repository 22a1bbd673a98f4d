from sitegen.registry.facts import Moment


def test_moments_compare_in_utc_whatever_the_offset() -> None:
    assert Moment(100, 600) < Moment(101, -600)
