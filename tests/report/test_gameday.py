"""What a drill showed, in words."""

import msgspec

from dossiers import flights_gameday
from modelwright.report.gameday import (
    found_of,
    harm_of,
    late_of,
    named_of,
    ordered,
    verdict_of,
)


def test_each_fault_is_told_in_few_words():
    turned, lost, late, season = ordered(flights_gameday())
    assert [late_of(each) for each in (turned, late, lost, season)] == [
        "not found",
        "2 windows late",
        "at once",
        "not told",
    ]
    assert [harm_of(lost), harm_of(season)] == ["loss +31%", "no, loss +0%"]
    # Which columns is said where they are others than those that were broken.
    assert [named_of(late), named_of(lost), named_of(turned)] == [
        "covariate drift wind",
        "missing values",
        "",
    ]
    assert harm_of(msgspec.structs.replace(lost, growth=None)) == "yes"


def test_shares_of_what_was_found():
    told = found_of(flights_gameday())
    assert told[0] == "1 of 3 in the window in which they began"
    assert told[1] == "1 of 2 with the right cause named first"
    assert told[2].startswith("1 of 2 with a remedy")


def test_the_verdict_counts_none_one_and_several():
    held = flights_gameday()
    some = [*held.harmful, *(each for each in held.outcomes if each.harm != "harmful")]
    told = [
        verdict_of(msgspec.structs.replace(held, outcomes=tuple(outcomes)))
        for outcomes in (some[-1:], [each for each in some if each.found][:1], some)
    ]
    assert told == [
        "No fault did harm.",
        "1 of 1 fault that does harm was found.",
        "2 of 3 faults that do harm were found.",
    ]
