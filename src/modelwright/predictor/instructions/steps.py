"""How each operation is written as instructions.

Why no instruction leaves the numbers of a row or a table: each step is checked here against the
widths of what it reads, and its tables are copied after that check.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from modelwright.predictor.instructions.layout import Kind
from modelwright.predictor.instructions.writer import Slot, Writer
from modelwright.predictor.operations.activation import LEAST_LOGGED, Activation
from modelwright.predictor.operations.answers import (
    LARGEST_EXPONENT,
    SMALLEST,
    Blend,
    Clip,
    Link,
    ScaleLogits,
)
from modelwright.predictor.operations.base import Floats, Operation
from modelwright.predictor.operations.categories import UNKNOWN_CODE, CodeTable
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.linear import Columns, Constant, Linear
from modelwright.predictor.operations.numbers import (
    FAR,
    Impute,
    MissingFlags,
    RoundToFloat32,
    Scale,
    SmoothClip,
)
from modelwright.predictor.operations.ramps import Ramps
from modelwright.predictor.operations.trees import Trees

_Write = Callable[[Writer, Any, Slot, int], Slot]
"""From the writer, a step, what it reads and how wide its output is, to where that lies."""


def write_step(writer: Writer, step: Operation) -> None:
    """Write a step; what the kernel does not know NumPy does.

    Raises
    ------
    BundleError
        When the step does not fit what it reads.
    """
    reads = [writer.values.get(name, name) for name in step.inputs]
    width = step.check(tuple(each.width if isinstance(each, Slot) else 1 for each in reads))
    slots = [each for each in reads if isinstance(each, Slot)]
    if isinstance(step, Constant):
        table = np.array(step.answer, dtype=np.float64)
        made = writer.write(Kind.FILL, Slot(0, 0, 0), writer.slot(width), table)
    elif len(slots) < len(reads):
        made = writer.do(step.run, reads, width)
    elif isinstance(step, Columns):
        made = _columns(writer, slots, width)
    elif isinstance(step, Blend):
        made = _blend(writer, step, slots)
    elif (write := _WRITES.get(type(step))) is not None:
        made = write(writer, step, slots[0], width)
    else:
        made = writer.do(step.run, slots, width)
    writer.values[step.output] = made


def _columns(writer: Writer, slots: list[Slot], width: int) -> Slot:
    made, at = writer.slot(width), 0
    for each in slots:
        writer.write(Kind.COPY, each, made, at=at)
        at += each.width
    return made


def _blend(writer: Writer, step: Blend, slots: list[Slot]) -> Slot:
    made = writer.slot(slots[0].width, max(each.stage for each in slots))
    nothing = np.zeros(made.width)
    writer.write(Kind.FILL, Slot(0, 0, 0), made, nothing, stage=made.stage)
    for each, weight in zip(slots, step.weights, strict=True):
        writer.write(Kind.ADD, each, made, stage=made.stage, low=weight)
    return made


def _impute(writer: Writer, step: Impute, read: Slot, width: int) -> Slot:
    return writer.write(Kind.IMPUTE, read, writer.slot(width), _copied(step.fill))


def _flags(writer: Writer, _: MissingFlags, read: Slot, width: int) -> Slot:
    return writer.write(Kind.FLAGS, read, writer.slot(width))


def _scale(writer: Writer, step: Scale, read: Slot, width: int) -> Slot:
    tables = _copied(step.center), _copied(step.scale)
    return writer.write(Kind.SCALE, read, writer.slot(width), *tables, high=step.limit)


def _bend(writer: Writer, step: SmoothClip, read: Slot, width: int) -> Slot:
    return writer.write(Kind.BEND, read, writer.slot(width), low=-FAR, high=step.limit)


def _round(writer: Writer, _: RoundToFloat32, read: Slot, width: int) -> Slot:
    return writer.write(Kind.ROUND, read, writer.slot(width))


def _ramps(writer: Writer, step: Ramps, read: Slot, width: int) -> Slot:
    tables = np.array(step.source, dtype=np.int32), _copied(step.start), _copied(step.length)
    return writer.write(Kind.RAMPS, read, writer.slot(width), *tables)


def _look_up(writer: Writer, step: CodeTable, read: Slot, width: int) -> Slot:
    table, unknown = _copied(step.table), float(UNKNOWN_CODE)
    made = writer.slot(width)
    return writer.write(Kind.LOOK_UP, read, made, table, width=len(table), low=unknown)


def _curves(writer: Writer, step: Curves, read: Slot, width: int) -> Slot:
    ends = np.concatenate([[0], np.cumsum(step.sizes, dtype=np.int64)]).astype(np.int64)
    tables = ends, _copied(step.knots), _copied(step.heights), _copied(step.missing)
    return writer.write(Kind.CURVES, read, writer.slot(width), *tables)


def _trees(writer: Writer, step: Trees, read: Slot, width: int) -> Slot:
    if step.walk is None:
        return writer.do(step.run, [read], width)
    tables = [step.walk] if step.walk.codes is None else [step.walk, step.walk.codes]
    return writer.write(Kind.TREES, read, writer.slot(width), *tables)


def _linear(writer: Writer, step: Linear, read: Slot, width: int) -> Slot:
    return writer.write(Kind.MULTIPLY, read, writer.slot(width), step.tiles)


def _clip(writer: Writer, step: Clip, read: Slot, width: int) -> Slot:
    if step.low is not None:
        read = writer.write(Kind.AT_LEAST, read, writer.slot(width), low=step.low)
    if step.high is not None:
        read = writer.write(Kind.AT_MOST, read, writer.slot(width), high=step.high)
    return read


def _activation(writer: Writer, step: Activation, read: Slot, width: int) -> Slot:
    if step.kind == "relu":
        return writer.write(Kind.RELU, read, writer.slot(width))
    if step.kind == "logarithm":
        low = LEAST_LOGGED
        return writer.take(np.log, writer.write(Kind.AT_LEAST, read, writer.slot(width), low=low))
    twice = step.kind == "tanh"
    return _bent(writer, read, width, Kind.TANH if twice else Kind.SILU, times=1.0 + twice)


def _link(writer: Writer, step: Link, read: Slot, width: int) -> Slot:
    match step.kind:
        case "sigmoid":
            return _bent(writer, read, width, Kind.SIGMOID, times=1.0)
        case "softmax":
            return _softmax(writer, read)
        case "exponential":
            low, high = -LARGEST_EXPONENT, LARGEST_EXPONENT
            safe = writer.write(Kind.CLAMP, read, writer.slot(width), low=low, high=high)
            return writer.take(np.exp, safe)


def _scale_logits(writer: Writer, step: ScaleLogits, read: Slot, width: int) -> Slot:
    safe = writer.write(Kind.CLAMP, read, writer.slot(width), low=SMALLEST, high=1.0)
    logits = writer.take(np.log, safe)
    bias, made = _copied(step.bias), writer.slot(width)
    return _softmax(writer, writer.write(Kind.SLOPE, logits, made, bias, low=step.slope))


def _bent(writer: Writer, read: Slot, width: int, kind: Kind, *, times: float) -> Slot:
    """Write what needs the power of minus the size of each number."""
    below = writer.write(Kind.BELOW_ZERO, read, writer.slot(read.width), low=times)
    powers = writer.take(np.exp, below)
    return writer.write(kind, read, writer.slot(width), stage=powers.stage, beside=powers)


def _softmax(writer: Writer, read: Slot) -> Slot:
    far = writer.write(Kind.FROM_LARGEST, read, writer.slot(read.width))
    return writer.write(Kind.SHARES, writer.take(np.exp, far), writer.slot(read.width))


def _copied(table: Floats) -> Floats:
    return np.array(table, dtype=np.float64, order="C")


_WRITES: Mapping[type[Operation], _Write] = {
    Impute: _impute,
    MissingFlags: _flags,
    Scale: _scale,
    SmoothClip: _bend,
    RoundToFloat32: _round,
    Ramps: _ramps,
    CodeTable: _look_up,
    Curves: _curves,
    Trees: _trees,
    Linear: _linear,
    Clip: _clip,
    Activation: _activation,
    Link: _link,
    ScaleLogits: _scale_logits,
}
