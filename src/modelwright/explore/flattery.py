"""By how much rows that know each other would flatter a model."""

from dataclasses import dataclass

import numpy as np

from modelwright.data.splitting.partitions import Folds
from modelwright.learners.rehearsal import FOLDS, Rehearsal
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import paired_difference


@dataclass(frozen=True)
class Flattery:
    """Two scores of one model of the same rows.

    Parameters
    ----------
    apart
        Where rows that belong together were kept on one side.
    mixed
        Where it learned from as many rows drawn by chance.
    gain
        By how much the second is better, with its interval.
    best
        The best score that there is.
    metric
        What people call the score.
    """

    apart: float
    mixed: float
    gain: Interval
    best: float
    metric: str

    @property
    def is_certain(self) -> bool:
        """Whether the difference is more than chance."""
        return self.gain.low > 0

    @property
    def share(self) -> float:
        """The difference as a share of the error where the rows are kept apart."""
        error = abs(self.best - self.apart)
        return self.gain.value / error if 0 < error < np.inf else np.inf


def measure_flattery(rehearsal: Rehearsal) -> Flattery:
    """Ask the same rows after learning from as many others, kept apart and drawn by chance.

    Both sides learn from equally many rows and are asked about the same ones, so that what is left
    is what rows tell about those that they belong with.

    Parameters
    ----------
    rehearsal
        Its folds keep rows apart by time or by group.

    Raises
    ------
    SchemaError
        When the rows cannot be divided.
    InputError
        When the score is not defined on them.
    """
    honest = rehearsal.answers
    mixed = rehearsal.answer(_mixed(rehearsal.folds, rehearsal.seed, len(rehearsal)))
    asked, metric = rehearsal.asked, rehearsal.metric
    truth = rehearsal.truth[asked]
    units = rehearsal.units
    apart, flattered = (rehearsal.taken(answers, asked) for answers in (honest, mixed))
    return Flattery(
        apart=metric.score(truth, apart),
        mixed=metric.score(truth, flattered),
        gain=paired_difference(
            metric, truth, flattered, apart, groups=None if units is None else units[asked]
        ),
        best=metric.range[1 if metric.direction == "maximize" else 0],
        metric=metric.title,
    )


def _mixed(folds: Folds, seed: int, rows: int) -> Folds:
    """Return folds that ask the same rows, in parts, after as many others drawn by chance."""
    rng = np.random.default_rng(seed)
    return tuple(
        (np.sort(rng.permutation(np.delete(np.arange(rows), part))[: len(learned)]), part)
        for learned, asked in folds
        for part in _parts(rng.permutation(asked))
    )


def _parts(rows: np.ndarray) -> list[np.ndarray]:
    return [np.sort(part) for part in np.array_split(rows, FOLDS) if len(part)]
