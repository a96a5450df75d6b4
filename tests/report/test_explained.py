from example_bundle import MULTICLASS, REGRESSION, ROWS, make_bundle
from modelwright.predictor.explanations.explanation import explain
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
