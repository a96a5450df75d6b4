"""Rows that memory does not hold are learned from as a stream, where that pays."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import polars as pl
import pytest

from build_examples import ignore, make_folds
from modelwright.build.aims.aim import Aim
from modelwright.build.aims.aimed import aim_at
from modelwright.build.blending.further import Stream
from modelwright.build.blending.streaming import Streamer, may_pay
from modelwright.build.engine import build_program
from modelwright.build.judging.rows import learning_rows
from modelwright.build.question import Question
from modelwright.compute.budget import Budget
from modelwright.compute.crews.processes import Processes
from modelwright.data.inference.infer import infer_schema
from modelwright.data.prepare import prepare
from modelwright.data.splitting.portions import CHECKED, HELD, Portions
from modelwright.data.splitting.splits import Split
from modelwright.documents import Expected, Findings, Growth, Outlook, Plan, TableFacts
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.xgboost import XGBoost
from modelwright.tasks.answers import score_answers
from modelwright.tasks.infer import infer_task
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import METRICS

SAMPLE, ROWS, PIECE = 1_000, 8_000, 2_000
SMALL = LightGBM(name="small", rate=0.5, leaves=8)
OTHER = XGBoost(name="other", rate=0.2, leaves=63, feature_fraction=1.0)
METRIC = {"sales": "rmse", "busy": "log_loss"}


def wavy(count, *, seed):
    """Return rows whose answer takes many rows to learn, and one that no rows teach."""
    draw = np.random.default_rng(seed)
    east, north = draw.uniform(-3, 3, size=(2, count))
    place = draw.choice([f"place {number}" for number in range(12)], size=count)
    sales = 20 + 3 * np.sin(3 * east) * np.cos(2 * north) + draw.normal(size=count) / 2
    return pl.DataFrame(
        {
            "east": east,
            "north": north,
            "place": place,
            "sales": sales,
            "busy": np.where(sales > 20, "yes", "no"),
            "chance": draw.normal(size=count),
        }
    )


@dataclass(frozen=True)
class Beside:
    """Rows beyond a sample, which are in memory all the same."""

    table: pl.DataFrame
    portions: Portions
    memory_bytes: int = 10**12
    reading_s: float = 0.0

    @property
    def rows(self):
        return self.table.height

    def pieces(self):
        random = np.random.default_rng(5)
        for first in range(0, self.rows, PIECE):
            frame = self.table.slice(first, PIECE)
            yield frame, self.portions.divide(frame, random.random(frame.height))


def findings_of(table, target):
    schema = infer_schema(table, target=target)
    split = Split(kind="random", seed=0)
    facts = TableFacts(address="t", rows=table.height, columns=table.width, fingerprint="")
    plan = Plan(
        question="",
        target=target,
        table=facts,
        schema=schema,
        task=infer_task(table[target]),
        metric=METRIC.get(target, "rmse"),
        metric_reason="",
        split=split,
        schemes=(),
        risks=(),
        gates=(),
        budget_s=60.0,
        seed=0,
    )
    return Findings(
        plan=plan,
        schema=schema,
        profile=(),
        leaks=(),
        refused=(),
        problems=(),
        training_rows=0,
        duplicate_rows=0,
        contract_path="",
    )


@dataclass(frozen=True)
class Case:
    built: object
    streamer: Streamer
    test: object

    def score(self, program):
        answers = program.run(self.test.columns)
        return score_answers(self.streamer.question.metric, self.test.target, answers)

    def with_further(self, **fields):
        stream = self.streamer.stream
        further = replace(stream.further, **fields)
        return replace(self.streamer, stream=replace(stream, further=further))


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    """Threads of so few rows wait for each other more than they learn."""
    monkeypatch.setattr("modelwright.learners.streams.growing.cores", lambda: 1)


@pytest.fixture(scope="session")
def case_of():
    """Return a function from target and learner to what a sample taught, and what is beyond it."""

    @cache
    def make(target, learner=SMALL):
        tables = [wavy(count, seed=seed) for seed, count in enumerate((SAMPLE, ROWS, 1_500))]
        others = [name for name in ("sales", "busy", "chance") if name != target]
        tables = [table.drop(others) for table in tables]
        findings = findings_of(tables[0], target)
        sample, further, test = (prepare(table, findings.schema) for table in tables)
        rows = learning_rows(sample, findings)
        question = Question(METRICS[findings.plan.metric], (learner,))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("modelwright.build.racing.search.can_vary", lambda learners: False)
            built = build_program(
                question, rows, make_folds(rows, 2), budget=Budget.start(60), report=ignore
            )
        held = np.arange(SAMPLE) < SAMPLE // 5
        portions = Portions.of(sample, held, findings.plan.split, check=0.1)
        stream = Stream(Beside(further, portions), findings)
        streamer = Streamer(question, rows, stream, Budget.start(300), ignore)
        return Case(built, streamer, learning_rows(test, findings))

    return make


@pytest.mark.parametrize(
    ("target", "learner"),
    [("busy", SMALL), ("sales", aim_at(SMALL, Aim(scale="log1p"))), ("sales", OTHER)],
    ids=["classes", "numbers on a log scale", "numbers by XGBoost"],
)
def test_all_rows_teach_more_and_are_learned_from_again(case_of, target, learner):
    case = case_of(target, learner)
    better, told = case.streamer.extend(case.built)
    assert told.used
    assert told.gain.low > 0
    assert told.grew.low > 0
    assert case.score(better.program) < 0.9 * case.score(case.built.program)
    assert told.learned == told.there
    parts = np.concatenate([parts for _, parts in case.streamer.stream.further.pieces()])
    assert told.learned + told.checked + (parts == HELD).sum() == ROWS
    assert told.checked == (parts == CHECKED).sum()
    assert any(name.endswith("-streamed") for name in told.weights)
    again = case.streamer.repeat(case.built, told)
    answers, same = (each.program.run(case.test.columns) for each in (better, again))
    assert np.array_equal(answers, same)


def test_memory_says_how_many_are_learned_from(case_of, monkeypatch):
    case = case_of("busy")
    monkeypatch.setattr("modelwright.build.blending.teaching.held_memory", lambda: 0)
    # A row takes 3 bins, 24 bytes beside them and 24 of its score.
    of_memory = case.with_further(memory_bytes=round(51 * (SAMPLE + 3_000) / 0.75))
    better, told = of_memory.extend(case.built)
    assert 2_000 < told.learned <= 3_000
    assert f"{told.learned:,} of {told.there:,} rows beyond" in told.sentence
    assert case.score(better.program) < case.score(case.built.program)
    kept, told = case.with_further(memory_bytes=1).extend(case.built)
    assert kept is case.built
    assert "too little memory" in told.sentence


def test_workers_divide_what_this_process_cannot_hold(case_of, monkeypatch):
    case = case_of("sales", OTHER)
    monkeypatch.setattr("modelwright.build.blending.teaching.held_memory", lambda: 0)
    crew = Processes(workers=2, memory_bytes=8 * 10**9, report=ignore)
    try:
        streamer = replace(case.with_further(memory_bytes=1), crew=crew)
        better, told = streamer.extend(case.built)
        assert told.fits, told.sentence
        assert told.learned == told.there
        assert [fit.parts for fit in told.fits] == [2]
        assert "divided among 2 workers" in told.sentence
        assert case.score(better.program) < case.score(case.built.program)
        again = streamer.repeat(case.built, told)
    finally:
        crew.close()
    answers, same = (each.program.run(case.test.columns) for each in (better, again))
    assert np.array_equal(answers, same)


def test_the_sample_stays_where_more_rows_bring_nothing(case_of):
    case = case_of("chance")
    kept, told = case.streamer.extend(case.built)
    assert kept is case.built
    assert told.fits == ()
    assert "nothing for certain" in told.sentence
    assert case.streamer.repeat(case.built, told) is case.built


@pytest.mark.parametrize(("gain", "pays"), [(0.1, True), (0.0, False)])
def test_the_learning_curve_of_the_findings_is_asked_first(gain, pays):
    score = Interval(value=1.0, low=0.5, high=1.5, method="")
    grown = Growth(rows=10, score=score, gain=Interval(value=gain, low=-1, high=1, method=""))
    expected = (Expected(name="", title="", rows=1, score=score),)
    outlook = Outlook(
        expected=expected, gain=score, verdict="worth it", sentence="", growth=(grown,)
    )
    assert may_pay(outlook) is pays
