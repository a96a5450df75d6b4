"""The contract of faults of `gameday`."""

from typing import get_args

import numpy as np
import polars as pl

from modelwright.data.schema import Column, Kind
from modelwright.documents import CauseKind
from modelwright.maintain.gameday.faults.base import Fault, Scene
from modelwright.maintain.gameday.traffic import Span
from modelwright.tasks.task import Task

_ROWS = 400
_COLUMNS = (
    Column(name="amount", kind=Kind.NUMERIC),
    Column(name="size", kind=Kind.NUMERIC),
    Column(name="country", kind=Kind.CATEGORICAL),
    Column(name="plan", kind=Kind.CATEGORICAL),
    Column(name="ordered", kind=Kind.DATETIME),
)


def example_scene() -> Scene:
    """Return a place in made-up traffic at which a fault may begin."""
    random = np.random.default_rng(0)
    table = pl.DataFrame(
        {
            "amount": random.lognormal(3.0, 1.0, 3 * _ROWS),
            "size": random.normal(5.0, 1.0, 3 * _ROWS),
            "country": random.choice(["DE", "FR", "PL"], 3 * _ROWS),
            "plan": random.choice(["free", "paid"], 3 * _ROWS),
            "ordered": pl.Series(range(3 * _ROWS)).cast(pl.Datetime("ms")),
        }
    )
    rows = Span(table, random.integers(0, 2, 3 * _ROWS))
    return Scene(
        task=Task(kind="binary", classes=("no", "yes")),
        columns=_COLUMNS,
        before=rows.part(0, _ROWS),
        ahead=rows.part(_ROWS, 3 * _ROWS),
        columns_aimed_at=2,
        seed=0,
    )


def check_fault(fault: Fault) -> None:
    """Check that a fault of `gameday` keeps its contract.

    It must have a name and a sentence, aim at something in `example_scene`, change a copy and the
    same way each time, keep the number of rows and the names of the columns, touch no other column
    of paired rows than those that it names, and name causes that there are.

    Parameters
    ----------
    fault
        The fault to check.

    Raises
    ------
    AssertionError
        With what is broken.

    Examples
    --------
    >>> from modelwright.maintain.gameday.faults.values import UNIT_CHANGE
    >>> check_fault(UNIT_CHANGE)
    """
    assert fault.name.strip(), "A fault needs a name."
    assert fault.sentence.endswith("."), f"The sentence of {fault.name!r} must end with a stop."
    scene = example_scene()
    injections = list(fault.aims(scene))
    assert injections, f"{fault.name!r} aims at nothing in the example."
    for injection in injections:
        assert set(injection.causes) <= set(get_args(CauseKind)), injection.causes
        before = scene.ahead.part(0, _ROWS // 2)
        kept = before.table.clone()
        changed, again = injection.change(before), injection.change(before)
        assert before.table.equals(kept), f"{fault.name!r} changed the traffic itself."
        assert changed.table.equals(again.table), f"{fault.name!r} differs from run to run."
        assert len(changed) == len(before), f"{fault.name!r} changed the number of rows."
        assert len(changed.truth) == len(before), f"{fault.name!r} lost labels."
        assert changed.table.columns == kept.columns, f"{fault.name!r} changed the columns."
        _leaves_others_alone(fault.name, before, changed, injection.columns, injection.is_paired)


def _leaves_others_alone(
    name: str, before: Span, changed: Span, columns: tuple[str, ...], is_paired: bool
) -> None:
    touched = [
        column
        for column in before.table.columns
        if not before.table[column].equals(changed.table[column])
    ]
    others = set(touched) - set(columns)
    assert not (is_paired and others), f"{name!r} changed {sorted(others)}, which it does not name."
    relabelled = not np.array_equal(before.truth, changed.truth)
    assert touched or relabelled, f"{name!r} changed nothing."
