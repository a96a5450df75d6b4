"""Figures as people read them: no digit that is not known, nothing that fools the reader."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.documents import Evaluation
from modelwright.report import words
from modelwright.tasks.interval import Interval


def around(value: float, half: float) -> Interval:
    return Interval(value=value, low=value - half, high=value + half, method="stated")


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (around(0.73214, 0.0125), "0.732 (0.720 to 0.745)"),
        (around(0.73214, 0.00125), "0.7321 (0.7309 to 0.7334)"),
        (around(29_812.4, 3_911.0), "29,812 (25,901 to 33,723)"),
        (around(0.6, 0.3), "0.60 (0.30 to 0.90)"),
        (around(1.0, 0.0), "1.000 (1.000 to 1.000)"),
        (around(0.0, 0.0), "0.000 (0.000 to 0.000)"),
        (Interval(value=0.4, low=-math.inf, high=0.8, method=""), "0.4000 (-∞ to 0.8000)"),
        (None, words.NONE),
    ],
)
def test_an_interval_is_as_exact_as_it_is_wide(score: Interval | None, expected: str) -> None:
    assert words.interval(score) == expected


def test_a_gain_has_its_sign() -> None:
    assert words.gain(around(0.02, 0.09)) == "+0.020 (-0.070 to +0.110)"
    assert words.gain(None) == words.NONE


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_every_number_can_be_written(value: float) -> None:
    written = words.number(value)
    assert written
    assert written != "-0"


@given(st.floats(-1e11, 1e11).filter(lambda value: abs(value) >= 1e-4))
def test_four_digits_are_right(value: float) -> None:
    read = float(words.number(value).replace(",", ""))
    assert math.isclose(read, value, rel_tol=6e-4)


@given(st.text(max_size=300), st.integers(5, 90))
def test_clipped_text_is_short_and_can_be_shown(text: str, length: int) -> None:
    clipped = words.clip(text, length)
    assert len(clipped) <= length
    assert not any(letter in clipped for letter in "\x1b\n\r\x00\u202e\u2028")
    clipped.encode()


@pytest.mark.parametrize("text", ["", "soon", "2021", "12.5", "2013-13-45", "9999999999"])
def test_what_is_no_moment_stays(text: str) -> None:
    assert words.moment(text) == text


def test_names_are_listed_up_to_a_bound() -> None:
    assert words.listed([]) == ""
    assert words.listed(["a", "b"]) == "a and b"
    assert words.listed(list(range(300)), 3) == "0, 1, 2 and 297 more"


@given(st.integers(0, 10**15))
def test_sizes(count: int) -> None:
    figure, unit = words.size(count).split(" ")
    assert float(figure.replace(",", "")) < 10_000
    assert unit


def test_an_unknown_metric_keeps_its_name() -> None:
    assert words.metric_title("lift_at_5") == "lift_at_5"
    assert words.better_is("lift_at_5") == ""


def test_a_holdout_of_which_a_part_was_scored_says_so() -> None:
    score = Interval(value=0.5, low=0.4, high=0.6, method="")
    scores = dict.fromkeys(("score", "baseline_score", "gain"), score)
    whole = Evaluation(rows=1_000, there=1_000, others={}, openings=1, **scores)
    part = msgspec.structs.replace(whole, there=4_000)
    assert words.scored(whole, "row") == "1,000 rows"
    assert words.scored(part, "row") == "1,000 of 4,000 rows, drawn at random"
