from dataclasses import replace

import msgspec
import pytest

from example_bundle import BINARY, MULTICLASS, REGRESSION, ROWS, make_bundle
from graph_models import listed_bundle
from modelwright.errors import BundleError, SchemaError
from modelwright.predictor.explanations.explanation import explain


@pytest.mark.parametrize("task", [BINARY, MULTICLASS, REGRESSION], ids=lambda task: task.kind)
def test_parts_lead_from_the_usual_answer_to_this_one(task):
    bundle = make_bundle(task)
    found = explain(bundle, ROWS[0])
    total = found.usual + sum(part.adds for part in found.parts)
    assert total == pytest.approx(found.value)
    assert {part.column for part in found.parts} == set(bundle.schema.names)
    assert [abs(part.adds) for part in found.parts] == sorted(
        (abs(part.adds) for part in found.parts), reverse=True
    )
    assert (found.of is None) == (task is REGRESSION)
    assert msgspec.json.decode(msgspec.json.encode(found))["usual"] == found.usual


def test_the_same_seed_gives_the_same_explanation():
    assert explain(make_bundle(), ROWS[1]) == explain(make_bundle(), ROWS[1])


def test_the_most_similar_row_is_the_row_itself():
    found = explain(make_bundle(), ROWS[3])
    assert found.similar[0].row["age"] == ROWS[3]["age"]


def test_with_the_values_told_the_class_is_another():
    bundle = make_bundle()
    told = 0
    for row in ROWS:
        found = explain(bundle, row)
        if found.changes:
            told += 1
            assert explain(bundle, {**row, **found.changes}).answer != found.answer
            assert len(found.changes) <= 2
    assert told


def test_values_that_training_rows_hardly_had_are_told():
    found = explain(make_bundle(), {**ROWS[0], "job": "astronaut", "age": 5000})
    assert {each.column for each in found.unlike} == {"job", "age"}


@pytest.mark.parametrize("row", [{"ago": 3}, {"age": "old"}])
def test_a_row_that_cannot_be_answered_is_refused(row):
    with pytest.raises(SchemaError):
        explain(make_bundle(), row)


def test_a_row_that_the_graph_fails_on_is_refused():
    assert explain(listed_bundle(), {"age": 2.0}).answer == "yes"
    with pytest.raises(SchemaError, match="no finite answer"):
        explain(listed_bundle(), {"age": 7.0})


def test_without_recorded_rows_nothing_can_be_compared():
    with pytest.raises(BundleError, match="records no rows"):
        explain(replace(make_bundle(), cases=()), ROWS[0])
