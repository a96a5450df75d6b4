"""What remedies and the oracle bring back, on flights whose temperature comes in another unit."""

from dataclasses import replace

import numpy as np
import pytest

from bench.remedies import course
from bench.remedies.course import live_with_remedies
from bench.remedies.oracle import ask_oracle
from bench.remedies.stage import CLEAN, LASTS, WINDOW, Stage
from bench.remedies.told import Told, summed
from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.engineer.care.school import Member
from modelwright.learners.base import Rows
from modelwright.learners.lightgbm import LightGBM
from modelwright.maintain.gameday.faults.registry import faults_named
from modelwright.maintain.gameday.traffic import Span
from modelwright.maintain.log.live_rows import live_rows_of
from modelwright.maintain.remedies.past import rows_at

TOLD = Told(
    table="flights",
    fault="unit change",
    remedies=("-", "fix units"),
    plain=0.4,
    usual=0.5,
    mended=0.42,
    oracle=0.4,
    clairvoyant=0.39,
)


@pytest.fixture(scope="module")
def stage() -> Stage:
    """Return a model of few rows and rounds, so that it learns again at once."""
    bundle = make_flights_bundle()
    table = draw_flights(CLEAN + WINDOW * LASTS, seed=2)
    live = live_rows_of(table.with_columns(draw_labels(table, seed=2)), bundle)
    few = live.part(0, 300)
    training = Rows(bundle.schema, few.columns, few.truth, bundle.program.task)
    member = Member(LightGBM(leaves=4), 5, 1.0, 1.0)
    return Stage("flights", bundle, training, member, Span.of(live, bundle))


def test_a_remedy_answers_from_the_window_on_after_which_it_was_found(stage):
    ((name, injection),) = stage.injections(faults_named(["unit change"]), columns=1)
    assert (name, injection.columns) == ("unit change", ("temp",))
    rows, plain = stage.rows(injection), stage.rows()
    usual, sound = stage.losses(rows), stage.losses(plain)
    mended, names = live_with_remedies(stage, rows, (1,))
    assert names == ("fix units",)
    first = CLEAN + WINDOW
    assert np.array_equal(mended[:first], usual[:first])
    assert np.abs(mended[first:] - sound[first:]).max() < 1e-9
    assert usual[first:].mean() > 1.05 * sound[first:].mean()


def test_what_makes_it_worse_is_taken_back(stage, monkeypatch):
    ((_, injection),) = stage.injections(faults_named(["unit change"]), columns=1)
    rows, plain = stage.rows(injection), stage.rows()
    found = iter([course._best(stage, rows_at(rows, np.arange(CLEAN + WINDOW)))])
    nothing = (course.NOTHING, None)
    # What undoes a change of units makes it worse where there is none.
    monkeypatch.setattr(course, "_best", lambda *_: next(found, nothing))
    losses, names = live_with_remedies(stage, plain, (1, 2, 3))
    assert names == ("fix units", "roll back", "-")
    usual, back = stage.losses(plain), CLEAN + 2 * WINDOW
    assert losses[CLEAN + WINDOW : back].mean() > usual[CLEAN + WINDOW : back].mean()
    assert np.array_equal(losses[back:], usual[back:])


def test_the_oracle_learns_before_each_window_and_beats_a_broken_model(stage):
    ((_, injection),) = stage.injections(faults_named(["unit change"]), columns=1)
    rows, later = stage.rows(injection), slice(CLEAN + WINDOW, None)
    assert (
        ask_oracle(stage, rows, clairvoyant=False)[later].mean() < stage.losses(rows)[later].mean()
    )


def test_what_a_fault_adds_is_told_beside_what_changed_anyway():
    assert TOLD.added == pytest.approx(0.25)
    assert TOLD.recovered == pytest.approx(0.8)
    assert "of which the fault is 0.1; mended 0.42" in str(TOLD)
    anyway = replace(TOLD, plain=0.5, mended=0.5)
    assert not anyway.does_harm
    said = summed([TOLD, anyway, replace(TOLD, oracle=0.5, mended=0.6)])
    assert said.startswith("2 of 3 with a loss to recover; recovered 40.0% of it")
    assert "where the fault does harm, recovered 80.0% of it, 80 % or more in 1 of 1" in said
    assert said.endswith("made worse 1")


def test_where_the_oracle_recovers_nothing_there_is_no_figure():
    nothing = replace(TOLD, oracle=0.49)
    assert "recovered" not in str(nothing)
    assert summed([nothing]) == "nothing to recover"
