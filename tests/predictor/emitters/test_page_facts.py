import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from example_bundle import REGRESSION, make_bundle, make_covered_bundle
from modelwright.data.relations.feature import Feature, FeatureSet
from modelwright.data.relations.relation import Relation
from modelwright.data.schema import Schema
from modelwright.predictor.emitters.browser import BROWSER
from modelwright.predictor.emitters.facts import gather
from modelwright.predictor.emitters.page_facts import learned_from, page_facts, related_tables


@pytest.fixture(scope="module")
def told():
    return page_facts(gather(make_covered_bundle()))


def test_every_column_has_the_input_of_its_kind(told):
    kinds = {column["name"]: column["kind"] for column in told["columns"]}
    assert kinds == {"age": "number", "member": "boolean", "job": "level", "seen": "moment"}


def test_levels_are_chosen_from_a_list_the_commonest_first(told):
    job = told["columns"][2]
    assert job["few"]
    assert job["levels"] == job["known"] == ["cook", "clerk"]


def test_numbers_tell_where_most_training_rows_were(told):
    assert told["columns"][0]["usual"] == [20.5, 39.0]


def test_examples_are_what_inputs_hold(told):
    assert told["examples"][0] == ["39", "yes", "clerk", "2024-03-01T10:00:00.000"]
    assert told["examples"][2] == [None, None, None, None]


def test_what_is_answered_is_told(told):
    assert (told["labels"], told["threshold"]) == (["no", "yes"], 0.4)
    assert (told["levels"], told["usual"]) == ([0.8, 0.9], 0.9)
    number = page_facts(gather(make_bundle(REGRESSION)))
    assert (number["labels"], number["threshold"], number["levels"]) == (None, None, [])
    low, high = number["usualAnswers"]
    assert low < high


def test_all_of_it_is_json(bundles):
    for bundle in bundles.values():
        json.dumps(page_facts(gather(bundle)), allow_nan=False)


def test_the_score_is_told_with_its_interval():
    assert learned_from(make_bundle()) == (
        "Learned from 4 rows. On rows that it had not seen, its log_loss is 0.4 (0.3 to 0.5)."
    )


def test_what_is_computed_of_related_tables_is_told():
    asked = Schema(columns=())
    orders = Relation(
        name="orders", table="orders", columns=("id",), keys=("id",), schema=asked, asked=asked
    )
    feature = Feature(relation="orders", aggregate="sum", column="amount")
    features = FeatureSet(relations=(orders,), features=(feature,))
    bundle = replace(make_bundle(), features=features, cases=())
    layout = SimpleNamespace(cells=[SimpleNamespace(column=feature.schema_column)])
    (column,) = page_facts(SimpleNamespace(bundle=bundle, layout=layout))["columns"]
    assert column["hint"] == "sum of amount of its rows in orders"
    files = BROWSER.emit(replace(make_bundle(), features=features))
    for name in ("index.html", "README.md"):
        assert b"One column is computed from rows of orders, which this page" in files[name]
    assert related_tables(make_bundle()) == ""
