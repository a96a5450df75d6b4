"""A network for tables that has learned, as the operations of a program."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from modelwright.learners.networks.encoding import NetworkEncoding
from modelwright.learners.networks.loss import NetworkLoss
from modelwright.learners.networks.program import answer_steps
from modelwright.learners.torch.layout import Layout
from modelwright.learners.unit import Unit
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.answers import Blend, Link, LinkKind
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.program import Program, Step

Weights = Mapping[str, NDArray[np.float32]]


def write_networks(
    encoding: NetworkEncoding, layout: Layout, weights: Weights, *, loss: NetworkLoss, unit: Unit
) -> Program:
    """Return the program of a network, or of the members that share one.

    What members multiply into their inputs and outputs is multiplied into their weights. All
    weights are float32 numbers, so that they are kept in four bytes each.

    Parameters
    ----------
    encoding
        What the network reads.
    layout, weights
        Of the network.
    loss
        What it kept small: tells what its raw scores mean.
    unit
        Of its numbers.
    """
    embedding = weights["embedding"] if layout.levels else np.zeros((0, 1), np.float32)
    part = encoding.program_part(embedding.astype(np.float64), pieces=_pieces(layout, weights))
    scale = _scale(layout, weights)
    steps: list[Step] = []
    answers: list[str] = []
    for member in range(layout.members):
        steps += _member(layout, weights, member, part.output, scale)
        answers.append(steps[-1].output)
    if layout.members > 1 and not encoding.rows.task.is_classification:
        steps.append(_mean(answers, "raw"))
        answers = ["raw"]
    if len(answers) == 1:
        last = answer_steps(answers[0], encoding.rows, loss=loss, unit=unit)
    else:
        last = _mean_probability(answers, loss)
    return part.program(encoding.rows.task, (*steps, *last))


def _pieces(layout: Layout, weights: Weights) -> tuple[Step, ...]:
    """Return the steps from ramps to what stands for each number."""
    if not layout.piece:
        return ()
    begin, end = layout.ramps
    own = weights["scale"][begin:end, None] * weights["piece"] * layout.mask
    sums = Linear(
        inputs=("ramps",),
        output="pieces",
        weights=_stored(own),
        bias=_stored(weights["piece_bias"]),
    )
    return (sums, Activation(inputs=(sums.output,), output="bent pieces", kind="silu"))


def _scale(layout: Layout, weights: Weights) -> NDArray[np.float32]:
    """Return what each number that the first layer reads is multiplied by."""
    scale = weights["scale"]
    if layout.piece:
        begin, end = layout.ramps
        ones = np.ones(layout.piece_width, np.float32)
        scale = np.concatenate([scale[:begin], ones, scale[end:]])
    return np.concatenate([scale, np.ones(layout.width - len(scale), np.float32)])


def _member(
    layout: Layout, weights: Weights, member: int, value: str, scale: NDArray[np.float32]
) -> list[Step]:
    steps: list[Step] = []
    for layer in layout.layers:
        shared = weights[f"weights{layer}"]
        own = shared[min(member, len(shared) - 1)]
        if f"into{layer}" in weights:
            own = weights[f"into{layer}"][member].T * own * weights[f"out{layer}"][member]
        sums = Linear(
            inputs=(value,),
            output=f"sums{member}.{layer}",
            weights=_stored(own if layer else scale[:, None] * own),
            bias=_stored(weights[f"bias{layer}"][member, 0]),
        )
        value = f"units{member}.{layer + 1}"
        steps += [sums, Activation(inputs=(sums.output,), output=value, kind="silu")]
    # The last sums are the raw scores.
    return steps[:-1]


def _mean_probability(raws: list[str], loss: NetworkLoss) -> tuple[Step, ...]:
    kind: LinkKind = "sigmoid" if loss.kind == "binary" else "softmax"
    links = [Link(inputs=(raw,), output=f"chance:{raw}", kind=kind) for raw in raws]
    return (*links, _mean([link.output for link in links], "answer"))


def _mean(values: list[str], output: str) -> Blend:
    return Blend(inputs=tuple(values), output=output, weights=(1 / len(values),) * len(values))


def _stored(weights: NDArray[np.float32]) -> Floats:
    return weights.astype(np.float32).astype(np.float64)
