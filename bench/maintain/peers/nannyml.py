"""nannyml: drift of each column, missing and unseen values, estimated and realised performance.

All with their defaults and their own thresholds; the reference is the accepted past with its
labels, in chunks of a window. Its alerts are read in two ways: those of any column, and those of
the performance, with the columns that drift beside it for the cause, as its guide advises.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nannyml as nml
import pandas as pd
from nannyml.exceptions import NannyMLException

from bench.maintain.drill import CHANCE, PREDICTION, TARGET, Drill
from bench.maintain.peers.base import Signal, Watcher, main
from bench.maintain.peers.frames import read_frame, strongest_first

_ANY, _PERFORMANCE = "nannyml, any column", "nannyml, performance"


class NannyML:
    """Calculators that are fitted to the past, again when it has grown."""

    failures = (NannyMLException, ValueError, TypeError, KeyError, IndexError)

    def __init__(self, drill: Drill) -> None:
        self._drill = drill
        self._past: list[Any] = []
        self._fitted: tuple[list[Any], list[Any]] | None = None

    def read(self, path: Path) -> Any:
        """Return a frame."""
        return read_frame(path, self._drill)

    def accept(self, window: Any) -> None:
        """Add a window to the reference."""
        self._past.append(window)
        self._fitted = None

    def judge(self) -> Callable[[Any], Mapping[str, Signal]]:
        """Fit what is not fitted to this past yet, and return what judges a window."""
        size = len(self._past[0])
        if self._fitted is None:
            reference = pd.concat(self._past, ignore_index=True)
            made = _of_columns(self._drill, size), _of_performance(self._drill, size)
            for each in (*made[0], *made[1]):
                each.fit(reference)
            self._fitted = made
        columns, performance = self._fitted

        def judged(window: Any) -> dict[str, Signal]:
            strengths = dict[str, float]()
            for each in columns:
                for name, strength in _alerts(each.calculate(window)).items():
                    strengths[name] = max(strength, strengths.get(name, 0.0))
            named = strongest_first(strengths)
            worse = any(_alerts(_asked(each, window)) for each in performance)
            kind = "" if named else "concept drift"
            return {
                _ANY: Signal(alarm=bool(named), columns=named),
                _PERFORMANCE: Signal(
                    alarm=worse, columns=named if worse else (), kind=kind if worse else ""
                ),
            }

        return judged


def _of_columns(drill: Drill, size: int) -> list[Any]:
    features = [*drill.numbers, *drill.categories]
    made = [
        nml.UnivariateDriftCalculator(
            column_names=features, treat_as_categorical=drill.categories, chunk_size=size
        ),
        nml.MissingValuesCalculator(column_names=features, chunk_size=size),
    ]
    if drill.categories:
        made.append(nml.UnseenValuesCalculator(column_names=drill.categories, chunk_size=size))
    return made


def _of_performance(drill: Drill, size: int) -> list[Any]:
    features = [*drill.numbers, *drill.categories]
    shared = {"y_pred": PREDICTION, "y_true": TARGET, "chunk_size": size}
    if drill.task == "regression":
        return [
            nml.DLE(feature_column_names=features, metrics=["mae"], **shared),
            nml.PerformanceCalculator(problem_type="regression", metrics=["mae"], **shared),
        ]
    shared |= {"y_pred_proba": CHANCE, "problem_type": "classification_binary"}
    return [
        nml.CBPE(metrics=["roc_auc"], **shared),
        nml.PerformanceCalculator(metrics=["roc_auc"], **shared),
    ]


def _asked(calculator: Any, window: Any) -> Any:
    if hasattr(calculator, "estimate"):
        return calculator.estimate(window)
    return calculator.calculate(window)


def _alerts(result: Any) -> dict[str, float]:
    """Return by column, or by metric, how far its worst alert lies beyond its threshold."""
    found: dict[str, float] = {}
    # One chunk is asked about, so there is one row; a column of it is named by a tuple.
    row = {
        place: values.iloc[-1] for place, values in result.filter(period="analysis").to_df().items()
    }
    for place, alert in row.items():
        if place[-1] == "alert" and alert:
            value = float(row[(*place[:-1], "value")])
            beyond = [
                sign * (value - float(limit))
                for sign, name in ((1, "upper_threshold"), (-1, "lower_threshold"))
                if (limit := row[(*place[:-1], name)]) is not None
            ]
            found[place[0]] = max(found.get(place[0], 0.0), *beyond)
    return found


def _watchers(drill: Drill) -> list[Watcher]:
    return [NannyML(drill)]


if __name__ == "__main__":
    main(_watchers)
