"""Rows beyond a sample are divided as the sample was."""

import numpy as np
import polars as pl
import pytest

from modelwright.data.splitting.portions import CHECKED, HELD, LEARNED, Portions
from modelwright.data.splitting.splits import Split, holdout_mask

COUNT = 4_000


def divided(sample, rows, split):
    held = holdout_mask(sample, split, None)
    portions = Portions.of(sample, held, split, check=0.1)
    numbers = np.random.default_rng(1).random(rows.height)
    return portions.divide(rows, numbers), held


@pytest.mark.parametrize("kind", ["random", "stratified"])
def test_each_row_is_by_itself(kind):
    frame = pl.DataFrame({"x": np.zeros(COUNT)})
    held = np.arange(COUNT) < COUNT // 4
    parts = Portions.of(frame, held, Split(kind=kind), check=0.1).divide(
        frame, np.random.default_rng(0).random(COUNT)
    )
    shares = [(parts == part).mean() for part in (LEARNED, CHECKED, HELD)]
    assert shares == pytest.approx([0.675, 0.075, 0.25], abs=0.03)


def test_later_rows_are_checked_and_the_latest_held():
    hours = pl.select(pl.duration(hours=pl.int_range(COUNT)).alias("at"))
    table = hours.select(pl.lit("2026-01-01").str.to_datetime("%Y-%m-%d") + pl.col("at"))
    table = table.rename({table.columns[0]: "at"})
    split = Split(kind="time", column="at", holdout_fraction=0.2)
    sample = table.gather_every(10)
    parts, held = divided(sample, table, split)
    order = [table["at"].filter(pl.Series(parts == part)) for part in (LEARNED, CHECKED, HELD)]
    assert order[0].max() < order[1].min()
    assert order[1].max() < order[2].min()
    assert order[2].min() == sample["at"].filter(pl.Series(held)).min()
    assert len(order[1]) == pytest.approx(0.08 * COUNT, rel=0.2)
    undated = pl.DataFrame({"at": [None, None]}, schema={"at": pl.Datetime("us")})
    assert divided(sample, undated, split)[0].tolist() == [LEARNED, LEARNED]


def test_of_a_moment_that_many_share_only_some_are_checked():
    table = pl.DataFrame({"year": np.repeat([2024.0, 2025.0, 2026.0], COUNT)})
    parts, _ = divided(table, table, Split(kind="time", column="year", holdout_fraction=0.3))
    assert set(table["year"].filter(pl.Series(parts == HELD))) == {2026.0}
    assert (parts == CHECKED).mean() == pytest.approx(0.2 / 3, rel=0.2)


def test_groups_stay_together():
    names = pl.Series([f"who {number % 400}" for number in range(COUNT)])
    split = Split(kind="group", column="who", holdout_fraction=0.25)
    sample = pl.DataFrame({"who": names.filter(names.str.ends_with("1"))})
    table = pl.DataFrame({"who": names})
    parts, held = divided(sample, table, split)
    by_group = (
        table.with_columns(part=pl.Series(parts)).group_by("who").agg(pl.col("part").unique())
    )
    assert by_group["part"].list.len().max() == 1
    assert set(by_group["part"].list.first()) == {LEARNED, CHECKED, HELD}
    at = {who: part[0] for who, part in by_group.iter_rows()}
    assert all(
        (at[who] == HELD) == is_held
        for who, is_held in zip(sample["who"], held.tolist(), strict=True)
    )
