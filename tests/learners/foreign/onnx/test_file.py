import numpy as np
import onnx
import polars as pl
import pytest
from onnx import TensorProto, helper, numpy_helper

from modelwright.data.conform import columns_of, conform
from modelwright.data.schema import Column, Schema
from modelwright.errors import InputError, LearnerError
from modelwright.learners.foreign.onnx.file import OnnxFile, read_onnx
from modelwright.tasks.task import Task

_YES = Task(kind="binary", classes=("no", "yes"))
_LEVEL = Task(kind="multiclass", classes=("0", "1", "2"))
_PRICE = Task(kind="regression")
_DRAW = np.random.default_rng(0)
_ROWS = pl.DataFrame(
    {
        "age": [*_DRAW.normal(40, 10, 58).round(1), None, 40.5],
        "fare": _DRAW.exponential(30, 60).round(2),
        "class": _DRAW.integers(1, 4, 60),
        "sex": [*_DRAW.choice(["m", "f"], 58), "x", None],
    }
)
_NUMBERS = ("age", "fare", "class")


def _tensor(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)


def _learning(name, inputs, outputs, **settings):
    return helper.make_node(name, inputs, outputs, domain="ai.onnx.ml", **settings)


def _model(nodes, outputs, *, inputs=(("x", TensorProto.FLOAT, 3),), constants=None):
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info(name, kind, [None, size]) for name, kind, size in inputs],
        outputs,
        [numpy_helper.from_array(value, name) for name, value in (constants or {}).items()],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    onnx.checker.check_model(model)
    return model


def _numbers(name="y"):
    return [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, None])]


def _chain(*nodes, constants):
    """Return a model whose nodes read each other in their order, the first one `x`."""
    made, last = [], "x"
    for place, (name, others, settings) in enumerate(nodes):
        output = "y" if place == len(nodes) - 1 else f"v{place}"
        made.append(helper.make_node(name, [last, *others], [output], **settings))
        last = output
    return _model(made, _numbers(), constants=constants)


def _network():
    return _chain(
        ("Gemm", ["w", "b"], {"transB": 1, "alpha": 0.01}),
        ("BatchNormalization", ["one", "b", "zero", "one"], {}),
        ("Relu", [], {}),
        ("MatMul", ["last"], {}),
        ("Softmax", [], {"axis": -1}),
        constants={
            "w": _tensor(4, 3),
            "b": _tensor(4),
            "one": np.ones(4, np.float32),
            "zero": np.zeros(4, np.float32),
            "last": _tensor(4, 3),
        },
    )


def _arithmetic():
    return _chain(
        ("Sub", ["shift"], {}),
        ("Div", ["scale"], {}),
        ("Clip", ["low", "high"], {}),
        ("Gather", ["places"], {"axis": 1}),
        ("LeakyRelu", [], {"alpha": 0.2}),
        ("Mul", ["scale2"], {}),
        ("Elu", [], {}),
        ("Add", ["shift2"], {}),
        ("Tanh", [], {}),
        ("Slice", ["from", "to", "axis"], {}),
        ("MatMul", ["vector"], {}),
        ("Exp", [], {}),
        ("Reshape", ["shape"], {}),
        constants={
            "shift": _tensor(3),
            "scale": np.array([9, 20, 2], np.float32),
            "low": np.array(-2, np.float32),
            "high": np.array(2, np.float32),
            "places": np.array([2, 0]),
            "scale2": np.array([[0.5, -1.5]], np.float32),
            "shift2": np.array(0.1, np.float32),
            "from": np.array([1]),
            "to": np.array([2]),
            "axis": np.array([1]),
            "vector": np.array([[0.7]], np.float32),
            "shape": np.array([-1, 1]),
        },
    )


def _silu():
    nodes = [
        helper.make_node("Gemm", ["x", "w"], ["z"]),
        helper.make_node("Sigmoid", ["z"], ["s"]),
        helper.make_node("Mul", ["z", "s"], ["m"]),
        helper.make_node("Selu", ["z"], ["e"]),
        helper.make_node("Sum", ["m", "e", "z"], ["t"]),
        helper.make_node("Sub", ["one", "t"], ["o"]),
        helper.make_node("Add", ["o", "e"], ["y"]),
    ]
    constants = {"w": 0.1 * _tensor(3, 1), "one": np.ones(1, np.float32)}
    return _model(nodes, _numbers(), constants=constants)


_TREE = {
    "nodes_treeids": [0, 0, 0, 1, 1, 1],
    "nodes_nodeids": [0, 1, 2, 0, 1, 2],
    "nodes_featureids": [0, 0, 0, 1, 0, 0],
    "nodes_values": [40.5, 0.0, 0.0, 20.0, 0.0, 0.0],
    "nodes_modes": ["BRANCH_LEQ", "LEAF", "LEAF"] * 2,
    "nodes_truenodeids": [1, 0, 0] * 2,
    "nodes_falsenodeids": [2, 0, 0] * 2,
    "nodes_missing_value_tracks_true": [1, 0, 0, 0, 0, 0],
}
_LEAVES = {"treeids": [0, 0, 1, 1], "nodeids": [1, 2, 1, 2]}


def _leaves(of, ids, weights):
    told = {**_LEAVES, "ids": ids, "weights": weights}
    return {f"{of}_{name}": value for name, value in told.items()}


def _trees_of_numbers():
    settings = {**_TREE, **_leaves("target", [0] * 4, [1.5, -2.0, 0.25, 3.0])}
    node = _learning(
        "TreeEnsembleRegressor",
        ["x"],
        ["y"],
        n_targets=1,
        base_values=[0.5],
        aggregate_function="AVERAGE",
        **settings,
    )
    return _model([node], _numbers())


def _trees_of_classes(ids, weights, post="NONE", labels=("no", "yes")):
    node = _learning(
        "TreeEnsembleClassifier",
        ["x"],
        ["label", "y"],
        classlabels_strings=list(labels),
        post_transform=post,
        **_TREE,
        **_leaves("class", ids, weights),
    )
    label = helper.make_tensor_value_info("label", TensorProto.STRING, [None])
    return _model([node], [label, *_numbers()])


def _columns_of_all_kinds():
    float_, string, integer = TensorProto.FLOAT, TensorProto.STRING, TensorProto.INT64
    nodes = [
        helper.make_node("Concat", ["age", "fare"], ["n"], axis=1),
        _learning(
            "Imputer",
            ["n"],
            ["i"],
            imputed_value_floats=[39.0, 20.0],
            replaced_value_float=float("nan"),
        ),
        _learning("Scaler", ["i"], ["s"], offset=[40.0, 30.0], scale=[0.1, 0.05]),
        _learning("OneHotEncoder", ["sex"], ["h"], cats_strings=["f", "m"], zeros=1),
        helper.make_node("Reshape", ["h", "flat"], ["f"]),
        _learning(
            "LabelEncoder",
            ["class"],
            ["c"],
            keys_int64s=[1, 2, 3],
            values_floats=[0.5, 1.5, -1.0],
            default_float=7.0,
        ),
        helper.make_node("Concat", ["s", "f", "c"], ["x"], axis=1),
        _learning(
            "LinearClassifier",
            ["x"],
            ["label", "raw"],
            coefficients=[-1.0, 0.5, -0.3, 0.2, 0.1, 1.0, -0.5, 0.3, -0.2, -0.1],
            intercepts=[0.2, -0.2],
            classlabels_strings=["no", "yes"],
            post_transform="LOGISTIC",
        ),
        _learning("Normalizer", ["raw"], ["p"], norm="L1"),
        _learning("ZipMap", ["p"], ["y"], classlabels_strings=["no", "yes"]),
    ]
    kind = helper.make_map_type_proto(
        TensorProto.STRING, helper.make_tensor_type_proto(TensorProto.FLOAT, [])
    )
    outputs = [
        helper.make_tensor_value_info("label", TensorProto.STRING, [None]),
        helper.make_value_info("y", helper.make_sequence_type_proto(kind)),
    ]
    inputs = (("age", float_, 1), ("fare", float_, 1), ("sex", string, 1), ("class", integer, 1))
    return _model(nodes, outputs, inputs=inputs, constants={"flat": np.array([-1, 2])})


_MODELS = {
    "network": (_network, _LEVEL, _NUMBERS),
    "arithmetic": (_arithmetic, _PRICE, _NUMBERS),
    "silu": (_silu, _PRICE, _NUMBERS),
    "trees of numbers": (_trees_of_numbers, _PRICE, _NUMBERS),
    "one score": (
        lambda: _trees_of_classes([0] * 4, [0.5, -1.0, 0.2, 0.1], "LOGISTIC"),
        _YES,
        _NUMBERS,
    ),
    "one share": (lambda: _trees_of_classes([0] * 4, [0.1, 0.4, 0.2, 0.5]), _YES, _NUMBERS),
    "several scores": (
        lambda: _trees_of_classes([0, 1, 2, 1], [0.5, -1.0, 0.2, 0.1], "SOFTMAX", ["0", "1", "2"]),
        _LEVEL,
        _NUMBERS,
    ),
    "all kinds": (_columns_of_all_kinds, _YES, ()),
}


def _rows(opened):
    schema = Schema(columns=tuple(Column(name=n.name, kind=n.kind) for n in opened.needs))
    return conform(_ROWS, schema), schema


@pytest.mark.parametrize("name", _MODELS)
def test_the_program_answers_as_onnxruntime_does(name):
    make, task, columns = _MODELS[name]
    opened = OnnxFile(make(), columns)
    rows, schema = _rows(opened)
    answers = opened.program(task).run(columns_of(rows, schema))
    np.testing.assert_allclose(answers, opened.answers(rows, task), rtol=1e-5, atol=1e-6)
    assert opened.title.startswith("ONNX")


def test_a_graph_for_so_many_rows_is_asked_in_pieces():
    model = _network()
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 7
    opened = OnnxFile(model, _NUMBERS)
    rows, schema = _rows(opened)
    answers = opened.program(_LEVEL).run(columns_of(rows, schema))
    np.testing.assert_allclose(answers, opened.answers(rows, _LEVEL), rtol=1e-5, atol=1e-6)


def _raw_scores():
    return _chain(("MatMul", ["w"], {}), constants={"w": _tensor(3, 2)})


def _of_two():
    nodes = [
        helper.make_node("Relu", ["x"], ["r"]),
        helper.make_node("Mul", ["x", "r"], ["y"]),
    ]
    return _model(nodes, _numbers())


@pytest.mark.parametrize(
    ("model", "task", "columns", "words"),
    [
        (_raw_scores(), _YES, _NUMBERS, "raw scores"),
        (_of_two(), _PRICE, _NUMBERS, "two computed values"),
        (_chain(("Sin", [], {}), constants={}), _PRICE, _NUMBERS, "operator Sin"),
        (_raw_scores(), _PRICE, ("age",), "reads 3 columns; 1 are named"),
        (_raw_scores(), _PRICE, (), "does not say which"),
        (_trees_of_classes([0] * 4, [0.5, -1.0, 0.2, 0.1]), _YES, _NUMBERS, "one score"),
        (_network(), Task(kind="multiclass", classes=("a", "b")), _NUMBERS, "--classes"),
    ],
)
def test_what_has_no_place_in_a_program_is_refused(model, task, columns, words):
    with pytest.raises(LearnerError) as caught:
        OnnxFile(model, columns, ("0", "1", "2") if "classes" in words else ()).program(task)
    assert words in f"{caught.value} {caught.value.remedy}"


def _secret():
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[1, 6])
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="secret.bin")
    return tensor


def _in_a_graph_inside():
    inner = helper.make_graph([], "inner", [], _numbers("w"), [_secret()])
    node = helper.make_node("If", ["yes"], ["y"], then_branch=inner, else_branch=inner)
    made = _chain(("Identity", [], {}), constants={"yes": np.array(True)})
    made.graph.node[0].CopyFrom(node)
    return made


def _in_a_function():
    made = _chain(("Identity", [], {}), constants={})
    nodes = [helper.make_node("Constant", [], ["w"], value=_secret())]
    opsets = [helper.make_opsetid("", 17)]
    made.functions.append(helper.make_function("own", "Secret", [], ["w"], nodes, opsets))
    return made


def _in_sparse_numbers():
    made = _chain(("Identity", [], {}), constants={})
    made.graph.sparse_initializer.add(values=_secret(), dims=[6])
    return made


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_in_a_graph_inside, "keeps numbers in secret"),
        (_in_a_function, "keeps numbers in secret"),
        (_in_sparse_numbers, "sparse numbers"),
    ],
)
def test_no_part_of_a_graph_may_have_numbers_elsewhere(tmp_path, make, words):
    (tmp_path / "secret.bin").write_bytes(np.ones(6, np.float32).tobytes())
    (tmp_path / "model.onnx").write_bytes(make().SerializeToString())
    with pytest.raises(InputError, match=words):
        read_onnx(tmp_path / "model.onnx", columns=(), classes=())


@pytest.mark.parametrize("location", ["secret.bin", "model.onnx.data"])
def test_only_the_file_beside_it_may_hold_its_numbers(tmp_path, location):
    (tmp_path / "secret.bin").write_bytes(np.ones(6, np.float32).tobytes())
    model = _raw_scores()
    onnx.external_data_helper.convert_model_to_external_data(
        model, location="model.onnx.data", size_threshold=0
    )
    onnx.save(model, tmp_path / "model.onnx")
    told = onnx.load(tmp_path / "model.onnx", load_external_data=False)
    told.graph.initializer[0].external_data[0].value = location
    (tmp_path / "model.onnx").write_bytes(told.SerializeToString())
    if location == "secret.bin":
        with pytest.raises(InputError, match="keeps numbers in secret"):
            read_onnx(tmp_path / "model.onnx", columns=_NUMBERS, classes=())
    else:
        opened = read_onnx(tmp_path / "model.onnx", columns=_NUMBERS, classes=())
        assert len(opened.needs) == 3


def test_what_is_written_wrongly_is_refused():
    node = _learning("TreeEnsembleRegressor", ["x"], ["y"], n_targets=1, **_TREE)
    with pytest.raises(LearnerError, match="as this file writes it"):
        OnnxFile(_model([node], _numbers()), _NUMBERS).program(_PRICE)
    settings = {**_TREE, "nodes_truenodeids": [0, 0, 0] * 2}
    settings |= _leaves("target", [0] * 4, [1.0] * 4)
    node = _learning("TreeEnsembleRegressor", ["x"], ["y"], n_targets=1, **settings)
    with pytest.raises(LearnerError, match="as this file writes it"):
        OnnxFile(_model([node], _numbers()), _NUMBERS).program(_PRICE)
