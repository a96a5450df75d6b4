import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.errors import InputError, MissingDependencyError
from modelwright.learners.base import Rows
from modelwright.learners.catboost import MAX_CLASSES, CatBoost, installed
from modelwright.learners.loss import Loss
from modelwright.learners.trees.boosting import MAX_LEAVES, prepare
from modelwright.learners.trees.tables import in_float32
from modelwright.predictor.storage.storage import write_program
from modelwright.tasks.task import Task
from modelwright.testing import example_rows

catboost = pytest.importorskip("catboost")

KINDS = ("binary", "multiclass", "regression")
SQUARED = Loss()
LOSSES = (SQUARED, Loss("absolute"), Loss("quantile", 0.9), Loss("poisson"))
SMALL = CatBoost(rate=0.3, depth=3, bins=32)


def _rows(kind: str, *, count: int, seed: int, loss: Loss = SQUARED) -> Rows:
    """Return rows without the text, whose many columns take time."""
    rows = example_rows(kind, count=count, seed=seed)
    schema = rows.schema.select(tuple(name for name in rows.schema.names if name != "note"))
    return replace(rows, schema=schema, loss=loss)


def _fit(learner: CatBoost, rows: Rows, check_rows: Rows | None = None, **settings):
    settings = {"budget": Budget.start(60), "seed": 7, **settings}
    return learner.fit(rows, check_rows=check_rows, **settings)


@pytest.mark.parametrize("kind", KINDS)
def test_the_best_rounds_alone_give_the_same_program(kind):
    rows, check = (_rows(kind, count=n, seed=n) for n in (300, 150))
    stopped = _fit(SMALL, rows, check)
    assert 0 < stopped.rounds < 500
    again = _fit(SMALL, rows, rounds=stopped.rounds)
    assert write_program(again.program) == write_program(stopped.program)


@pytest.mark.parametrize("held_back", [True, False])
def test_a_fit_that_is_cut_short_is_replayed_from_its_rounds(held_back):
    ticks = iter(np.arange(10_000) * 0.5)
    budget = Budget.start(40.0, clock=lambda: float(next(ticks)))
    rows, check = (_rows("regression", count=n, seed=n) for n in (300, 150))
    learner = replace(SMALL, rate=0.01)
    cut = _fit(learner, rows, check if held_back else None, budget=budget)
    assert cut.cut_short
    assert 0 < cut.rounds < 100
    again = _fit(learner, rows, rounds=cut.rounds)
    assert not again.cut_short
    assert write_program(again.program) == write_program(cut.program)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_recipe_gives_the_same_scores(loss):
    rows = _rows("regression", count=300, seed=0, loss=loss)
    fitted = _fit(SMALL, rows, rounds=15)
    lesson = prepare(rows, None, 15, most_leaves=8, budget=Budget.start(60), seed=7)
    target = (rows.target - fitted.recipe.center) / fitted.recipe.scale
    pool = catboost.Pool(in_float32(lesson.train.matrix), target, weight=rows.weight)
    settings = {**fitted.recipe.settings, "iterations": fitted.recipe.rounds}
    model = catboost.CatBoost(settings).fit(pool)
    matrix = lesson.encoding.matrix(rows.columns).astype(np.float32)
    theirs = lesson.base + lesson.scale * model.predict(matrix, prediction_type="RawFormulaVal")
    theirs = np.exp(theirs) if loss.kind == "poisson" else theirs
    np.testing.assert_allclose(fitted.program.run(rows.columns)[:, 0], theirs, rtol=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
def test_it_learns_what_the_loss_asks_for(loss):
    rows = _rows("regression", count=600, seed=0, loss=loss)
    draw = np.random.default_rng(1)
    mean = np.exp(np.nan_to_num(rows.columns["size"]))
    rows.target[:] = draw.poisson(3.0 * mean)
    answers = _fit(SMALL, rows, rounds=40).program.run(rows.columns)[:, 0]
    below = np.average(rows.target <= answers, weights=rows.weight)
    if loss.kind == "quantile":
        assert 0.85 < below < 0.95
    elif loss.kind == "absolute":
        assert 0.4 < below < 0.7
    else:
        wanted = np.average(rows.target, weights=rows.weight)
        assert np.average(answers, weights=rows.weight) == pytest.approx(wanted, rel=0.02)
    if loss.kind == "poisson":
        assert (answers > 0).all()


def test_missing_numbers_that_training_did_not_have_count_as_the_lowest():
    rows, check = (_rows("regression", count=n, seed=n) for n in (300, 150))
    missing, lowest = (dict(check.columns, age=check.columns["age"].copy()) for _ in range(2))
    missing["age"][::2] = np.nan
    lowest["age"][::2] = -1e30
    first, second = (
        _fit(SMALL, rows, replace(check, columns=each)).program for each in (missing, lowest)
    )
    assert write_program(first) == write_program(second)


def test_configurations_share_their_bins(monkeypatch):
    made = []
    quantize = catboost.Pool.quantize
    monkeypatch.setattr(
        catboost.Pool, "quantize", lambda self, **given: (made.append(1), quantize(self, **given))
    )
    rows, check = (_rows("binary", count=n, seed=n) for n in (200, 100))
    for learner in (SMALL, replace(SMALL, depth=2), replace(SMALL, lambda_l2=9.0)):
        _fit(learner, rows, check)
    assert len(made) == 2
    _fit(replace(SMALL, bins=16), rows, check)
    assert len(made) == 4


def test_fits_beside_each_other_give_what_one_alone_gives():
    rows, check = (_rows("binary", count=n, seed=n) for n in (300, 150))
    learners = [replace(SMALL, depth=depth) for depth in (2, 3, 2, 3)]
    alone = [write_program(_fit(each, rows, check).program) for each in learners]
    rows = replace(rows, memo=type(rows.memo)())
    with ThreadPoolExecutor(4) as pool:
        fits = list(pool.map(lambda each: _fit(each, rows, check), learners))
    assert [write_program(each.program) for each in fits] == alone


def test_it_leaves_no_file_behind(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    _fit(SMALL, _rows("binary", count=100, seed=0), rounds=3)
    assert not list(tmp_path.iterdir())
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("classes", [3, 10, MAX_CLASSES])
def test_many_classes_get_a_program_of_the_same_size(classes):
    task = Task(kind="multiclass", classes=tuple(range(classes)))
    rows = _rows("multiclass", count=1_000, seed=0)
    rows = replace(rows, task=task, target=np.arange(1_000) % classes)
    fitted = _fit(CatBoost(depth=10), rows, rounds=2)
    trees = fitted.program.steps[-2]
    held = len(trees.leaves) / 2 * (42 + 8 * classes)
    assert 300 * held <= 50 * MAX_LEAVES


def test_too_many_classes_do_not_suit_it():
    tasks = [
        Task(kind="multiclass", classes=tuple(range(n))) for n in (MAX_CLASSES, MAX_CLASSES + 1)
    ]
    assert [CatBoost().suits(task) for task in tasks] == [True, False]


def test_what_catboost_refuses_becomes_an_input_error():
    rows = _rows("regression", count=100, seed=0)
    rows.target[:] = 1.0
    with pytest.raises(InputError, match="CatBoost could not learn"):
        _fit(SMALL, rows, rounds=3)


def test_where_it_is_missing_the_error_says_how_to_install_it(monkeypatch):
    assert installed()
    monkeypatch.setitem(sys.modules, "catboost", None)
    assert not installed()
    with pytest.raises(MissingDependencyError, match=r"pip install 'modelwright\[catboost\]'"):
        _fit(SMALL, _rows("binary", count=50, seed=0))
