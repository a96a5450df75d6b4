from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.documents import Cause, CauseKind, LossShare, LossSplit
from modelwright.maintain.log.live_rows import LiveRows, live_rows_of
from modelwright.maintain.remedies.past import joined
from modelwright.maintain.shares.split import split_loss

BUNDLE = make_flights_bundle()
COUNT = 1_500


def rows(
    seed: int, *, change: pl.Expr | None = None, warmer: float = 0.0, turned: float = 0.0
) -> LiveRows:
    table = draw_flights(COUNT, seed=seed).with_columns(pl.col("temp") + warmer)
    table = table.with_columns(draw_labels(table, seed=seed))
    if change is not None:
        table = table.with_columns(change)
    made = live_rows_of(table, BUNDLE)
    flipped = np.random.default_rng(seed).random(COUNT) < turned
    return replace(made, truth=np.where(flipped, 1 - made.truth, made.truth))


BEFORE = rows(1)


def found(kind: CauseKind, *columns: str) -> tuple[Cause, ...]:
    return (Cause(kind=kind, columns=columns, sentence=""),)


def split(now: LiveRows, causes: tuple[Cause, ...] = ()) -> LossSplit:
    return split_loss(BUNDLE, now, causes, history=BEFORE)


def first(now: LiveRows, causes: tuple[Cause, ...] = ()) -> LossShare:
    made = split(now, causes)
    assert made.growth is not None
    whole = sum(each.growth.value for each in made.shares)
    assert whole == pytest.approx(made.growth.value, abs=1e-9)
    return made.shares[0]


def test_rows_that_did_not_change_have_nothing_to_split() -> None:
    made = split(rows(2))
    assert made.shares == ()
    assert "did not change by more than chance" in made.sentence


def test_another_unit_is_undone() -> None:
    share = first(rows(2, change=pl.col("temp") * 1.8 + 32), found("unit change", "temp"))
    assert (share.kind, share.columns) == ("unit change", ("temp",))
    assert share.share is not None
    assert share.share.low > 0.9
    assert share.proof[0].loss > 2 * share.proof[0].usual
    assert set(share.proof[0].values) == {"temp"}
    assert abs(share.course[0]) < 1e-9
    assert share.course[-1] > 1.0


def test_a_column_that_only_breaks_a_rule_is_undone_too() -> None:
    rule = found("broken rule", "temp")
    share = first(rows(2, change=pl.col("temp") * 1.8 + 32), rule)
    assert (share.kind, share.columns) == ("unit change", ("temp",))
    # Of a rule that is broken by sound values nothing is undone.
    assert {each.kind for each in split(rows(2, turned=0.4), rule).shares} <= {
        "concept drift",
        "covariate drift",
        "change of mix",
    }


def test_missing_values_are_done_to_the_rows_before() -> None:
    gone = pl.lit(None, dtype=pl.Float64).alias("temp")
    share = first(rows(2, change=gone), found("missing values", "temp"))
    assert share.kind == "missing values"
    assert share.share is not None
    assert share.share.contains(1.0)
    assert "doing the same to the rows before" in share.sentence


def test_other_rows() -> None:
    share = first(rows(2, warmer=-7.0))
    assert (share.kind, share.columns) == ("covariate drift", ("temp",))
    assert share.growth.value < 0
    assert "of rows are at most" in share.sentence


def test_another_mix_of_categories() -> None:
    share = first(rows(2, change=pl.lit("B6").alias("carrier")))
    assert share.kind in ("change of mix", "concept drift")


def test_another_relation_is_what_is_left() -> None:
    share = first(rows(2, turned=0.2))
    assert (share.kind, share.columns) == ("concept drift", ())
    assert share.share is not None
    assert share.share.low > 0.5
    probabilities = first(rows(2, turned=0.2), found("probabilities off"))
    assert probabilities.kind == "probabilities off"


def test_labels_of_hard_rows_alone() -> None:
    now = rows(2)
    hard = np.abs(now.answers[:, 1] - 0.5) < 0.3
    share = first(replace(now, truth=np.where(hard, now.truth, -1)))
    assert share.kind == "label problems"


def test_labels_that_are_stuck() -> None:
    now = rows(2)
    truth = now.truth.copy()
    truth[300:1_000] = 1
    kinds = {each.kind for each in split(replace(now, truth=truth)).shares}
    assert "label problems" in kinds


def test_without_labels_concept_drift_cannot_be_told() -> None:
    made = split(replace(rows(2, warmer=8.0), truth=np.full(COUNT, -1)))
    assert made.growth is None
    assert "cannot be told without labels" in made.sentence
    assert [each.kind for each in made.shares] == ["covariate drift"]
    assert made.shares[0].share is None


def test_what_broke_at_once_is_named_without_a_cause() -> None:
    both = joined(BEFORE, rows(2, change=pl.col("temp") * 1.8 + 32))
    made = split_loss(BUNDLE, both)
    assert (made.shares[0].kind, made.shares[0].columns) == ("unit change", ("temp",))


def test_without_a_history_the_rows_show_since_when() -> None:
    good, bad = rows(3), rows(4, turned=0.3)
    table = pl.concat([good.table, bad.table])
    truth = np.concatenate([good.truth, bad.truth])
    both = replace(live_rows_of(table, BUNDLE), truth=truth)
    made = split_loss(BUNDLE, both)
    assert abs(made.before - COUNT) <= 100
    assert made.shares[0].kind == "concept drift"
    assert abs(made.shares[0].proof[0].place - COUNT) <= COUNT
    assert split_loss(BUNDLE, good).shares == ()
