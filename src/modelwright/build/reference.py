"""The reference that a bundle keeps of its training rows."""

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.build.engine import Built
from modelwright.build.judging.answered import shipped_answers
from modelwright.data.schema import Kind
from modelwright.documents import Plan
from modelwright.learners.base import Rows
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.directions import Answered
from modelwright.predictor.reference.reference import (
    Reference,
    Roughness,
    answer_values,
    count_seasons,
    distribution_of_answers,
    reference_of,
    with_training,
)
from modelwright.predictor.reference.rough_beyond import rough_beyond
from modelwright.predictor.reference.rough_relation import misses_of, rough_levels, rough_moves
from modelwright.predictor.reference.rough_runs import rough_runs
from modelwright.predictor.reference.roughness import rough_columns, rough_losses
from modelwright.predictor.reference.seasons import with_losses
from modelwright.tasks.row_losses import plain_losses

_DOUBT = 0.01
"""How far live windows are taken to miss otherwise than those of training did."""
_FEWEST_HELD = 30
"""Rows of the holdout that say how the program answers."""


def make_reference(
    built: Built,
    rows: Rows,
    *,
    held: Rows | None,
    moment: str,
    order: NDArray[np.int64] | None,
) -> Reference:
    """Count the training rows, and the answers to rows that nothing was learned from.

    A program that has learned from all rows is surer than those of the folds, so the answers are
    those that it gives to the holdout itself: live rows get the same. Where there is none they are
    those out of fold; answers to rows that were learned from would be surer still.

    Parameters
    ----------
    built
        The program and its out-of-fold answers.
    rows
        All that it has learned from.
    held
        Rows of the holdout; None where there are none.
    moment
        The column that says when each row was; empty where that is not known.
    order : ndarray of shape (rows,)
        The rows in the order of time; None where they have none.
    """
    watched, answers = built.watched or (rows.take(built.scored), built.answers)
    answered = reference_of(dict(watched.columns), rows.schema, answers, rows.task)
    if held is not None and len(held) >= _FEWEST_HELD:
        shipped = shipped_answers(built, held)
        if np.isfinite(shipped).all():
            told = distribution_of_answers(rows.task, shipped)
            answered = msgspec.structs.replace(answered, answers=told)
    trained = with_training(answered, dict(rows.columns), rows.schema)
    seasoned = _with_seasons(trained, rows, (watched, answers), moment=moment)
    return msgspec.structs.replace(seasoned, roughness=_roughness(built, rows, order))


def time_order(training: pl.DataFrame, plan: Plan) -> NDArray[np.int64] | None:
    """Return the rows in the order of time; None where nobody knows it.

    Parameters
    ----------
    training
        The rows, with the column of time.
    plan
        It says which one that is.
    """
    name = plan.split.column if plan.split.kind == "time" else plan.moment
    if name not in training.columns:
        return None
    return np.argsort(training[name].rank("dense").fill_null(0).to_numpy(), kind="stable")


def _roughness(built: Built, rows: Rows, order: NDArray[np.int64] | None) -> Roughness:
    if order is None:
        return Roughness()
    features = dict(rows.columns)
    columns = rough_columns(features, rows.schema, order)
    further = rough_beyond(features, rows.schema, order)
    runs = rough_runs(features, rows.schema, order)
    if built.watched is not None:
        return Roughness(columns=columns, further=further, runs=runs)
    places = np.full(len(rows), -1)
    places[built.scored] = np.arange(len(built.answers))
    in_order = places[order]
    in_order = in_order[in_order >= 0]
    scored, answers = rows.take(built.scored).take(in_order), built.answers[in_order]
    losses = plain_losses(scored.target, answers)
    known = np.flatnonzero(np.isfinite(losses))
    scored, answers, losses = scored.take(known), answers[known], losses[known]
    misses = misses_of(scored.target, answers)
    answered = Answered(answers, answer_values(rows.task, answers), misses)
    return Roughness(
        columns=columns,
        losses=rough_losses(losses),
        levels=rough_levels(losses, doubt=_DOUBT),
        moves=rough_moves(answered, dict(scored.columns), rows.schema, doubt=_DOUBT),
        further=further,
        runs=runs,
    )


def _with_seasons(
    reference: Reference, rows: Rows, seen: tuple[Rows, Floats], *, moment: str
) -> Reference:
    """Count all training rows by season, with the losses out of fold."""
    moments = [column.name for column in rows.schema if column.kind == Kind.DATETIME]
    if not moment and len(moments) == 1:
        (moment,) = moments
    if moment not in moments:
        return reference
    seasons = count_seasons(dict(rows.columns), rows.schema, moment)
    if seasons is not None:
        watched, answers = seen
        losses = plain_losses(watched.target, answers)
        known = with_losses(seasons.known, watched.columns[moment], losses)
        seasons = msgspec.structs.replace(seasons, known=known)
    return msgspec.structs.replace(reference, seasons=seasons)
