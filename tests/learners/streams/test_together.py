"""What processes learn together, each from a part of the rows, is what one learns from all."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.compute.crews.here import Here
from modelwright.compute.crews.processes import Processes
from modelwright.errors import BudgetError, InputError
from modelwright.learners.base import Rows
from modelwright.learners.streams.growing import Recorded
from modelwright.learners.streams.reading import stream_into_bins
from modelwright.learners.streams.together import Shares, learn_together
from modelwright.learners.xgboost import XGBoost
from modelwright.testing import example_rows

LEARNER = XGBoost(leaves=8, row_fraction=1.0, feature_fraction=1.0)
PIECES = 4


@dataclass(frozen=True)
class Further:
    """Rows in pieces; the second part kills who reads it where a file says so."""

    rows: Rows
    pieces: int = PIECES
    kills: Path | None = None

    def all(self) -> Iterator[Rows]:
        for some in np.array_split(np.arange(len(self.rows)), self.pieces):
            yield self.rows.take(some)

    def part(self, number: int, of: int) -> Iterator[Rows]:
        for place, piece in enumerate(self.all()):
            if place % of == number:
                yield piece
        if number and self.kills and self.kills.exists():
            self.kills.unlink()
            os._exit(9)


@pytest.fixture(scope="module")
def rows():
    return example_rows("binary", count=1_200, seed=3)


@pytest.fixture(scope="module")
def crew():
    crew = Processes(workers=2, report=lambda _: None)
    yield crew
    crew.close()


def shares_of(rows, *, recorded=None, **further):
    every = np.arange(len(rows))
    sample, more, check = (rows.take(some) for some in np.split(every, [400, 1_000]))
    return Shares(LEARNER, Further(more, **further), sample, check, 10, recorded, 1)


def learn(crew, shares, report=print):
    return learn_together(crew, shares, parts=2, budget=Budget.start(600), report=report)


def test_two_processes_learn_what_one_does_and_a_lost_one_begins_all_again(crew, rows, tmp_path):
    told, marker = [], tmp_path / "kills"
    marker.touch()
    fitted, recorded = learn(crew, shares_of(rows, kills=marker), told.append)
    assert not marker.exists()
    assert any("worker was lost" in sentence for sentence in told)
    assert fitted.rounds == recorded.rounds > 0
    shares = shares_of(rows, recorded=recorded)
    again, _ = learn(crew, shares)
    (pupil,) = stream_into_bins(
        [LEARNER],
        shares.source.all(),
        count=len(shares.source.rows),
        sample=shares.sample,
        check=shares.check,
        budget=Budget.start(60),
        seed=1,
    )
    alone, _ = pupil.fit(usual_rounds=1, recorded=recorded, budget=Budget.start(60))
    found, same, one = (each.program.run(shares.check.columns) for each in (fitted, again, alone))
    assert np.array_equal(found, same)
    assert np.abs(found - one).max() < 1e-4


def test_a_part_without_rows_is_said(crew, rows):
    with pytest.raises(InputError, match="Part 2 of 2 has no rows"):
        learn(crew, shares_of(rows, pieces=1, recorded=Recorded(2, 0.3)))


def test_who_cannot_meet_is_told(rows):
    with pytest.raises(BudgetError, match="2 workers that can meet"):
        learn(Here(2), shares_of(rows))
