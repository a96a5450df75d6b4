from dataclasses import replace
from types import SimpleNamespace

import msgspec
import polars as pl
import pytest

from build_examples import Known, ignore, make_folds, make_rows
from modelwright.build.blending.frontier import Cost
from modelwright.build.draft import make_bundle, sampled_rows
from modelwright.build.engine import build_program
from modelwright.build.judging.gates import (
    judge,
    judge_budget,
    judge_goal,
    judge_limits,
    judge_replay,
    judge_skew,
)
from modelwright.build.judging.verdict import is_worth_it
from modelwright.build.question import Question
from modelwright.compute.budget import Budget
from modelwright.compute.limits import Limits
from modelwright.documents import Evaluation
from modelwright.predictor.bundle import Facts
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.tasks.costs import Costs
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import METRICS
from modelwright.workspace.artifacts import fingerprint
from plan_examples import days, made, plan_of

ROWS = make_rows("regression", count=60)


def interval(low, value, high):
    return Interval(value=value, low=low, high=high, method="stated")


def evaluation(*, gain=(0.1, 0.2, 0.3), openings=1):
    return Evaluation(
        rows=60,
        score=interval(1.0, 2.0, 3.0),
        baseline_score=interval(1.0, 2.2, 3.0),
        gain=interval(*gain),
        others={},
        openings=openings,
    )


@pytest.fixture(scope="module")
def built():
    question = Question(metric=METRICS["rmse"], learners=(Known(),))
    return build_program(question, ROWS, make_folds(ROWS), budget=Budget.start(60), report=ignore)


@pytest.fixture
def verdicts(built, tmp_path):
    """Return a function from what was measured to each gate's verdict by its name."""
    facts = Facts(question="?", target="y", metric="rmse")
    bundle = make_bundle(
        built,
        ROWS,
        facts=facts,
        contract_text="",
        records=[{"signal": 1.0}],
        metric=METRICS["rmse"],
    )
    write_bundle(bundle, tmp_path / "draft")

    def verdicts(measured, *, now=1.0, program=None):
        shipped = built if program is None else replace(built, program=program)
        budget = Budget(seconds=10.0, started=0.0, clock=lambda: now)
        gates = judge(shipped, measured, rows=ROWS, draft=tmp_path / "draft")
        return {gate.name: gate.passed for gate in (*gates, judge_budget(budget))}

    return verdicts


@pytest.mark.parametrize("now", [1.0, 10.5])
def test_all_is_well_even_a_little_late(verdicts, now):
    assert all(verdicts(evaluation(), now=now).values())


@pytest.mark.parametrize(
    ("gate", "measured", "now"),
    [
        ("better than the baseline", evaluation(gain=(-0.1, 0.2, 0.5)), 1.0),
        ("better than the baseline", evaluation(gain=(0.0, 0.0, 0.0)), 1.0),
        ("the holdout is fresh", evaluation(openings=21), 1.0),
        ("the budget is kept", evaluation(), 11.5),
    ],
)
def test_one_fault_closes_one_gate(verdicts, gate, measured, now):
    found = verdicts(measured, now=now)
    assert [name for name, passed in found.items() if not passed] == [gate]


def test_a_stored_program_that_answers_otherwise_closes_a_gate(verdicts):
    other = Known(slope=9.0).program(ROWS.task)
    found = verdicts(evaluation(), program=other)
    assert [name for name, passed in found.items() if not passed] == [
        "the stored program answers the same"
    ]


def test_only_a_gain_above_zero_with_confidence_is_worth_it():
    assert is_worth_it(evaluation(gain=(0.01, 0.2, 0.4)))
    assert not is_worth_it(evaluation(gain=(-0.01, 0.2, 0.4)))


@pytest.mark.parametrize(("goal", "passed"), [("rmse <= 2", True), ("rmse <= 1.9 EUR", False)])
def test_a_goal_is_a_gate(goal, passed):
    (gate,) = judge_goal(plan_of(made(200), goal=goal), evaluation())
    assert gate.passed is passed
    assert gate.evidence.startswith(f"{goal}: the holdout's score is 2, 95 % interval 1 to 3")


def test_no_goal_is_no_gate():
    assert judge_goal(plan_of(made(200)), evaluation()) == ()


@pytest.mark.parametrize(("amount", "passed"), [(20, True), (30, False)])
def test_a_goal_in_money_is_judged_by_the_counts_of_the_holdout(amount, passed):
    table = made(200, when=lambda _: days(range(200))).with_columns(target=pl.col("target") > 0)
    costs = Costs(false_negative=10.0, false_positive=2.0)
    plan = plan_of(table, goal=f"saves >= {amount} EUR a month", costs=costs, time="when")
    counts = {"rows": 1_000, "positives": 300, "warned": 290, "warned_right": 250}
    (gate,) = judge_goal(plan, msgspec.structs.replace(evaluation(), **counts))
    assert gate.passed == passed
    # Against always warning, 250 of 300 found: 660 alarms spared of 700, 50 missed.
    assert f": by the holdout {0.82 * plan.cases_a_day * 365.25 / 12:,.4g} a month" in gate.evidence


def test_a_row_that_clients_send_is_the_row_that_was_learned_from(built, tmp_path):
    facts = Facts(question="?", target="y", metric="rmse")
    signals = ROWS.columns["signal"][sampled_rows(len(ROWS))]
    records = [{"signal": float(value)} for value in signals]
    bundle = make_bundle(
        built, ROWS, facts=facts, contract_text="", records=records, metric=METRICS["rmse"]
    )
    write_bundle(bundle, tmp_path / "draft")
    gate = judge_skew(built, ROWS, tmp_path / "draft")
    assert gate.passed, gate.evidence
    assert gate.evidence.startswith("60 training rows as JSON")
    # As if the server read a number in another unit than the table has it.
    records[3] = {"signal": records[3]["signal"] * 1000.0}
    bundle = make_bundle(
        built, ROWS, facts=facts, contract_text="", records=records, metric=METRICS["rmse"]
    )
    write_bundle(bundle, tmp_path / "draft")
    skewed = judge_skew(built, ROWS, tmp_path / "draft")
    assert not skewed.passed
    assert skewed.evidence.endswith("1 differ: row 4 is first")


def test_each_limit_stands_beside_what_was_measured():
    cost = Cost(latency_s=7.2e-5, size_bytes=341_000, memory_bytes=1_400_000)
    (gate,) = judge_limits(Limits(latency_s=2e-5, size_bytes=500_000), cost)
    assert not gate.passed
    assert gate.evidence == (
        "0.072 ms a row (at most 0.02 ms), 341 kB on disk (at most 500 kB), 1.4 MB in memory"
    )


def test_a_replay_that_gives_another_bundle_says_what_has_changed(tmp_path):
    (tmp_path / "facts.json").write_text("{}")
    now = {"Python": "3.12.3", "numpy": "2.4", "program format": "3"}

    def replayed(environment, bundle_hash="0123456789abcdef"):
        recorded = SimpleNamespace(bundle_hash=bundle_hash, environment=environment)
        return judge_replay(recorded, tmp_path, now)

    same = replayed(now, fingerprint(tmp_path))
    assert same.passed
    assert "build anew" not in same.evidence
    former = replayed({"Python": "3.12.3", "numpy": "2.3"})
    assert not former.passed
    assert "numpy 2.3, now 2.4; program format another or none, now 3" in former.evidence
    assert former.evidence.endswith("build anew, and replay from then on")
    assert "rows or files of the workspace have changed" in replayed(now).evidence
