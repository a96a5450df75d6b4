from collections.abc import Mapping
from dataclasses import replace

import msgspec
import polars as pl
import pytest

from flights_example import SCHEMA, draw_flights, make_contract, make_flights_bundle
from modelwright.data.checks.ranges import Range
from modelwright.data.contracts.contract import weigh_columns
from modelwright.data.odcs.writer import write_contract
from modelwright.maintain.detectors.contract import find_broken_contract
from modelwright.maintain.detectors.levels import find_new_levels
from modelwright.maintain.inputs.rules import find_broken_rules
from modelwright.maintain.log.live_rows import frame_of, live_rows_of
from modelwright.maintain.look.live_rules import LiveRule, rules_of, tally_rules
from modelwright.maintain.look.look import Look
from modelwright.maintain.look.misses import Misses
from modelwright.maintain.look.past import PastWindow, Tally
from modelwright.maintain.look.sketch import Sketch
from modelwright.maintain.look.tallies import last_moments, tally_window
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.reference.beyond import Beyond, Side
from modelwright.predictor.reference.reference import Roughness

BUNDLE = make_flights_bundle()
LEVELS = "rule Column 'carrier' is one of 'AA', 'UA', 'DL', 'B6'"


def weighed(**losses: float) -> Bundle:
    contract = weigh_columns(make_contract(), losses, metric="roc_auc")
    return replace(BUNDLE, contract_text=write_contract(contract))


def flights(odd: int, *, seed: int = 3, rows: int = 400) -> pl.DataFrame:
    """Draw flights of which some are of a carrier that nobody knows."""
    is_odd = pl.int_range(pl.len()) < odd
    return draw_flights(rows, seed=seed).with_columns(
        carrier=pl.when(is_odd).then(pl.lit("XX")).otherwise("carrier")
    )


def is_news(bundle: Bundle, odd: int, usual: Mapping[str, Tally] | None = None) -> list[bool]:
    rows = live_rows_of(flights(odd), bundle)
    found = find_broken_rules(bundle, rows, false_alarm_rate=0.01, usual=usual)
    return [each.is_news for each in found]


def look(bundle: Bundle, before: int, now: int) -> Look:
    past = tuple[PastWindow, ...]()
    for seed in range(3):
        rows = live_rows_of(flights(before, seed=seed), bundle)
        tallies = tally_window(bundle, past, rows)
        past = (*past, PastWindow.of(rows, Misses.of(rows), tallies, last_moments(bundle, rows)))
    rows = live_rows_of(flights(now, seed=9), bundle)
    tallies = tally_window(bundle, past, rows)
    return Look(Sketch(bundle, past), rows, Misses.of(rows), tallies)


def test_rules_weigh_what_their_columns_contribute() -> None:
    weights = {
        rule.check.column: rule.weight for rule in rules_of(weighed(temp=0.03, carrier=0.01)).rows
    }
    assert weights == {"temp": pytest.approx(0.75), "carrier": pytest.approx(0.25)}


def test_rows_that_break_a_rule_are_counted() -> None:
    table = frame_of(live_rows_of(flights(7), BUNDLE).columns, SCHEMA)
    assert tally_rules(BUNDLE, table)[LEVELS] == (7, 393)


def test_a_rule_is_an_alarm_where_there_is_no_past_and_its_column_matters() -> None:
    assert is_news(weighed(temp=0.03, carrier=0.01), 60) == [True]
    assert is_news(weighed(temp=0.03), 60) == [False]


def test_what_goes_on_excuses_its_own_side_and_no_more() -> None:
    known = Beyond(above=Side(share=1.0, end=60.0))
    reference = msgspec.structs.replace(
        BUNDLE.reference, roughness=Roughness(further={"temp": known})
    )
    contract = make_contract()
    bounded = tuple(
        msgspec.structs.replace(each, checks=(Range(column="temp", minimum=-30.0, maximum=45.0),))
        if each.column.name == "temp"
        else each
        for each in contract.columns
    )
    text = write_contract(
        weigh_columns(
            msgspec.structs.replace(contract, columns=bounded), {"temp": 0.03}, metric="roc_auc"
        )
    )
    bundle = replace(BUNDLE, contract_text=text, reference=reference)
    (broken,) = (each.check for each in rules_of(bundle).rows if isinstance(each.check, Range))

    def told(temp: float, usual: Mapping[str, Tally] | None = None) -> list[bool]:
        half = pl.when(pl.int_range(pl.len()) < 200).then(pl.lit(temp)).otherwise("temp")
        rows = live_rows_of(draw_flights(400, seed=3).with_columns(temp=half), bundle)
        found = find_broken_rules(bundle, rows, false_alarm_rate=0.01, usual=usual)
        left = LiveRule(broken, 1.0).left_of(0.5, bundle, rows.columns)
        assert left == (0.5 if found[0].is_news else 0.0)
        return [each.is_news for each in found]

    assert told(50.0) == [False]
    went_on = {f"rule {broken.rule}": (900, 100)}
    assert told(50.0, went_on) == [False]
    assert told(-999.0, went_on) == [True]
    assert told(-999.0) == told(-40.0) == told(9999.0) == [True]


def test_beside_a_past_that_keeps_the_rule_the_watch_sees_to_it() -> None:
    assert is_news(BUNDLE, 60, {LEVELS: (3, 4_000)}) == [False]
    # A watch that was kept by an older version has not counted it.
    assert is_news(BUNDLE, 60, {}) == [False]


def test_what_the_past_broke_too_lasts() -> None:
    assert is_news(BUNDLE, 60, {LEVELS: (400, 3_600)}) == [True]


def test_more_breaks_than_before_are_evidence_and_as_many_are_none() -> None:
    (found,) = find_broken_contract(look(BUNDLE, 0, 160), 10.0)
    assert (found.kind, found.columns, found.is_broken) == ("broken rule", ("carrier",), True)
    assert "not so in 40 % of rows; in 0 % before" in found.sentence
    assert not list(find_broken_contract(look(BUNDLE, 160, 160), 10.0))


def test_what_hardly_matters_to_the_score_is_a_note() -> None:
    (found,) = find_broken_contract(look(weighed(temp=1.0, carrier=0.01), 0, 160), 10.0)
    assert not found.is_broken


def test_no_sentence_tells_the_value_of_a_single_row() -> None:
    rows = live_rows_of(flights(160), BUNDLE)
    (found,) = find_broken_rules(BUNDLE, rows, false_alarm_rate=0.01)
    assert "not so in 160 of 400 rows" in found.rule.sentence
    assert "XX" not in found.rule.sentence


@pytest.mark.parametrize(("copies", "named"), [(1, False), (2, True)])
def test_a_new_level_is_named_where_several_rows_have_it(copies: int, named: bool) -> None:
    seen = look(BUNDLE, 0, 0)
    levels = pl.format("X{}", pl.int_range(pl.len()) // copies // 5)
    rows = live_rows_of(flights(0, seed=9, rows=100).with_columns(carrier=levels), BUNDLE)
    past = seen.sketch.past
    other = replace(seen, rows=rows, tallies=tally_window(BUNDLE, past, rows))
    (found,) = find_new_levels(other, 1.0)
    assert (found.kind, "such as 'X" in found.sentence) == ("new categories", named)
