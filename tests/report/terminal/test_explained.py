import msgspec
import pytest

from example_bundle import MULTICLASS, REGRESSION, ROWS, make_bundle
from modelwright.predictor.explanations.explanation import explain
from modelwright.predictor.explanations.unlike import Unlike
from modelwright.report.terminal.explained import describe_explanation, say_method


def test_a_probability_is_told_in_points():
    told = describe_explanation(explain(make_bundle(), {**ROWS[0], "job": "astronaut"}))
    assert "probability of yes: " in told
    assert " points" in told
    assert "job: Its level is not among the commonest" in told


def test_a_number_is_told_as_it_is():
    told = describe_explanation(explain(make_bundle(REGRESSION), {}))
    assert "points" not in told
    assert "missing" in told
    assert "Otherwise" not in told


def test_classes_that_are_no_texts_are_told():
    assert "recorded rows are answered" in describe_explanation(
        explain(make_bundle(MULTICLASS), ROWS[2])
    )


def test_only_a_few_of_the_columns_unlike_training_are_told():
    explanation = explain(make_bundle(), ROWS[0])
    unlike = (Unlike(column=f"c{i}", share=0.0, sentence="It is missing.") for i in range(30))
    strange = msgspec.structs.replace(explanation, unlike=tuple(unlike))
    told = describe_explanation(strange)
    assert told.count("It is missing.") == 5
    assert "and 25 more" in told


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("exact", "read from the model itself"),
        ("combinations", "every combination"),
        ("corrected", "exact for the scores inside the model"),
        ("sampled", "were sampled. None is likely to be off by more than 4 points"),
    ],
)
def test_how_exact_the_parts_are_is_said(method, words):
    explanation = explain(make_bundle(), ROWS[0])
    parts = tuple(msgspec.structs.replace(part, error=0.02) for part in explanation.parts)
    changed = msgspec.structs.replace(explanation, method=method, parts=parts)
    assert words in say_method(changed)
