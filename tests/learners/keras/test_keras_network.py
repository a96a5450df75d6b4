from dataclasses import replace

import numpy as np
import pytest

from keras_here import QUIET, keras, layers
from modelwright.compute.budget import Budget
from modelwright.errors import LearnerError
from modelwright.learners.keras.network import KerasModel
from modelwright.predictor.storage.storage import write_program
from modelwright.testing import example_rows

pytestmark = QUIET


def sequential(reads):
    """Return layers in a row, with each kind of bend."""
    bends = (
        layers.ReLU(), layers.Activation("silu"), layers.Activation("tanh"),
        layers.Activation("sigmoid"), layers.LeakyReLU(0.1), layers.ELU(0.7),
        layers.Activation("selu"), layers.Activation("relu6"), layers.Rescaling(2.0, 0.1),
        layers.Activation("hard_sigmoid"),
    )  # fmt: skip
    model = keras.Sequential([keras.Input((reads.columns,)), layers.Dense(6, "relu")])
    for bend in bends:
        for layer in (layers.Dense(6), bend, layers.BatchNormalization(), layers.Dropout(0.1)):
            model.add(layer)
    model.add(layers.Dense(reads.outputs))
    return model


def functional(reads):
    """Return a model with embeddings and a residual sum."""
    numbers = keras.Input((reads.columns,), name="numbers")
    levels = [keras.Input((1,), dtype="int32") for _ in reads.levels]
    found = [
        layers.Flatten()(layers.Embedding(count, 3)(each))
        for count, each in zip(reads.levels, levels, strict=True)
    ]
    units = layers.Dense(8, "relu")(layers.Concatenate()([numbers, *found]) if found else numbers)
    units = layers.Add()([units, layers.Dense(8, "tanh")(units)])
    return keras.Model([numbers, *levels], layers.Dense(reads.outputs)(units))


BROUGHT = KerasModel("brought", "Brought model", functional, epochs=2)


def _fit(learner, kind="binary", **options):
    rows = example_rows(kind, count=150, seed=1)
    return learner.fit(rows, **{"budget": Budget.start(120), "seed": 0, **options})


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_a_functional_model_is_read_out(kind):
    # `fit` itself refuses a program that answers 1e-5 apart from the model.
    assert _fit(BROUGHT, kind).rounds == 2


def test_each_layer_of_a_sequential_model_is_read_out():
    assert _fit(replace(BROUGHT, make=sequential)).rounds == 2


def test_the_same_seed_gives_the_same_program():
    first, again, other = (_fit(BROUGHT, seed=seed).program for seed in (1, 1, 2))
    assert write_program(first) == write_program(again)
    assert write_program(first) != write_program(other)


def test_rows_held_back_choose_the_rounds():
    rows = example_rows("binary", count=150, seed=1)
    found = BROUGHT.fit(rows, check_rows=rows, budget=Budget.start(120), seed=0)
    again = BROUGHT.fit(rows, rounds=found.rounds, budget=Budget.start(120), seed=0)
    assert write_program(found.program) == write_program(again.program)


def _wrong(*end):
    return lambda reads: keras.Sequential([keras.Input((reads.columns,)), *end])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_wrong(layers.LayerNormalization(name="norm")), r"layer LayerNormalization \(norm\)"),
        (_wrong(layers.Dense(3, "gelu"), layers.Dense(1)), "activation 'gelu'"),
        (_wrong(layers.Dense(1, "sigmoid")), "ends with raw scores"),
        (_wrong(layers.Dense(7)), "answers 7 numbers a row; 1 were asked for"),
    ],
)
def test_what_cannot_be_read_out_is_named_before_it_learns(make, words):
    with pytest.raises(LearnerError, match=words):
        _fit(replace(BROUGHT, make=make))


def test_an_answer_is_a_probability():
    answers = _fit(BROUGHT).program.run(example_rows("binary", count=20, seed=2).columns)
    np.testing.assert_allclose(answers.sum(axis=1), 1.0)
