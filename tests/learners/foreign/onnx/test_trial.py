import signal
import subprocess

import numpy as np
import pytest

from graph_models import listed_program, waves
from modelwright.errors import LearnerError
from modelwright.learners.foreign.onnx import trial
from modelwright.learners.foreign.onnx.trial import try_out

_NUMBERS = np.array([[0.0], [1.0]])


def test_a_graph_that_answers_is_tried_out_with_numbers_and_texts():
    texts = np.array(["m", None], dtype=object)
    try_out(waves().SerializeToString(), [[_NUMBERS, _NUMBERS], [texts]], at_once=2)


def test_texts_take_no_more_than_they_are_long(tmp_path):
    texts = np.array(["m" * 100_000, None, *"ab" * 500, "\ud800"], dtype=object)
    numbers = np.arange(float(len(texts)))[:, None]
    trial._write(tmp_path, b"", [[numbers], [texts, numbers]])
    assert sum(each.stat().st_size for each in tmp_path.iterdir()) < 200_000
    read = trial._read(tmp_path)
    assert [each.tolist() for values in read for each in values] == [
        each.tolist() for each in (numbers, texts, numbers)
    ]


def test_a_file_of_the_user_is_taken_for_no_library(tmp_path, monkeypatch):
    (tmp_path / "numpy.py").write_text("import os; os.abort()")
    monkeypatch.chdir(tmp_path)
    try_out(waves().SerializeToString(), [[_NUMBERS]])


def test_a_graph_that_ends_its_process_is_refused(monkeypatch):
    killed = subprocess.CompletedProcess([], -signal.SIGFPE)
    monkeypatch.setattr(trial.subprocess, "run", lambda *_, **__: killed)
    with pytest.raises(LearnerError, match=r"ends the process that runs this graph \(SIGFPE\)"):
        try_out(b"", [[_NUMBERS]])


def test_a_row_that_a_graph_fails_on_ends_nothing(tmp_path):
    model = listed_program().steps[0].model.tobytes()
    trial._write(tmp_path, model, [[np.array([[7.0], [0.0]])]])
    trial._run(tmp_path, 1)


def test_what_takes_long_has_begun(monkeypatch):
    def run(*_, **__):
        raise subprocess.TimeoutExpired("python", 1.0)

    monkeypatch.setattr(trial.subprocess, "run", run)
    try_out(b"", [[_NUMBERS]])


def test_an_end_that_has_no_name_is_told_by_its_number():
    assert trial._name_of(-signal.SIGSEGV) == "SIGSEGV"
    assert trial._name_of(3221225620) == "code 3221225620"
