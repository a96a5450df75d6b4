"""The tensors of the Open Inference Protocol that a model reads and answers: one per column."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from starlette.exceptions import HTTPException

from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import nearest
from modelwright.predictor.coverage import Coverage
from modelwright.predictor.labels import label_text
from modelwright.serving.answers.answer import Answers
from modelwright.serving.answers.coverage import Covered
from modelwright.serving.protocols.datatypes import require_datatype, require_values
from modelwright.serving.rows.record import Record
from modelwright.serving.rows.shapes import alone
from modelwright.tasks.task import Task

ANSWER, PROBABILITIES = "answer", "probabilities"
RANGE, SET = "range", "set"
"""Of what is stated beside answers; only sent when asked for."""

_SHOWN = 8


class InputTensor(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a request; null stands for a missing value, and no data for bytes elsewhere."""

    name: str
    shape: tuple[int, ...]
    datatype: str
    data: list[Any] | None = None
    parameters: dict[str, Any] = {}


class OutputTensor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An answer to a request; no data where it follows as bytes."""

    name: str
    shape: tuple[int, ...]
    datatype: str
    parameters: dict[str, Any] = {}
    data: list[Any] | None = None


class TensorShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a model says about one of its tensors; -1 stands for any number of rows.

    Parameters
    ----------
    parameters
        For probabilities and sets, the classes in the order of the columns; for ranges and sets,
        the usual coverage and all levels.
    """

    name: str
    datatype: str
    shape: tuple[int, ...]
    parameters: dict[str, Any] = {}


def input_shapes(schema: Schema) -> list[TensorShape]:
    """Return one tensor per feature."""
    return [
        TensorShape(name=column.name, datatype=_datatype(column), shape=(-1,)) for column in schema
    ]


def output_shapes(task: Task, coverage: Coverage | None) -> list[TensorShape]:
    """Return the tensors of an answer, with those that stand beside it."""
    answer = TensorShape(name=ANSWER, datatype=_answer_datatype(task), shape=(-1,))
    levels: dict[str, Any] = {}
    if coverage is not None:
        levels = {"coverage": coverage.usual_level, "levels": list(coverage.levels)}
    if not task.is_classification:
        ranges = TensorShape(name=RANGE, datatype="FP64", shape=(-1, 2), parameters=levels)
        return [answer, ranges] if levels else [answer]
    shape, classes = (-1, task.n_outputs), {"classes": list(task.classes)}
    chances = TensorShape(name=PROBABILITIES, datatype="FP64", shape=shape, parameters=classes)
    sets = TensorShape(name=SET, datatype="BOOL", shape=shape, parameters=classes | levels)
    return [answer, chances, sets] if levels else [answer, chances]


def rows_of_tensors(
    tensors: Sequence[InputTensor],
    declared: Mapping[str, TensorShape],
    *,
    optional: frozenset[str] = frozenset(),
) -> list[Record]:
    """Turn columns into rows.

    Parameters
    ----------
    tensors
        As they were sent, with their data.
    declared
        What the model reads, by name.
    optional
        What need not be sent.

    Raises
    ------
    HTTPException
        400 when a column is missing, unknown or doubled, when shapes, datatypes and data
        contradict each other or what the model declares, or when there are no rows.
    """
    names = [tensor.name for tensor in tensors]
    _check_names(names, declared, optional)
    columns = [_values(tensor, declared[tensor.name]) for tensor in tensors]
    sizes = {len(column) for column in columns}
    if len(sizes) > 1:
        raise HTTPException(400, f"The inputs differ in their numbers of rows: {sorted(sizes)}.")
    if sizes <= {0}:
        raise HTTPException(400, "There are no rows. Send at least one.")
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def require_rows(tensor: InputTensor) -> int:
    """Return the number of rows that a tensor's shape says.

    Raises
    ------
    HTTPException
        400 when it is not the shape of one column.
    """
    if len(tensor.shape) not in (1, 2) or (len(tensor.shape) == 2 and tensor.shape[1] != 1):
        shape = (
            f"{list(tensor.shape)}" if len(tensor.shape) < _SHOWN else f"{len(tensor.shape)} axes"
        )
        raise HTTPException(
            400, f"The input {tensor.name!r:.80} has the shape {shape}. Send [n] or [n, 1]."
        )
    return tensor.shape[0]


def tensors_of_answers(answers: Answers, task: Task) -> list[OutputTensor]:
    """Turn answers into tensors."""
    rows = len(answers.labels)
    datatype = _answer_datatype(task)
    labels = [label_text(label) if datatype == "BYTES" else label for label in answers.labels]
    answer = OutputTensor(name=ANSWER, shape=(rows,), datatype=datatype, data=labels)
    if not task.is_classification:
        return [answer]
    flat = answers.values.ravel().tolist()
    shape = (rows, task.n_outputs)
    return [answer, OutputTensor(name=PROBABILITIES, shape=shape, datatype="FP64", data=flat)]


def tensors_of_coverage(covered: Covered | None) -> list[OutputTensor]:
    """Turn what stands beside answers into tensors."""
    if covered is None:
        return []
    name, datatype = (RANGE, "FP64") if covered.held is None else (SET, "BOOL")
    values = covered.ends if covered.held is None else covered.held
    assert values is not None
    rows, width = len(values), len(values[0])
    flat = [value for row in values for value in row]
    return [OutputTensor(name=name, shape=(rows, width), datatype=datatype, data=flat)]


def _datatype(column: Column) -> str:
    if column.kind == Kind.BOOLEAN:
        return "BOOL"
    return "FP64" if column.value_type == "number" else "BYTES"


def _answer_datatype(task: Task) -> str:
    if not task.is_classification:
        return "FP64"
    kinds = {type(label) for label in task.classes}
    by_kind: dict[type, str] = {bool: "BOOL", int: "INT64", float: "FP64"}
    return by_kind.get(kinds.pop(), "BYTES") if len(kinds) == 1 else "BYTES"


def _check_names(
    names: Sequence[str], declared: Mapping[str, TensorShape], optional: frozenset[str]
) -> None:
    seen = set()
    for name in names:
        if name in seen:
            raise HTTPException(400, f"The input {name!r:.80} is given twice.")
        if name not in declared:
            raise HTTPException(400, f"There is no input {name!r:.80}. {nearest(name, declared)}")
        seen.add(name)
    if (
        missing := next((name for name in declared if name not in seen | optional), None)
    ) is not None:
        raise HTTPException(
            400, f"The input {missing!r} is missing. Send nulls where it is not known."
        )


def _values(tensor: InputTensor, declared: TensorShape) -> list[Any]:
    require_datatype(tensor.name, tensor.datatype, declared.datatype)
    rows = require_rows(tensor)
    if tensor.data is None:
        raise HTTPException(400, f"The input {tensor.name!r:.80} has no data.")
    values = [alone(value) for value in tensor.data] if len(tensor.shape) == 2 else tensor.data
    if len(values) != rows:
        raise HTTPException(
            400, f"The input {tensor.name!r:.80} has {len(values)} values and {rows} rows."
        )
    require_values(tensor.name, tensor.datatype, values)
    return values
