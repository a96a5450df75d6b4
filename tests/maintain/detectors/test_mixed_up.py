import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.maintain.detectors import mixed_up
from modelwright.maintain.detectors.mixed_up import find_mixed_up
from modelwright.maintain.look.look import Look
from modelwright.maintain.truths.hidden import HIDDEN
from modelwright.testing import look_at_last

MUCH = 22.0
"""Evidence that the rows alone do not show."""


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    """Draw flights whose load says a little of the degrees, with what comes true."""
    rows = draw_flights(1600, seed=4)
    noise = np.random.default_rng(5).normal(0.0, 5.0, len(rows))
    rows = rows.with_columns(load=pl.col("temp") + pl.Series(noise))
    return rows.with_columns(draw_labels(rows, seed=6))


def mixed(table: pl.DataFrame) -> Look:
    """Return a look at rows of which the last have the degrees of others."""
    others = np.arange(len(table))
    others[1200:] = np.roll(others[1200:], 131)
    return look_at_last(
        make_flights_bundle(), table.with_columns(temp=table["temp"].gather(others))
    )


def test_rows_as_they_were_are_not_mixed_up(table):
    assert not list(find_mixed_up(look_at_last(make_flights_bundle(), table), 5.0))


def test_truths_tell_it_where_rows_alone_show_too_little(table):
    assert list(find_mixed_up(mixed(table), 5.0))
    (told,) = find_mixed_up(mixed(table), MUCH)
    assert (told.kind, told.is_broken) == ("mixed-up rows", True)
    assert not list(find_mixed_up(mixed(table.drop("late")), MUCH))


def test_the_truths_are_asked_for_as_much_as_their_share_of_the_bets(table, monkeypatch):
    look, least = mixed(table), 3 * MUCH
    asked = least - np.log(look.bets * (1 - HIDDEN))
    for evidence, is_found in ((asked + 0.01, True), (asked - 0.01, False)):
        monkeypatch.setattr(mixed_up, "log_other_relation", lambda _, told=evidence: told)
        assert bool(list(find_mixed_up(look, least))) is is_found


def grown(change: pl.Expr) -> list[str]:
    """Return what is found of ages and years of birth, the last ones changed."""
    rows, random = draw_flights(1600, seed=4), np.random.default_rng(5)
    ages = pl.Series(random.integers(20, 60, len(rows)).astype(float))
    rows = rows.with_columns(temp=ages, load=random.integers(0, 3, len(rows)) - ages)
    last = rows[1200:].with_columns(change.alias("temp"))
    look = look_at_last(make_flights_bundle(), pl.concat([rows[:1200], last]))
    return [each.kind for each in find_mixed_up(look, 5.0)]


def test_who_grows_older_is_measured_in_no_other_unit():
    assert grown(pl.col("temp") + 12.0) == []
    assert grown(100.0 - pl.col("temp")) == ["unit change"]
