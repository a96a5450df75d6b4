import numpy as np
import polars as pl
import pytest

from modelwright.data.prepare import prepare
from modelwright.explore.refusals import find_refusals

N = 5_000


@pytest.fixture
def refused(plan_for, rng):
    def run(columns, target=None, **fields):
        y = rng.random(N) < 0.3 if target is None else target
        table = pl.DataFrame({"good": rng.normal(size=N), **columns, "y": y})
        plan = plan_for(table, "y", **fields)
        return {r.column: r.reason for r in find_refusals(plan, prepare(table, plan.schema))}

    return run


def test_nothing_is_refused_without_a_reason(refused, rng):
    assert refused({"word": rng.choice(["a", "b"], N), "count": rng.poisson(3, N)}) == {}


def test_ids_and_constants_are_refused_with_the_schema_s_reason(refused):
    found = refused({"order_id": [f"o-{i}" for i in range(N)], "year": [2024] * N})
    assert set(found) == {"order_id", "year"}
    assert "differ" in found["order_id"]


def test_a_column_that_is_constant_where_there_is_an_answer(refused, rng):
    cancelled = rng.random(N) < 0.05
    y = [None if gone else bool(i % 3 == 0) for i, gone in enumerate(cancelled)]
    code = pl.Series([("A", "B")[i % 2] if gone else None for i, gone in enumerate(cancelled)])
    found = refused({"cancelled": cancelled, "code": code}, target=y)
    assert set(found) == {"cancelled", "code"}


def test_exact_copies_are_refused_but_the_first(refused, rng):
    x = rng.normal(size=N)
    found = refused({"x": x, "x_again": x, "almost": np.where(np.arange(N) == 7, 0.0, x)})
    assert found == {"x_again": "It is the same as x in every row."}


def test_nearly_constant_is_refused_unless_its_rows_answer_differently(refused, rng):
    y = rng.random(N) < 0.1
    rare = np.arange(N) % 1_250 == 0
    event = np.zeros(N)
    event[np.flatnonzero(y)[:50]] = 1
    found = refused({"rare": rare, "event": event}, target=y)
    assert set(found) == {"rare"}


def test_mostly_missing_is_refused_unless_its_rows_answer_differently(refused, rng):
    y = rng.random(N) < 0.3
    noise, told = np.full(N, np.nan), np.full(N, np.nan)
    noise[:60] = rng.normal(size=60)
    told[np.flatnonzero(y)[:60]] = rng.normal(size=60)
    found = refused({"noise": noise, "told": told}, target=y)
    assert set(found) == {"noise"}


def test_regression_judges_rare_values_by_rank(refused, rng):
    y = rng.normal(size=N)
    pool, blank = np.where(np.argsort(np.argsort(y)) > N - 60, 1.0, np.nan), np.full(N, np.nan)
    blank[:60] = rng.normal(size=60)
    pool[np.flatnonzero(pool == 1)[:30]] = 2.0
    assert set(refused({"pool": pool, "blank": blank}, target=y)) == {"blank"}


def test_the_brief_excludes_and_keeps(refused, rng):
    x = rng.normal(size=N)
    columns = {"x": x, "copy": x, "other": rng.normal(size=N)}
    assert set(refused(columns, exclude=("other",), keep=("copy",))) == {"other"}
