"""A forest that grows one tree after the other, the same bits as a forest of scikit-learn.

Its forests hand their trees to workers that replace the list of warning filters, which all threads
share: two of them in one process would have to wait for each other. One tree needs no workers, and
after it the clock may be asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sklearn
from numpy.typing import NDArray

from modelwright.predictor.operations.base import Floats

_SEEDS = np.iinfo(np.int32).max
_WEIGHTS_ARE_CHANCES = tuple(int(part) for part in sklearn.__version__.split(".")[:2]) >= (1, 9)
"""From 1.9 on a bootstrap sample has a row as often as it weighs; before, all rows had the same
chance, and those drawn kept their weight."""


@dataclass(frozen=True)
class Forest:
    """What a forest of scikit-learn would grow.

    Parameters
    ----------
    tree
        The class of a tree.
    settings
        Of each tree.
    seed
        Of the forest; each tree has one of its own that follows from it.
    resamples
        Whether each tree sees a bootstrap sample.
    sample_rows
        Rows that are drawn for each; None for as many as there are.

    Examples
    --------
    >>> from sklearn.ensemble import RandomForestRegressor
    >>> from sklearn.tree import DecisionTreeRegressor
    >>> X, y = np.arange(20, dtype=np.float32)[:, None], np.arange(20.0) % 7
    >>> theirs = RandomForestRegressor(n_estimators=2, random_state=5).fit(X, y).estimators_[0]
    >>> ours = next(Forest(DecisionTreeRegressor, {}, seed=5, resamples=True).grow(X, y))
    >>> bool((ours.tree_.threshold == theirs.tree_.threshold).all())
    True
    """

    tree: type
    settings: Mapping[str, Any]
    seed: int
    resamples: bool
    sample_rows: int | None = None

    def grow(
        self,
        matrix: NDArray[np.float32],
        target: NDArray[Any],
        weight: Floats | None = None,
    ) -> Iterator[Any]:
        """Yield fitted trees, as many as are asked for.

        A tree of classes knows those alone that it has seen (``classes_``).

        Parameters
        ----------
        matrix : ndarray of shape (rows, columns)
        target, weight : ndarray of shape (rows,)
        """
        # The generator that scikit-learn draws from.
        seeds = np.random.RandomState(self.seed)
        while True:
            seed = int(seeds.randint(_SEEDS))
            tree = self.tree(**self.settings, random_state=seed)
            if self.resamples:
                seen, counts = self._sample(seed, len(matrix), weight)
                # The other rows would weigh nothing: a tree leaves such rows out.
                yield _fit(tree, matrix[seen], target[seen], counts)
            else:
                yield _fit(tree, matrix, target, weight)

    def _sample(
        self, seed: int, rows: int, weight: Floats | None
    ) -> tuple[NDArray[np.intp], NDArray[Any]]:
        """Return the rows of a bootstrap sample, each once, and how much each counts."""
        draw = np.random.RandomState(seed)
        wanted = self.sample_rows or rows
        if weight is not None and _WEIGHTS_ARE_CHANCES:
            drawn = draw.choice(rows, wanted, p=weight / np.sum(weight))
        else:
            drawn = draw.randint(0, rows, wanted)
        counts = np.bincount(drawn, minlength=rows)
        seen = np.flatnonzero(counts)
        if weight is not None and not _WEIGHTS_ARE_CHANCES:
            return seen, counts[seen] * weight[seen]
        return seen, counts[seen]


def _fit(
    tree: Any, matrix: NDArray[np.float32], target: NDArray[Any], weight: NDArray[Any] | None
) -> Any:
    # It looks for missing values in the sums of columns, which are infinite where numbers are huge.
    with np.errstate(over="ignore", invalid="ignore"):
        return tree.fit(matrix, target, sample_weight=weight)
