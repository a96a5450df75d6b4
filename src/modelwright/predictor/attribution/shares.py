"""What each raw column adds to the answers of a program."""

from dataclasses import dataclass

import numpy as np

from modelwright.data.records import Columns
from modelwright.predictor.attribution.carrying import Carried, carry_back
from modelwright.predictor.attribution.columns import parts_of_columns
from modelwright.predictor.attribution.trees import parts_of_trees
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Program


@dataclass(frozen=True)
class Shares:
    """What leads from the answers to other rows to the answers to rows.

    Parameters
    ----------
    parts : ndarray of shape (rows, others, inputs)
        Summed over the inputs they are the difference of the two answers.
    straight
        Whether the parts are the Shapley values of the answers. Otherwise they are those of the
        scores that the answers are made of, led on in proportion.
    carried
        How the answers follow from these scores.
    """

    parts: Floats
    straight: bool
    carried: Carried


def share_out(program: Program, rows: Columns, others: Columns, *, outputs: Value) -> Shares | None:
    """Say what each raw column adds to the answers of a program, compared with other rows.

    The players are the raw columns, and the game is to take a column from the row rather than from
    the other one: so nothing needs to be known of the rows in a leaf. Each ensemble of trees and
    each linear form gets its exact Shapley values (Lundberg et al., "From local explanations to
    global understanding with explainable AI for trees", Nature Machine Intelligence, 2020, the
    interventional algorithm), also where a number is made of several columns. Where an answer is
    only a sum of these, as of most regressions, the parts are its own Shapley values. Through links
    and calibration they are led on in proportion to the differences of these two rows, as in the
    library ``shap`` for probabilities (Chen, Lundberg and Lee, "Explaining a series of models by
    propagating Shapley values", Nature Communications, 2022).

    Parameters
    ----------
    program
        A checked one.
    rows, others
        Raw columns: every row is compared with every other.
    outputs : ndarray of shape (rows,)
        Which column of the answer is meant, for each row.

    Returns
    -------
    Shares, or None
        None where the program has a step through which nothing can be led.

    Examples
    --------
    >>> from modelwright.predictor.operations.linear import Columns, Linear
    >>> from modelwright.predictor.program import Input
    >>> from modelwright.tasks.task import Task
    >>> program = Program(
    ...     task=Task(kind="regression"),
    ...     inputs=(Input(name="a", type="number"), Input(name="b", type="number")),
    ...     steps=(
    ...         Columns(inputs=("column:a", "column:b"), output="both"),
    ...         Linear(
    ...             inputs=("both",),
    ...             output="sum",
    ...             weights=np.array([[2.0], [1.0]]),
    ...             bias=np.zeros(1),
    ...         ),
    ...     ),
    ...     answer="sum",
    ... )
    >>> row = {"a": np.array([3.0]), "b": np.array([1.0])}
    >>> other = {"a": np.array([1.0]), "b": np.array([5.0])}
    >>> shares = share_out(program, row, other, outputs=np.zeros(1, int))
    >>> shares.parts.tolist(), shares.straight
    ([[[4.0, -4.0]]], True)
    """
    with np.errstate(all="ignore"):
        carried = carry_back(program, rows, others, outputs)
        if carried is None:
            return None
        parts = sum(
            _parts(program, carried, place, rows, others) for place in range(len(carried.sources))
        )
    return Shares(np.asarray(parts), carried.straight, carried)


def _parts(
    program: Program, carried: Carried, place: int, rows: Columns, others: Columns
) -> Floats:
    source = carried.sources[place]
    owners = carried.owners[source.name]
    if isinstance(source.step, Trees):
        return parts_of_trees(program, source.step, source, owners, rows, others)
    return parts_of_columns(program, source, owners, rows, others)
