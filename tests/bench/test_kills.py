import pytest

from bench.kills import Trial, kill_again_and_again


@pytest.mark.parametrize("to", ["answers.parquet", "answers.db"])
def test_a_job_that_is_killed_answers_every_row_once(to, tmp_path):
    trial = Trial.prepare(tmp_path, rows=2_000, to=to)
    kill_again_and_again(trial, kills=1, seed=2)
