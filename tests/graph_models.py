"""Graphs of ONNX that no other operation says."""

from dataclasses import replace

import msgspec
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from example_bundle import make_bundle
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.cases import recorded_cases
from modelwright.predictor.operations.graph import Graph
from modelwright.predictor.program import Input, Program, check_program
from modelwright.tasks.task import Task

CLASSIC = "ai.onnx.ml"


def make_graph(nodes, inputs, outputs, *, constants=None, domains=()):
    """Return a model; inputs are names with a type and a width, outputs names of numbers."""
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info(name, kind, [None, size]) for name, kind, size in inputs],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, None]) for name in outputs],
        [numpy_helper.from_array(value, name) for name, value in (constants or {}).items()],
    )
    versions = {"": 17, CLASSIC: 3, **dict.fromkeys(domains, 1)}
    opsets = [helper.make_opsetid(domain, version) for domain, version in versions.items()]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def waves():
    """Return a model of two numbers and a text: a sine of each number, and a column per level."""
    nodes = [
        helper.make_node("Sin", ["x"], ["sines"]),
        helper.make_node(
            "OneHotEncoder", ["sex"], ["hot"], domain=CLASSIC, cats_strings=["m", "f"], zeros=1
        ),
        helper.make_node("Squeeze", ["hot", "one"], ["flat"]),
        helper.make_node("Concat", ["sines", "flat"], ["all"], axis=1),
        helper.make_node("MatMul", ["all", "w"], ["y"]),
    ]
    inputs = [("x", TensorProto.FLOAT, 2), ("sex", TensorProto.STRING, 1)]
    weights = np.array([[1.0], [2.0], [3.0], [5.0]], np.float32)
    constants = {"one": np.array([1]), "w": weights}
    model = make_graph(nodes, inputs, ["y"], constants=constants)
    onnx.checker.check_model(model)
    return model


def graph_step(model, **fields):
    """Return the step that runs a model of two numbers and a text."""
    usual = {"reads": (2, 1), "kinds": ("number", "number", "text"), "columns": 1}
    return Graph(
        inputs=("column:age", "column:fare", "column:sex"),
        output="y",
        model=np.frombuffer(model.SerializeToString(), dtype=np.uint8),
        **{**usual, **fields},
    )


def graph_program(model=None) -> Program:
    """Return a program that is nothing but a graph."""
    program = Program(
        task=Task(kind="regression"),
        inputs=(
            Input(name="age", type="number"),
            Input(name="fare", type="number"),
            Input(name="sex", type="string"),
        ),
        steps=(graph_step(model or waves()),),
        answer="y",
    )
    check_program(program)
    return program


def graph_bundle() -> Bundle:
    """Return a bundle of such a program."""
    kinds = {"age": Kind.NUMERIC, "fare": Kind.NUMERIC, "sex": Kind.CATEGORICAL}
    schema = Schema(columns=tuple(Column(name=name, kind=kind) for name, kind in kinds.items()))
    return replace(make_bundle(), program=graph_program(), schema=schema, cases=(), hash="waves")


def listed_program() -> Program:
    """Return a program whose graph looks chances up by a number: it fails where there is none."""
    nodes = [
        helper.make_node("Cast", ["age"], ["place"], to=TensorProto.INT64),
        helper.make_node("Gather", ["chances", "place"], ["yes"]),
        helper.make_node("Sub", ["one", "yes"], ["no"]),
        helper.make_node("Concat", ["no", "yes"], ["y"], axis=1),
    ]
    constants = {
        "chances": np.array([0.1, 0.6, 0.9], np.float32),
        "one": np.array([1.0], np.float32),
    }
    model = make_graph(nodes, [("age", TensorProto.FLOAT, 1)], ["y"], constants=constants)
    step = graph_step(model, reads=(1,), kinds=("number",), columns=2)
    return Program(
        task=Task(kind="binary", classes=("no", "yes")),
        inputs=(Input(name="age", type="number"),),
        steps=(msgspec.structs.replace(step, inputs=("column:age",)),),
        answer="y",
    )


def listed_bundle() -> Bundle:
    """Return a bundle of such a program, with recorded rows that it answers."""
    program, schema = listed_program(), Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    cases = recorded_cases(program, [{"age": 0.0}, {"age": 1.0}, {"age": 2.0}], schema)
    return replace(make_bundle(), program=program, schema=schema, cases=cases, hash="listed")
