"""Topics: the leading components of the words of a column, as numbers for trees."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from modelwright.compute.budget import Budget
from modelwright.learners.base import Rows
from modelwright.learners.columns.cuts import cut_of_column, whole_words
from modelwright.learners.columns.kept_counts import counts_of
from modelwright.learners.columns.levels import Levels
from modelwright.learners.columns.target_means import FOLDS, Outcomes, fold_means
from modelwright.learners.columns.token_counts import TokenCounts, count_tokens
from modelwright.learners.columns.vocabulary import Vocabulary, learn_vocabulary
from modelwright.learners.encoding import Part
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.numbers import RoundToFloat32

COMPONENTS = 24
LEVEL_COMPONENTS = 16
MAX_TOKENS = 5_000
MAX_TEXTS = 20_000
"""Texts from which the vocabulary and its components are learned."""
FEWEST_LEVELS = 30
"""Of fewer levels, target means and trees learn all that there is."""
FEWEST_SHARED = 10
"""Tokens that several levels share. Fewer are a prefix or a unit, and no wording."""

LEAST_TOLD = 0.005
"""Share of what target means leave that topics of a category must explain."""

_ROWS_ASKED = 20_000
_PENALTY = 10.0
"""Rows that a coefficient of 0 counts for, with topics of unit variance."""


def topics_of_texts(rows: Rows, name: str, *, budget: Budget) -> Part | None:
    """Return the topics of a column of texts; None when no token occurs in several texts.

    Parameters
    ----------
    rows
        To learn from.
    name
        The raw column.
    budget
        The time there is.

    Raises
    ------
    BudgetError
        When the time ends.
    """
    some = rows.take(evenly_spaced(len(rows)))
    cut = cut_of_column(rows, name, MAX_TOKENS)
    counts = counts_of(some, name, cut.analyzer, cut.lengths, budget=budget)
    return _topics(name, learn_vocabulary(counts, cut), counts, 1, COMPONENTS)


def topics_of_levels(rows: Rows, name: str, *, budget: Budget) -> Part | None:
    """Return the topics of a category whose levels share words, such as titles of jobs.

    What is rare by itself has words that are not: "Senior Fire Fighter" is close to "Fire Fighter".
    Each level counts once, however many rows have it. None where the levels are few, or are codes
    rather than wordings.

    Parameters
    ----------
    rows
        To learn from.
    name
        The raw column.
    budget
        The time there is.

    Raises
    ------
    BudgetError
        When the time ends.
    """
    levels = sorted({value for value in rows.columns[name].tolist() if value is not None})
    if len(levels) < FEWEST_LEVELS:
        return None
    texts = np.array(levels[:: max(1, -(-len(levels) // MAX_TEXTS))], dtype=object)
    cut = whole_words(levels, MAX_TOKENS)
    counts = count_tokens(texts, cut.analyzer, cut.lengths, budget=budget)
    return _topics(name, learn_vocabulary(counts, cut), counts, FEWEST_SHARED, LEVEL_COMPONENTS)


def evenly_spaced(count: int) -> NDArray[np.intp]:
    """Return the places of the texts that are learned from: all, or every so-manieth.

    Examples
    --------
    >>> evenly_spaced(50_000)[:3]
    array([0, 3, 6])
    """
    return np.arange(0, count, max(1, -(-count // MAX_TEXTS)))


def told_by_topics(
    topics: Floats, levels: Levels, outcomes: Outcomes, fold: NDArray[np.int8]
) -> float:
    """Return the share of what a category's target means leave that its topics explain.

    Both are out of fold: topics that tell nothing have a share of about zero, give or take one of
    components / n.

    Parameters
    ----------
    topics : ndarray of shape (n, components)
        Of the training rows.
    levels
        The category.
    outcomes
        The target of these rows.
    fold : ndarray of shape (n,)
        As `draw_folds` draws it.
    """
    means = fold_means(levels.packed, outcomes, size=levels.size, fold=fold).of(levels.packed)
    taken = slice(None, None, -(-len(topics) // _ROWS_ASKED))
    left = _centred((outcomes.values - means)[taken])
    inputs = _centred(topics[taken])
    inputs /= np.maximum(inputs.std(axis=0), np.finfo(np.float64).tiny)
    weight, part = outcomes.weight[taken], fold[taken]
    error = sum(_error(inputs, left, weight, held_back=part == number) for number in range(FOLDS))
    total = float((weight[:, None] * left**2).sum())
    return 1.0 - error / total if total > 0 else 0.0


def _centred(values: Floats) -> Floats:
    return np.asarray(values - values.mean(axis=0))


def _error(inputs: Floats, left: Floats, weight: Floats, *, held_back: NDArray[np.bool_]) -> float:
    """Return the squared error of a ridge regression on the rows held back from it."""
    own, aims, counts = inputs[~held_back], left[~held_back], weight[~held_back]
    # Sums, not BLAS, which adds up in an order that depends on its threads.
    products = np.einsum("ni,nj,n->ij", own, own, counts)
    answers = np.einsum("ni,nk,n->ik", own, aims, counts)
    slopes = np.linalg.solve(products + _PENALTY * np.eye(len(products)), answers)
    missed = left[held_back] - np.einsum("ni,ik->nk", inputs[held_back], slopes)
    return float((weight[held_back][:, None] * missed**2).sum())


def _topics(
    name: str, vocabulary: Vocabulary, counts: TokenCounts, fewest: int, components: int
) -> Part | None:
    if len(vocabulary.tokens) < fewest:
        return None
    axes = _leading_axes(vocabulary.weigh(counts), components)
    step = vocabulary.step(name, axes)
    rounded = RoundToFloat32(inputs=(step.output,), output=f"topics:{name}")
    names = tuple(f"{name} (topic {number})" for number in range(1, axes.shape[1] + 1))
    return Part((step, rounded), rounded.output, names)


def _leading_axes(weights: sparse.csr_array, components: int) -> Floats:
    """Return the axes of shape (tokens, components) on which texts differ most.

    Deerwester et al., "Indexing by latent semantic analysis" (1990). The seed is fixed, so that
    learners of the same rows share the step.
    """
    count = min(components, min(weights.shape))
    _, _, axes = randomized_svd(weights, n_components=count, n_iter=4, random_state=0)
    return np.ascontiguousarray(axes.T)
