from dataclasses import dataclass

import msgspec
import numpy as np
import pytest

from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import BundleError
from modelwright.predictor.expectation.drawing import Believer
from modelwright.predictor.expectation.fitting import fit_expectation, in_time
from modelwright.predictor.expectation.part import Disagreement, Expectation
from modelwright.predictor.expectation.seen import ranges_of
from modelwright.predictor.reference.reference import reference_of
from modelwright.tasks.metrics import METRICS
from modelwright.tasks.task import Task

NUMBER = Task(kind="regression")
SCHEMA = Schema(
    columns=(
        Column(name="size", kind=Kind.NUMERIC),
        Column(name="noise", kind=Kind.NUMERIC),
        Column(name="kind", kind=Kind.CATEGORICAL),
    )
)


@dataclass(frozen=True)
class Fake:
    """All of a program that is asked here."""

    task: Task = NUMBER


def draw(rows: int, *, seed: int, move: float = 0.0):
    """Draw numbers that are missed the farther, the larger the size."""
    random = np.random.default_rng(seed)
    columns = {
        "size": random.normal(move, 1.0, rows),
        "noise": random.normal(size=rows),
        "kind": random.choice(np.array(["a", "b"], dtype=object), rows),
    }
    answers = 50.0 + random.normal(size=(rows, 1))
    truth = answers[:, 0] + random.normal(size=rows) * np.exp(0.8 * columns["size"])
    return columns, answers, truth


@pytest.fixture(scope="module")
def learned():
    columns, answers, truth = draw(6_000, seed=0)
    reference = reference_of(columns, SCHEMA, answers, NUMBER)
    part = fit_expectation(
        Fake(), reference, columns, truth=truth, answers=answers, metric=METRICS["mae"]
    )
    return reference, part


def test_the_range_of_a_column_leaves_out_infinities():
    columns, answers, _ = draw(200, seed=0)
    columns["size"][::3], columns["noise"][1::3] = np.inf, -np.inf
    found = ranges_of(reference_of(columns, SCHEMA, answers, NUMBER), columns)
    assert np.isfinite([found["size"], found["noise"]]).all()


def test_it_finds_which_column_the_errors_depend_on(learned):
    _, part = learned
    assert list(part.spread.columns) == ["size"]
    factors = part.spread.columns["size"][:-1]
    assert factors[0] < 0.6
    assert factors[-1] > 2.0


@pytest.mark.parametrize("metric", ["mae", "rmse", "r2", "median_absolute_error"])
def test_other_rows_are_foreseen_to_be_harder(learned, metric):
    reference, part = learned
    columns, answers, truth = draw(3_000, seed=1, move=0.6)
    believer, metric = Believer(Fake(), reference, part), METRICS[metric]
    foreseen = believer.foresee(metric, columns, answers)
    usual = believer.foresee(metric, *draw(3_000, seed=2)[:2])
    realised = metric.score(truth, answers[:, 0])
    assert abs(foreseen.value - realised) < 0.35 * abs(usual.value - realised)


def test_windows_like_the_training_differ_by_chance_alone(learned):
    _, part = learned
    assert [each.rows for each in part.disagreements] == [200, 1_000]
    assert all(each.spread < 0.1 for each in part.disagreements)


def test_a_column_that_moves_with_time_is_known():
    columns, answers, truth = draw(1_000, seed=0)
    columns["noise"] = np.floor(np.arange(1_000.0) / 300)
    reference = reference_of(columns, SCHEMA, answers, NUMBER)
    part = fit_expectation(
        Fake(), reference, columns, truth=truth, answers=answers, metric=METRICS["mae"]
    )
    assert part.outside["noise"] == 1.0
    assert set(part.outside) == {"noise"}


def test_few_rows_say_nothing():
    columns, answers, truth = draw(99, seed=0)
    reference = reference_of(columns, SCHEMA, answers, NUMBER)
    given = {"truth": truth, "answers": answers, "metric": METRICS["mae"]}
    assert fit_expectation(Fake(), reference, columns, **given) is None


def test_it_is_plain_data(learned):
    _, part = learned
    written = msgspec.json.encode(part)
    assert msgspec.json.decode(written, type=Expectation) == part
    assert len(written) < 20_000


def test_a_part_of_another_bundle_is_refused(learned):
    reference, part = learned
    part.check(reference)
    spread = msgspec.structs.replace(part.spread, answers=(1.0, 1.0))
    with pytest.raises(BundleError, match="2 factors for ''"):
        msgspec.structs.replace(part, spread=spread).check(reference)


def test_the_nearest_smaller_window_says_the_disagreement():
    found = tuple(Disagreement(rows=rows, windows=8, spread=0.1) for rows in (200, 1_000))
    part = Expectation(rows=8_000, disagreements=found)
    assert [part.disagreement(rows).rows for rows in (100, 250, 5_000)] == [200, 200, 1_000]
    assert Expectation(rows=8_000).disagreement(200) is None


def test_rows_are_put_in_the_order_of_time():
    columns = {"at": np.array([3, 1, 2]), "x": np.array([0.5, 1.0, 2.0])}
    assert in_time(columns, "at").tolist() == [1, 2, 0]
    assert in_time(columns, "x").tolist() == [0, 1, 2]
