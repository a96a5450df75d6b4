"""How well many columns together tell the target: what one column is compared with."""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

from modelwright.explore.association import Strength, measure, out_of_fold
from modelwright.explore.sample import FOLDS, Sample

Floats = NDArray[np.float64]

_MOST_ROWS = 6_000
_MOST_CELLS = 1_500_000
_TREES = 30
_FEATURES_TRIED = 20
_LARGEST = 1e30
"""Trees read numbers of four bytes, and add up all cells."""


@dataclass(frozen=True)
class Rest:
    """Measures what the columns tell together without some of them; remembers what it measured.

    Extremely randomised trees (Geurts, Ernst & Wehenkel, Machine Learning 63, 2006) learn on all
    folds but one of at most 6,000 rows and predict that one.

    Parameters
    ----------
    sample
        The rows.
    seed
        The same seed gives the same measures.
    """

    sample: Sample
    seed: int
    _known: dict[frozenset[str], Floats] = field(default_factory=dict, repr=False)
    _encoded: dict[str, Floats] = field(default_factory=dict, repr=False)

    @property
    def rows(self) -> int:
        """Rows that are used, the first ones of the sample."""
        most = _MOST_CELLS // max(len(self.sample.names), 1)
        return min(len(self.sample), _MOST_ROWS, max(most, 1_000))

    def without(self, names: Collection[str]) -> Strength:
        """Return what the columns tell together when some are left out."""
        part = self.sample.take(np.arange(self.rows))
        return measure(part, self.predictions(names))

    def predictions(self, names: Collection[str]) -> Floats:
        """Return out-of-fold predictions of the rows used, of shape (rows, classes) or (rows, 1).

        When no column is left, every row is predicted by the mean.
        """
        left = frozenset(self.sample.names) - frozenset(names)
        if left not in self._known:
            self._known[left] = self._predict([name for name in self.sample.names if name in left])
        return self._known[left]

    def _predict(self, names: list[str]) -> Floats:
        rows = self.rows
        if not names:
            part = self.sample.take(np.arange(rows))
            return out_of_fold(part, np.zeros(rows, dtype=np.int64))
        matrix = np.column_stack([self._encode(name) for name in names])
        folds, classes = self.sample.folds[:rows], max(self.sample.classes, 2)
        is_class = self.sample.task.is_classification
        predicted = np.zeros((rows, classes if is_class else 1))
        for fold in range(FOLDS):
            inside = folds == fold
            if inside.any() and not inside.all():
                predicted[inside] = self._fold(matrix, inside, classes)
        return predicted

    def _fold(self, matrix: Floats, inside: NDArray[np.bool_], classes: int) -> Floats:
        tried = min(1.0, _FEATURES_TRIED / matrix.shape[1])
        if not self.sample.task.is_classification:
            trees = ExtraTreesRegressor(_TREES, max_features=tried, random_state=self.seed)
            trees.fit(matrix[~inside], self.sample.ranks[: self.rows][~inside])
            return np.asarray(trees.predict(matrix[inside]))[:, None]
        chooser = ExtraTreesClassifier(
            _TREES, max_features=tried / 2, min_samples_leaf=2, random_state=self.seed
        )
        chooser.fit(matrix[~inside], self.sample.labels[: self.rows][~inside])
        found = np.zeros((int(inside.sum()), classes))
        found[:, chooser.classes_] = chooser.predict_proba(matrix[inside])
        return found

    def _encode(self, name: str) -> Floats:
        if name not in self._encoded:
            values = self.sample.numbers.get(name)
            numbers = self._levels_as_numbers(name) if values is None else values
            self._encoded[name] = numbers[: self.rows].clip(-_LARGEST, _LARGEST)
        return self._encoded[name]

    def _levels_as_numbers(self, name: str) -> Floats:
        """Return the out-of-fold mean answer of each level; its place by frequency if classes."""
        codes = self.sample.codes[name]
        if self.sample.task.kind != "multiclass":
            return out_of_fold(self.sample, codes)[:, -1]
        by_frequency = np.argsort(-np.bincount(codes), kind="stable")
        return np.argsort(by_frequency, kind="stable")[codes].astype(np.float64)
