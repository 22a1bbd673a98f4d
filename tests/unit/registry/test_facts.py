from sitegen.registry.facts import Moment, timestamp


def test_moments_compare_in_utc_whatever_the_offset() -> None:
    assert Moment(100, 600) < Moment(101, -600)


def test_a_timestamp_has_the_offset_of_its_writer() -> None:
    assert timestamp(Moment(1_658_450_644)) == "2022-07-22T00:44:04+00:00"
    assert timestamp(Moment(1_658_450_644, -420)) == "2022-07-21T17:44:04-07:00"
    assert timestamp(None) is None
