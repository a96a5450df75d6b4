"""A pipeline of scikit-learn that no program says, as a graph of ONNX."""

import warnings
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import Any

import numpy as np
import polars as pl

from modelwright._plugins import require
from modelwright.data.schema import Kind
from modelwright.errors import LearnerError
from modelwright.learners.foreign.base import Foreign, Need, first_line
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.given import steps_of
from modelwright.learners.foreign.levels import encodes
from modelwright.learners.foreign.onnx.file import OnnxFile
from modelwright.learners.foreign.onnx.whole import WholeGraph
from modelwright.learners.foreign.pipeline import FittedPipeline
from modelwright.learners.foreign.transformers import chosen
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.graph import words_for_graph
from modelwright.predictor.program import Program
from modelwright.tasks.task import Task

_EXTRA = "skl2onnx"
_NEEDS = ("skl2onnx", "onnx", "onnxruntime")
_VECTORIZERS = frozenset({"CountVectorizer", "HashingVectorizer", "TfidfVectorizer"})
_CUTTING = ("analyzer", "lowercase", "preprocessor", "strip_accents", "token_pattern", "tokenizer")
"""Settings of how a text is cut."""
_INPUT = "columns"
"""Of a pipeline that learned from an array."""
_FAULTS = (
    ValueError, TypeError, RuntimeError, LookupError, AttributeError, NotImplementedError,
    AssertionError, ImportError,
)  # fmt: skip
"""What skl2onnx raises for what it cannot convert."""


@dataclass(frozen=True)
class ConvertedPipeline:
    """A pipeline that skl2onnx writes as a graph.

    Parameters
    ----------
    pipeline
        As it was learned.
    """

    pipeline: FittedPipeline

    @property
    def title(self) -> str:
        """The class of its model."""
        return f"{self.pipeline.title} as a graph"

    @property
    def needs(self) -> Sequence[Need]:
        """The columns that it reads."""
        return [Need(need.name, self._kinds[need.name]) for need in self._whole.needs]

    def program(self, task: Task) -> Program:
        """Return a program that runs the graph; see `Foreign.program`."""
        draft = Draft()
        return self.pipeline.finished(draft, self._whole.written(draft), task)

    def answers(self, rows: pl.DataFrame, task: Task) -> Floats | None:
        """Return what scikit-learn itself answers."""
        import pandas as pd

        names = self.pipeline.frame.names
        columns = {
            name: _as_learned(rows[name], self._kinds[name]) if name in rows.columns else np.nan
            for name in names
        }
        frame = pd.DataFrame(columns, index=range(len(rows)))
        if self._reads_texts:
            return self.pipeline.answers_to(frame[names[0]].to_list(), task)
        return self.pipeline.answers_to(frame.to_numpy() if self.pipeline.columns else frame, task)

    @property
    def _reads_texts(self) -> bool:
        """Whether it takes a list of texts and no table."""
        return type(steps_of(self.pipeline.fitted)[0]).__name__ in _VECTORIZERS

    @cached_property
    def _whole(self) -> WholeGraph:
        columns = self.pipeline.frame.names
        fitted, words = _of_words(self.pipeline.fitted, columns)
        named = columns if self.pipeline.columns else ()
        return WholeGraph(OnnxFile(self._model(fitted), named), words)

    def _model(self, fitted: Any) -> Any:
        converter = require("skl2onnx", extra=_EXTRA)
        options = {id(steps_of(fitted)[-1]): {"zipmap": False}}
        types = self._types
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                made = converter.convert_sklearn(
                    fitted,
                    initial_types=types,
                    options=options if self.pipeline.answers_classes else None,
                )
        except _FAULTS as error:
            raise LearnerError(
                f"skl2onnx cannot write {self.pipeline.title} as a graph: {first_line(error)}",
                "What has a place in a program: docs/how-to/adopt-a-model.md.",
            ) from error
        return _spelled(made, [name for name, _ in types])

    @property
    def _types(self) -> list[tuple[str, Any]]:
        types = require("skl2onnx.common.data_types", extra=_EXTRA)
        names = self.pipeline.frame.names
        if self.pipeline.columns:
            kind = types.StringTensorType if self._reads_texts else types.FloatTensorType
            return [(_INPUT, kind([None, len(names)]))]
        made = {Kind.NUMERIC: types.FloatTensorType, Kind.CODED: types.Int64TensorType}
        kinds = _learned_kinds(self.pipeline.fitted, names)
        return [(name, made.get(kinds[name], types.StringTensorType)([None, 1])) for name in names]

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        learned = _learned_kinds(self.pipeline.fitted, self.pipeline.frame.names)
        return {n: Kind.NUMERIC if kind == Kind.CODED else kind for n, kind in learned.items()}


def converted(pipeline: FittedPipeline, refusal: LearnerError) -> Foreign:
    """Return a pipeline that no program says as one that stays a graph.

    Parameters
    ----------
    pipeline
        That was refused.
    refusal
        With this reason, which is raised again where a graph would answer no better.

    Raises
    ------
    LearnerError
        When it has no probabilities, or skl2onnx is absent or cannot convert it.
    """
    if pipeline.answers_classes and not hasattr(pipeline.fitted, "predict_proba"):
        raise refusal
    if any(find_spec(name) is None for name in _NEEDS):
        raise LearnerError(
            refusal.found,
            f"{refusal.remedy} Or let it stay a graph: pip install 'modelwright[{_EXTRA}]'.",
        )
    made = ConvertedPipeline(pipeline)
    try:
        _ = made.needs
    except LearnerError as error:
        raise LearnerError(f"{refusal.found} {error.found}", error.remedy) from refusal
    return made


def _learned_kinds(fitted: Any, names: Sequence[str]) -> dict[str, Kind]:
    """Return how a pipeline reads each column; those that nobody reads as numbers."""
    read = (told for step, columns in _readers(fitted, names) for told in _kinds(step, columns))
    return {**dict.fromkeys(names, Kind.NUMERIC), **dict(read)}


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
    kind = type(step).__name__
    if kind in _VECTORIZERS:
        yield from ((name, Kind.TEXT) for name in names)
    elif encodes(step):
        yield from zip(names, map(_kind_of_levels, step.categories_), strict=False)
    elif _fills_levels(step):
        yield from ((name, Kind.CATEGORICAL) for name in names)


def _fills_levels(step: Any) -> bool:
    name = type(step).__name__
    return name == "SimpleImputer" and np.asarray(step.statistics_).dtype == object


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


def _of_words(fitted: Any, names: Sequence[str]) -> tuple[Any, frozenset[str]]:
    """Return a pipeline that reads `words_for_graph`, and the columns of which it does.

    skl2onnx would ask for a locale of the host, and knows only the letters of ASCII. A graph gets
    a missing level as an empty text.
    """
    changed = deepcopy(fitted)
    readers = [*_readers(changed, names)]
    for step, _ in readers:
        if _fills_levels(step):
            step.missing_values = ""
    others = {name for step, columns in readers if not _is_usual(step) for name in columns}
    words: set[str] = set()
    for step, columns in readers:
        if _is_usual(step) and not others.intersection(columns):
            # Words that are stopped are not among those that it knows.
            step.set_params(lowercase=False, stop_words=None)
            known = step.vocabulary_.items()
            step.vocabulary_ = {words_for_graph(word): place for word, place in known}
            words.update(columns)
    return changed, frozenset(words)


def _is_usual(step: Any) -> bool:
    """Say whether a step cuts texts as scikit-learn does unless it is told."""
    if type(step).__name__ not in _VECTORIZERS - {"HashingVectorizer"}:
        return False
    told = step.get_params()
    usual = type(step)().get_params()
    asked = _CUTTING if tuple(step.ngram_range) == (1, 1) else (*_CUTTING, "stop_words")
    return all(told[name] == usual[name] for name in asked)


def _kind_of_levels(categories: Any) -> Kind:
    kinds = {"i": Kind.CODED, "u": Kind.CODED, "f": Kind.NUMERIC}
    return kinds.get(np.asarray(categories).dtype.kind, Kind.CATEGORICAL)


def _as_learned(series: pl.Series, kind: Kind) -> Any:
    """Return a column as the pipeline saw it when it learned: missing levels as NaN."""
    if kind == Kind.NUMERIC:
        return series.cast(pl.Float64).to_numpy()
    missing = "" if kind == Kind.TEXT else np.nan
    return np.array([missing if each is None else each for each in series], dtype=object)
