import msgspec

from example_bundle import MULTICLASS, REGRESSION, ROWS, make_bundle
from modelwright.predictor.explanations.explanation import explain
from modelwright.predictor.explanations.unlike import Unlike
from modelwright.report.explained import describe_explanation


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
