"""A drill as text."""

import msgspec

from dossiers import flights_gameday
from modelwright.report.terminal.gameday import describe_gameday


def test_what_went_unfound_is_told_first():
    lines = describe_gameday(flights_gameday()).splitlines()
    assert lines[0].startswith("── Gameday")
    assert lines[1] == "Verdict   ✗ 2 of 3 faults that do harm were found."
    faults = [line for line in lines if "loss +" in line]
    assert "concept drift" in faults[0]
    assert "not found" in faults[0]
    assert any("an alarm in 1 of 9 windows" in line for line in lines)
    assert any("✗ covariate drift wind" in line for line in lines)


def test_what_was_mended_and_for_what_a_person_is_called():
    told = describe_gameday(flights_gameday())
    assert "74 % of the added loss" in told.split("Mended", 1)[1]
    assert "a person is called for: unit change" in told


def test_nothing_wrong_is_told_in_few_words():
    held = flights_gameday()
    season = held.outcomes[0]
    told = describe_gameday(msgspec.structs.replace(held, outcomes=(season,), false_alarms=()))
    assert "No fault did harm here" in told
    assert "no alarm in 9 windows" in told
