"""Which class is answered: the rule from probabilities to a class."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray


class Rule(msgspec.Struct, frozen=True):
    """The rule by which probabilities become the class that is answered.

    Of two classes the second is answered from a probability on; of several the one with the
    greatest product of weight and probability, the first of those that are equal.

    Parameters
    ----------
    threshold
        For two classes.
    weights
        One for each of several classes; none where the likeliest is answered.

    Examples
    --------
    >>> answers = np.array([[0.5, 0.3, 0.2], [0.8, 0.1, 0.1]])
    >>> Rule(weights=(1.0, 2.0, 1.0)).choose(answers)
    array([1, 0])
    >>> Rule(threshold=0.2).choose(np.array([[0.7, 0.3], [0.9, 0.1]]))
    array([1, 0])
    """

    threshold: float = 0.5
    weights: tuple[float, ...] = ()

    def choose(self, answers: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the index of the class that is answered to each row of probabilities.

        Parameters
        ----------
        answers : ndarray of shape (rows, classes)
        """
        if answers.shape[1] == 2:
            return (answers[:, 1] >= self.threshold).astype(np.int64)
        weighed = answers * np.array(self.weights) if self.weights else answers
        return np.asarray(weighed.argmax(axis=1), dtype=np.int64)

    def place(self, row: Sequence[float]) -> int:
        """Return what `choose` does for one row, sooner than NumPy's calls."""
        if len(row) == 2:
            return int(row[1] >= self.threshold)
        weighed = [*map(float.__mul__, row, self.weights)] if self.weights else row
        return weighed.index(max(weighed))

    def fault(self, n_classes: int) -> str:
        """Return what is wrong with the rule for so many classes; empty where nothing is."""
        if not np.isfinite(self.threshold):
            return "its threshold is not finite"
        if not self.weights:
            return ""
        if n_classes < 3 or len(self.weights) != n_classes:
            return "one weight for each of at least three classes is needed"
        weights = np.array(self.weights)
        return "" if (np.isfinite(weights) & (weights > 0)).all() else "a weight is not above zero"
