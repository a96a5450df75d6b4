"""The kind of question is inferred from the target, with its reason."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.errors import BriefError, TargetError
from modelwright.tasks.infer import infer_task
from modelwright.tasks.targets import encode_target


def _repeat(values: list, rows: list[int], name: str = "y") -> pl.Series:
    return pl.Series(name, [v for v, n in zip(values, rows, strict=True) for _ in range(n)])


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        ([True, False, False], (False, True)),
        (["yes", "no", "no"], ("no", "yes")),
        (["Y", "N", "Y"], ("N", "Y")),
        ([0, 1, 1, 1], (0, 1)),
        ([-1, 1, 1, 1], (-1, 1)),
        ([1, 2, 2, 2], (2, 1)),
        ([2, 4, 2, 2], (2, 4)),
        ([0.0, 1.0, float("nan"), 1.0], (0.0, 1.0)),
        (["0", "1", "", None], ("0", "1")),
        (["ham", "spam", "spam"], ("ham", "spam")),
        (["good", "bad", "bad"], ("good", "bad")),
        (["late", "not late", "late"], ("not late", "late")),
        (["<=50K", ">50K", "<=50K"], ("<=50K", ">50K")),
        (["UP", "DOWN", "DOWN"], ("DOWN", "UP")),
        (["b", "a"], ("a", "b")),
    ],
)
def test_two_values_are_binary_and_the_second_class_is_the_positive_one(values, classes):
    task = infer_task(pl.Series("y", values))
    assert task.kind == "binary"
    assert task.classes == classes
    assert [type(label) for label in task.classes] == [type(label) for label in classes]
    assert repr(task.positive) in task.reason


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        (_repeat(list("abc"), [5, 6, 7]), "multiclass"),
        (_repeat([0, 1, 2], [50, 50, 50]), "multiclass"),
        (_repeat([1, 2, 3], [59, 71, 48]), "multiclass"),
        (_repeat([0.0, 1.0, 2.0], [50, 40, 50]), "multiclass"),
        (_repeat(list(range(10)), [90 + i % 3 for i in range(10)]), "multiclass"),
        (_repeat([1, 2, 3, 5, 6, 7], [700, 760, 170, 130, 90, 290]), "multiclass"),
        (_repeat([1, 2, 3, 4, 5, 6], [500] * 6), "multiclass"),
        (_repeat([3, 4, 5, 6, 7, 8, 9], [30, 216, 2138, 2836, 1079, 193, 5]), "regression"),
        (_repeat(list("345678"), [30, 216, 2138, 2836, 1079, 193]), "regression"),
        (_repeat([1, 2, 3, 4, 5], [1018, 1295, 1760, 1692, 1575]), "regression"),
        (_repeat([1, 2, 3, 4, 5], [500] * 5, name="star_rating"), "regression"),
        (_repeat([1, 2, 3, 4, 5], [9, 200, 500, 200, 9], name="classLabel"), "multiclass"),
        (_repeat(list(range(12)), [2**i for i in range(11, -1, -1)]), "regression"),
        (_repeat([0, 1, 2, 3, 4], [13931, 1858, 194, 16, 1], name="damage"), "regression"),
        (_repeat([0, 1, 2, 3], [500, 300, 100, 60]), "multiclass"),
        (_repeat([0, 1, 2, 3], [9000, 700, 250, 60]), "regression"),
        (_repeat([0, 1, 2, 3], [9000, 700, 250, 60], name="faultSeverity"), "multiclass"),
        (_repeat([0, 1, 2, 3], [9000, 700, 250, 60], name="outcome"), "multiclass"),
        (_repeat(list(range(21)), [20] * 21), "regression"),
        (_repeat(list(range(100)), [20] * 100, name="class"), "multiclass"),
        (pl.Series("y", np.linspace(0, 1, 9)), "regression"),
        (pl.Series("y", ["1.5", "2.25", "9"]), "regression"),
        (pl.Series("y", [10**9, 1, 500, 7, 1, 500] * 3), "multiclass"),
        (pl.Series("y", ["1.50", "2.25"] * 9).cast(pl.Decimal(5, 2)), "binary"),
        (pl.Series("y", ["a", "b", "c"] * 9, dtype=pl.Categorical), "multiclass"),
    ],
)
def test_kind(target, kind):
    task = infer_task(target)
    assert task.kind == kind, task.reason
    assert repr(target.name) in task.reason
    assert task.reason.endswith(".")


def test_numbers_kept_as_text_are_ordered_as_numbers():
    target = _repeat(["10", "9", "1"], [5, 5, 5])
    assert infer_task(target, kind="classification").classes == ("1", "9", "10")


def test_a_class_of_one_row_is_mentioned():
    assert "Class 'c' has a single row." in infer_task(_repeat(list("abc"), [9, 9, 1])).reason


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (pl.Series("y", [1, 1, None]), "'y' is 1 in every row.* Where a row has none"),
        (pl.Series("y", ["", None, "nan"]), "no value in any of its 3 rows"),
        (pl.Series("y", [None, None]), "no value"),
        (pl.Series("y", [], dtype=pl.Float64), "no value in any of its 0 rows"),
        (pl.Series("y", [1.5, float("inf"), 2.5]), "infinite in 1"),
        (pl.Series("y", ["1.5", "inf", "2.5"]), "infinite in 1"),
        (pl.Series("y", [1.5, -1.7e308, 2.5]), "infinite in 1 of 3 rows, or so large"),
        (pl.Series("y", [f"u{i}" for i in range(3000)]), "3,000 distinct texts in 3,000 rows"),
        (pl.Series("y", [f"u{i}" for i in range(1500)] * 4), "looks like an id"),
        (pl.Series("y", list("abcdefgh")), "looks like an id"),
        (pl.Series("y", [date(2026, 1, 1), date(2026, 1, 2)]), "dates"),
        (pl.Series("y", ["2026-01-01", "2026-01-02"] * 9), "dates"),
        (pl.Series("y", [[1], [2]]), "List"),
    ],
)
def test_targets_that_cannot_be_learned_are_refused_by_name(target, message):
    with pytest.raises(TargetError, match=message) as refused:
        infer_task(target)
    assert "'y'" in str(refused.value)


class TestAsked:
    """What the person says goes before what the data suggest."""

    def test_kind(self):
        grades = _repeat([3, 4, 5], [10, 10, 10])
        assert infer_task(grades, kind="regression").kind == "regression"
        assert infer_task(grades, kind="multiclass").classes == (3, 4, 5)
        assert infer_task(pl.Series([True, False]), kind="regression").kind == "regression"
        assert infer_task(pl.Series([0.5, 1.5] * 9), kind="classification").kind == "binary"

    def test_kind_misspelt(self):
        with pytest.raises(BriefError, match="'regression'"):
            infer_task(pl.Series([1, 2]), kind="regresion")

    def test_kind_that_the_data_contradict(self):
        with pytest.raises(TargetError, match="'many'"):
            infer_task(pl.Series(["1", "2", "many"]), kind="regression")
        with pytest.raises(TargetError, match="3 distinct values: 1, 2, 3"):
            infer_task(pl.Series([1, 2, 3]), kind="binary")

    @pytest.mark.parametrize("positive", ["No", "no", " NO"])
    def test_positive(self, positive):
        task = infer_task(pl.Series(["No", "Yes"]), positive=positive)
        assert task.classes == ("Yes", "No")

    @pytest.mark.parametrize("positive", [0, "0", 0.0, False])
    def test_positive_number(self, positive):
        assert infer_task(pl.Series([0, 1]), positive=positive).classes == (1, 0)

    def test_positive_misspelt(self):
        with pytest.raises(BriefError, match="Did you mean 'delayed'"):
            infer_task(pl.Series(["delayed", "punctual"]), positive="delyed")

    @pytest.mark.parametrize("values", [[0.5, 1.5, 2.5], list("abc") * 3])
    def test_positive_where_nothing_is(self, values):
        with pytest.raises(BriefError, match="Leave it out"):
            infer_task(pl.Series(values), positive="a")


@settings(deadline=None)
@given(
    st.one_of(
        st.lists(st.one_of(st.none(), st.integers(-(2**62), 2**62))),
        st.lists(st.one_of(st.none(), st.floats())),
        st.lists(st.one_of(st.none(), st.text(max_size=3))),
        st.lists(st.one_of(st.none(), st.booleans())),
    )
)
def test_any_column_gives_a_task_that_encodes_it_or_a_refusal(values):
    target = pl.Series("y", values)
    try:
        task = infer_task(target)
    except TargetError:
        return
    codes = encode_target(target, task)
    assert len(codes) == len(target)
    assert set(range(len(task.classes))) <= set(codes.tolist()) or task.kind == "regression"


def test_other_spellings_are_one_class():
    target = pl.Series("left", ["yes", "no", "Y", "N", "No ", "no"] * 5)
    task = infer_task(target)
    assert task.classes == ("no", "yes")
    assert "'Y' as 'yes'" in task.reason
    assert encode_target(target, task)[:6].tolist() == [1, 0, 1, 0, 0, 0]
    fruits = infer_task(pl.Series("fruit", ["Apple", "apple", "pear", "fig"] * 5))
    assert fruits.classes == ("apple", "fig", "pear")
    assert len(infer_task(pl.Series("letter", ["a", "A", "n", "0"] * 5)).classes) == 4
