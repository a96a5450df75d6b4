"""How well one column alone tells the target, on rows that were not used to learn it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from modelwright.explore.bins import Codes
from modelwright.explore.sample import FOLDS, Sample

Floats = NDArray[np.float64]

_PROMISING = 0.3
"""What bins leave open of classes, or ranks of numbers, that is worth a second look."""
_STEPS_OF_A_CLASS, _ROWS_OF_A_STEP = 2, 5
_TAILS = (0.01, 0.99)
_FEWEST_VALUES = 20
"""Fewer are kinds that may lie far apart, which a number tells and nothing of what they cost."""


@dataclass(frozen=True)
class Strength:
    """What is known of the answer.

    Parameters
    ----------
    association
        From 0, nothing, to 1, everything: 2 AUC - 1 of a binary task, the share of the log loss
        that goes away of a multiclass task, R2 of ranks of a regression.
    unexplained
        What stays wrong, as a fraction of what is wrong without the column: mistakes of a
        classification, squared error of ranks of a regression. 0 when everything is right.
    """

    association: float
    unexplained: float


def measure_column(sample: Sample, name: str) -> Strength:
    """Return how well a column alone tells the target.

    Each bin or level predicts by what the other folds' rows of the same bin answered, so that a
    column with a value for every row tells nothing. A number is also tried as one threshold, as one
    order, or as a few thresholds between classes, which bins can miss by half a bin.

    Parameters
    ----------
    sample
        Rows with their answers and folds.
    name
        One of its columns.
    """
    binned = measure(sample, out_of_fold(sample, sample.codes[name]))
    if name not in sample.numbers:
        return binned
    if sample.task.kind == "multiclass":
        is_near = binned.unexplained <= _PROMISING
        return better(binned, _measure_steps(sample, sample.numbers[name])) if is_near else binned
    return better(binned, measure_order(sample, sample.numbers[name]))


def better(one: Strength, other: Strength) -> Strength:
    """Return the best of both measures."""
    return Strength(
        association=max(one.association, other.association),
        unexplained=min(one.unexplained, other.unexplained),
    )


def out_of_fold(sample: Sample, codes: Codes) -> Floats:
    """Predict each row by the mean answer of the same code in the other folds.

    Returns
    -------
    ndarray of shape (n, classes)
        Probabilities; for regression (n, 1), ranks.
    """
    levels = int(codes.max(initial=0)) + 1
    cell = sample.folds * levels + codes
    sums = _sums(sample, cell, FOLDS * levels).reshape(FOLDS, levels, -1)
    counts = np.bincount(cell, minlength=FOLDS * levels).reshape(FOLDS, levels, 1)
    prior = sums.sum(axis=(0, 1)) / max(len(sample), 1)
    others = sums.sum(axis=0) - sums + prior
    means = others / (counts.sum(axis=0) - counts + 1)
    predicted: Floats = means.reshape(FOLDS * levels, -1)[cell]
    return predicted


def measure(sample: Sample, predicted: Floats) -> Strength:
    """Judge predictions of shape (n, classes), or (n, 1) ranks."""
    if not sample.task.is_classification:
        explained = _r2(sample.ranks, predicted[:, 0])
        left = _least_open(1 - explained, sample.answers, predicted[:, 0])
        return Strength(association=max(0.0, explained), unexplained=left)
    wrong = float(np.mean(predicted.argmax(axis=1) != sample.labels))
    shares = np.bincount(sample.labels, minlength=2) / max(len(sample), 1)
    unexplained = wrong / max(1 - float(shares.max()), 1e-12)
    if sample.task.kind == "binary":
        gini = 2 * area(sample.labels == 1, predicted[:, 1]) - 1
        return Strength(association=max(0.0, gini), unexplained=unexplained)
    given = predicted[np.arange(len(sample)), sample.labels]
    loss, entropy = -np.log(np.clip(given, 1e-6, 1)).mean(), -np.sum(_xlogx(shares))
    gained = 1 - float(loss) / max(float(entropy), 1e-12)
    return Strength(association=min(1.0, max(0.0, gained)), unexplained=unexplained)


def _measure_steps(sample: Sample, values: Floats) -> Strength:
    """Judge a number as a tree of few thresholds, learned on the other folds."""
    from sklearn.tree import DecisionTreeClassifier

    # Of ranks: trees compare numbers of single precision, which ends at 1e38.
    column = np.where(np.isnan(values), 0.0, rankdata(values, nan_policy="omit"))[:, None]
    tree = DecisionTreeClassifier(
        max_leaf_nodes=_STEPS_OF_A_CLASS * sample.classes,
        min_samples_leaf=_ROWS_OF_A_STEP,
        random_state=0,
    )
    predicted = np.zeros((len(sample), sample.classes))
    for fold in range(FOLDS):
        rows, others = sample.folds == fold, sample.folds != fold
        if rows.any() and others.any():
            tree.fit(column[others], sample.labels[others])
            predicted[np.ix_(rows, tree.classes_)] = tree.predict_proba(column[rows])
    return measure(sample, predicted)


def measure_order(sample: Sample, values: Floats) -> Strength:
    """Judge a number as one threshold (binary task) or as one order (regression).

    Nothing is learned but a direction and a threshold, so no fold is needed. Rows without the
    number count as half right.
    """
    present = ~np.isnan(values)
    if sample.task.kind == "multiclass" or present.sum() < 2:
        return Strength(association=0.0, unexplained=1.0)
    covered = float(present.mean())
    if sample.task.kind == "binary":
        positive = sample.labels == 1
        gini = abs(2 * area(positive[present], values[present]) - 1) * covered
        return Strength(association=gini, unexplained=_threshold_error(positive, values))
    own = rankdata(values[present]) / present.sum()
    explained = _correlation(own, sample.ranks[present]) ** 2
    left = _least_open(1 - explained, sample.answers[present], values[present])
    return Strength(association=explained * covered, unexplained=1 - (1 - left) * covered)


def area(positive: NDArray[np.bool_], score: Floats) -> float:
    """Return the area under the ROC curve; one half when a class is absent.

    Examples
    --------
    >>> area(np.array([True, False, False]), np.array([0.9, 0.1, 0.4]))
    1.0
    """
    above = int(positive.sum())
    below = len(positive) - above
    if not above or not below:
        return 0.5
    ranks = rankdata(score)
    return float((ranks[positive].sum() - above * (above + 1) / 2) / (above * below))


def _sums(sample: Sample, cell: Codes, cells: int) -> Floats:
    if not sample.task.is_classification:
        return np.bincount(cell, weights=sample.ranks, minlength=cells).astype(np.float64)
    classes = max(sample.classes, 2)
    return np.bincount(cell * classes + sample.labels, minlength=cells * classes).astype(np.float64)


def _threshold_error(positive: NDArray[np.bool_], values: Floats) -> float:
    """Return the fewest mistakes of any threshold, by those of saying the commonest class."""
    present = ~np.isnan(values)
    order = np.argsort(values[present], kind="stable")
    ordered = values[present][order]
    truth = positive[present][order]
    ends = np.flatnonzero(np.diff(ordered, append=np.inf))
    found = np.cumsum(truth)[ends]
    others = ends + 1 - found
    rising = found + (len(truth) - truth.sum() - others)  # positive above the threshold
    missing = positive[~present]
    aside = min(int(missing.sum()), int((~missing).sum()))
    mistakes = min(int(rising.min()), int((len(truth) - rising).min())) + aside
    fewest = min(int(positive.sum()), int((~positive).sum()))
    return mistakes / max(fewest, 1)


def _r2(truth: Floats, predicted: Floats) -> float:
    spread = float(np.sum((truth - truth.mean()) ** 2))
    return 1 - float(np.sum((truth - predicted) ** 2)) / spread if spread else 0.0


def _least_open(by_ranks: float, answers: Floats, values: Floats) -> float:
    """Return what is left open by ranks, by a line, or nothing where answers only rise or fall.

    Ranks of answers that are often equal, or crowd at one end, are moved far by a little noise. The
    few largest and smallest numbers are cut off, as one of them could outweigh all others.
    """
    if not 0 < by_ranks <= _PROMISING or len(np.unique(values)) < _FEWEST_VALUES:
        return by_ranks
    if _only_rises(values, answers) or _only_rises(-values, answers):
        return 0.0
    cut = [np.clip(each, *np.quantile(each, _TAILS)) for each in (values, answers)]
    return min(by_ranks, 1 - _correlation(*cut) ** 2)


def _only_rises(values: Floats, answers: Floats) -> bool:
    """Return whether no answer is below one of a smaller number."""
    return bool((np.diff(answers[np.lexsort((answers, values))]) >= 0).all())


def _correlation(one: Floats, other: Floats) -> float:
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt(np.dot(one, one) * np.dot(other, other)))
    return float(np.dot(one, other)) / scale if scale else 0.0


def _xlogx(shares: Floats) -> Floats:
    return np.where(shares > 0, shares * np.log(np.maximum(shares, 1e-300)), 0.0)
