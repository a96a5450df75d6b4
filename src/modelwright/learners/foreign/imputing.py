"""Imputers of scikit-learn: by one number per column, by the other columns, by neighbours."""

from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.forests import forest_answer, tree_answer
from modelwright.learners.foreign.lines import LINES, line
from modelwright.learners.foreign.masks import replaced
from modelwright.learners.foreign.neighbours import neighbours_imputed
from modelwright.learners.foreign.selection import choose
from modelwright.predictor.operations.answers import Clip
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.linear import Columns, Linear
from modelwright.predictor.operations.numbers import Impute, MissingFlags
from modelwright.predictor.program import MAX_STEPS

_STEPS = 14
"""Of a program, that one column takes in one round."""
_PREDICTORS = {
    **dict.fromkeys(LINES, line),
    **dict.fromkeys(("DecisionTreeRegressor", "ExtraTreeRegressor"), tree_answer),
    **dict.fromkeys(("RandomForestRegressor", "ExtraTreesRegressor"), forest_answer),
}
"""What writes what one column is imputed by."""


def imputed(draft: Draft, imputer: Any, matrix: str) -> str:
    """Write a SimpleImputer."""
    fill = _fill_of(imputer, imputer)
    return _with_flags(draft, imputer, matrix, draft.add(Impute, matrix, fill=fill))


def imputed_in_turn(draft: Draft, imputer: Any, matrix: str) -> str:
    """Write an IterativeImputer, whose columns are predicted from the others round after round.

    Raises
    ------
    LearnerError
        When it draws what it imputes, predicts by other models than lines and trees, or takes too
        many steps.
    """
    if imputer.sample_posterior:
        raise refuse("An IterativeImputer that draws by chance", "Fit it without sample_posterior.")
    turns = imputer.imputation_sequence_
    if len(turns) * _STEPS > MAX_STEPS // 2:
        remedy = "Fit it with fewer rounds (max_iter), or of fewer columns."
        raise refuse(f"An IterativeImputer that predicts {len(turns)} times", remedy)
    fill = _fill_of(imputer, imputer.initial_imputer_)
    every = range(draft.width(matrix))
    alone = [choose(draft, matrix, [place]) for place in every]
    known = [draft.add(Impute, each, fill=np.zeros(1)) for each in alone]
    flags = [draft.add(MissingFlags, each) for each in alone]
    filled = [draft.add(Impute, alone[place], fill=fill[[place]]) for place in every]
    for turn in turns:
        place = int(turn.feat_idx)
        others = draft.beside([filled[int(each)] for each in turn.neighbor_feat_idx])
        told = _within(draft, imputer, place, _predicted(draft, turn.estimator, others))
        filled[place] = replaced(draft, known[place], told, flags[place])
    return _with_flags(draft, imputer, matrix, draft.beside(filled))


def imputed_by_neighbours(draft: Draft, imputer: Any, matrix: str) -> str:
    """Write a KNNImputer: the mean of the rows that are nearest in what both of them have."""
    if not _is_nan(imputer.missing_values) or not imputer._valid_mask.all():
        raise refuse("A KNNImputer with columns that are all missing, or another missing value,")
    return _with_flags(draft, imputer, matrix, neighbours_imputed(draft, imputer, matrix))


def flags(draft: Draft, indicator: Any, matrix: str) -> str:
    """Write a MissingIndicator."""
    if not _is_nan(indicator.missing_values):
        raise refuse("A MissingIndicator of another missing value")
    return choose(draft, draft.add(MissingFlags, matrix), indicator.features_.tolist())


def _fill_of(imputer: Any, simple: Any) -> Floats:
    """Return the number that stands for a missing one in each column, at first or for good."""
    fill = np.asarray(simple.statistics_, dtype=np.float64)
    if np.isnan(fill).any() or not _is_nan(imputer.missing_values):
        title = type(imputer).__name__
        raise refuse(f"A {title} with columns that are all missing, or another missing value,")
    return fill


def _predicted(draft: Draft, model: Any, matrix: str) -> str:
    name = type(model).__name__
    if name not in _PREDICTORS:
        remedy = "Linear models, decision trees and forests of these have one."
        raise refuse(f"An IterativeImputer that predicts by a {name}", remedy)
    return _PREDICTORS[name](draft, model, matrix)


def _within(draft: Draft, imputer: Any, place: int, value: str) -> str:
    """Keep what is imputed between the ends that its maker has set."""
    # scikit-learn shows in no other place which ends each column has.
    low, high = (float(each[place]) for each in (imputer._min_value, imputer._max_value))
    ends = {name: end for name, end in (("low", low), ("high", high)) if np.isfinite(end)}
    return draft.add(Clip, value, **ends) if ends else value


def _with_flags(draft: Draft, imputer: Any, matrix: str, filled: str) -> str:
    """Put beside what is filled where it was missing, if the imputer says so."""
    if not imputer.add_indicator:
        return filled
    told = np.asarray(imputer.indicator_.features_, dtype=np.int64)
    weights = np.eye(draft.width(matrix))[:, told]
    every = draft.add(MissingFlags, matrix)
    return draft.add(
        Columns, filled, draft.add(Linear, every, weights=weights, bias=np.zeros(len(told)))
    )


def _is_nan(value: object) -> bool:
    return value != value
