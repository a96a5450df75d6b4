"""Flags of tokens: for trees, whether a text has the words that tell most of the target.

Topics say what a text is about; a phrase of two words that settles the answer is lost in them.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from modelwright.compute.budget import Budget
from modelwright.data.schema import Kind
from modelwright.learners.base import Rows
from modelwright.learners.columns.cuts import cut_of_column
from modelwright.learners.columns.kept_counts import counts_of
from modelwright.learners.columns.target_means import Outcomes
from modelwright.learners.columns.topics import MAX_TOKENS, evenly_spaced
from modelwright.learners.columns.vocabulary import Cut
from modelwright.learners.encoding import Part
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.numbers import Scale
from modelwright.predictor.operations.text import TokenWeights
from modelwright.predictor.program import column_value

MOST_FLAGS = 200
FEWEST_TEXTS = 10
"""Of a token, and as many that lack it: fewer tell nothing that holds."""
_MOST_CELLS = 8_000_000
"""Rows times flags of all texts: of many rows there are fewer, so that the matrix stays small."""
_LEAST_SHARE = 1e-4
"""Below any share that a token has of a text's weight: whatever is above it becomes 1."""


def flags_of_tokens(rows: Rows, name: str, outcomes: Outcomes, *, budget: Budget) -> Part | None:
    """Return columns of 1 where a text has a token; None where no token is in enough texts.

    Parameters
    ----------
    rows
        To learn from.
    name
        The raw column.
    outcomes
        Of these rows.
    budget
        The time there is.

    Raises
    ------
    BudgetError
        When the time ends.
    """
    texts = sum(column.kind == Kind.TEXT for column in rows.schema.features)
    most = min(MOST_FLAGS, _MOST_CELLS // max(1, len(rows) * texts))
    taken = evenly_spaced(len(rows))
    cut = cut_of_column(rows, name, MAX_TOKENS)
    counts = counts_of(rows.take(taken), name, cut.analyzer, cut.lengths, budget=budget)
    has = counts.all()
    has.data[:] = 1.0
    spread = np.bincount(has.indices, minlength=len(counts.tokens))
    usual = np.flatnonzero((spread >= FEWEST_TEXTS) & (spread <= len(counts) - FEWEST_TEXTS))
    aims = _standardised(Outcomes(outcomes.values[taken], outcomes.weight[taken]))
    told = _told(np.asarray(has.T @ aims)[usual], spread[usual] / len(counts))
    # Rounded, so that what ties goes by the alphabet on any machine.
    ranked = usual[np.argsort(-told.astype(np.float32), kind="stable")]
    chosen = tuple(counts.tokens[number] for number in sorted(_differing(has, ranked)[:most]))
    return _part(name, cut, chosen) if chosen else None


def are_flags(part: Part) -> bool:
    """Say whether a part's columns are flags of tokens."""
    before, last = part.steps[-2:] if len(part.steps) > 1 else (None, None)
    return isinstance(before, TokenWeights) and isinstance(last, Scale)


def _standardised(outcomes: Outcomes) -> Floats:
    """Return outcomes with the mean 0 and the variance 1, times their weights."""
    away = outcomes.values - outcomes.mean()
    spread = np.sqrt(np.average(away**2, axis=0, weights=outcomes.weight))
    return np.asarray(outcomes.weight[:, None] * away / np.maximum(spread, 1e-300))


def _told(sums: Floats, share: NDArray[np.float64]) -> Floats:
    """Return what each token explains of all outcomes, up to a factor that all share.

    Parameters
    ----------
    sums : ndarray of shape (tokens, k)
        Of the standardised outcomes of the texts that have the token.
    share : ndarray of shape (tokens,)
        Of the texts that have it.
    """
    return np.asarray((sums**2).sum(axis=1) / (share * (1.0 - share)))


def _differing(has: sparse.csr_array, ranked: NDArray[np.intp]) -> list[int]:
    """Return tokens without those that stand in the same texts as one before."""
    texts = sparse.csc_array(has)
    first: dict[bytes, int] = {}
    for token in ranked.tolist():
        places = slice(*texts.indptr[token : token + 2])
        first.setdefault(texts.indices[places].tobytes(), token)
    return [*first.values()]


def _part(name: str, cut: Cut, tokens: tuple[str, ...]) -> Part:
    count = len(tokens)
    weights = TokenWeights(
        inputs=(column_value(name),),
        output=f"told:{name}",
        analyzer=cut.analyzer,
        lengths=cut.lengths,
        vocabulary=tokens,
        rarity=np.ones(count),
        weights=np.eye(count),
    )
    flags = Scale(
        inputs=(weights.output,),
        output=f"flags:{name}",
        center=np.zeros(count),
        scale=np.full(count, _LEAST_SHARE),
        limit=1.0,
    )
    names = tuple(f'{name} has "{token}"' for token in tokens)
    return Part((weights, flags), flags.output, names)
