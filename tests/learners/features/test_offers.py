from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest

from modelwright.build.source.columns import features_of
from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import BudgetError, LearnerError
from modelwright.learners.base import Rows
from modelwright.learners.features import PlainFeature, log, number, registry
from modelwright.learners.features.offers import MOST_KEPT, formulas_in, offers_of
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.trees.encoding import encode_for_trees, encode_other_rows
from modelwright.predictor.program import check_program
from modelwright.predictor.storage.storage import write_program
from modelwright.tasks.task import Task
from modelwright.testing import check_feature

NAMES = ("price", "weight", "age")
SCHEMA = Schema(columns=tuple(Column(name=name, kind=Kind.NUMERIC) for name in NAMES))
RATIO = log(number("price")) - log(number("weight"))
FEATURE = PlainFeature("ratio", "Price per kilogram", (RATIO,))


def _rows(kind: str = "regression", *, count: int = 800, seed: int = 0) -> Rows:
    """Return rows whose target depends on the price per kilogram."""
    draw = np.random.default_rng(seed)
    columns = dict(zip(NAMES, draw.lognormal(size=(3, count)), strict=True))
    columns["price"][::11] = np.nan
    signal = np.nan_to_num(np.abs(np.log(columns["price"] / columns["weight"])))
    if kind == "regression":
        return Rows(SCHEMA, columns, signal, Task(kind=kind))
    classes = ("low", "high") if kind == "binary" else ("low", "middle", "high")
    edges = np.quantile(signal, np.arange(1, len(classes)) / len(classes))
    target = np.searchsorted(edges, signal).astype(np.int64)
    return Rows(SCHEMA, columns, target, Task(kind=kind, classes=classes))


def _encode(rows: Rows):
    return encode_for_trees(rows, budget=Budget.start(60), seed=0)


@pytest.fixture
def installed(monkeypatch):
    """Let features be those that packages have registered."""

    def install(*features):
        found = {"features": {feature.name: feature for feature in features}}
        monkeypatch.setattr(registry, "registered", found.__getitem__)

    return install


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_a_formula_that_says_more_than_its_columns_pays(kind):
    (offer,) = offers_of(_rows(kind), [FEATURE])
    assert offer.pays
    assert str(offer).startswith("log('price') - log('weight'): ")


def test_what_says_nothing_more_does_not_pay():
    useless = (number("age") - number("weight"), log(number("price")), number("age") * 2)
    offers = offers_of(_rows(), [PlainFeature("useless", "Useless", useless)])
    assert len(offers) == len(useless)
    assert not any(offer.pays for offer in offers)


def test_more_formulas_must_gain_more():
    many = PlainFeature("many", "Many", tuple(number("age") - each for each in range(50)))
    assert offers_of(_rows(), [many])[0].least > offers_of(_rows(), [FEATURE])[0].least


def test_what_does_not_fit_the_table_or_tells_no_rows_apart_is_left_out():
    strange = (number("height"), number("price") * 0 + number("weight") * 0, RATIO, RATIO)
    formulas = PlainFeature("strange", "Strange", strange)
    rows = _rows()
    rows.columns["price"][:] = np.abs(np.nan_to_num(rows.columns["price"])) + 1.0
    assert [each.formula for each in offers_of(rows, [formulas, FEATURE])] == [RATIO]


def test_what_is_no_formula_is_refused():
    with pytest.raises(LearnerError, match=r"'odd' proposes 'price', which is no formula.*number"):
        offers_of(_rows(), [PlainFeature("odd", "Odd", ("price",))])
    with pytest.raises(BudgetError):
        offers_of(_rows(), [FEATURE], budget=Budget.start(0))


def test_columns_follow_those_of_the_table(installed):
    rows, plain = _rows(), _encode(_rows())
    installed(FEATURE)
    encoded = _encode(rows)
    assert encoded.encoding.names == (*plain.encoding.names, "log('price') - log('weight')")
    np.testing.assert_array_equal(encoded.matrix, encoded.encoding.matrix(rows.columns))
    others = _rows(seed=1)
    held = encode_other_rows(encoded, rows, others)
    np.testing.assert_array_equal(held.matrix, encoded.encoding.matrix(others.columns))


def test_no_more_than_a_few_are_kept(installed):
    installed(PlainFeature("many", "Many", tuple(RATIO + each for each in range(1, 13))))
    assert _encode(_rows()).encoding.width == len(NAMES) + MOST_KEPT


def test_a_booster_learns_from_them(installed):
    rows, check = _rows(), _rows(count=400, seed=1)
    learner = LightGBM(leaves=4, rate=0.2)
    without = learner.fit(_rows(), rounds=20, budget=Budget.start(60), seed=0)
    installed(FEATURE)
    fitted, again = (
        learner.fit(rows, rounds=20, budget=Budget.start(60), seed=0) for _ in range(2)
    )
    check_program(fitted.program)
    assert write_program(fitted.program) == write_program(again.program)
    errors = [
        np.abs(each.program.run(check.columns)[:, 0] - check.target).mean()
        for each in (fitted, without)
    ]
    assert errors[0] < 0.9 * errors[1], errors
    assert formulas_in([without.program]) == ()
    assert formulas_in([fitted.program, again.program]) == ("log('price') - log('weight')",)
    # The exported source carries such a member over as it was learned.
    assert features_of(without.program, without.recipe.encoding)
    assert features_of(fitted.program, fitted.recipe.encoding) is None


# --- the contract ---------------------------------------------------------------------------


def _table() -> pl.DataFrame:
    rows = _rows("binary", count=300)
    return pl.DataFrame({**rows.columns, "answer": rows.target})


@dataclass
class Broken:
    """A feature with a fault."""

    formulas: tuple
    name: str = "broken"
    title: str = "Broken"
    turns: bool = False
    spoils: bool = False

    def propose(self, schema, columns):
        self.formulas = self.formulas[::-1] if self.turns else self.formulas
        if self.spoils:
            columns["age"][:] = 0.0
        return self.formulas


def test_a_feature_keeps_its_contract():
    (offer,) = check_feature(FEATURE, _table(), "answer")
    assert offer.pays


@pytest.mark.parametrize(
    ("feature", "message"),
    [
        (Broken((RATIO,), title=" "), "'broken' has no title"),
        (Broken(()), "proposes no formula"),
        (Broken(("price",)), "'price', which is no formula"),
        (Broken((RATIO, number("age")), turns=True), "other formulas for the same rows"),
        (Broken((RATIO,), spoils=True), "changes the rows"),
        (Broken((number("prise"),)), r"'prise'; the table has no such.* Did you mean 'price'"),
        (Broken((number("age") * 1e300,)), "can be infinite"),
        (Broken((RATIO.then("twice", RATIO.steps[-1]),)), "its name is taken"),
    ],
)
def test_what_breaks_the_contract_is_said(feature, message):
    with pytest.raises(AssertionError, match=message):
        check_feature(feature, _table(), "answer")
