"""Rows as the tensors of the Open Inference Protocol, and back: one tensor per column."""

from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.exceptions import HTTPException

from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import nearest
from modelwright.predictor.coverage import Coverage
from modelwright.predictor.labels import label_text
from modelwright.serving.coverage import Covered
from modelwright.serving.responder import Answers, Record
from modelwright.tasks.task import Task

ANSWER, PROBABILITIES = "answer", "probabilities"
RANGE, SET = "range", "set"
"""Of what is stated beside answers; only sent when asked for."""

_WHOLE = {
    **{f"INT{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"UINT{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
}
_TYPES: dict[str, tuple[type, ...]] = {
    "BOOL": (bool,),
    "FP16": (int, float),
    "FP32": (int, float),
    "FP64": (int, float),
    "BYTES": (str,),
    **dict.fromkeys(_WHOLE, (int,)),
}


class InputTensor(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a request; null stands for a missing value."""

    name: str
    shape: tuple[int, ...]
    datatype: str
    data: list[Any]
    parameters: dict[str, Any] = {}


class OutputTensor(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to a request."""

    name: str
    shape: tuple[int, ...]
    datatype: str
    data: list[Any]


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


def rows_of_tensors(tensors: Sequence[InputTensor], schema: Schema) -> list[Record]:
    """Turn columns into rows.

    Raises
    ------
    HTTPException
        400 when a column is missing, unknown or doubled, or when shapes, datatypes and data
        contradict each other.
    """
    names = [tensor.name for tensor in tensors]
    _check_names(names, schema)
    columns = [_values(tensor) for tensor in tensors]
    sizes = {len(column) for column in columns}
    if len(sizes) > 1:
        raise HTTPException(400, f"The inputs differ in their numbers of rows: {sorted(sizes)}.")
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


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
    rows, width = values.shape
    flat = values.ravel().tolist()
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


def _check_names(names: Sequence[str], schema: Schema) -> None:
    seen = set()
    for name in names:
        if name in seen:
            raise HTTPException(400, f"The input {name!r} is given twice.")
        if name not in schema:
            raise HTTPException(400, f"There is no input {name!r}. {nearest(name, schema.names)}")
        seen.add(name)
    if missing := next((name for name in schema.names if name not in seen), None):
        raise HTTPException(
            400, f"The input {missing!r} is missing. Send nulls where it is not known."
        )


def _values(tensor: InputTensor) -> list[Any]:
    if len(tensor.shape) not in (1, 2) or (len(tensor.shape) == 2 and tensor.shape[1] != 1):
        raise HTTPException(
            400,
            f"The input {tensor.name!r} has the shape {list(tensor.shape)}. Send [n] or [n, 1].",
        )
    values = [_flat(value) for value in tensor.data] if len(tensor.shape) == 2 else tensor.data
    if len(values) != tensor.shape[0]:
        raise HTTPException(
            400, f"The input {tensor.name!r} has {len(values)} values and {tensor.shape[0]} rows."
        )
    _check_values(tensor, values)
    return values


def _flat(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _check_values(tensor: InputTensor, values: list[Any]) -> None:
    types = _TYPES.get(tensor.datatype)
    if types is None:
        raise HTTPException(
            400,
            f"The input {tensor.name!r} has the datatype {tensor.datatype!r}. "
            f"{nearest(tensor.datatype, _TYPES)}",
        )
    low, high = _WHOLE.get(tensor.datatype, (None, None))
    for value in values:
        fits = value is None or (
            isinstance(value, types) and isinstance(value, bool) == (tensor.datatype == "BOOL")
        )
        if not fits or (low is not None and value is not None and not low <= value <= high):
            raise HTTPException(
                400, f"The input {tensor.name!r} has the value {value!r:.40}, no {tensor.datatype}."
            )
