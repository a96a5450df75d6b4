"""The contract of detectors."""

from datetime import UTC, datetime
from typing import get_args

import numpy as np
import polars as pl

from modelwright.documents import CauseKind
from modelwright.maintain.detectors.base import Detector
from modelwright.maintain.log.live_rows import live_rows_of
from modelwright.maintain.look.look import Look
from modelwright.maintain.watch.watch import Watch
from modelwright.predictor.bundle import Bundle
from modelwright.tasks.metrics import metric_named

_LEAST = 10.0
_PAST = 3


def look_at_last(bundle: Bundle, table: pl.DataFrame, *, windows: int = _PAST + 1) -> Look:
    """Return a look at the last part of a table, with its first parts as the past.

    Parameters
    ----------
    bundle
        The model.
    table
        The features, with the target's column where labels are known.
    windows
        How many parts.
    """
    size = len(table) // windows
    parts = [table[start : start + size] for start in range(0, size * windows, size)]
    watch = Watch(bundle, metric_named(bundle.facts.metric, bundle.program.task))
    for part in parts[:-1]:
        _, watch = watch.judge(live_rows_of(part, bundle), made_at=datetime.now(UTC))
    return watch.look(live_rows_of(parts[-1], bundle))


def check_detector(detector: Detector, steady: Look, changed: Look) -> None:
    """Check that a detector keeps its contract.

    It must find nothing in steady rows and something in changed ones, the same each time, with a
    known kind, evidence that suffices, a sentence, and columns of the model.

    Parameters
    ----------
    detector
        The detector to check.
    steady, changed
        Made by `look_at_last`.

    Raises
    ------
    AssertionError
        With what is broken.
    """
    assert not list(detector(steady, _LEAST)), "It finds something where nothing changed."
    kept = {name: values.copy() for name, values in changed.rows.columns.items()}
    found, again = list(detector(changed, _LEAST)), list(detector(changed, _LEAST))
    assert found, "It finds nothing where something changed."
    assert found == again, "It finds something else the second time."
    for name, values in kept.items():
        assert np.array_equal(values, changed.rows.columns[name], equal_nan=values.dtype == float)
    for each in found:
        assert each.kind in get_args(CauseKind), f"There is no cause {each.kind!r}."
        assert each.evidence >= _LEAST, f"{each.evidence} is less than was asked for."
        assert each.sentence.strip(), "A finding needs a sentence."
        strays = set(each.columns) - set(changed.bundle.schema.names)
        assert not strays, f"The model has no columns {sorted(strays)}."
