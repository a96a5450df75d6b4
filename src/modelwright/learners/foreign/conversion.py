"""The one door to skl2onnx: what no program says, written as a graph of ONNX."""

import warnings
from collections.abc import Iterator, Sequence
from copy import deepcopy
from importlib.util import find_spec
from typing import Any

import numpy as np

from modelwright._plugins import require
from modelwright.data.schema import Kind
from modelwright.errors import LearnerError
from modelwright.learners.foreign.base import first_line
from modelwright.learners.foreign.given import chosen, steps_of
from modelwright.learners.foreign.levels import encodes
from modelwright.learners.foreign.onnx.file import OnnxFile
from modelwright.learners.foreign.onnx.whole import WholeGraph
from modelwright.learners.foreign.texts import count_cut, cut_of, cuts_texts, hashes, reads_list
from modelwright.predictor.operations.cutting import Cut

EXTRA = "skl2onnx"
_NEEDS = ("skl2onnx", "onnx", "onnxruntime")
_INPUT = "columns"
"""Of what learned from an array."""
_FAULTS = (
    ValueError, TypeError, RuntimeError, LookupError, AttributeError, NotImplementedError,
    AssertionError, ImportError,
)  # fmt: skip
"""What skl2onnx raises for what it cannot convert."""


def can_convert() -> bool:
    """Say whether all that it takes is installed."""
    return all(find_spec(name) is not None for name in _NEEDS)


def graph_of(
    fitted: Any, names: Sequence[str], *, as_array: bool, options: dict[str, Any] | None = None
) -> WholeGraph:
    """Return a fitted part of scikit-learn, or a whole pipeline, as a graph.

    Parameters
    ----------
    fitted
        That has learned.
    names
        The columns that it reads, in its order.
    as_array
        Whether it reads them as one array, or list of texts; else as the columns of a frame.
    options
        Of skl2onnx, for the last step; None for none.

    Raises
    ------
    LearnerError
        When skl2onnx cannot convert it.
    """
    changed, cuts = _counting(fitted, names)
    _thicken(changed)
    types = _types(fitted, names, as_array=as_array)
    converter = require("skl2onnx", extra=EXTRA)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            told = {id(steps_of(changed)[-1]): options} if options else None
            made = converter.convert_sklearn(changed, initial_types=types, options=told)
    except _FAULTS as error:
        title = type(steps_of(fitted)[-1]).__name__
        raise LearnerError(
            f"skl2onnx cannot write {title} as a graph: {first_line(error)}",
            "What has a place in a program: docs/how-to/adopt-a-model.md.",
        ) from error
    said = names if as_array else ()
    return WholeGraph(OnnxFile(_spelled(made, [name for name, _ in types]), said), cuts).begun()


def kinds_of(fitted: Any, names: Sequence[str]) -> dict[str, Kind]:
    """Return how a pipeline reads each column; those that nobody reads as numbers."""
    read = (told for step, columns in _readers(fitted, names) for told in _kinds(step, columns))
    return {**dict.fromkeys(names, Kind.NUMERIC), **dict(read)}


def _types(fitted: Any, names: Sequence[str], *, as_array: bool) -> list[tuple[str, Any]]:
    types = require("skl2onnx.common.data_types", extra=EXTRA)
    if as_array:
        kind = types.StringTensorType if reads_list(fitted) else types.FloatTensorType
        return [(_INPUT, kind([None, len(names)]))]
    made = {Kind.NUMERIC: types.FloatTensorType, Kind.CODED: types.Int64TensorType}
    kinds = kinds_of(fitted, names)
    return [(name, made.get(kinds[name], types.StringTensorType)([None, 1])) for name in names]


def _counting(fitted: Any, names: Sequence[str]) -> tuple[Any, dict[str, tuple[Cut, ...]]]:
    """Return a copy that reads tokens of texts, and how those of each column are cut.

    skl2onnx would ask for a locale of the host, knows only the letters of ASCII and one way to cut.
    A graph gets a missing level as an empty text.
    """
    changed = deepcopy(fitted)
    readers: dict[str, list[Any]] = {}
    for step, columns in _readers(changed, names):
        if _fills_levels(step):
            step.missing_values = ""
        for name in columns:
            readers.setdefault(name, []).append(step)
    cuts = {}
    for name, steps in readers.items():
        counts = (cuts_texts(step) and not hashes(step) for step in steps)
        told = [cut_of(step) if each else None for step, each in zip(steps, counts, strict=True)]
        if None in told:
            continue
        cuts[name] = tuple(cut for cut in told if cut is not None)
        for place, step in enumerate(steps):
            count_cut(step, place)
    return changed, cuts


def _thicken(part: Any) -> None:
    """Let neighbours hold the rows that they learned from as skl2onnx takes them: not sparse."""
    if hasattr(getattr(part, "_fit_X", None), "toarray"):
        part._fit_X = part._fit_X.toarray()
    for inner in [*steps_of(part), *getattr(part, "estimators_", ())]:
        if inner is not part:
            _thicken(inner)


def _readers(part: Any, names: Sequence[str]) -> Iterator[tuple[Any, Sequence[str]]]:
    """Yield the steps of a pipeline that read raw columns, with these."""
    kind = type(part).__name__
    if kind == "Pipeline":
        # What follows an imputer of levels reads the same ones.
        for step in steps_of(part)[:2]:
            yield from _readers(step, names)
            if type(step).__name__ != "SimpleImputer":
                return
    elif kind == "ColumnTransformer":
        for _, inner, columns in part.transformers_:
            yield from _readers(inner, chosen(names, columns))
    elif kind == "FeatureUnion":
        for _, inner in part.transformer_list:
            yield from _readers(inner, names)
    else:
        yield part, names


def _kinds(step: Any, names: Sequence[str]) -> Iterator[tuple[str, Kind]]:
    """Yield the columns of which a step tells that they are no fractions, and what they are."""
    if cuts_texts(step):
        yield from ((name, Kind.TEXT) for name in names)
    elif encodes(step):
        yield from zip(names, map(_kind_of_levels, step.categories_), strict=False)
    elif _fills_levels(step):
        yield from ((name, Kind.CATEGORICAL) for name in names)


def _fills_levels(step: Any) -> bool:
    name = type(step).__name__
    return name == "SimpleImputer" and np.asarray(step.statistics_).dtype == object


def _kind_of_levels(categories: Any) -> Kind:
    kinds = {"i": Kind.CODED, "u": Kind.CODED, "f": Kind.NUMERIC}
    return kinds.get(np.asarray(categories).dtype.kind, Kind.CATEGORICAL)


def _spelled(model: Any, names: Sequence[str]) -> Any:
    """Return a graph whose inputs have their columns' names, of which skl2onnx takes signs away."""
    inputs = [each.name for each in model.graph.input]
    if len(inputs) != len(names):
        return model
    new = dict(zip(inputs, names, strict=True))
    for each in model.graph.input:
        each.name = new[each.name]
    for node in model.graph.node:
        node.input[:] = [new.get(name, name) for name in node.input]
    return model
