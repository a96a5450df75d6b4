"""The two stages of a contestant, with one that knows nothing but means."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.contestants.base import Contestant
from bench.contestants.stages import answer, learn
from bench.job import Job, read_job, write_job
from bench.scoring import read_answers

ROWS = 12


class Means(Contestant):
    """Answers the mean of what it learned."""

    vocabulary = {"rmse": "squared"}  # noqa: RUF012

    def fit(self, X, y):
        assert list(X.columns) == ["size"]
        self.mean = float(np.mean(y))

    def save(self, folder):
        folder.mkdir()
        (folder / "mean").write_text(str(self.mean))

    def load(self, folder):
        self.mean = float((folder / "mean").read_text())
        self.classes = (1, 0)

    def answer(self, X):
        if self.job.task == "regression":
            return self.of_scale(np.full(len(X), self.mean))
        return np.tile([self.mean, 1 - self.mean], (len(X), 1))

    def decide(self, X):
        return np.ones(len(X))


@pytest.fixture
def job(tmp_path: Path) -> Job:
    pd.DataFrame({"size": range(ROWS), "y": [0.0, 3.0] * 6}).to_parquet(tmp_path / "train")
    pd.DataFrame({"size": range(ROWS)}).to_parquet(tmp_path / "test")
    return Job(
        task="regression",
        metric="rmse",
        takes="values",
        target="y",
        budget_s=5.0,
        seed=0,
        cores=1,
        train=str(tmp_path / "train"),
        test=str(tmp_path / "test"),
        folder=str(tmp_path),
    )


def test_a_job_is_read_as_it_was_written(job: Job) -> None:
    assert read_job(write_job(job)) == job


def test_it_learns_and_answers_from_what_was_saved(job: Job) -> None:
    learn(Means(job), job)
    answer(Means(job), job)
    learned, answered = (
        json.loads((Path(job.folder) / name).read_text())
        for name in ("learned.json", "answered.json")
    )
    assert learned["saved_at"] > learned["fit_s"] >= 0
    assert answered["latency_ms"]["frame"].keys() == {"p50", "p95"}
    assert answered["rows_per_s"] > 0
    assert answered["peak_bytes"] > 10**6
    assert read_answers(Path(job.folder) / "answers.npz").answers.tolist() == [1.5] * ROWS


class Sometimes(Means):
    """Cannot answer every second row alone."""

    def answer(self, X):
        if len(X) == 1 and X["size"].iloc[0] % 2:
            raise ValueError("odd")
        return super().answer(X)


class Never(Means):
    def answer(self, X):
        raise ValueError("never")


def test_a_row_that_cannot_be_answered_alone_is_counted(job: Job) -> None:
    learn(Sometimes(job), job)
    answer(Sometimes(job), job)
    answered = json.loads((Path(job.folder) / "answered.json").read_text())
    assert answered["rows_refused"] == 50
    assert read_answers(Path(job.folder) / "answers.npz").answers.tolist() == [1.5] * ROWS


def test_who_answers_no_row_alone_has_failed(job: Job) -> None:
    learn(Never(job), job)
    with pytest.raises(RuntimeError, match="no row alone"):
        answer(Never(job), job)


def test_classes_and_decisions_are_written(job: Job) -> None:
    job = replace(job, task="binary", metric="accuracy", takes="classes")
    learn(Means(job), job)
    answer(Means(job), job)
    written = read_answers(Path(job.folder) / "answers.npz")
    assert written.classes is not None
    assert written.decisions is not None
    assert written.classes.tolist() == [1, 0]
    assert written.answers.shape == (ROWS, 2)
    assert written.decisions.tolist() == [1] * ROWS


def test_who_has_no_word_for_the_error_of_logarithms_learns_them(job: Job) -> None:
    contestant = Means(replace(job, metric="rmsle"))
    assert (contestant.metric, contestant.learns_logarithm) == ("squared", True)
    learn(contestant, job)
    assert contestant.mean == pytest.approx(np.log1p([0.0, 3.0]).mean())
    assert contestant.answer(pd.DataFrame({"size": [1]})) == pytest.approx([1.0])


def test_who_has_no_word_for_a_metric_keeps_its_default(job: Job) -> None:
    assert Means(replace(job, metric="mae")).metric is None
