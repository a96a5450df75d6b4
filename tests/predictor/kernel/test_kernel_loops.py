"""The kernel calls NumPy's own loops; where they are not found, NumPy is called."""

import numpy as np
import pytest

from modelwright.predictor.kernel import loops
from modelwright.predictor.kernel.loops import Loop, loop_of


def test_loops_are_taken_that_answer_as_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    exp, log = loop_of(np.exp), loop_of(np.log)
    if exp is None or log is None:
        pytest.skip("this Python or this NumPy keeps its loops elsewhere")
    assert exp.run != log.run
    monkeypatch.setattr(loops, "_found", lambda function: exp)
    assert loop_of.__wrapped__(np.log) is None


def test_what_numpy_does_not_say_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert loop_of(np.isnan) is None
    monkeypatch.setattr(loops, "_HEAD", 0)
    assert loop_of.__wrapped__(np.exp) is None
    assert Loop(run=None).address
