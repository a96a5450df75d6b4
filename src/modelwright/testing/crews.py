"""The contract of crews."""

import os
from pathlib import Path

import numpy as np

from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew, ask_all
from modelwright.errors import LearnerError, ModelwrightError
from modelwright.learners.base import Rows
from modelwright.learners.lightgbm import LightGBM
from modelwright.predictor.storage.storage import write_program
from modelwright.testing.examples import example_rows

_BUDGET_S = 300.0
_SOON_S = 0.05
_FAULT = LearnerError("There is no gold in it.", "Dig elsewhere.")


def check_crew(crew: Crew, *, marker: Path | None = None) -> None:
    """Check that a crew keeps its contract.

    It must return results in the order in which they were asked for, and to the last bit what the
    same call in this process returns: also of a fit, and also after something else was shared. What
    the work raises must arrive as it is, and the work must be told how little time it has. A worker
    that ends in the middle must cost no more than what it was doing.

    Parameters
    ----------
    crew
        The crew to check; it is not closed.
    marker
        A path without a file, in a folder that its workers reach: one of them is ended. None where
        the workers are threads of this process.

    Raises
    ------
    AssertionError
        With what is broken.

    Examples
    --------
    >>> from modelwright.compute.crews.here import Here
    >>> check_crew(Here(workers=2))
    """
    _require(bool(crew.title), crew, "has no title")
    _require(crew.workers >= 1, crew, f"has {crew.workers} workers")
    _check_order(crew)
    _check_fit(crew)
    _check_faults(crew)
    _check_time(crew)
    if marker is not None:
        _check_loss(crew, marker)


def _check_order(crew: Crew) -> None:
    first, second = (np.arange(8.0) * slope for slope in (1.0, 0.1))
    for numbers in (first, second, first):
        wanted = [_weigh(numbers, order, _long()) for order in range(5)]
        made = ask_all(crew, _weigh, crew.share(numbers), range(5), budget=_long())
        _require(made == wanted, crew, f"returns {made} for {wanted}")


def _check_fit(crew: Crew) -> None:
    rows = example_rows("binary", count=200, seed=1)
    made = crew.ask(_fit, crew.share(rows), 3, budget=_long()).made
    _require(made == _fit(rows, 3, _long()), crew, "fits another program with the same seed")


def _check_faults(crew: Crew) -> None:
    try:
        crew.ask(_fail, crew.share(None), None, budget=_long())
    except ModelwrightError as error:
        told = (type(error), error.found, error.remedy)
        wanted = (type(_FAULT), _FAULT.found, _FAULT.remedy)
        _require(told == wanted, crew, f"tells {error!r} for {_FAULT!r}")
        return
    raise AssertionError(f"The crew {crew.title!r} does not raise what the work raised.")


def _check_time(crew: Crew) -> None:
    left = crew.ask(_time_left, crew.share(None), None, budget=Budget.start(_SOON_S)).made
    _require(left <= _SOON_S, crew, f"gives its work {left} s of {_SOON_S}")


def _check_loss(crew: Crew, marker: Path) -> None:
    made = ask_all(crew, _end_once, crew.share(marker), range(4), budget=_long())
    _require(marker.exists(), crew, "does its work where the marker is not reached")
    _require(made == list(range(4)), crew, f"returns {made} after a worker ended")


def _weigh(numbers: np.ndarray, order: int, _: Budget) -> float:
    return float((numbers * 1.1**order).sum())


def _fit(rows: Rows, rounds: int, budget: Budget) -> tuple[bytes, bytes]:
    return write_program(LightGBM().fit(rows, rounds=rounds, budget=budget, seed=7).program)


def _fail(_: None, __: None, ___: Budget) -> None:
    raise _FAULT


def _time_left(_: None, __: None, budget: Budget) -> float:
    return budget.remaining_s


def _end_once(marker: Path, order: int, _: Budget) -> int:
    if order == 1 and not marker.exists():
        marker.touch()
        os._exit(3)
    return order


def _long() -> Budget:
    return Budget.start(_BUDGET_S)


def _require(condition: bool, crew: Crew, fault: str) -> None:
    if not condition:
        raise AssertionError(f"The crew {crew.title!r} {fault}.")
