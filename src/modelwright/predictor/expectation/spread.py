"""How far the truth of a number lies from its answer: a small model of the loss of a row.

Direct loss estimation: the errors of rows that nothing was learned from are explained by the row,
and the explanation foresees the loss of rows without a label, as NannyML's estimator of this name
does. Here it is a product of factors for bins of a few columns, fitted as a quasi-Poisson model
with a logarithmic link by iterative proportional fitting (Deming and Stephan, Annals of
Mathematical Statistics 11, 1940, 427-444), each factor drawn towards one by some rows of
doubt. It is a table: no pickle, and every host reads the same figures.
"""

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import Columns
from modelwright.predictor.expectation.part import Spread
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference.distribution import bins_of
from modelwright.predictor.reference.reference import Reference

_DOUBT = 40.0
"""Rows by which the factor of a bin is drawn to one."""
_MOST_COLUMNS, _MOST_TRIED = 6, 60
_LEAST_GAIN = 0.002
"""The part of the deviance that a column must explain on rows that it was not fitted on."""
_ROUNDS = 3
_RESIDUALS = 500

_Codes = Mapping[str, NDArray[np.int64]]
_ANSWERS = ""
"""Stands for a column's name where the answers are meant."""


def usual_losses(spread: Spread, reference: Reference, columns: Columns, watched: Value) -> Floats:
    """Return the loss that each row usually has, (rows,): what was learned is the absolute error.

    Parameters
    ----------
    spread
        As `fit_losses` makes it.
    reference
        The same.
    columns
        The features.
    watched : ndarray of shape (rows,)
        What `answer_values` returned.
    """
    usual = np.full(len(watched), spread.usual)
    usual *= np.array(spread.answers)[bins_of(reference.answers, watched)]
    for name, factors in spread.columns.items():
        usual *= np.array(factors)[bins_of(reference.columns[name], columns[name])]
    return usual


def fit_spread(reference: Reference, columns: Columns, truth: Floats, answers: Floats) -> Spread:
    """Learn how far the truth lies from answers.

    Parameters
    ----------
    reference
        Its bins are used.
    columns
        The features of the rows.
    truth : ndarray of shape (rows,)
        Numbers.
    answers : ndarray of shape (rows, 1)
        Of models that did not learn from the row.
    """
    residuals, watched = truth - answers[:, 0], answers[:, 0]
    learned = fit_losses(reference, columns, watched, np.abs(residuals))
    scales = usual_losses(learned, reference, columns, watched)
    return msgspec.structs.replace(
        learned,
        residuals=_quantiles(residuals / scales),
        floor=0.0 if truth.min() >= 0 else None,
    )


def fit_losses(reference: Reference, columns: Columns, watched: Value, losses: Floats) -> Spread:
    """Learn how large the loss of a row is by its answer and its columns.

    Parameters
    ----------
    reference
        Its bins are used.
    columns
        Those that may explain the loss.
    watched : ndarray of shape (rows,)
        What `answer_values` returned.
    losses : ndarray of shape (rows,)
        Not negative.
    """
    # No loss at all would leave nothing to multiply.
    usual = max(float(losses.mean()), float(np.finfo(np.float64).tiny))
    codes = {_ANSWERS: bins_of(reference.answers, watched)}
    bins = {_ANSWERS: len(reference.answers.counts)}
    for name in [name for name in reference.columns if name in columns][:_MOST_TRIED]:
        codes[name] = bins_of(reference.columns[name], columns[name])
        bins[name] = len(reference.columns[name].counts)
    chosen = _choose(losses, usual, codes, bins)
    factors = _fit(losses, usual, codes, bins, chosen)
    return Spread(
        usual=usual,
        answers=tuple(factors[_ANSWERS].tolist()),
        columns={name: tuple(factors[name].tolist()) for name in chosen if name != _ANSWERS},
    )


def _choose(errors: Floats, usual: float, codes: _Codes, bins: Mapping[str, int]) -> list[str]:
    """Return the columns that explain errors of rows that they were not fitted on."""
    half = np.arange(len(errors)) // 50 % 2 == 0
    fitted, held = ({name: each[part] for name, each in codes.items()} for part in (half, ~half))
    if not held[_ANSWERS].size:
        return [_ANSWERS]
    chosen, left = [_ANSWERS], [name for name in codes if name != _ANSWERS]
    factors = _fit(errors[half], usual, fitted, bins, chosen)
    scales = usual * _product(factors, fitted), usual * _product(factors, held)
    least = _deviance(errors[~half], scales[1])
    while left and len(chosen) <= _MOST_COLUMNS:
        tried = {}
        for name in left:
            factor = _factor(errors[half], scales[0], fitted[name], bins[name])
            tried[name] = factor, _deviance(errors[~half], scales[1] * factor[held[name]])
        best = min(tried, key=lambda name: tried[name][1])
        factor, reached = tried[best]
        if not reached < least * (1 - _LEAST_GAIN):
            break
        scales = scales[0] * factor[fitted[best]], scales[1] * factor[held[best]]
        least = reached
        chosen.append(best)
        left = sorted(left, key=lambda name: tried[name][1])[1 : _MOST_TRIED // 3]
    return chosen


def _fit(
    errors: Floats, usual: float, codes: _Codes, bins: Mapping[str, int], chosen: list[str]
) -> dict[str, Floats]:
    factors = {name: np.ones(bins[name]) for name in chosen}
    scales = np.full(len(errors), usual)
    for _ in range(_ROUNDS):
        for name in chosen:
            factor = _factor(errors, scales, codes[name], bins[name], pull=usual)
            factors[name] = factors[name] * factor
            scales = scales * factor[codes[name]]
    return factors


def _factor(
    errors: Floats, scales: Floats, codes: NDArray[np.int64], bins: int, *, pull: float = 0.0
) -> Floats:
    """Return by which factor errors of each bin are larger than they are taken to be."""
    doubt = _DOUBT * (pull or float(scales.mean()))
    seen = np.bincount(codes, weights=errors, minlength=bins) + doubt
    taken = np.bincount(codes, weights=scales, minlength=bins) + doubt
    return np.asarray(seen / taken)


def _product(factors: Mapping[str, Floats], codes: _Codes) -> Floats:
    product = np.ones(len(next(iter(codes.values()))))
    for name, factor in factors.items():
        product *= factor[codes[name]]
    return product


def _deviance(errors: Floats, scales: Floats) -> float:
    """Return twice the mean quasi-likelihood that is missing, as of an exponential error."""
    return float((np.log(scales) + errors / scales).mean() - np.log(errors.mean() + 1e-300))


def _quantiles(residuals: Floats) -> tuple[float, ...]:
    parts = np.array_split(np.sort(residuals), min(len(residuals), _RESIDUALS))
    return tuple(float(part.mean()) for part in parts)
