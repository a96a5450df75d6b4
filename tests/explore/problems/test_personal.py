from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.explore.problems.personal import find_personal, personal_kind, words_of

NAMES = [f"Ann{chr(97 + i)}" for i in range(12)]


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (["ann@example.org", "bo.b@mail.example.co.uk", None], "mail addresses"),
        (["192.168.0.1", "10.0.0.255"], "network addresses"),
        (["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"], "account numbers"),
        (["4111 1111 1111 1111", "5500000000000004"], "card numbers"),
        (["+49 30 901820", "(030) 123 456-7", "212-555-0123"], "phone numbers"),
        (["Braund, Mr. Owen Harris", "Heikkinen, Miss. Laina"], "names of people"),
        ([4111111111111111, 5500000000000004], "card numbers"),
    ],
)
def test_values_tell_whatever_the_column_is_called(values, what):
    assert personal_kind(pl.Series("c", values)) == what


@pytest.mark.parametrize(
    ("name", "values", "what"),
    [
        ("first_name", NAMES, "names of people"),
        ("customerLastName", NAMES, "names of people"),
        ("date_of_birth", [date(1980, 1, 2), date(1990, 1, 2)], "birth dates"),
        ("home address", NAMES, "postal addresses"),
        ("SSN", list(range(12)), "identity numbers"),
    ],
)
def test_names_tell_where_values_are_plain(name, values, what):
    assert personal_kind(pl.Series(name, values)) == what


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("phone_service", ["yes", "no"] * 10),
        ("phone", ["yes", "no"] * 10),
        ("street", ["Pave", "Grvl"] * 10),
        ("product_name", NAMES),
        ("version", ["1.2.3.4000", "1.2.3.4001"]),
        ("order", [4111111111111112, 5500000000000005]),
        ("day", ["2024-01-02", "2024-01-03"]),
        ("amount", ["0.125", "0.250"]),
        ("code", ["0800", "0900"]),
        ("empty", [None, None]),
    ],
)
def test_other_columns_are_not_personal(name, values):
    assert personal_kind(pl.Series(name, values)) is None


@given(st.lists(st.text(max_size=30), max_size=5))
def test_any_text_can_be_looked_at(values):
    personal_kind(pl.Series("c", values, dtype=pl.String))


@given(st.text(max_size=40))
def test_words_of_a_name_are_small(name):
    assert all(word == word.casefold() for word in words_of(name))


def test_what_the_model_would_read_is_a_warning(subject_for, rng):
    n = 300
    table = pl.DataFrame(
        {
            "contact": [f"p{i}@example.org" for i in range(n)],
            "birth_date": rng.integers(0, 9_000, n).astype("datetime64[D]"),
            "x": rng.normal(size=n),
            "y": np.arange(n) % 2 == 0,
        }
    )
    (risk,) = find_personal(subject_for(table, "y"))
    assert risk.columns == ("contact", "birth_date")
    assert "The model would read 'birth_date'" in risk.sentence
    assert risk.severity == "warning"
    (risk,) = find_personal(subject_for(table.drop("birth_date"), "y"))
    assert risk.severity == "note"
    assert list(find_personal(subject_for(table.select("x", "y"), "y"))) == []
