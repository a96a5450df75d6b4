from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import ElasticNet, LogisticRegression, PoissonRegressor, Ridge

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import BudgetError, InputError
from modelwright.learners import linear
from modelwright.learners.base import Rows
from modelwright.learners.linear import PENALTIES, Linear
from modelwright.learners.lines.descent import Problem, descend
from modelwright.learners.lines.encoding import encode_for_lines
from modelwright.learners.lines.raw_losses import raw_loss
from modelwright.learners.lines.sparse_descent import descend_sparsely
from modelwright.learners.loss import Loss
from modelwright.learners.memo import Memo
from modelwright.tasks.task import Task
from modelwright.testing import example_rows, hostile_columns


def _problem(kind: str) -> Problem:
    rows = example_rows(kind, count=300, seed=1)
    encoding = encode_for_lines(rows, budget=Budget.start(60))
    target = rows.target / 50.0 if kind == "regression" else rows.target.astype(float)
    outputs = 3 if kind == "multiclass" else 1
    design = encoding.design(rows, budget=Budget.start(60))
    return Problem(design, target, rows.weight, raw_loss(kind, rows.loss), outputs)


@pytest.mark.parametrize("kind", ["binary", "multiclass"])
def test_descent_ends_where_scikit_learn_does(kind):
    problem = _problem(kind)
    start = np.zeros((problem.design.shape[1], problem.outputs))
    found = descend(problem, start, penalty=2.0, out_of_time=bool)
    model = LogisticRegression(C=0.5, tol=1e-8, max_iter=5_000)
    model.fit(problem.design.whole()[:, 1:], problem.target, sample_weight=problem.weight)
    theirs = np.vstack([model.intercept_, model.coef_.T])
    ours = found.coefficients
    if kind == "multiclass":  # only differences between classes mean something
        ours, theirs = (each - each.mean(axis=1, keepdims=True) for each in (ours, theirs))
    np.testing.assert_allclose(ours, theirs, atol=0.05)


def test_descent_on_squares_ends_where_ridge_does():
    problem = _problem("regression")
    start = np.zeros((problem.design.shape[1], 1))
    found = descend(problem, start, penalty=2.0, out_of_time=bool)
    model = Ridge(alpha=2.0).fit(
        problem.design.whole()[:, 1:].toarray(), problem.target, sample_weight=problem.weight
    )
    theirs = problem.design.whole()[:, 1:] @ model.coef_ + model.intercept_
    np.testing.assert_allclose((problem.design @ found.coefficients)[:, 0], theirs, atol=0.05)


def test_sparse_descent_ends_where_the_elastic_net_of_scikit_learn_does():
    problem = replace(_problem("regression"), weight=np.ones(300))
    start = np.zeros((problem.design.shape[1], 1))
    found = descend_sparsely(problem, start, penalty=3.0, out_of_time=bool).coefficients
    # Theirs is the mean of halved squares.
    model = ElasticNet(alpha=3.0 / 300, l1_ratio=0.9, tol=1e-8, max_iter=20_000)
    matrix = problem.design.whole()[:, 1:].toarray()
    theirs = model.fit(matrix, problem.target).predict(matrix)
    np.testing.assert_allclose((problem.design @ found)[:, 0], theirs, rtol=0.01)
    assert (found == 0).mean() > 0.5


def test_useless_columns_do_less_harm_to_an_elastic_net():
    draw = np.random.default_rng(0)
    columns = {f"x{number}": draw.normal(size=400) for number in range(60)}
    rows = Rows(
        Schema(columns=tuple(Column(name=name, kind=Kind.NUMERIC) for name in columns)),
        columns,
        3 * columns["x0"] + draw.normal(size=400),
        Task(kind="regression"),
    )
    train, check, judge = (
        rows.take(np.arange(begin, end)) for begin, end in ((0, 120), (120, 200), (200, 400))
    )

    def error(learner: Linear) -> float:
        fitted = learner.fit(train, check_rows=check, budget=Budget.start(60), seed=0)
        again = learner.fit(train, rounds=fitted.rounds, budget=Budget.start(60), seed=0)
        answers = fitted.program.run(judge.columns)
        np.testing.assert_array_equal(again.program.run(judge.columns), answers)
        return float(((answers[:, 0] - judge.target) ** 2).mean())

    assert error(Linear(penalty="both")) < 0.9 * error(Linear())


def test_a_table_with_no_column_to_leave_out_is_refused():
    rows = example_rows("regression", count=50, seed=1)
    with pytest.raises(InputError, match="for tables of 99 columns or more"):
        Linear(fewest_columns=99).fit(rows, budget=Budget.start(60), seed=0)


def test_descent_on_counts_ends_where_scikit_learn_does():
    counts = np.random.default_rng(0).poisson(3.0, size=300).astype(float)
    problem = replace(
        _problem("regression"), target=counts, losses=raw_loss("regression", Loss("poisson"))
    )
    start = np.zeros((problem.design.shape[1], 1))
    found = descend(problem, start, penalty=2.0, out_of_time=bool)
    model = PoissonRegressor(alpha=2.0 / problem.weight.sum(), tol=1e-8, max_iter=5_000)
    design = problem.design.whole()[:, 1:].toarray()
    model.fit(design, counts, sample_weight=problem.weight)
    theirs = np.log(model.predict(design))
    np.testing.assert_allclose((problem.design @ found.coefficients)[:, 0], theirs, atol=0.02)


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_steps_add_up_to_the_design_matrix_times_coefficients(kind):
    rows = example_rows(kind, count=200, seed=1)
    encoding = encode_for_lines(rows, budget=Budget.start(60))
    for columns in (example_rows(kind, count=100, seed=2).columns, hostile_columns()):
        asked = replace(rows, columns=columns, target=np.zeros(len(columns["note"])), memo=Memo())
        design = encoding.design(asked, budget=Budget.start(60))
        coefficients = np.random.default_rng(0).normal(size=(design.shape[1], 3))
        # A code that no training row has gets no column of its own.
        ours = encoding.add_up(coefficients).matrix(columns)
        np.testing.assert_allclose(ours, design @ coefficients, rtol=1e-9, atol=1e-9)


def test_the_path_ends_where_rows_held_back_say():
    rows, check = (example_rows("binary", count=n, seed=n) for n in (300, 200))
    fitted = Linear().fit(rows, check_rows=check, budget=Budget.start(60), seed=0)
    assert 1 <= fitted.rounds < len(PENALTIES)
    assert not fitted.cut_short


def test_rounds_beyond_the_path_mean_its_end():
    rows = example_rows("regression", count=100, seed=0)
    assert Linear().fit(rows, rounds=99, budget=Budget.start(60), seed=0).rounds == len(PENALTIES)


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_a_quantile_has_its_share_of_rows_below(level):
    rows = replace(example_rows("regression", count=1_000, seed=0), weight=None)
    wanted = replace(rows, loss=Loss("quantile", level))
    program = Linear().fit(wanted, rounds=3, budget=Budget.start(60), seed=0).program
    assert abs((rows.target < program.run(rows.columns)[:, 0]).mean() - level) < 0.04


def test_the_median_is_that_of_the_absolute_loss():
    rows = example_rows("regression", count=300, seed=0)
    absolute, quantile = (
        Linear().fit(replace(rows, loss=loss), budget=Budget.start(60), seed=0).program
        for loss in (Loss("absolute"), Loss("quantile", 0.5))
    )
    np.testing.assert_array_equal(absolute.run(rows.columns), quantile.run(rows.columns))


def test_counts_are_learned_on_the_logarithm_of_their_mean():
    rows = example_rows("regression", count=2_000, seed=0)
    rate = 7.0 * np.exp(0.5 * np.nan_to_num(rows.columns["size"]))
    counts = np.random.default_rng(0).poisson(rate).astype(float)
    wanted = replace(rows, target=counts, weight=None, loss=Loss("poisson"))
    answers = Linear().fit(wanted, rounds=3, budget=Budget.start(60), seed=0).program.run
    found = answers(rows.columns)[:, 0]
    assert found.min() > 0
    assert abs(found.mean() - counts.mean()) < 0.01 * counts.mean()
    assert np.corrcoef(np.log(found), np.log(rate))[0, 1] > 0.95


def test_only_a_sample_is_drawn_by_chance(monkeypatch):
    rows = example_rows("binary", count=100, seed=0)
    assert not Linear().fit(rows, budget=Budget.start(60), seed=0).by_chance
    monkeypatch.setattr(linear, "MAX_ROWS", 50)
    assert Linear().fit(rows, budget=Budget.start(60), seed=0).by_chance


def test_time_that_ends_while_text_is_cut_is_a_budget_error():
    ticks = iter(np.arange(10_000.0))
    schema = Schema(columns=(Column(name="note", kind=Kind.TEXT),))
    texts = np.array(["late again"] * 5_000, dtype=object)
    target = (np.arange(5_000) % 2).astype(np.int64)
    rows = Rows(schema, {"note": texts}, target, Task(kind="binary", classes=("no", "yes")))
    budget = Budget.start(8.0, clock=lambda: float(next(ticks)))
    with pytest.raises(BudgetError, match="too short"):
        Linear().fit(rows, budget=budget, seed=0)


@pytest.mark.parametrize(
    "hostile",
    [
        [0.1],
        [np.nan],
        [1e300, -1.7e308, 3.0],
        [np.inf, -np.inf, 1.0, np.nan],
        [5e-324, 0.0, 1e-310],
    ],
)
def test_numbers_of_any_size_are_learned_and_answered_with_numbers(hostile):
    names = ("a", "b")
    columns = {"a": np.resize(hostile, 200), "b": np.random.default_rng(0).normal(size=200)}
    schema = Schema(columns=tuple(Column(name=name, kind=Kind.NUMERIC) for name in names))
    rows = Rows(schema, columns, columns["b"] + 1.0, Task(kind="regression"))
    program = Linear().fit(rows, budget=Budget.start(60), seed=0).program
    assert program.run(columns)[:, 0] == pytest.approx(columns["b"] + 1.0, abs=0.2)
