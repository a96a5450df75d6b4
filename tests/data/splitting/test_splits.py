"""Rows are divided exactly, repeatably, and never across a group or back in time."""

from datetime import datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from modelwright.data.splitting.splits import SealedRows, Split, boundary_of, folds_of, holdout_mask
from modelwright.errors import SchemaError, TargetError

KINDS = ["time", "group", "stratified", "random"]
fractions = st.floats(0.05, 0.6)
seeds = st.integers(0, 5)


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    rows = draw(st.integers(2, 60))
    moments = st.lists(st.integers(0, 12) | st.none(), min_size=rows, max_size=rows)
    groups = st.lists(st.sampled_from([*"abcdefg", None]), min_size=rows, max_size=rows)
    classes = st.lists(st.sampled_from(["x", "y", "z"]), min_size=rows, max_size=rows)
    return pl.DataFrame(
        {"when": draw(moments), "who": draw(groups), "answer": draw(classes)},
        schema={"when": pl.Float64, "who": pl.String, "answer": pl.String},
    )


def _split(kind: str, **rest: object) -> Split:
    return Split(kind=kind, column={"time": "when", "group": "who"}.get(kind, ""), **rest)


def _can_split(frame: pl.DataFrame, kind: str) -> bool:
    if kind == "time":
        return frame["when"].drop_nulls().n_unique() > 1
    if kind == "group":
        return frame["who"].drop_nulls().n_unique() + frame["who"].null_count() > 1
    return True


def _target(frame: pl.DataFrame) -> np.ndarray:
    return np.array(frame["answer"].to_list(), dtype=object)


@given(frame=tables(), kind=st.sampled_from(KINDS), fraction=fractions, seed=seeds)
def test_the_holdout_leaves_rows_on_both_sides_and_is_repeatable(frame, kind, fraction, seed):
    assume(_can_split(frame, kind))
    split = _split(kind, holdout_fraction=fraction, seed=seed)
    mask = holdout_mask(frame, split, _target(frame))
    assert mask.dtype == bool
    assert mask.shape == (frame.height,)
    assert not mask.all()
    assert mask.any() or (kind == "stratified" and frame["answer"].is_unique().all())
    np.testing.assert_array_equal(mask, holdout_mask(frame, split, _target(frame)))


@given(frame=tables(), kind=st.sampled_from(KINDS), folds=st.integers(2, 7), seed=seeds)
def test_folds_divide_the_rows(frame, kind, folds, seed):
    assume(_can_split(frame, kind))
    split = _split(kind, folds=folds, seed=seed)
    parts = folds_of(frame, split, _target(frame))
    assert 1 <= len(parts) <= folds
    for train, validation in parts:
        assert len(train)
        assert len(validation)
        assert not set(train) & set(validation)
    validated = np.concatenate([validation for _, validation in parts])
    assert len(set(validated)) == len(validated)
    if kind != "time":
        assert sorted(validated) == list(range(frame.height))
        assert all(len(train) + len(validation) == frame.height for train, validation in parts)
    again = folds_of(frame, split, _target(frame))
    for one, other in zip(parts, again, strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])


@given(frame=tables(), fraction=fractions, folds=st.integers(1, 7))
def test_time_never_goes_back(frame, fraction, folds):
    assume(_can_split(frame, "time"))
    split = _split("time", holdout_fraction=fraction, folds=folds)
    when = frame["when"].fill_null(-1).to_numpy()
    mask = holdout_mask(frame, split, None)
    assert when[~mask].max() < when[mask].min()
    assert not mask[when == -1].any()
    latest = -np.inf
    for train, validation in folds_of(frame, split, None):
        assert when[train].max() < when[validation].min()
        assert when[validation].min() > latest
        latest = when[validation].max()
    assert latest == when.max()


@given(frame=tables(), fraction=fractions, seed=seeds)
def test_no_group_is_on_both_sides(frame, fraction, seed):
    assume(_can_split(frame, "group"))
    split = _split("group", holdout_fraction=fraction, seed=seed)
    who = frame["who"].to_numpy()
    mask = holdout_mask(frame, split, None)
    assert not ({*who[mask]} & {*who[~mask]} - {None})
    for train, validation in folds_of(frame, split, None):
        assert not ({*who[train]} & {*who[validation]} - {None})


@given(frame=tables(), seed=seeds)
def test_the_groups_held_out_do_not_depend_on_the_order_of_rows(frame, seed):
    frame = frame.drop_nulls("who")
    assume(frame["who"].n_unique() > 1)
    split = _split("group", seed=seed)
    held = {*frame.filter(holdout_mask(frame, split, None))["who"]}
    turned = frame.reverse()
    assert held == {*turned.filter(holdout_mask(turned, split, None))["who"]}


@given(frame=tables(), folds=st.integers(2, 5), seed=seeds)
def test_every_class_is_in_every_fold_where_possible(frame, folds, seed):
    answers = _target(frame)
    parts = folds_of(frame, _split("stratified", folds=folds, seed=seed), answers)
    sizes = [len(validation) for _, validation in parts]
    assert max(sizes) - min(sizes) <= 1
    for answer in set(answers):
        counts = [int((answers[validation] == answer).sum()) for _, validation in parts]
        assert max(counts) - min(counts) <= 1


def test_a_stratified_holdout_keeps_the_shares_and_a_row_of_each_class():
    target = np.array([0.0] * 900 + [1.0] * 98 + [2.0, 2.0, 3.0])
    mask = holdout_mask(pl.DataFrame({"x": target}), _split("stratified"), target)
    held = {label: int(mask[target == label].sum()) for label in (0.0, 1.0, 2.0, 3.0)}
    assert held == {0.0: 180, 1.0: 20, 2.0: 1, 3.0: 0}


def test_a_random_holdout_has_the_fraction_and_follows_the_seed():
    frame = pl.DataFrame({"x": np.zeros(1000)})
    masks = [holdout_mask(frame, _split("random", seed=seed), None) for seed in (1, 1, 2)]
    assert [int(mask.sum()) for mask in masks] == [200, 200, 200]
    assert (masks[0] == masks[1]).all()
    assert (masks[0] != masks[2]).any()


def test_a_group_holdout_is_near_the_fraction():
    groups = np.random.default_rng(0).integers(0, 500, 5000).astype(float)
    mask = holdout_mask(pl.DataFrame({"who": groups}), _split("group"), None)
    assert 0.19 < mask.mean() <= 0.2


def test_groups_too_large_for_the_fraction_leave_the_smallest_in_the_holdout():
    frame = pl.DataFrame({"who": ["a"] * 6 + ["b"] * 4})
    mask = holdout_mask(frame, _split("group"), None)
    assert {*frame.filter(mask)["who"]} == {"b"}


def test_rows_at_the_boundary_are_in_the_holdout():
    months = [datetime.fromisoformat(f"2013-{month:02}-01") for month in (9, 10, 10, 11)]
    frame = pl.DataFrame({"when": [*months, None]})
    split = _split("time", boundary="2013-10-01")
    assert holdout_mask(frame, split, None).tolist() == [False, True, True, True, False]


def test_the_latest_fraction_begins_at_a_boundary_that_can_be_written_down():
    days = pl.datetime_range(
        datetime.fromisoformat("2020-01-01"),
        datetime.fromisoformat("2020-01-10"),
        "1d",
        eager=True,
    )
    frame = pl.DataFrame({"when": days})
    split = _split("time", holdout_fraction=0.2)
    assert boundary_of(frame, split) == "2020-01-09T00:00:00"
    written = _split("time", boundary=boundary_of(frame, split))
    np.testing.assert_array_equal(
        holdout_mask(frame, split, None), holdout_mask(frame, written, None)
    )


def test_equal_moments_at_the_edge_all_go_to_the_holdout_but_never_all_rows():
    frame = pl.DataFrame({"when": [1.0] * 9 + [2.0]})
    assert holdout_mask(frame, _split("time", holdout_fraction=0.5), None).sum() == 1
    frame = pl.DataFrame({"when": [1.0] + [2.0] * 9})
    assert holdout_mask(frame, _split("time", holdout_fraction=0.1), None).sum() == 9


@pytest.mark.parametrize(
    ("split", "error", "said"),
    [
        (Split(kind="time", column="wehn"), SchemaError, "'wehn'. Did you mean 'when'"),
        (Split(kind="group", column="wo"), SchemaError, "'wo'. Did you mean 'who'"),
        (Split(kind="time", column="who"), SchemaError, "no order in time"),
        (Split(kind="time", column="one"), SchemaError, "fewer than two moments"),
        (Split(kind="group", column="one"), SchemaError, "fewer than two groups"),
        (Split(kind="stratified"), TargetError, "needs the target"),
        (Split(kind="time", column="when", boundary="2020-01-01"), SchemaError, "be compared"),
        (Split(kind="time", column="when", boundary="99"), SchemaError, "runs from 1.0 to 3.0"),
    ],
)
def test_what_cannot_be_split_is_said(split, error, said):
    frame = pl.DataFrame({"when": [1.0, 2.0, 3.0], "who": ["a", "b", "b"], "one": [1.0, 1.0, 1.0]})
    with pytest.raises(error, match=said):
        holdout_mask(frame, split, None)
    if not split.boundary and "moments" not in said:
        with pytest.raises(error, match=said):
            folds_of(frame, split, None)


@pytest.mark.parametrize("target", [None, np.arange(40) % 4 // 3, np.linspace(0.0, 1.0, 40)])
def test_rows_of_one_moment_are_folded_by_chance(target):
    frame = pl.DataFrame({"when": [1.0] * 40})
    parts = folds_of(frame, _split("time", folds=4), target)
    assert sorted(np.concatenate([rows for _, rows in parts])) == list(range(40))


def test_one_row_cannot_be_split():
    with pytest.raises(SchemaError, match="too few rows"):
        folds_of(pl.DataFrame({"x": [1]}), _split("random"), None)


def test_sealed_rows_count_their_openings_and_show_only_their_number():
    openings: list[str] = []
    sealed = SealedRows(pl.DataFrame({"secret": [42] * 1234}), on_open=lambda: openings.append("o"))
    assert repr(sealed) == str(sealed) == "SealedRows(1,234 rows)"
    assert len(sealed) == 1234
    assert openings == []
    assert sealed.open()["secret"].to_list() == [42] * 1234
    sealed.open()
    assert len(openings) == 2
