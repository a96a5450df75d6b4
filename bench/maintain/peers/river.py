"""river: ADWIN and Page-Hinkley with their defaults, on each column and on the model's errors.

Its detectors read one number at a time. Numbers and errors are brought to the spread of the windows
before the first that is judged, because the thresholds are for such; a category is read as one
indicator for each common level and one for all others; a column with missing values has an
indicator of these.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from river.drift import ADWIN, PageHinkley

from bench.maintain.drill import CHANCE, PREDICTION, TARGET, Drill
from bench.maintain.peers.base import Signal, Watcher, main
from bench.maintain.peers.frames import read_frame

_LEVELS = 20
_SMALLEST = 1e-6
_ERRORS = "errors"


class Stream:
    """One detector for each number that a row is read as.

    Parameters
    ----------
    name
        Of the reading.
    detector
        Makes a detector.
    """

    failures = (ValueError,)

    def __init__(self, name: str, detector: Callable[[], Any], drill: Drill) -> None:
        self._name, self._detector, self._drill = name, detector, drill
        self._first: list[Any] = []
        self._reading: _Reading | None = None
        self._detectors: dict[tuple[str, str], Any] = {}

    def read(self, path: Path) -> Any:
        """Return a frame."""
        return read_frame(path, self._drill)

    def accept(self, window: Any) -> None:
        """Let the detectors read a window; those of the reference are read once all are there."""
        if self._reading is not None:
            _feed(self._detectors, self._reading.of(window))
            return
        self._first.append(window)
        if len(self._first) < self._drill.reference:
            return
        self._reading = _Reading(self._first, self._drill)
        self._detectors = {place: self._detector() for place, _ in self._reading.of(window)}
        for each in self._first:
            _feed(self._detectors, self._reading.of(each))

    def judge(self) -> Callable[[Any], Mapping[str, Signal]]:
        """Return what reads a window with a copy of the detectors."""
        detectors, reading = copy.deepcopy(self._detectors), self._reading
        assert reading is not None

        def judged(window: Any) -> dict[str, Signal]:
            fired = _feed(detectors, reading.of(window))
            columns = tuple(name for name in fired if name != _ERRORS)
            kind = "concept drift" if fired and not columns else ""
            return {self._name: Signal(alarm=bool(fired), columns=columns, kind=kind)}

        return judged


class _Reading:
    """How a row is read as numbers."""

    def __init__(self, windows: list[Any], drill: Drill) -> None:
        self._drill = drill
        self._scales, self._levels = dict[str, tuple[float, float]](), dict[str, list[str]]()
        for name in drill.numbers:
            self._scales[name] = _scale(np.concatenate([each[name] for each in windows]))
        for name in drill.categories:
            counts: dict[str, int] = {}
            for each in windows:
                for level, count in each[name].value_counts().items():
                    counts[level] = counts.get(level, 0) + count
            self._levels[name] = sorted(counts, key=lambda each: -counts[each])[:_LEVELS]
        self._scales[_ERRORS] = _scale(np.concatenate([self._errors(each) for each in windows]))

    def of(self, window: Any) -> Iterator[tuple[tuple[str, str], Any]]:
        """Yield what each detector reads of a window."""
        for name in self._drill.numbers:
            values = window[name].to_numpy()
            known = np.isfinite(values)
            yield (name, ""), self._scaled(name, values[known])
            yield (name, "missing"), (~known).astype(float)
        for name in self._drill.categories:
            values = window[name]
            yield (name, "missing"), values.isna().to_numpy().astype(float)
            for level in self._levels[name]:
                yield (name, f"is {level}"), (values == level).to_numpy().astype(float)
            yield (name, "other"), (~values.isin(self._levels[name])).to_numpy().astype(float)
        errors = self._errors(window)
        yield (_ERRORS, ""), self._scaled(_ERRORS, errors)

    def _scaled(self, name: str, values: Any) -> Any:
        middle, spread = self._scales[name]
        return (values - middle) / spread

    def _errors(self, window: Any) -> Any:
        truth = window[TARGET].to_numpy()
        known = np.isfinite(truth)
        truth, answers = truth[known], window[PREDICTION].to_numpy()[known]
        if self._drill.task == "regression":
            return np.abs(truth - answers)
        chance = np.clip(window[CHANCE].to_numpy()[known], _SMALLEST, 1 - _SMALLEST)
        return -np.log(np.where(truth == 1, chance, 1 - chance))


def _scale(values: Any) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0, 1.0
    return float(known.mean()), float(known.std()) or 1.0


def _feed(detectors: Mapping[tuple[str, str], Any], read: Iterator[Any]) -> list[str]:
    """Let detectors read on, and return the columns of those that fired, the earliest first."""
    fired: dict[str, int] = {}
    for place, values in read:
        detector = detectors[place]
        for at, value in enumerate(values.tolist()):
            detector.update(value)
            if detector.drift_detected:
                fired[place[0]] = min(at, fired.get(place[0], at))
    return sorted(fired, key=lambda name: fired[name])


def _watchers(drill: Drill) -> list[Watcher]:
    return [Stream("river, ADWIN", ADWIN, drill), Stream("river, Page-Hinkley", PageHinkley, drill)]


if __name__ == "__main__":
    main(_watchers)
