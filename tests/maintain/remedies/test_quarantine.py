from dataclasses import replace

import polars as pl

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.maintain.log.live_rows import LiveRows, live_rows_of
from modelwright.maintain.remedies.base import Situation
from modelwright.maintain.remedies.losses import Judge
from modelwright.maintain.remedies.past import rows_at
from modelwright.maintain.remedies.quarantine import find_bad_rows, propose_quarantine

BUNDLE = make_flights_bundle()


def rows_with(missing: int) -> LiveRows:
    """Return rows of which some, one in twelve at the end, lack the temperature."""
    table = draw_flights(1_200, seed=2)
    lost = pl.int_range(pl.len()) % 12 >= 12 - missing
    table = table.with_columns(draw_labels(table, seed=5))
    rows = live_rows_of(table.with_columns(temp=pl.when(lost).then(None).otherwise("temp")), BUNDLE)
    return replace(rows, ids=tuple(map(str, range(len(rows)))))


def test_rows_that_break_a_rule_are_bad_and_say_which() -> None:
    bad = find_bad_rows(BUNDLE, rows_with(1), false_alarm_rate=0.01)
    assert [*bad] == [*range(11, 1_200, 12)]
    assert len(set(bad.values())) == 1
    assert find_bad_rows(BUNDLE, rows_with(0), false_alarm_rate=0.01) == {}


def test_what_it_would_spare_to_set_them_aside() -> None:
    rows = rows_with(1)
    standing = Situation(bundle=BUNDLE, rows=rows, judge=Judge.of(BUNDLE))
    proposal = propose_quarantine(standing, false_alarm_rate=0.01)
    assert proposal is not None
    assert proposal.sentence.startswith("Set 100 of 1,200 rows aside")
    assert proposal.saves is not None
    assert 0.0 < proposal.saves.low < proposal.saves.value < 0.3
    whole = replace(standing, rows=rows_with(0))
    assert propose_quarantine(whole, false_alarm_rate=0.01) is None


def test_parts_of_rows_keep_their_ids() -> None:
    assert rows_at(rows_with(0), [5, 3]).ids == ("5", "3")  # type: ignore[arg-type]
