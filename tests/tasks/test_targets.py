"""Targets become indices or numbers, and indices labels again."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.errors import TargetError
from modelwright.tasks.targets import decode, encode_target
from modelwright.tasks.task import Task

YES_NO = Task(kind="binary", classes=("no", "yes"))
FLAG = Task(kind="binary", classes=(False, True))
DIGITS = Task(kind="multiclass", classes=(0, 1, 2))


@pytest.mark.parametrize(
    ("values", "task", "codes"),
    [
        (["yes", None, "no"], YES_NO, [1, -1, 0]),
        ([1.0, 0.0, float("nan")], YES_NO, [1, 0, -1]),
        ([True, False], YES_NO, [1, 0]),
        ([True, None, False], FLAG, [1, -1, 0]),
        (["True", "false", ""], FLAG, [1, 0, -1]),
        ([1, 0], FLAG, [1, 0]),
        ([2.0, 1.0], DIGITS, [2, 1]),
        (["2", "1.0", " 0"], DIGITS, [2, 1, 0]),
        (["01", "1"], Task(kind="binary", classes=("1", "01")), [1, 0]),
        ([None, None], DIGITS, [-1, -1]),
        ([], DIGITS, []),
    ],
)
def test_labels_are_found_as_written_or_by_their_meaning(values, task, codes):
    encoded = encode_target(pl.Series("y", values, strict=False), task)
    assert encoded.dtype == np.int64
    assert encoded.tolist() == codes


def test_an_ambiguous_meaning_is_no_match():
    with pytest.raises(TargetError, match="holds 1, a class"):
        encode_target(pl.Series("y", [1]), Task(kind="binary", classes=("1", "01")))


def test_an_unseen_label_is_named():
    with pytest.raises(TargetError, match=r"'y' holds 'yess'.*Did you mean 'yes'"):
        encode_target(pl.Series("y", ["no", "yess"]), YES_NO)


@pytest.mark.parametrize("values", [[1.5, None], ["1.5", " "], ["1.5", None]])
def test_numbers(values):
    encoded = encode_target(pl.Series(values), Task(kind="regression"))
    assert encoded.dtype == np.float64
    np.testing.assert_array_equal(encoded, [1.5, np.nan])


@pytest.mark.parametrize(
    ("values", "named"), [(["1", "x"], "'x'"), ([1.0, np.inf], "infinite in 1")]
)
def test_what_is_no_finite_number_is_refused(values, named):
    with pytest.raises(TargetError, match=named):
        encode_target(pl.Series("y", values), Task(kind="regression"))


@pytest.mark.parametrize("index", [-1, 2])
def test_an_index_without_a_class_is_refused(index):
    with pytest.raises(TargetError, match=f"no class {index}"):
        decode([0, index], YES_NO)


def _visible(text: str) -> bool:
    return text.strip().casefold() not in ("", "nan")


@settings(deadline=None)
@given(
    st.one_of(
        st.lists(st.text(max_size=4).filter(_visible), min_size=2, unique=True),
        st.lists(st.integers(-99, 99), min_size=2, unique=True),
        st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, unique=True),
        st.just([False, True]),
    ),
    st.data(),
)
def test_decoding_undoes_encoding(classes, data):
    task = Task(kind="multiclass", classes=tuple(classes))
    labels = data.draw(st.lists(st.sampled_from(classes), min_size=1))
    assert decode(encode_target(pl.Series(labels), task), task) == labels
