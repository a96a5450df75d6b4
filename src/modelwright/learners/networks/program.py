"""A network that has learned, as the operations of a program."""

import numpy as np

from modelwright.learners.base import Rows
from modelwright.learners.networks.adam import Singles
from modelwright.learners.networks.encoding import NetworkEncoding
from modelwright.learners.networks.layers import Shape
from modelwright.learners.networks.loss import NetworkLoss
from modelwright.learners.unit import Unit
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.answers import Clip, Link
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.program import Program, Step


def write_network(
    encoding: NetworkEncoding, shape: Shape, weights: Singles, *, loss: NetworkLoss, unit: Unit
) -> Program:
    """Return the program of a network.

    The scale of each column is multiplied into the weights of the first layer. All weights are
    float32 numbers, so that they are kept in four bytes each.

    Parameters
    ----------
    encoding
        What the network reads.
    shape, weights
        Of the network.
    loss
        What it kept small: tells what its raw scores mean.
    unit
        Of its numbers.
    """
    pieces = {name: piece.astype(np.float64) for name, piece in _merged(shape, weights).items()}
    part = encoding.program_part(pieces["embedding"])
    steps: list[Step] = []
    value = part.output
    for layer in shape.layers:
        sums = Linear(
            inputs=(value,),
            output=f"sums{layer}",
            weights=pieces[f"weights{layer}"],
            bias=pieces[f"bias{layer}"],
        )
        value = f"units{layer + 1}"
        steps += [sums, Activation(inputs=(sums.output,), output=value, kind=shape.activation)]
    # The last sums are the raw scores.
    steps.pop()
    last = answer_steps(steps[-1].output, encoding.rows, loss=loss, unit=unit)
    return part.program(encoding.rows.task, (*steps, *last))


def answer_steps(raw: str, rows: Rows, *, loss: NetworkLoss, unit: Unit) -> tuple[Step, ...]:
    """Return the steps from raw scores to answers; the last one answers.

    Parameters
    ----------
    raw
        The value with the raw scores.
    rows
        The training rows.
    loss
        What the network kept small: tells what its raw scores mean.
    unit
        Of its numbers.
    """
    if loss.kind == "binary":
        return (Link(inputs=(raw,), output="answer", kind="sigmoid"),)
    if loss.kind == "multiclass":
        return (Link(inputs=(raw,), output="answer", kind="softmax"),)
    power = Link(inputs=(raw,), output="power", kind="exponential")
    links = (power,) if loss.kind == "poisson" else ()
    number = Linear(
        inputs=(power.output if links else raw,),
        output="number",
        weights=np.array([[unit.scale]]),
        bias=np.array([unit.center]),
    )
    # Beyond what it has seen a network may answer anything.
    target = rows.target
    low, high = float(target.min()), float(target.max())
    return (*links, number, Clip(inputs=(number.output,), output="answer", low=low, high=high))


def _merged(shape: Shape, weights: Singles) -> dict[str, Singles]:
    pieces = shape.split(weights.copy())
    pieces["weights0"][: shape.columns] *= pieces["scale"][:, None]
    return pieces
