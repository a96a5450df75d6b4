"""Formulas that begin with a raw column."""

from collections.abc import Mapping
from hashlib import blake2b

import numpy as np

from modelwright.data.schema import ValueType
from modelwright.errors import InputError
from modelwright.learners.features.formula import Formula, value_name
from modelwright.predictor.operations.answers import Clip
from modelwright.predictor.operations.categories import (
    FIRST_LEVEL_CODE,
    Codes,
    CodeTable,
)
from modelwright.predictor.operations.dates import DatePart, DateParts
from modelwright.predictor.operations.numbers import FAR
from modelwright.predictor.operations.text import TokenWeights, words_of
from modelwright.predictor.program import Input, Step, column_value

MOST_LEVELS = 5_000
MOST_WORDS = 8
"""Of a phrase."""


def number(column: str) -> Formula:
    """Return a column of numbers, or of yes and no as 1 and 0.

    Examples
    --------
    >>> number("price") + 1
    Formula('price' + 1)
    """
    # The difference of two infinite numbers is none.
    step = Clip(inputs=(column_value(column),), output=_named(column), low=-FAR, high=FAR)
    return _reading(column, "number", repr(column), step)


def moment(column: str, part: DatePart) -> Formula:
    """Return a part of a datetime, such as ``"hour"`` or ``"weekday"``, from Monday = 0.

    Examples
    --------
    >>> moment("ordered", "hour")
    Formula(moment('ordered', 'hour'))
    """
    text = f"moment({column!r}, {part!r})"
    step = DateParts(inputs=(column_value(column),), output=value_name(text), parts=(part,))
    return _reading(column, "datetime", text, step)


def days(column: str) -> Formula:
    """Return the days from 1970 to a datetime, with their fraction.

    Examples
    --------
    >>> days("paid") - days("due")
    Formula(days('paid') - days('due'))
    """
    text = f"days({column!r})"
    step = DateParts(inputs=(column_value(column),), output=value_name(text), parts=("epoch_day",))
    return _reading(column, "datetime", text, step)


def lookup(column: str, numbers: Mapping[str, float], *, otherwise: float) -> Formula:
    """Return what a table says of a category.

    Parameters
    ----------
    column
        Of categories.
    numbers
        By category, as the table writes it.
    otherwise
        For other categories and for missing ones.

    Raises
    ------
    InputError
        When a number is not finite, or there are none or too many.

    Examples
    --------
    >>> lookup("country", {"CH": 8.9, "DE": 83.5}, otherwise=0.0)
    Formula(lookup('country', 2 levels, ...))
    """
    known = dict(sorted(numbers.items()))
    if not 0 < len(known) <= MOST_LEVELS:
        raise InputError(f"A lookup has 1 to {MOST_LEVELS:,} categories, not {len(known):,}.")
    if not np.isfinite([*known.values(), otherwise]).all():
        raise InputError(f"A number of the lookup of {column!r} is not finite.")
    text = f"lookup({column!r}, {len(known)} levels, {_digest((known, otherwise))})"
    codes = Codes(
        inputs=(column_value(column),), output=f"{value_name(text)} code", levels=tuple(known)
    )
    table = CodeTable(
        inputs=(codes.output,),
        output=value_name(text),
        table=np.array([*[otherwise] * FIRST_LEVEL_CODE, *known.values()], np.float64)[:, None],
    )
    return _reading(column, "string", text, codes, table)


def says(column: str, *phrases: str) -> Formula:
    """Return 1 where a text has one of some words or phrases, else 0; case is of no account.

    Raises
    ------
    InputError
        When a phrase has no word, or too many.

    Examples
    --------
    >>> says("note", "late", "too slow")
    Formula(says('note', 'late', 'too slow'))
    """
    words = [words_of(phrase) for phrase in phrases]
    if not words or not all(0 < len(each) <= MOST_WORDS for each in words):
        raise InputError(f"says() takes phrases of 1 to {MOST_WORDS} words, not {phrases!r}.")
    text = f"says({', '.join(map(repr, (column, *phrases)))})"
    known = tuple(dict.fromkeys(" ".join(each) for each in words))
    counted = TokenWeights(
        inputs=(column_value(column),),
        output=f"{value_name(text)} counted",
        analyzer="word",
        lengths=(min(map(len, words)), max(map(len, words))),
        vocabulary=known,
        rarity=np.ones(len(known)),
        weights=np.ones((len(known), 1)),
    )
    # A text with a known word has at least 1: a sum is never below the norm.
    said = Clip(inputs=(counted.output,), output=value_name(text), high=1.0)
    return _reading(column, "string", text, counted, said)


def _reading(column: str, kind: ValueType, text: str, *steps: Step) -> Formula:
    return Formula(text, (Input(name=column, type=kind),), steps)


def _named(column: str) -> str:
    return value_name(repr(column))


def _digest(content: object) -> str:
    return blake2b(repr(content).encode(), digest_size=4).hexdigest()
