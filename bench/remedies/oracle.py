"""The oracle: a model that learns again from all labels, in the best of three ways."""

from collections.abc import Callable, Iterator

import numpy as np

from bench.remedies.stage import CLEAN, LASTS, WINDOW, Stage
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.base import Lesson
from modelwright.maintain.remedies.past import rows_at
from modelwright.predictor.operations.base import Floats


def ask_oracle(stage: Stage, rows: LiveRows, *, clairvoyant: bool) -> Floats:
    """Return the loss of each row, in the way that is best as it turns out.

    The oracle learns before each window from all faulty rows before; the clairvoyant one at once
    from all faulty rows but every second half of a window, and answers these, and the other way
    round.
    """
    school, places = stage.school(stage.bundle.program), np.arange(len(rows))
    turns = (places - CLEAN) // WINDOW
    half = places // (WINDOW // 2) % 2
    parts = (
        [((turns >= 0) & (half != part), half == part) for part in (0, 1)]
        if clairvoyant
        else [((turns >= 0) & (turns < turn), turns == turn) for turn in range(1, LASTS)]
    )
    found = []
    for lesson in _lessons(stage):
        losses = np.zeros(len(rows))
        for before, mine in parts:
            program = school.learn(lesson(rows_at(rows, np.flatnonzero(before))))
            answers = program.run(rows.columns)
            losses[mine] = stage.judge.losses(program, answers, rows.truth)[mine]
        found.append(losses)
    return min(found, key=lambda each: each[CLEAN + WINDOW :].mean())


def _lessons(stage: Stage) -> Iterator[Callable[[LiveRows], Lesson]]:
    yield lambda rows: Lesson(rows=rows)
    yield lambda rows: Lesson(rows=rows, weight=len(stage.training) / len(rows))
    yield lambda rows: Lesson(rows=rows, with_training=False)
