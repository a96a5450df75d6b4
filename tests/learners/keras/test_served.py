"""From a model of Keras to a bundle that answers where there is neither Keras nor a backend."""

import sys
from dataclasses import replace

import numpy as np

from brought_learners import answers_without_frameworks, bring
from emitted_bundles import learned_bundle
from example_bundle import make_bundle
from keras_here import QUIET, keras, layers
from modelwright.data.schema import Column, Kind, Schema
from modelwright.learners.foreign.opening import open_model
from modelwright.learners.keras.network import KerasModel
from modelwright.predictor.cases import recorded_cases
from modelwright.tasks.task import Task

pytestmark = QUIET
COLUMNS = ("age", "fare")
SCHEMA = Schema(columns=tuple(Column(name=name, kind=Kind.NUMERIC) for name in COLUMNS))


def _made(reads):
    numbers = keras.Input((reads.columns,))
    levels = [keras.Input((1,), dtype="int32") for _ in reads.levels]
    units = layers.BatchNormalization()(layers.Dense(8, "silu")(numbers))
    return keras.Model([numbers, *levels], layers.Dense(reads.outputs)(units))


LEARNER = KerasModel("brought", "Brought model", _made, epochs=3)


def test_a_registered_model_is_learned_saved_and_asked_without_keras(tmp_path, monkeypatch):
    # `fit` itself refuses a program that answers 1e-5 apart from the model.
    bring(sys.modules[__name__], tmp_path, monkeypatch)
    bundle = learned_bundle("binary", members=["brought"], rounds=2)
    answers = answers_without_frameworks(bundle, tmp_path / "bundle")
    np.testing.assert_allclose(answers, [case.expected for case in bundle.cases], rtol=1e-12)


def test_a_model_that_keras_has_fitted_answers_without_it_what_keras_predicts(tmp_path):
    keras.utils.set_random_seed(0)
    values = np.random.default_rng(0).normal(3.0, 2.0, size=(100, 2))
    model = keras.Sequential(
        [keras.Input((2,)), layers.Dense(8, "relu"), layers.Dense(3, "softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(values, np.digitize(values.sum(axis=1), (5.0, 7.0)), epochs=3, verbose=0)
    model.save(tmp_path / "model.keras")
    opened = open_model(tmp_path / "model.keras", columns=COLUMNS)
    program = opened.program(Task(kind="multiclass", classes=("high", "low", "mid")))
    records = [dict(zip(COLUMNS, row, strict=True)) for row in values.tolist()]
    cases = recorded_cases(program, records, SCHEMA)
    bundle = replace(make_bundle(), program=program, schema=SCHEMA, cases=cases)
    answers = answers_without_frameworks(bundle, tmp_path / "bundle")
    np.testing.assert_allclose(answers[:100], model.predict(values, verbose=0), atol=1e-5)
