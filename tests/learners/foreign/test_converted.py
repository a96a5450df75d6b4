"""Pipelines that stay graphs; skl2onnx is stood in for where it is not installed."""

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

import joblib
import numpy as np
import polars as pl
import pytest
from onnx import TensorProto, helper
from sklearn.compose import make_column_transformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.neighbors import RadiusNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.svm import NuSVC

from foreign_models import TASKS, passengers
from graph_models import make_graph
from modelwright.data.conform import columns_of, conform
from modelwright.data.schema import Column, Schema
from modelwright.errors import LearnerError
from modelwright.learners.foreign import conversion
from modelwright.learners.foreign.opening import open_model


@pytest.fixture
def converter(monkeypatch):
    """Stand in for skl2onnx, which can convert nothing."""

    def convert_sklearn(*_, **__):
        raise ValueError("no such part")

    for name, held in (
        ("skl2onnx", {"convert_sklearn": convert_sklearn}),
        (
            "skl2onnx.common.data_types",
            {f"{kind}TensorType": lambda shape, kind=kind: (kind, shape)
             for kind in ("Float", "Int64", "String")},
        ),
    ):  # fmt: skip
        fake = ModuleType(name)
        fake.__spec__ = ModuleSpec(name, None)
        vars(fake).update(held)
        monkeypatch.setitem(sys.modules, name, fake)


def _compared(foreign, rows, task):
    schema = Schema(columns=tuple(Column(name=n.name, kind=n.kind) for n in foreign.needs))
    read = conform(rows, schema)
    return foreign.program(task).run(columns_of(read, schema)), foreign.answers(read, task)


def test_columns_are_told_as_they_were_learned(converter):
    table = passengers(60)
    hot = OneHotEncoder(handle_unknown="ignore")
    parts = make_column_transformer(
        (SimpleImputer(), ["age"]),
        (make_pipeline(SimpleImputer(strategy="most_frequent"), hot), ["sex"]),
        (hot, ["class"]),
        (TfidfVectorizer(lowercase=False), "port"),
    )
    table["port"] = table["port"].fillna("none").str.repeat(2)
    columns = ["age", "sex", "class", "port"]
    model = make_pipeline(parts, RadiusNeighborsClassifier()).fit(table[columns], table["yes"])
    types = dict(conversion._types(model, columns, as_array=False))
    kinds = {name: kind for name, (kind, _) in types.items()}
    assert kinds == {"age": "Float", "sex": "String", "class": "Int64", "port": "String"}


def test_the_refusal_says_what_to_install(monkeypatch, tmp_path):
    table = passengers(60)
    model = RadiusNeighborsClassifier().fit(table[["fare"]], table["yes"])
    joblib.dump(model, tmp_path / "model.joblib")
    monkeypatch.setattr(conversion, "find_spec", lambda name: None)
    with pytest.raises(
        LearnerError, match=r"A RadiusNeighborsClassifier .* 'modelwright\[skl2onnx\]'"
    ):
        open_model(tmp_path / "model.joblib", trusted=True)


def test_what_cannot_be_converted_is_refused_with_both_reasons(converter, tmp_path):
    table = passengers(60)
    model = make_pipeline(SimpleImputer(), RadiusNeighborsClassifier()).fit(
        table[["fare"]], table["yes"]
    )
    joblib.dump(model, tmp_path / "model.joblib")
    with pytest.raises(
        LearnerError, match=r"A RadiusNeighborsClassifier has no place .* skl2onnx cannot write"
    ):
        open_model(tmp_path / "model.joblib", trusted=True)


def test_a_model_without_probabilities_is_refused_as_before(tmp_path):
    table = passengers(60)
    joblib.dump(NuSVC(nu=0.1).fit(table[["fare"]], table["yes"]), tmp_path / "model.joblib")
    with pytest.raises(LearnerError, match="A NuSVC has no place in a program") as caught:
        open_model(tmp_path / "model.joblib", trusted=True)
    assert "skl2onnx" not in f"{caught.value}"


def test_neighbours_within_a_radius_stay_a_graph_that_answers_the_same(tmp_path):
    pytest.importorskip("skl2onnx", reason="skl2onnx, which writes graphs, is missing")
    table = passengers(200)
    encoder = (OneHotEncoder(handle_unknown="ignore"), ["sex"])
    parts = make_column_transformer((SimpleImputer(), ["age", "fare"]), encoder)
    model = make_pipeline(parts, RadiusNeighborsClassifier(30.0))
    model.fit(table[["age", "fare", "sex"]], table["yes"])
    joblib.dump(model, tmp_path / "model.joblib")
    foreign = open_model(tmp_path / "model.joblib", trusted=True)
    answers, own = _compared(foreign, pl.from_pandas(table), TASKS["yes"])
    np.testing.assert_allclose(answers, own, atol=1e-5)


def test_a_graph_gets_missing_levels_as_empty_texts_and_its_columns_keep_their_names():
    table = passengers(60).rename(columns={"sex": "the sex (m/f)"})
    filled = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder())
    model = make_pipeline(
        make_column_transformer((filled, ["the sex (m/f)"])), RadiusNeighborsClassifier()
    ).fit(table[["the sex (m/f)"]], table["yes"])
    changed, _ = conversion._counting(model, ["the sex (m/f)"])
    imputers = [each[0].named_transformers_["pipeline"][0] for each in (changed, model)]
    assert imputers[0].missing_values == ""
    assert np.isnan(imputers[1].missing_values)
    nodes = [helper.make_node("Identity", ["the_sex__m_f_"], ["p"])]
    graph = make_graph(nodes, [("the_sex__m_f_", TensorProto.FLOAT, 1)], ["p"])
    named = conversion._spelled(graph, ["the sex (m/f)"])
    assert named.graph.node[0].input[0] == named.graph.input[0].name == "the sex (m/f)"
    assert conversion._spelled(named, ["a", "b"]).graph.input[0].name == "the sex (m/f)"
