import numpy as np
import onnx
import polars as pl
import pytest
from onnx import TensorProto, helper

from graph_models import CLASSIC, make_graph, waves
from modelwright.data.conform import columns_of, conform
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import LearnerError
from modelwright.learners.foreign.onnx.file import OnnxFile
from modelwright.learners.foreign.onnx.whole import WholeGraph, open_onnx
from modelwright.predictor.operations.graph import Graph
from modelwright.tasks.task import Task

_NAMES = ("age", "fare", "sex")
_ROWS = pl.DataFrame(
    {"age": [0.5, 3.5, 2.0], "fare": [0.1, 40.0, 7.25], "sex": ["m", None, "x"], "other": [1, 2, 3]}
)
_YES = Task(kind="binary", classes=("no", "yes"))
_PRICE = Task(kind="regression")


def _classes(*, zipped):
    """Return a classifier of a sine; its numbers may be dictionaries, and a part is not read."""
    settings = {"classlabels_strings": ["yes", "no"], "domain": CLASSIC}
    nodes = [
        helper.make_node("Sin", ["x"], ["sines"]),
        helper.make_node("Cos", ["z"], ["unread"]),
        helper.make_node(
            "LinearClassifier", ["sines"], ["label", "p"], post_transform="SOFTMAX",
            coefficients=[1.0, -1.0, 0.5, 2.0], intercepts=[0.1, 0.2], **settings,
        ),
    ]  # fmt: skip
    inputs = [("x", TensorProto.FLOAT, 2), ("z", TensorProto.FLOAT, 1)]
    model = make_graph(nodes, inputs, ["p"])
    if zipped:
        model.graph.node.append(helper.make_node("ZipMap", ["p"], ["told"], **settings))
        numbers = helper.make_tensor_type_proto(TensorProto.FLOAT, [])
        pairs = helper.make_map_type_proto(TensorProto.STRING, numbers)
        told = helper.make_value_info("told", helper.make_sequence_type_proto(pairs))
        model.graph.output[0].CopyFrom(told)
    onnx.checker.check_model(model)
    return model


def _compared(foreign, task):
    schema = Schema(columns=tuple(Column(name=n.name, kind=n.kind) for n in foreign.needs))
    rows = conform(_ROWS.with_columns(z=pl.lit(0.0)), schema)
    return foreign.program(task), columns_of(rows, schema), foreign.answers(rows, task)


def test_a_graph_with_an_operator_of_no_program_stays_one(tmp_path):
    onnx.save(waves(), tmp_path / "waves.onnx")
    foreign = open_onnx(tmp_path / "waves.onnx", columns=_NAMES, classes=())
    program, columns, own = _compared(foreign, _PRICE)
    assert isinstance(program.steps[0], Graph)
    np.testing.assert_allclose(program.run(columns), own, rtol=1e-6)
    kinds = {need.name: need.kind for need in foreign.needs}
    assert kinds == {"age": Kind.NUMERIC, "fare": Kind.NUMERIC, "sex": Kind.CATEGORICAL}
    assert "as a graph" in foreign.title


def test_a_graph_with_a_place_in_a_program_becomes_one(tmp_path):
    node = helper.make_node("Relu", ["x"], ["y"])
    onnx.save(make_graph([node], [("x", TensorProto.FLOAT, 1)], ["y"]), tmp_path / "m.onnx")
    assert isinstance(open_onnx(tmp_path / "m.onnx", columns=("age",), classes=()), OnnxFile)


@pytest.mark.parametrize("zipped", [True, False])
def test_what_the_answer_does_not_need_is_left_out(zipped):
    foreign = WholeGraph(OnnxFile(_classes(zipped=zipped), ("age", "fare", "z")))
    program, columns, own = _compared(foreign, _YES)
    assert [each.name for each in program.inputs] == ["age", "fare"]
    np.testing.assert_allclose(program.run(columns), own, rtol=1e-6)
    assert b"Cos" not in program.steps[0].model.tobytes()


def test_a_graph_for_one_row_answers_any_number(tmp_path):
    model = waves()
    for each in model.graph.input:
        each.type.tensor_type.shape.dim[0].dim_value = 1
    program, columns, own = _compared(WholeGraph(OnnxFile(model, _NAMES)), _PRICE)
    np.testing.assert_allclose(program.run(columns), own, rtol=1e-6)


def _below(*, fails_on=None):
    """Return a model that puts two columns below each other, and takes the larger number."""
    nodes = [
        helper.make_node("Concat", ["age", "fare"], ["both"], axis=0),
        helper.make_node("ReduceMax", ["both"], ["most"], axes=[0]),
        helper.make_node("Reshape", ["most", "row"], ["y"]),
    ]
    if fails_on is not None:
        # A place in a list that ends there.
        nodes[2:] = [
            helper.make_node("Cast", ["most"], ["place"], to=TensorProto.INT64),
            helper.make_node("Gather", ["list", "place"], ["y"]),
        ]
    inputs = [(name, TensorProto.FLOAT, 1) for name in ("age", "fare")]
    constants = {"row": np.array([1, 1]), "list": np.arange(fails_on or 1, dtype=np.float32)}
    model = make_graph(nodes, inputs, ["y"], constants=constants)
    for each in model.graph.input:
        each.type.tensor_type.shape.dim[0].dim_value = 1
    return model


def test_values_below_each_other_are_no_program(tmp_path):
    onnx.save(_below(), tmp_path / "below.onnx")
    foreign = open_onnx(tmp_path / "below.onnx", columns=(), classes=())
    program, columns, own = _compared(foreign, _PRICE)
    assert program.run(columns).tolist() == own.tolist() == [[0.5], [40.0], [7.25]]


def test_a_row_on_which_a_graph_fails_is_named_and_has_no_answer():
    foreign = WholeGraph(OnnxFile(_below(fails_on=9)))
    with pytest.raises(ValueError, match=r"^row 2, "):
        _compared(foreign, _PRICE)
    columns = {"age": np.array([0.5, 3.5]), "fare": np.array([0.1, 40.0])}
    assert np.isnan(foreign.program(_PRICE).run(columns)).ravel().tolist() == [False, True]


def test_texts_that_are_cut_are_texts():
    nodes = [
        helper.make_node(
            "TfIdfVectorizer", ["words"], ["y"], mode="TF", min_gram_length=1, max_gram_length=1,
            max_skip_count=0, ngram_counts=[0], ngram_indexes=[0, 1], pool_strings=["late", "soon"],
        ),
    ]  # fmt: skip
    foreign = WholeGraph(OnnxFile(make_graph(nodes, [("words", TensorProto.STRING, 1)], ["y"])))
    assert [need.kind for need in foreign.needs] == [Kind.TEXT]


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (Task(kind="multiclass", classes=("a", "b", "c")), "the target holds"),
        (_PRICE, "answers 2 numbers; the target is regression"),
    ],
)
def test_a_graph_for_another_target_is_refused(task, words):
    foreign = WholeGraph(OnnxFile(_classes(zipped=False), ("age", "fare", "z")))
    with pytest.raises(LearnerError, match=words):
        foreign.program(task)


def test_a_graph_that_nobody_may_run_is_refused():
    node = helper.make_node("RandomNormalLike", ["x"], ["y"])
    model = make_graph([node], [("x", TensorProto.FLOAT, 2)], ["y"])
    with pytest.raises(LearnerError, match="answers by chance"):
        WholeGraph(OnnxFile(model, ("age", "fare"))).program(_PRICE)
