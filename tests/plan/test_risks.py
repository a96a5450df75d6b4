"""Which risks are told."""

import numpy as np
import polars as pl
import pytest

from modelwright.plan.risks import ruled_by_few, suspicious_score
from modelwright.tasks.metrics import METRICS
from plan_examples import ROWS, days, depends_on, made, plan_of

ORDERED = made(day=lambda r: days(np.arange(ROWS) // 5))
DRAWN = made()


def risks(table, **brief):
    return {risk.name: risk for risk in plan_of(table, **brief).risks}


def test_a_plain_table_has_none():
    assert risks(DRAWN) == {}


def with_classes(table, rare):
    labels = np.array(["no"] * (table.height - rare) + ["yes"] * rare)
    order = np.random.default_rng(0).permutation(table.height)
    return table.with_columns(target=pl.Series(labels[order]))


@pytest.mark.parametrize(("rare", "severity"), [(20, "warning"), (None, "note"), (500, None)])
def test_a_rare_class(rare, severity):
    table = with_classes(made(8_000), 200) if rare is None else with_classes(DRAWN, rare)
    found = risks(table).get("rare class")
    assert (found and found.severity) == severity
    if found:
        assert "'yes'" in found.sentence


def test_few_and_unanswered_rows():
    table = DRAWN.head(300).with_columns(
        target=pl.when(pl.int_range(300) < 50).then(None).otherwise(pl.col("target"))
    )
    found = risks(table)
    assert "250" in found["few rows"].sentence
    assert "50 of 300" in found["missing target"].sentence


def test_a_class_that_only_the_holdout_has():
    labels = [*np.random.default_rng(0).choice(["a", "b"], ROWS - 30), *["new"] * 30]
    found = risks(ORDERED.with_columns(target=pl.Series(labels)))
    assert found["unlearned class"].severity == "serious"
    assert "'new'" in found["unlearned class"].sentence


def test_mostly_missing_and_text():
    words = np.random.default_rng(0).choice(
        ["blue", "sea", "over", "hill", "green", "far"], (ROWS, 7)
    )
    table = DRAWN.with_columns(
        gone=pl.when(pl.int_range(ROWS) % 4 == 0).then(pl.col("size") * 2),
        note=pl.Series([" ".join(row) for row in words]),
    )
    found = risks(table)
    assert found["missing values"].columns == ("gone",)
    assert found["free text"].columns == ("note",)


def test_dates_of_several_formats():
    formats = ("%Y-%m-%d", "%d.%m.%Y")
    written = [day.strftime(formats[place % 2]) for place, day in enumerate(days(range(ROWS)))]
    found = risks(DRAWN.with_columns(seen=pl.Series(written)))["dates in several ways"]
    assert found.columns == ("seen",)
    assert "%d.%m.%Y" in found.sentence


def test_a_score_that_hangs_on_few_rows():
    draw = np.random.default_rng(0)
    heavy = np.exp(3.0 * draw.normal(size=2_000))
    (risk,) = ruled_by_few(heavy, METRICS["rmse"], "amount")
    assert risk.sentence.startswith("20 of 2,000 rows make up 9")
    assert ruled_by_few(heavy, METRICS["mae"], "amount") == ()
    assert ruled_by_few(draw.normal(size=2_000), METRICS["rmse"], "amount") == ()
    assert ruled_by_few(np.zeros(2_000), METRICS["rmse"], "amount") == ()
    assert ruled_by_few(np.append(heavy, np.inf), METRICS["rmse"], "amount") == ()


def test_entities_on_both_sides_of_a_moment():
    table = ORDERED.with_columns(
        client_id=pl.Series(np.random.default_rng(0).integers(0, 60, ROWS))
    )
    found = risks(depends_on(table, "client_id"))
    assert found["known entities"].columns == ("client_id",)
    assert "100%" in found["known entities"].sentence


def test_dates_that_do_not_order_the_rows():
    table = DRAWN.with_columns(
        hire_date=pl.Series(days(np.random.default_rng(0).integers(0, 900, ROWS)))
    )
    assert risks(table)["time not used"].columns == ("hire_date",)
    assert "time not used" not in risks(ORDERED)


def test_a_table_sorted_by_its_answers():
    found = risks(DRAWN.sort("target"))
    assert "sorted by something" in found["order of the rows"].sentence


@pytest.mark.parametrize(
    ("metric", "score", "told"),
    [("roc_auc", 0.998, True), ("roc_auc", 0.9, False), ("rmse", 0.0, False), ("r2", None, False)],
)
def test_a_score_too_good_to_be_true(metric, score, told):
    assert bool(suspicious_score(score, METRICS[metric])) == told
