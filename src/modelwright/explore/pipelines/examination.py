"""Every check on every input and column of a pipeline."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

import msgspec
import polars as pl

from modelwright.errors import InputError, nearest
from modelwright.explore.pipelines import checks
from modelwright.explore.pipelines.checks import Run, Tables

Verdict = Literal["passed", "failed", "told"]

_A_KEY = r"(?:^|[_ ])(?i:id|key|code|nr|no)$|[a-z](?:Id|ID|Key|No)$"
_TOLD = frozenset({"ignores_repeated_rows", "notices_another_unit", "takes_late_rows"})
"""Checks that few pipelines can pass alone: what they find is for the contract, or for a person."""


@dataclass(frozen=True)
class Facts:
    """What a person says about a pipeline.

    Parameters
    ----------
    key
        The column of the output that names its rows; empty when rows have no name.
    main
        The input that has a row for each of them; empty when none has.
    moment
        The column of the output that says when its row was to be known.
    times
        The column of each input that says when its row happened.
    most_age
        How old the newest row of an input may be.
    unsteady
        Columns of the output that differ between two runs on the same input: one fault, which
        would hide all others. No check but that of two runs looks at them.
    """

    key: str = ""
    main: str = ""
    moment: str = ""
    times: dict[str, str] = field(default_factory=dict)
    most_age: timedelta | None = None
    unsteady: tuple[str, ...] = ()


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one check found.

    Parameters
    ----------
    check
        The name of its function in `checks`.
    input, column
        What was damaged; empty where nothing was.
    verdict
        ``"told"`` is a weakness that the contract or a person must cover.
    sentence
        What is wrong; empty where nothing is.
    """

    check: str
    input: str = ""
    column: str = ""
    verdict: Verdict
    sentence: str = ""


@dataclass(frozen=True)
class Check:
    """One check, ready to be made.

    Parameters
    ----------
    name
        Of its function in `checks`.
    input, column
        What is damaged.
    call
        Makes it.
    """

    name: str
    call: Callable[[], str]
    input: str = ""
    column: str = ""

    def make(self) -> Outcome:
        """Make the check."""
        try:
            sentence = self.call()
        except Exception as error:  # noqa: BLE001 - a pipeline raises what it likes
            sentence = f"it ends: {checks.first_line(error)}"
        bad: Verdict = "told" if self.name in _TOLD else "failed"
        return Outcome(
            check=self.name,
            input=self.input,
            column=self.column,
            verdict=bad if sentence else "passed",
            sentence=sentence,
        )


def find_unsteady(run: Run, inputs: Tables, output: pl.DataFrame, facts: Facts) -> Facts:
    """Run a pipeline again and note which columns of the output differ by themselves."""
    try:
        again = run(checks.copied(inputs))
    except Exception:  # noqa: BLE001 - the check of two runs says what it raises
        return facts
    found = checks.unsteady_columns(output, again, facts.key)
    return replace(facts, unsteady=tuple(name for name in found if name != facts.moment))


def list_checks(
    run: Run, inputs: Tables, output: pl.DataFrame, facts: Facts, *, now: datetime
) -> tuple[Check, ...]:
    """Return every check that what is known of a pipeline allows.

    Parameters
    ----------
    run, inputs
        The pipeline and its whole inputs.
    output
        What it gave for them.
    facts
        What a person says about it.
    now
        For the age of rows.

    Raises
    ------
    InputError
        When the facts name what is not there; the nearest name is offered.
    """
    _check_names(inputs, output, facts)
    whole = _of_the_whole(run, inputs, output, facts)
    run = checks.steady(run, facts.unsteady)
    damaged = (
        check
        for name, table in inputs.items()
        for check in (
            *_of_an_input(run, inputs, name, facts, now=now),
            *(
                check
                for column in table.columns
                for check in _of_a_column(run, inputs, name, column, facts.key)
            ),
        )
    )
    return (*whole, *damaged)


def _of_the_whole(run: Run, inputs: Tables, output: pl.DataFrame, facts: Facts) -> Iterator[Check]:
    yield Check("repeats_itself", partial(checks.repeats_itself, run, inputs, facts.key))
    yield Check("leaves_inputs_alone", partial(checks.leaves_inputs_alone, run, inputs))
    if facts.key:
        yield Check("has_unique_keys", partial(checks.has_unique_keys, output, facts.key))
    if facts.main:
        keeps = partial(checks.keeps_the_keys, output, inputs[facts.main], facts.key)
        yield Check("keeps_the_keys", keeps, facts.main)


def _of_an_input(
    run: Run, inputs: Tables, name: str, facts: Facts, *, now: datetime
) -> Iterator[Check]:
    for check in (
        checks.ignores_the_order,
        checks.ignores_repeated_rows,
        checks.ignores_new_columns,
    ):
        yield Check(check.__name__, partial(check, run, inputs, name, facts.key), name)
    time = facts.times.get(name)
    if time is None:
        return
    late = partial(checks.takes_late_rows, run, inputs, name, time, facts.key)
    yield Check("takes_late_rows", late, name, time)
    if facts.moment:
        past = partial(
            checks.knows_only_the_past,
            run,
            inputs,
            name,
            time,
            moment=facts.moment,
            key=facts.key,
        )
        yield Check("knows_only_the_past", past, name, time)
    if facts.most_age is not None:
        fresh = partial(checks.is_fresh, inputs[name], time, now=now, most=facts.most_age)
        yield Check("is_fresh", fresh, name, time)


def _of_a_column(run: Run, inputs: Tables, name: str, column: str, key: str) -> Iterator[Check]:
    numeric = inputs[name][column].dtype.is_numeric()
    is_key = column == key or _names_rows(inputs, name, column)
    wanted = (
        (checks.survives_missing_values, column != key),
        (checks.refuses_a_lost_column, len(inputs[name].columns) > 1),
        (checks.refuses_numbers_as_text, numeric and column != key),
        (checks.notices_another_unit, numeric and not is_key),
    )
    for check, suits in wanted:
        if suits:
            call = partial(check, run, inputs, name, column, key)
            yield Check(check.__name__, call, name, column)


def _names_rows(inputs: Tables, name: str, column: str) -> bool:
    """Return whether whole numbers name rows, here or in another input: names have no unit."""
    others = [table for other, table in inputs.items() if other != name]
    is_shared = any(column in table.columns and table[column].is_unique().all() for table in others)
    return inputs[name][column].dtype.is_integer() and (
        is_shared or re.search(_A_KEY, column) is not None
    )


def _check_names(inputs: Tables, output: pl.DataFrame, facts: Facts) -> None:
    for name in filter(None, (facts.key, facts.moment)):
        if name not in output.columns:
            raise InputError(f"The output has no column {name!r}.", nearest(name, output.columns))
    for name in filter(None, (facts.main, *facts.times)):
        if name not in inputs:
            raise InputError(f"There is no input {name!r}.", nearest(name, inputs))
    for name, time in facts.times.items():
        if time not in inputs[name].columns:
            raise InputError(
                f"The input {name!r} has no column {time!r}.",
                nearest(time, inputs[name].columns),
            )
        _check_time(inputs[name], name, time, output, facts)
    if facts.main and (not facts.key or facts.key not in inputs[facts.main].columns):
        raise InputError(
            f"The input {facts.main!r} has no column {facts.key!r} to compare keys by.",
            "Name the key that both have: --key COLUMN.",
        )


def _check_time(
    table: pl.DataFrame, name: str, time: str, output: pl.DataFrame, facts: Facts
) -> None:
    """Raise an InputError where a time cannot be compared: that is no fault of the pipeline."""
    kind = table.schema[time]
    remedy = f"Give {name!r} with moments there: by a query, or as Parquet."
    if facts.most_age is not None and not _tells_age(table[time]):
        raise InputError(f"{time!r} of the input {name!r} is {kind} and tells no age.", remedy)
    if facts.moment and len(moments := output[facts.moment].drop_nulls()):
        try:
            table.head(0).filter(pl.col(time) <= moments[0])
        except pl.exceptions.PolarsError as error:
            raise InputError(
                f"{time!r} of the input {name!r} is {kind}, and cannot be compared with "
                f"{facts.moment!r} of the output, which is {moments.dtype}.",
                remedy,
            ) from error


def _tells_age(times: pl.Series) -> bool:
    kind = times.dtype
    if isinstance(kind, pl.Date | pl.Datetime | pl.Null):
        return True
    if not (kind.is_integer() or kind == pl.String):
        return False
    if (newest := times.max()) is None:
        return True
    try:
        datetime.fromisoformat(str(newest))
    except ValueError:
        return False
    return True
