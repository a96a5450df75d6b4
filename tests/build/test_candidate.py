from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest

from modelwright.data.prepare import prepare
from modelwright.data.splitting.portions import HELD
from modelwright.data.splitting.splits import Split
from modelwright.documents import Candidate, read_document, write_document
from modelwright.learners.rows import rows_of
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.predictor.model import load
from modelwright.tasks.costs import Costs
from modelwright.tasks.metrics import METRICS


def test_findings_become_a_candidate_that_is_on_disk(room_for, flights):
    room = room_for(flights.drop("minutes"), "late", metric="roc_auc")
    candidate = room.build()
    assert candidate.worth_it
    assert candidate.passed
    assert candidate.verdict.startswith("The model predicts late: area under the ROC curve is 0.9")
    assert [gate.name for gate in candidate.gates if not gate.passed] == []
    assert candidate.training_rows == room.training.height
    assert candidate.evaluation.rows == room.holdout.height
    assert (candidate.target, candidate.metric, candidate.budget_s) == ("late", "roc_auc", 60.0)
    assert candidate.schema.names == ("delay", "wind", "airline", "planned")
    assert candidate.trials[0].learner == "linear"
    assert sum(trial.weight for trial in candidate.trials) == pytest.approx(1.0)
    scored = [trial for trial in candidate.trials if trial.score is not None]
    assert all(each.beside_blend.low <= each.beside_blend.value for each in scored)
    constant = next(each for each in scored if each.gain.value == 0)
    assert constant.beside_blend.high < 0
    assert {"Python", "cores", "modelwright", "numpy"} <= candidate.environment.keys()
    assert candidate.evaluation.importances[0].column == "delay"
    write_document(candidate, room.workspace)
    assert read_document(Candidate, room.workspace) == candidate


def test_the_holdout_is_opened_once_and_after_the_program_stands(room_for, flights):
    room = room_for(flights.drop("minutes"), "late", metric="roc_auc")
    assert room.build().evaluation.openings == 1
    assert room.openings == 1
    assert room.told[-1] == "Opening the holdout"
    assert room.build().evaluation.openings == 2


def test_what_was_evaluated_is_what_ships(room_for, flights):
    room = room_for(flights.drop("minutes"), "late", metric="roc_auc")
    candidate = room.build()
    model = load(room.workspace.path / candidate.program_path)
    answers = model.predict_proba(room.holdout)
    rows = rows_of(room.holdout, candidate.schema, target="late", task=candidate.task)
    score = METRICS["roc_auc"].score(rows.target, answers)
    assert score == candidate.evaluation.score.value
    assert model.bundle.facts.holdout_score.value == candidate.evaluation.score.value
    assert model.bundle.facts.threshold == candidate.threshold
    assert len(model.bundle.cases) > 50
    predicted = model.predict(room.holdout)
    assert (predicted == "yes").sum() == candidate.evaluation.warned


def test_noise_is_not_worth_it(room_for):
    draw = np.random.default_rng(1)
    noise = pl.DataFrame(
        {"x": draw.normal(size=400), "y": draw.normal(size=400), "z": draw.normal(size=400)}
    )
    candidate = room_for(noise, "z", metric="rmse").build()
    assert not candidate.worth_it
    assert not candidate.passed
    assert candidate.verdict.startswith("Machine learning is not worth it here")
    failed = [gate.name for gate in candidate.gates if not gate.passed]
    assert failed == ["better than the baseline"]


def test_numbers_are_predicted(room_for, flights):
    candidate = room_for(flights.drop("late"), "minutes", metric="rmse").build()
    assert candidate.worth_it
    assert candidate.threshold is None
    assert candidate.evaluation.score.value < candidate.evaluation.baseline_score.value - 0.5
    assert set(candidate.evaluation.others) == {"mae", "r2"}


def test_rows_without_an_answer_are_left_out(room_for, flights):
    some = flights.drop("minutes").with_columns(
        late=pl.when(pl.int_range(pl.len()) % 10 > 0).then("late")
    )
    room = room_for(some, "late", metric="roc_auc")
    candidate = room.build()
    known = room.training["late"].is_not_null().sum()
    assert candidate.training_rows == known < room.training.height
    assert candidate.evaluation.rows == room.holdout["late"].is_not_null().sum()


@pytest.mark.parametrize(("hours", "units"), [(1, "rows"), (8, "groups")])
def test_rows_in_time_are_resampled_by_day_where_there_are_enough(room_for, flights, hours, units):
    table = flights.drop("minutes").with_columns(
        planned=pl.col("planned").first() + pl.duration(hours=hours * pl.int_range(pl.len()))
    )
    split = Split(kind="time", column="planned", seed=0)
    candidate = room_for(table, "late", metric="roc_auc", split=split).build()
    assert candidate.evaluation.score.method.startswith(f"bootstrap over {units}")


def test_rows_of_an_entity_are_resampled_together(room_for, flights):
    table = flights.drop("minutes").with_columns(
        plane=pl.format("N{}", pl.int_range(pl.len()) % 50)
    )
    split = Split(kind="group", column="plane", seed=0)
    candidate = room_for(table, "late", metric="roc_auc", split=split).build()
    assert candidate.evaluation.score.method.startswith("bootstrap over groups")


def test_costs_rule_the_threshold(room_for, flights):
    costs = Costs(false_negative=9.0)
    candidate = room_for(flights.drop("minutes"), "late", metric="log_loss", costs=costs).build()
    assert candidate.threshold < 0.3
    assert "costs" in candidate.threshold_reason


def test_a_budget_that_was_not_kept_fails_its_gate(room_for, flights):
    candidate = room_for(flights.drop("minutes"), "late", metric="roc_auc").build(seconds=0.05)
    gates = {gate.name: gate for gate in candidate.gates}
    assert not gates["the budget is kept"].passed
    assert candidate.seconds > 0.05


def test_a_bundle_that_was_tampered_with_answers_otherwise(room_for, flights):
    room = room_for(flights.drop("minutes"), "late", metric="roc_auc")
    bundle = read_bundle(room.workspace.path / room.build().program_path)
    assert bundle.facts.question == "What is late?"
    assert bundle.card_text.startswith("# Not released")


def test_the_holdout_beyond_memory_is_judged_too(room_for, flights):
    room = room_for(flights.drop("minutes"), "late", metric="roc_auc")
    table = pl.concat([flights] * 4).drop("minutes")
    further = Beside(prepare(table, room.findings.schema))
    candidate = room.build(further=further)
    held = sum((parts == HELD).sum() for _, parts in further.pieces())
    assert candidate.evaluation.rows == room.holdout.height + held
    assert candidate.training_rows == room.training.height
    assert candidate.streaming.sentence.startswith("The sample stays: No learner that can learn")


def test_of_a_holdout_whose_answers_memory_does_not_hold_a_part_is_judged(room_for, flights):
    room = room_for(flights.drop("minutes"), "late", metric="roc_auc")
    table = prepare(pl.concat([flights] * 4).drop("minutes"), room.findings.schema)
    evaluation = room.build(further=Beside(table, memory_bytes=1)).evaluation
    assert evaluation.is_of_part
    assert evaluation.rows == room.holdout.height
    assert evaluation.there == room.holdout.height + table.height // 2


def test_rows_that_take_too_long_to_read_are_left(room_for, flights):
    room = room_for(flights.drop("minutes"), "late", metric="roc_auc")
    candidate = room.build(further=Beside(room.training.head(100), reading_s=1e6))
    assert "The sample stays: reading the rows beyond it takes" in candidate.streaming.sentence


@dataclass(frozen=True)
class Beside:
    """Rows that are said to be beyond memory: half to learn from, the others the holdout's."""

    table: pl.DataFrame
    memory_bytes: int = 10**12
    reading_s: float = 0.0

    @property
    def rows(self):
        return self.table.height

    def pieces(self):
        for frame in self.table.iter_slices(1_000):
            parts = np.arange(frame.height) % 4
            yield frame, np.where(parts > 1, HELD, parts)
