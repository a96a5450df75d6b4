"""What kind of question a target asks: binary, multiclass or regression, and why."""

import re
from typing import get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.errors import BriefError, TargetError, nearest
from modelwright.tasks.positive import asked_class, positive_class
from modelwright.tasks.targets import as_numbers, clean_target, spellings
from modelwright.tasks.task import Label, Task, TaskKind

Rows = NDArray[np.float64]

MOST_CLASSES = 1_000
"""More classes than this are an id or a text, not a question."""
MOST_INTEGER_CLASSES = 20
"""Whole numbers with more distinct values than this are a quantity."""

_FEWEST_COUNTED, _RARE = 4, 0.01

_MOST = 1e150
"""Squares of larger numbers are infinite."""
_ASKABLE = (*get_args(TaskKind), "classification")
_CLASS_NAME = re.compile(
    r"class|classes|label|category|type|kind|species|digit|cluster|code|group|segment|status"
)
_LEVEL_NAME = re.compile(
    r"severity|level|fault|outcome|result|stage|state|tier|risk|priority|condition|diagnosis|phase"
)
"""Codes whose rarest are as rare as those of counts: the worst is rare."""
_QUANTITY_NAME = re.compile(
    r"quality|rating|score|stars|nps|satisfaction|likelihood|grade|counts?|cnt|number|num|n|quantity|qty|age|rings|years|days"
    r"|hours|minutes|points|price|amount|rate|total|sum|mean|avg"
)


def infer_task(target: pl.Series, *, kind: str | None = None, positive: object = None) -> Task:
    """Return the task that a target asks for, with the reason.

    Two distinct values are binary, whatever their type. Texts are multiclass. Fractions are
    regression. Whole numbers, also those kept as text, with 3 to 20 distinct values are judged by
    the name of the column ("class" or "rating"), then by how they are numbered and counted: codes
    count from 0 or leave gaps, and their frequencies jump; a quantity rises to one peak and falls.

    Parameters
    ----------
    target
        The target column, n rows, raw or conformed. Missing values are ignored.
    kind
        What the person asks for: ``"binary"``, ``"multiclass"``, ``"classification"`` (binary or
        multiclass, as the data say) or ``"regression"``; None to judge by the data.
    positive
        The class that a binary question asks about; None to take the one that reads as a yes, else
        the rarer one.

    Raises
    ------
    TargetError
        Nothing to learn: one value, none, dates, infinite numbers, or so many classes that the
        column looks like an id.
    BriefError
        An unknown kind or positive class; the nearest is offered.

    Examples
    --------
    >>> infer_task(pl.Series("late", ["no", "yes", "no"])).classes
    ('no', 'yes')
    >>> infer_task(pl.Series("price", [9.5, 3.25, 4.0])).kind
    'regression'
    >>> infer_task(pl.Series("digit", [0, 1, 2] * 9)).reason
    "'digit' has 3 distinct whole numbers and is named like a class."
    """
    asked = _asked(kind)
    known = clean_target(target).drop_nulls()
    _refuse_unlearnable(known, of=len(target))
    values = _Values(known)
    verdict, why = _as_asked(values, asked) if asked else _judged(values)
    if verdict == "regression":
        if positive is not None:
            raise BriefError(f"positive = {positive!r} names a class, but {why}", "Leave it out.")
        return Task(kind="regression", reason=why)
    return _classification(values, why, positive=positive)


class _Values:
    """The distinct values of a target in order, and how many rows hold each."""

    def __init__(self, known: pl.Series) -> None:
        self.name = known.name
        self.spellings = _spellings(known)
        if self.spellings:
            known = known.replace(self.spellings)
        self.numbers = as_numbers(known)
        distinct = known.alias("label").value_counts(name="rows")
        number = as_numbers(distinct["label"])
        order = distinct["label"] if number is None else number
        distinct = distinct.with_columns(order.alias("order")).sort("order", "label")
        self.labels = distinct["label"]
        self.rows = distinct["rows"].to_numpy()
        self.order = distinct["order"].to_numpy()

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def are_whole(self) -> bool:
        return self.numbers is not None and bool((self.order == np.floor(self.order)).all())

    @property
    def are_codes(self) -> bool:
        """Whether the values are 0, 1, 2, … or 1, 2, 3, …, as a program numbers classes."""
        return self.order[0] in (0, 1) and self.order[-1] - self.order[0] == len(self) - 1


def _spellings(known: pl.Series) -> dict[Label, Label]:
    if known.dtype != pl.String or known.n_unique() <= 2 or as_numbers(known) is not None:
        return {}
    counted = known.alias("label").value_counts(name="rows")
    return spellings(counted["label"].to_list(), counted["rows"].to_list())


def _asked(kind: str | None) -> str | None:
    if kind is None or kind in _ASKABLE:
        return kind
    raise BriefError(f"There is no kind of task {kind!r}.", nearest(kind, _ASKABLE), key="task")


def _refuse_unlearnable(known: pl.Series, *, of: int) -> None:
    if known.is_empty():
        raise TargetError(
            f"The target {known.name!r} has no value in any of its {of:,} rows.",
            "Name a column that is filled, or the source that fills it.",
        )
    if known.dtype == pl.String and known.str.contains(r"^\s*\d{4}-\d\d-\d\d").all():
        raise TargetError(
            f"The target {known.name!r} holds dates, such as {known[0]!r}.",
            "Derive the question from it first, for example the days until it, or whether it came.",
        )
    numbers = as_numbers(known)
    sizes = pl.Series([0.0]) if numbers is None else numbers.cast(pl.Float64).fill_nan(None).abs()
    endless = int((sizes > _MOST).sum())
    if endless:
        raise TargetError(
            f"The target {known.name!r} is infinite in {endless:,} of {len(known):,} rows, or so "
            f"large that its square is: beyond {_MOST:g}.",
            "Mend or leave out such rows.",
        )
    if known.n_unique() == 1:
        raise TargetError(
            f"The target {known.name!r} is {known[0]!r} in every row that has one.",
            _ask_for_another(without=of - len(known)),
        )


def _ask_for_another(*, without: int) -> str:
    if not without:
        return "There is nothing to learn; add rows with another outcome."
    rows = "a row has none" if without == 1 else f"{without:,} rows have none"
    return (
        "There is nothing to learn; add rows with another outcome. "
        f"Where {rows} because it did not happen, write what happened instead into them."
    )


def _as_asked(values: _Values, asked: str) -> tuple[str, str]:
    if asked == "regression" and values.numbers is None:
        unread = next(v for v in values.labels if as_numbers(pl.Series([v])) is None)
        raise TargetError(
            f"The target {values.name!r} should be a number, but holds {unread!r}.",
            "Mend or leave out such rows, or ask for classes instead of a number.",
        )
    if asked == "binary" and len(values) != 2:
        shown = ", ".join(repr(label) for label in values.labels.head(5))
        raise TargetError(
            f"The target {values.name!r} should be binary, but has {len(values):,} distinct"
            f" values: {shown}{', …' if len(values) > 5 else ''}.",
            "Ask for multiclass, or make a column that says yes or no.",
        )
    return asked, f"{values.name!r} was asked for as {asked}."


def _judged(values: _Values) -> tuple[str, str]:
    name, n = repr(values.name), len(values)
    if n == 2:
        first, second = values.labels
        return "binary", f"{name} has two values, {first!r} and {second!r}."
    if values.numbers is None:
        return "multiclass", f"{name} has {n:,} distinct texts."
    if not values.are_whole:
        return "regression", f"{name} is a number with fractions, {n:,} distinct values."
    is_class, why = _whole_numbers_are_classes(values)
    return "multiclass" if is_class else "regression", f"{name} has {n:,} distinct {why}."


def _whole_numbers_are_classes(values: _Values) -> tuple[bool, str]:
    words = _words(values.name)
    few = len(values) <= MOST_INTEGER_CLASSES
    numbered = values.are_codes and values.rows.sum() >= 10 * len(values)
    if any(map(_CLASS_NAME.fullmatch, words)) and (few or numbered):
        return True, "whole numbers and is named like a class"
    if not few:
        return False, f"whole numbers, more than {MOST_INTEGER_CLASSES}: a quantity"
    if any(map(_QUANTITY_NAME.fullmatch, words)):
        return False, "whole numbers and is named like a quantity"
    is_level = any(map(_LEVEL_NAME.fullmatch, words))
    if values.order[0] == 0 and values.are_codes and not is_level and _thin_out(values):
        return False, "whole numbers that count from 0, each rarer than the one before: a count"
    if values.order[0] == 0 and values.are_codes and len(values) <= 10:
        return True, "whole numbers that count from 0 without a gap, as codes of classes do"
    if len(values) < 5:
        return True, "whole numbers, too few for a quantity"
    if _has_one_peak(values):
        return False, "whole numbers whose frequency rises to one peak and falls: a quantity"
    return True, "whole numbers whose frequencies jump, as those of codes do"


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower())


def _has_one_peak(values: _Values) -> bool:
    """Whether frequencies rise and fall as a quantity's do, beyond what chance explains."""
    steps = (values.order - values.order[0]) / np.diff(values.order).min()
    if steps[-1] > 3 * len(values) or (steps != np.floor(steps)).any():
        return False
    rows = np.zeros(int(steps[-1]) + 1)
    rows[steps.astype(np.int64)] = values.rows
    before, after = np.maximum.accumulate(rows), np.maximum.accumulate(rows[::-1])[::-1]
    valley = _are_below(rows, np.minimum(before, after)).any()
    flat = not _are_below(rows.min(keepdims=True), rows.max(keepdims=True)).any()
    return not (valley or flat)


def _thin_out(values: _Values) -> bool:
    """Whether values are as rare as those of events that are counted: the last in a hundred rows.

    Codes in the order of their frequency look so too, but few of them are so rare.
    """
    # Counts have no sign, and their differences would wrap.
    rows = values.rows[int(values.rows[1] > values.rows[0]) :].astype(np.int64)
    last, first = int(rows[-1]), int(rows[0])
    falls = bool((np.diff(rows) <= 3 * np.sqrt(rows[:-1])).all())
    return len(values) >= _FEWEST_COUNTED and falls and last < _RARE * first


def _are_below(low: Rows, high: Rows) -> NDArray[np.bool_]:
    # Counts vary like Poisson variables: three standard deviations of the difference, and a tenth.
    return (high - low > 3 * np.sqrt(high + low)) & (low < 0.9 * high)


def _classification(values: _Values, why: str, *, positive: object) -> Task:
    _refuse_ids(values)
    labels: list[Label] = values.labels.to_list()
    reason = why + _respelt(values) + _lonely(values)
    if len(labels) > 2:
        if positive is not None:
            raise BriefError(
                f"positive = {positive!r} asks a binary question, but {values.name!r} has"
                f" {len(labels):,} classes.",
                "Leave it out, or make a column that says yes or no.",
            )
        return Task(kind="multiclass", classes=tuple(labels), reason=reason)
    if positive is None:
        chosen, because = positive_class(labels, values.rows.tolist())
    else:
        chosen, because = asked_class(labels, positive, target=values.name), "is so by the brief"
    reason = f"{reason} The positive class is {labels[chosen]!r}: it {because}."
    return Task(kind="binary", classes=(labels[1 - chosen], labels[chosen]), reason=reason)


def _respelt(values: _Values) -> str:
    if not values.spellings:
        return ""
    pairs = sorted(values.spellings.items(), key=str)
    shown = ", ".join(f"{old!r} as {new!r}" for old, new in pairs[:5])
    return f" Other spellings are one class: {shown}{', …' if len(pairs) > 5 else ''}."


def _refuse_ids(values: _Values) -> None:
    n, rows = len(values), int(values.rows.sum())
    if n <= MOST_CLASSES and n <= max(3, rows / 3):
        return
    noun = "texts" if values.numbers is None else "values"
    raise TargetError(
        f"The target {values.name!r} has {n:,} distinct {noun} in {rows:,} rows:"
        f" this looks like {'an id or free text' if noun == 'texts' else 'an id or a quantity'}.",
        f"Name a target with at most {MOST_CLASSES:,} classes and three rows for each.",
    )


def _lonely(values: _Values) -> str:
    alone = values.labels.filter(pl.Series(values.rows == 1)).to_list()
    if not alone:
        return ""
    shown = ", ".join(repr(label) for label in alone[:3])
    noun = "Class" if len(alone) == 1 else f"{len(alone)} classes, such as"
    return f" {noun} {shown} {'has' if len(alone) == 1 else 'have'} a single row."
