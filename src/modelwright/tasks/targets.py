"""The target column as a learner sees it: class indices or numbers, and back to labels."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import polars as pl

from modelwright.errors import TargetError, nearest
from modelwright.tasks.task import Label, Task

_TEXTUAL = (pl.String, pl.Categorical, pl.Enum)
_YES = ("true", "yes", "t", "y", "ja", "j", "wahr", "oui", "o", "sí", "si", "s", "vrai")
_NO = ("false", "no", "f", "n", "nein", "falsch", "non", "nee", "não", "nej", "faux")
_MEANINGS = dict.fromkeys(_YES, 1) | dict.fromkeys(_NO, 0)
_TWO = 2


def encode_target(target: pl.Series, task: Task) -> np.ndarray[Any, Any]:
    """Return a target as class indices or as numbers.

    A label is found as it is written, else by what it means: 1, 1.0, ``"1"``, True and ``"yes"``
    agree, so that a table read from a CSV file matches one read from a database.

    Parameters
    ----------
    target
        The target column, n rows.
    task
        The task whose classes give the indices.

    Returns
    -------
    ndarray
        (n,): int64 indices with -1 for a missing target, or float64 with NaN for regression.

    Raises
    ------
    TargetError
        A label that the task does not know, or a value that is no finite number.

    Examples
    --------
    >>> task = Task(kind="binary", classes=("no", "yes"))
    >>> encode_target(pl.Series(["yes", "no", None]), task)
    array([ 1,  0, -1])
    """
    known = clean_target(target)
    if not task.is_classification:
        return _numbers_or_refuse(known)
    index = _Index(task.classes)
    labels = known.drop_nulls().unique(maintain_order=True)
    codes = pl.Series([index.of(label, target.name) for label in labels], dtype=pl.Int64)
    return known.replace_strict(labels, codes, default=-1, return_dtype=pl.Int64).to_numpy()


def decode(indices: Iterable[int], task: Task) -> list[Label]:
    """Return the labels of class indices.

    Parameters
    ----------
    indices
        Indices into the classes of the task.
    task
        A task of classification.

    Raises
    ------
    TargetError
        An index that no class has, such as the -1 of a missing target.

    Examples
    --------
    >>> decode([1, 0], Task(kind="binary", classes=("no", "yes")))
    ['yes', 'no']
    """
    positions = [int(index) for index in indices]
    outside = [index for index in positions if not 0 <= index < len(task.classes)]
    if outside:
        raise TargetError(f"There is no class {outside[0]}: the task has {len(task.classes)}.")
    return [task.classes[index] for index in positions]


def clean_target(target: pl.Series) -> pl.Series:
    """Return a target with every missing value as null, as booleans, numbers or texts.

    Null, NaN, blank text and the text "nan" are missing.

    Parameters
    ----------
    target
        The target column, of any type that polars has.

    Raises
    ------
    TargetError
        A type that holds no classes and no numbers, such as dates or lists.

    Examples
    --------
    >>> clean_target(pl.Series([1.0, float("nan")])).to_list()
    [1.0, None]
    """
    if target.dtype.is_float():
        return target.fill_nan(None)
    if target.dtype.is_decimal():
        return target.cast(pl.Float64)
    if target.dtype in (pl.Boolean, pl.Null) or target.dtype.is_integer():
        return target
    if target.dtype in _TEXTUAL:
        text = target.cast(pl.String)
        blank = text.str.strip_chars().str.to_lowercase().is_in(["", "nan"])
        return text.set(blank.fill_null(value=True), None)
    raise TargetError(
        f"The target {target.name!r} holds {_in_words(target.dtype)}, neither classes nor numbers.",
        "Derive the question from it first, for example the days until it, or whether it came.",
    )


def as_numbers(known: pl.Series) -> pl.Series | None:
    """Return a cleaned target as float64, or None when some value is no number.

    Examples
    --------
    >>> as_numbers(pl.Series(["3", " 4.5"])).to_list()
    [3.0, 4.5]
    >>> as_numbers(pl.Series(["3", "many"])) is None
    True
    """
    text = known.dtype == pl.String
    numbers = (known.str.strip_chars() if text else known).cast(pl.Float64, strict=False)
    return numbers if numbers.null_count() == known.null_count() else None


def spellings(labels: Sequence[Label], rows: Sequence[int]) -> dict[Label, Label]:
    """Return the label that others are other spellings of, by each of these.

    Upper case and blanks make no other class, beyond single letters; "Y" and "yes" are one where
    all labels say yes or no. The spelling of most rows is kept.

    Examples
    --------
    >>> spellings(["No", "Y", "no", "yes", "yes "], [9, 2, 1, 5, 1])
    {'Y': 'yes', 'no': 'No', 'yes ': 'yes'}
    >>> spellings(["a", "A", "b", "0", "no"], [1, 1, 1, 1, 1])
    {}
    """
    texts = [label for label in labels if isinstance(label, str)]
    if len(texts) < len(labels):
        return {}
    meanings = [_meaning(text) for text in texts]
    if set(meanings) != {"0", "1"}:
        meanings = [" ".join(text.split()).casefold() for text in texts]
    if len(set(meanings)) > _TWO:
        meanings = [
            meaning if len(text) > 1 else text
            for meaning, text in zip(meanings, texts, strict=True)
        ]
    most = sorted(zip(rows, texts, meanings, strict=True), key=lambda each: (each[0], each[1]))
    kept = {meaning: text for _, text, meaning in most}
    pairs = zip(texts, meanings, strict=True)
    return {text: kept[meaning] for text, meaning in pairs if kept[meaning] != text}


def _in_words(dtype: pl.DataType) -> str:
    return "dates or times" if dtype.is_temporal() else f"values of type {dtype}"


def _numbers_or_refuse(known: pl.Series) -> np.ndarray[Any, Any]:
    numbers = as_numbers(known)
    if numbers is None:
        unread = known.filter(known.str.strip_chars().cast(pl.Float64, strict=False).is_null())
        raise TargetError(
            f"The target {known.name!r} should be a number, but holds {unread.drop_nulls()[0]!r}.",
            "Mend or leave out such rows, or ask for classes instead of a number.",
        )
    values = numbers.fill_null(float("nan")).to_numpy().astype(np.float64)
    if np.isinf(values).any():
        raise TargetError(
            f"The target {known.name!r} is infinite in {int(np.isinf(values).sum()):,} rows.",
            "Mend or leave out such rows.",
        )
    return values


class _Index:
    """Finds the index of a label: as written first, by its meaning second."""

    def __init__(self, classes: tuple[Label, ...]) -> None:
        meanings = [_meaning(label) for label in classes]
        shared = Counter(meanings)
        self._classes = classes
        self._exact = {label: position for position, label in enumerate(classes)}
        self._alike = {m: position for position, m in enumerate(meanings) if shared[m] == 1}

    def of(self, label: Label, column: str) -> int:
        position = self._exact.get(label, self._alike.get(_meaning(label)))
        if position is None:
            raise TargetError(
                f"The target {column!r} holds {label!r}, a class that was not there before.",
                nearest(str(label), map(str, self._classes)),
            )
        return position


def _meaning(label: Label) -> str:
    if not isinstance(label, str):
        return f"{float(label):.17g}"
    text = label.strip().casefold()
    try:
        return f"{float(_MEANINGS.get(text, text)):.17g}"
    except ValueError:
        return text
