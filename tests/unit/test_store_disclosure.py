"""Counts of one to ten people are never told."""

from twohats.store.disclosure import band


def test_counts_of_one_to_ten_are_told_as_fewer_than_eleven():
    assert [band(n) for n in (0, 1, 10, 11, 500)] == [0, None, None, 11, 500]
