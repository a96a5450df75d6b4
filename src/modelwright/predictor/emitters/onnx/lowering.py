"""A program as a graph: each operation by the function that writes it as nodes."""

from collections.abc import Callable, Mapping

from modelwright.data.schema import Schema
from modelwright.data.values.cells import missing_tokens_of
from modelwright.predictor.emitters.onnx import answers, categories, curves, dates, numbers, trees
from modelwright.predictor.emitters.onnx.characters import Characters, characters_of
from modelwright.predictor.emitters.onnx.graph import Graph
from modelwright.predictor.emitters.onnx.reading import read_columns, without_missing
from modelwright.predictor.emitters.onnx.sequences import sequences
from modelwright.predictor.emitters.onnx.tokens import token_weights
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.answers import Blend, Clip, Isotonic, Link, ScaleLogits
from modelwright.predictor.operations.categories import Codes, CodeTable
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.operations.linear import Columns, Constant, Linear
from modelwright.predictor.operations.numbers import (
    Impute,
    MissingFlags,
    RoundToFloat32,
    Scale,
    SmoothClip,
)
from modelwright.predictor.operations.ramps import Ramps
from modelwright.predictor.operations.text import TokenWeights
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Program, Step, column_value

_WRITERS: Mapping[type[Step], Callable[..., str]] = {
    Impute: numbers.impute,
    MissingFlags: numbers.missing_flags,
    Scale: numbers.scale,
    SmoothClip: numbers.smooth_clip,
    Ramps: numbers.ramps,
    RoundToFloat32: numbers.round_to_float32,
    Constant: numbers.constant,
    Columns: numbers.columns,
    Linear: numbers.linear,
    Activation: numbers.activation,
    DateParts: dates.date_parts,
    CodeTable: categories.code_table,
    Curves: curves.curves,
    Trees: trees.trees,
    Link: answers.link,
    Clip: answers.clip,
    Blend: answers.blend,
    ScaleLogits: answers.scale_logits,
    Isotonic: answers.isotonic,
}
"""All operations but those that read texts."""


def lower(graph: Graph, program: Program, schema: Schema) -> str:
    """Write a program as nodes and return the name of its answer.

    Parameters
    ----------
    graph
        It has no nodes yet.
    program
        What is written.
    schema
        What the raw columns hold.
    """
    columns = read_columns(graph, program.inputs, schema)
    values = {column_value(name): value for name, value in columns.items()}
    texts = _Texts(graph, program, schema, values)
    for step in program.steps:
        match step:
            case Codes():
                values[step.output] = texts.codes(step)
            case TokenWeights():
                values[step.output] = texts.token_weights(step)
            case _:
                reads = [values[name] for name in step.inputs]
                values[step.output] = _WRITERS[type(step)](graph, step, *reads)
    return values[program.answer]


class _Texts:
    """Columns of texts; each is cut into characters once, for all vocabularies that read it."""

    def __init__(
        self, graph: Graph, program: Program, schema: Schema, values: Mapping[str, str]
    ) -> None:
        self._graph = graph
        self._values = values
        self._columns = {column_value(each.name): schema[each.name] for each in program.inputs}
        self._steps = [step for step in program.steps if isinstance(step, TokenWeights)]
        self._cut: dict[str, tuple[str, Characters]] = {}

    def codes(self, step: Codes) -> str:
        """Write the codes of a column's levels."""
        name = step.inputs[0]
        missing = missing_tokens_of(self._columns[name])
        return categories.codes(self._graph, step, self._values[name], missing)

    def token_weights(self, step: TokenWeights) -> str:
        """Write the weights of a column's tokens."""
        codes, characters = self._sequences(step.inputs[0])
        return token_weights(self._graph, step, codes, characters)

    def _sequences(self, name: str) -> tuple[str, Characters]:
        if name not in self._cut:
            tokens = {t for step in self._steps if step.inputs[0] == name for t in step.vocabulary}
            characters = characters_of(tokens)
            texts = without_missing(self._graph, self._values[name], self._columns[name])
            self._cut[name] = sequences(self._graph, texts, characters), characters
        return self._cut[name]
