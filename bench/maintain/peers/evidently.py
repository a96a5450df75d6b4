"""evidently: DataDriftPreset with its tests, the accepted past for the reference.

Its verdict is read in two ways: the drift of the whole, which is what the preset calls dataset
drift, and any column whose own test fails.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from evidently import BinaryClassification, DataDefinition, Dataset, Regression, Report
from evidently.presets import DataDriftPreset

from bench.maintain.drill import CHANCE, PREDICTION, TARGET, Drill
from bench.maintain.peers.base import Signal, Watcher, main
from bench.maintain.peers.frames import read_frame, strongest_first

_SMALLEST = 1e-300
_WHOLE, _ANY = "evidently, the whole", "evidently, any column"


class Evidently:
    """The report of a window beside all windows before it."""

    failures = (ValueError, TypeError, KeyError, IndexError, ZeroDivisionError)

    def __init__(self, drill: Drill) -> None:
        self._drill = drill
        self._past: list[Any] = []
        self._definition = _definition(drill)

    def read(self, path: Path) -> Any:
        """Return a frame."""
        return read_frame(path, self._drill)

    def accept(self, window: Any) -> None:
        """Add a window to the reference."""
        self._past.append(window)

    def judge(self) -> Callable[[Any], Mapping[str, Signal]]:
        """Return what makes the report of a window."""
        reference = self._dataset(pd.concat(self._past, ignore_index=True))

        def judged(window: Any) -> dict[str, Signal]:
            report = Report([DataDriftPreset()], include_tests=True)
            told = report.run(self._dataset(window), reference).dict()
            return _signals(told)

        return judged

    def _dataset(self, frame: Any) -> Any:
        return Dataset.from_pandas(frame, data_definition=self._definition)


def _definition(drill: Drill) -> Any:
    if drill.task == "regression":
        return DataDefinition(
            numerical_columns=[*drill.numbers, TARGET, PREDICTION],
            categorical_columns=drill.categories,
            regression=[Regression(target=TARGET, prediction=PREDICTION)],
        )
    return DataDefinition(
        numerical_columns=[*drill.numbers, CHANCE],
        categorical_columns=[*drill.categories, TARGET, PREDICTION],
        classification=[
            BinaryClassification(target=TARGET, prediction_labels=PREDICTION, pos_label=1.0)
        ],
    )


def _signals(told: Any) -> dict[str, Signal]:
    """Read both verdicts out of a report: its tests say which columns drift."""
    metrics = {metric["id"]: metric for metric in told["metrics"]}
    whole, strengths = False, dict[str, float]()
    for test in told["tests"]:
        if test["status"] != "FAIL":
            continue
        metric = metrics[test["metric_config"]["metric_id"]]
        if "column" in metric["config"]:
            strengths[metric["config"]["column"]] = _strength(metric)
        else:
            whole = True
    named = strongest_first(strengths)
    kind = "concept drift" if named[:1] == (TARGET,) else ""
    return {
        _WHOLE: Signal(alarm=whole, columns=named if whole else (), kind=kind if whole else ""),
        _ANY: Signal(alarm=bool(named), columns=named, kind=kind),
    }


def _strength(metric: Any) -> float:
    """Return how many times the threshold a column's drift is."""
    value, threshold = float(metric["value"]), float(metric["config"]["threshold"])
    if "p_value" in metric["config"]["method"]:
        return threshold / max(value, _SMALLEST)
    return value / threshold


def _watchers(drill: Drill) -> list[Watcher]:
    return [Evidently(drill)]


if __name__ == "__main__":
    main(_watchers)
