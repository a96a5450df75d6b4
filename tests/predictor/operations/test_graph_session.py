from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from graph_models import make_graph, waves
from modelwright.errors import BundleError
from modelwright.predictor.operations.graph_session import GraphSession, as_input

_X = [("x", TensorProto.FLOAT, 2)]


def _inside(node):
    """Return a model that has a node in a graph inside of a node."""
    inner = helper.make_graph(
        [node], "inner", [], [helper.make_tensor_value_info("v", TensorProto.FLOAT, None)]
    )
    branch = helper.make_node("If", ["yes"], ["y"], then_branch=inner, else_branch=inner)
    constants = {"yes": np.array(True)}
    read = helper.make_node("Identity", ["x"], ["unread"])
    return make_graph([read, branch], _X, ["y"], constants=constants)


def _elsewhere(location="/etc/passwd"):
    """Return a model whose numbers are in another file."""
    model = waves()
    tensor = model.graph.initializer[1]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    return model


def _of_chance():
    return helper.make_node("RandomNormal", [], ["v"], shape=[1, 1])


def _with_function():
    model = waves()
    made = helper.make_function(
        "own", "Twice", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])],
        [helper.make_opsetid("", 17)],
    )  # fmt: skip
    model.functions.append(made)
    model.opset_import.append(helper.make_opsetid("own", 1))
    return model


def _of(*nodes, outputs=("y",), domains=()):
    return make_graph(nodes, _X, outputs, domains=domains)


def _nested(depth):
    """Return a model with graphs inside of each other."""
    node = helper.make_node("Identity", ["x"], ["v"])
    for _ in range(depth - 1):
        graph = helper.make_graph(
            [node], "inner", [], [helper.make_tensor_value_info("v", TensorProto.FLOAT, None)]
        )
        node = helper.make_node("If", ["yes"], ["v"], then_branch=graph, else_branch=graph)
    made = helper.make_node("Identity", ["v"], ["y"])
    return make_graph([node, made], _X, ["y"], constants={"yes": np.array(True)})


def _sparse():
    values = numpy_helper.from_array(np.ones(1, np.float32), "w")
    places = numpy_helper.from_array(np.zeros(1, np.int64), "places")
    node = helper.make_node(
        "Constant", [], ["v"], sparse_value=helper.make_sparse_tensor(values, places, [2, 1 << 30])
    )
    return _of(node, helper.make_node("MatMul", ["x", "v"], ["y"]))


def _spread(count):
    """Return a model that makes so many numbers of each."""
    nodes = [
        helper.make_node("ConstantOfShape", ["count"], ["many"]),
        helper.make_node("ReduceSum", ["many"], ["sum"], keepdims=0),
        helper.make_node("Add", ["x", "sum"], ["y"]),
    ]
    return make_graph(nodes, _X, ["y"], constants={"count": np.array([count])})


_OWN = helper.make_node("Run", ["x"], ["y"], domain="own")
_RUNTIMES = helper.make_node("Gelu", ["x"], ["y"], domain="com.microsoft")
_LOOP = helper.make_node("Loop", ["n", ""], [], body=helper.make_graph([], "body", [], []))


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (_elsewhere(), "numbers in another file"),
        (_elsewhere("../secret.bin"), "numbers in another file"),
        (_inside(_of_chance()), "RandomNormal, which answers by chance"),
        (_with_function(), "function of its own, Twice"),
        (_of(_OWN, domains=["own"]), "operator Run of own"),
        (_of(_RUNTIMES, domains=["com.microsoft"]), "operator Gelu of com.microsoft"),
        (_of(helper.make_node("Sin", ["z"], ["y"])), "is damaged"),
        (_of(helper.make_node("Sin", ["x"], ["y"]), outputs=("y", "x")), "not one value"),
        (_of(_LOOP, outputs=("x",)), "Loop, which may never end"),
        (_nested(5), "more than 4 graphs inside of each other"),
        (_sparse(), "sparse numbers"),
    ],
)
def test_what_could_do_something_else_than_answer_is_refused(model, words):
    with pytest.raises(BundleError, match=words):
        [*GraphSession(model.SerializeToString()).answers([[np.zeros((1, 1))] * 2])]


@given(st.binary(max_size=60), st.integers(0, 600))
def test_a_damaged_graph_is_refused_or_answers(noise, place):
    good = waves().SerializeToString()
    damaged = good[:place] + noise + good[place + len(noise) :]
    row = [[np.ones((1, 1))] * 2, [np.array(["m"], dtype=object)]]
    # Nothing else may come of it.
    with suppress(BundleError):
        answers = GraphSession(damaged).answers(row)
        assert all(answer is None or answer.ndim == 1 for answer in answers)


def test_columns_are_read_as_an_input_takes_them():
    numbers = np.array([[1.0], [np.nan], [1e300], [-2.0]])
    assert as_input([numbers], "tensor(int64)", 2).ravel().tolist() == [1, -(2**63), -(2**63), -2]
    assert as_input([numbers], "tensor(int32)", 1).tolist() == [1, -(2**31), -(2**31), -2]
    assert as_input([numbers, numbers], "tensor(double)", 2).shape == (4, 2)
    assert as_input([numbers], "tensor(bool)", 1).tolist() == [True, False, False, True]
    with pytest.raises(BundleError, match="no column of a table"):
        as_input([numbers], "tensor(float16)", 2)


def test_a_graph_that_cannot_answer_a_row_says_so():
    node = helper.make_node("Reshape", ["x", "to"], ["y"])
    model = make_graph([node], _X, ["y"], constants={"to": np.array([1, 3])})
    session = GraphSession(model.SerializeToString())
    assert [*session.answers([[np.zeros((1, 1))] * 2])] == [None]
    with pytest.raises(BundleError, match="has 1 inputs, not 2"):
        [*session.answers([[np.zeros((1, 1))], [np.zeros((1, 1))]])]


def test_a_graph_gets_no_more_memory_than_all_may_have():
    row = [[np.zeros((1, 1))] * 2]
    (answer,) = GraphSession(_spread(1 << 10).SerializeToString()).answers(row)
    assert answer.tolist() == [0.0, 0.0]
    assert [*GraphSession(_spread(1 << 29).SerializeToString()).answers(row)] == [None]


def test_graphs_inside_of_each_other_answer():
    row = [[np.full((1, 1), 3.0)] * 2]
    (answer,) = GraphSession(_nested(4).SerializeToString()).answers(row)
    assert answer.tolist() == [3.0, 3.0]
