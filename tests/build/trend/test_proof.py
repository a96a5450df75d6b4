"""A trend is believed when answers to later rows gain from it, several times."""

import numpy as np
import pytest

from modelwright.build.trend.proof import Proof, ask_for_trend, prove_trend
from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.splitting.splits import Split
from modelwright.learners.base import Rows
from modelwright.tasks.task import Task

SCHEMA = Schema(
    columns=(Column(name="sold", kind=Kind.DATETIME), Column(name="size", kind=Kind.NUMERIC))
)
BY_TIME = Split(kind="time", column="sold")


def make_rows(rise, count=900):
    draw = np.random.default_rng(0)
    days, size = np.sort(draw.integers(0, 900, count)), draw.normal(size=count)
    columns = {"sold": days * 86_400_000_000, "size": size}
    price = size + rise(days) + 0.5 * draw.normal(size=count)
    return Rows(SCHEMA, columns, price, Task(kind="regression"), forward=True)


@pytest.fixture(scope="module")
def rising():
    return make_rows(lambda days: 0.01 * days)


def test_a_steady_rise_is_believed_and_said(rising):
    proof = prove_trend(rising, "sold")
    assert len(proof.gains) == 5
    assert proof.trend.column == "sold"
    assert 170 < proof.trend.reach < 190
    said = proof.sentence(rising, "price")
    assert said.startswith("price rises by about 3.")
    assert "at 5 of 5 cuts of time. It is carried on for 6 months beyond" in said
    assert "1972-12" <= proof.until(rising) <= "1972-12-31"


@pytest.mark.parametrize(
    "rise",
    [
        lambda days: 0.0 * days,
        lambda days: np.sin(2 * np.pi * days / 365.25),
        lambda days: 2.0 * (days > 600),
    ],
    ids=["level", "season", "jump"],
)
def test_what_does_not_go_on_is_not(rise):
    rows = make_rows(rise)
    proof = prove_trend(rows, "sold")
    assert proof.trend is None
    assert proof.sentence(rows, "price") == proof.until(rows) == ""


def test_it_is_not_asked_for_in_vain(rising):
    def asked(split=BY_TIME, rows=rising, seconds=60.0):
        return ask_for_trend(rows, split, Budget.start(seconds)).gains

    assert asked(Split(kind="random")) == ()
    assert asked(Split(kind="time", column="year")) == ()
    assert asked(Split(kind="time", column="size")) == ()  # of numbers nobody knows how long one is
    assert asked(seconds=5.0) == ()


def test_no_time_no_proof(rising):
    spent = Budget(seconds=1.0, started=0.0, clock=lambda: 9.0)
    assert prove_trend(rising, "sold", budget=spent) == Proof("sold")


def test_too_few_rows_prove_nothing():
    assert prove_trend(make_rows(lambda days: days, count=90), "sold").trend is None
