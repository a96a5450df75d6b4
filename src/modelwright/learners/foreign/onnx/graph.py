"""A graph of ONNX, read from its end: what an answer needs is written, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from modelwright.data.schema import Kind
from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.predictor.operations.base import Value


@dataclass(frozen=True)
class Raw:
    """Raw columns, as an input of the graph has them.

    Parameters
    ----------
    names
        In their order.
    are_texts
        Whether they hold texts; else numbers.
    """

    names: Sequence[str]
    are_texts: bool


Given: TypeAlias = "Raw | str | Value"
"""What a node reads: raw columns, a matrix that the draft has written, or a constant."""


@dataclass(frozen=True)
class Node:
    """An operator with what it reads.

    Parameters
    ----------
    name
        Of the operator, such as ``"Gemm"``.
    inputs
        Names of what it reads, in its order; empty texts for what is left out.
    settings
        Its attributes; texts as `str`, tensors as arrays.
    output
        Which of its outputs is asked.
    """

    name: str
    inputs: Sequence[str]
    settings: Mapping[str, Any]
    output: int


@dataclass
class Graph:
    """A graph and the values that are written so far.

    Parameters
    ----------
    draft
        Where they are written.
    nodes
        By the name of each value that they make.
    known
        Inputs and constants, by name; grows as values are written.
    """

    draft: Draft
    nodes: Mapping[str, Node]
    known: dict[str, Given] = field(default_factory=dict)

    def matrix(self, node: Node, place: int = 0) -> str:
        """Return what a node reads at some place as numbers that the draft has written."""
        given = self.given(node, place)
        if isinstance(given, str):
            return given
        if isinstance(given, Raw) and not given.are_texts:
            names = given.names
            return self.draft.beside([self.draft.column(name, Kind.NUMERIC) for name in names])
        raise refuse(f"The operator {node.name} of {_kind(given)}")

    def constant(self, node: Node, place: int) -> Value | None:
        """Return the numbers that a node reads at some place; None where it reads none there."""
        if place >= len(node.inputs) or not node.inputs[place]:
            return None
        given = self.known.get(node.inputs[place])
        return np.asarray(given) if isinstance(given, np.ndarray) else None

    def given(self, node: Node, place: int) -> Given:
        """Return what a node reads at some place."""
        return self.value(node.inputs[place])

    def value(self, name: str) -> Given:
        """Return a value by its name.

        Raises
        ------
        LearnerError
            When it was not written before: a graph's nodes stand in their order.
        """
        if name not in self.known:
            raise refuse(f"A graph that reads {name!r} before it is made")
        return self.known[name]


def _kind(given: Given) -> str:
    return "texts" if isinstance(given, Raw) else "constants"


def nodes_of(graph: Any, onnx: Any) -> dict[str, Node]:
    """Return the nodes of a graph by the names of what they make.

    Parameters
    ----------
    graph
        As the library has it.
    onnx
        The library.
    """
    return {
        output: Node(
            name=node.op_type,
            inputs=tuple(node.input),
            settings={each.name: _setting(each, onnx) for each in node.attribute},
            output=place,
        )
        for node in graph.node
        for place, output in enumerate(node.output)
    }


def _setting(attribute: Any, onnx: Any) -> Any:
    value = onnx.helper.get_attribute_value(attribute)
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list) and value and isinstance(value[0], bytes):
        return [each.decode() for each in value]
    return onnx.numpy_helper.to_array(value) if hasattr(value, "raw_data") else value
