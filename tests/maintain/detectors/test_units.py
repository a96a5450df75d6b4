from dataclasses import replace

import msgspec
import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, make_flights_bundle
from modelwright.data.checks.ranges import Range
from modelwright.data.conform import columns_of, conform
from modelwright.data.odcs.reader import read_contract
from modelwright.data.odcs.writer import write_contract
from modelwright.maintain.detectors.units import find_other_units
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.reference.reference import reference_of
from modelwright.testing import look_at_last

LEAST = 10.0
RANDOM = np.random.default_rng(3)


def with_range(bundle: Bundle) -> Bundle:
    """Return a bundle whose contract keeps loads between 0 and 20."""
    rule = Range(column="load", minimum=0.0, maximum=20.0, allowed_fraction=0.01)
    contract = read_contract(bundle.contract_text)
    columns = tuple(
        msgspec.structs.replace(each, checks=(*each.checks, rule))
        if each.column.name == "load"
        else each
        for each in contract.columns
    )
    return replace(
        bundle, contract_text=write_contract(msgspec.structs.replace(contract, columns=columns))
    )


def found(
    values: np.ndarray,
    *,
    factor: float,
    start: int = 1200,
    bundle: Bundle | None = None,
    least: float = LEAST,
) -> list[str]:
    """Return what is said of a column whose last values are multiplied."""
    table = draw_flights(len(values), seed=4).with_columns(load=pl.Series(values))
    after = pl.int_range(pl.len()) >= start
    table = table.with_columns(pl.when(after).then(pl.col("load") * factor).otherwise("load"))
    look = look_at_last(bundle or make_flights_bundle(), table)
    return [each.sentence for each in find_other_units(look, least)]


@pytest.mark.parametrize(("factor", "unit"), [(0.45359237, "kilograms"), (1000.0, "thousandths")])
def test_a_column_of_two_values_has_a_unit(factor, unit):
    (said,) = found(RANDOM.choice([36.0, 60.0], 1600, p=[0.7, 0.3]), factor=factor)
    assert unit in said


def test_a_column_of_mostly_zeros_has_a_unit():
    gains = np.where(RANDOM.random(1600) < 0.85, 0.0, RANDOM.integers(500, 9000, 1600))
    (said,) = found(gains, factor=60.0)
    assert "minutes" in said


def test_other_values_of_the_same_scale_are_no_unit():
    mild = RANDOM.choice([10.0, 20.0, 40.0], 1200, p=[0.6, 0.3, 0.1])
    strong = RANDOM.choice([10.0, 20.0, 40.0], 400, p=[0.05, 0.35, 0.6])
    assert not found(np.concatenate([mild, strong]), factor=1.0)


def test_a_column_whose_neighbours_are_alike_has_a_unit_where_it_breaks_a_rule():
    waves = 10 + 8 * np.sin(np.arange(1600) / 60) + RANDOM.normal(0, 0.2, 1600)
    assert not found(waves, factor=60.0, least=60.0)
    bundle = with_range(make_flights_bundle())
    (said,) = found(waves, factor=60.0, bundle=bundle, least=60.0)
    assert "minutes" in said


def test_whole_numbers_that_get_fractions_are_on_another_scale():
    hours = RANDOM.integers(0, 24, 1600).astype(float)
    bent = np.where(np.arange(1600) < 1200, hours, (hours * 23) ** 0.5)
    plain = make_flights_bundle()
    table = draw_flights(1600, seed=4).with_columns(load=pl.Series(hours))
    columns = columns_of(conform(table, plain.schema), plain.schema)
    answers = plain.program.run(columns)
    reference = reference_of(columns, plain.schema, answers, plain.program.task)
    bundle = replace(plain, reference=reference)
    (said,) = found(bent, factor=1.0, bundle=bundle)
    assert "fractions in 9" in said
    assert "in 0 % before: it comes on another scale" in said
    assert not found(hours, factor=1.0, bundle=bundle)
    # Where training had fractions, too, only their number is new.
    assert not [each for each in found(bent, factor=1.0) if "fractions" in each]


def stepped(rows: int, *, warmer: float = 1.0) -> np.ndarray:
    """Return degrees in steps of a half."""
    return np.round(2 * warmer * RANDOM.normal(20.0, 4.0, rows)) / 2


def test_a_season_that_stays_on_its_steps_is_no_unit():
    (said,) = found(stepped(1600), factor=1.609)
    assert "kilometres" in said
    # Warmer by as much, and from one row to the next, but no half degree was converted.
    assert not found(np.concatenate([stepped(1200), stepped(400, warmer=1.609)]), factor=1.0)


def test_values_of_two_decimals_that_no_conversion_reaches_are_no_unit():
    loads = RANDOM.lognormal(3.0, 1.0, 1600)
    (said,) = found(loads.round(2), factor=3.6)
    assert "kilometres per hour" in said
    larger = np.where(np.arange(1600) < 1200, loads, 3.6 * loads).round(2)
    assert not found(larger, factor=1.0)


def test_a_column_that_changed_as_much_in_training_has_no_other_unit():
    loads, plain = RANDOM.lognormal(3.0, 1.0, 1600), make_flights_bundle()
    (said,) = found(loads, factor=1000.0)
    assert "thousandths" in said
    rough = msgspec.structs.replace(plain.reference.roughness, columns={"load": 1e3})
    reference = msgspec.structs.replace(plain.reference, roughness=rough)
    assert not found(loads, factor=1000.0, bundle=replace(plain, reference=reference))


def test_few_fractions_of_training_are_known():
    miles = np.where(RANDOM.random(1600) < 0.03, 0.25, 10.0 - RANDOM.integers(0, 3, 1600))
    fog = np.where(np.arange(1600) < 1200, 10.0, np.where(RANDOM.random(1600) < 0.6, 0.25, 9.0))
    plain = make_flights_bundle()
    columns = columns_of(
        conform(draw_flights(1600, seed=4).with_columns(load=pl.Series(miles)), plain.schema),
        plain.schema,
    )
    answers = plain.program.run(columns)
    reference = reference_of(columns, plain.schema, answers, plain.program.task)
    bundle = replace(plain, reference=reference)
    assert not [each for each in found(fog, factor=1.0, bundle=bundle) if "fractions" in each]
    older = replace(bundle, reference=msgspec.structs.replace(reference, whole=None, decimals={}))
    assert [each for each in found(fog, factor=1.0, bundle=older) if "fractions" in each]


def test_numbers_of_two_decimals_that_get_more_are_on_another_scale():
    plain = make_flights_bundle()
    scores = RANDOM.random(1600).round(2)
    table = draw_flights(1600, seed=4).with_columns(load=pl.Series(scores))
    columns = columns_of(conform(table, plain.schema), plain.schema)
    answers = plain.program.run(columns)
    reference = reference_of(columns, plain.schema, answers, plain.program.task)
    assert reference.decimals["load"] == 2
    bundle = replace(plain, reference=reference)
    is_new = np.arange(1600) >= 1200
    (said,) = found(np.where(is_new, scores**0.3, scores), factor=1.0, bundle=bundle)
    assert "more than 2 decimals" in said
    finer = scores + RANDOM.uniform(-0.003, 0.003, 1600)
    assert not found(np.where(is_new, finer, scores), factor=1.0, bundle=bundle)


def test_what_was_converted_and_rounded_reaches_few_of_the_steps():
    # Many of these values came before, so that only the steps tell.
    before = RANDOM.integers(0, 200, 1600) / 2
    rounded = np.round(2 * (1.8 * before[1200:] + 32)) / 2
    (said,) = found(np.concatenate([before[:1200], rounded]), factor=1.0)
    assert "Fahrenheit" in said
    natural = RANDOM.integers(64, 424, 400) / 2
    assert not found(np.concatenate([before[:1200], natural]), factor=1.0)


def test_what_was_converted_and_rounded_is_told_by_values_that_never_came():
    rounded = np.round(2 * 3.28084 * stepped(400)) / 2
    (said,) = found(np.concatenate([stepped(1200), rounded]), factor=1.0)
    assert "feet" in said
