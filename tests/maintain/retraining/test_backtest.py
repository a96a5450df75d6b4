from datetime import UTC, datetime
from itertools import count
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.compute.budget import Budget
from modelwright.errors import InputError
from modelwright.maintain.log.live_rows import live_rows_of
from modelwright.maintain.remedies.base import Situation
from modelwright.maintain.remedies.losses import Judge
from modelwright.maintain.remedies.recalibration import fit_logits
from modelwright.maintain.retraining.backtest import backtest
from modelwright.predictor.compose import append_step
from modelwright.report.pictures.retraining import describe_retraining, draw_retraining

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BUNDLE = make_flights_bundle()


class QuickSchool:
    """Learns the level of the answers, from live rows alone where it may."""

    rows = 1_000

    def learn(self, lesson):
        rows = lesson.rows
        step = fit_logits(rows.truth, rows.answers, with_slope=False)
        return append_step(BUNDLE.program, step)


def ticking(seconds: float) -> Budget:
    """A budget of which each look at it takes a second."""
    ticks = count()
    return Budget.start(seconds, clock=lambda: float(next(ticks)))


def lived(*, rarer: float, rows: int = 2_000, school=None, budget=None):
    table = draw_flights(rows, seed=31)
    table = table.with_columns(draw_labels(table, seed=31, rarer=rarer))
    live = live_rows_of(table, BUNDLE)
    situation = Situation(
        bundle=BUNDLE, rows=live, judge=Judge.of(BUNDLE), school=school or QuickSchool()
    )
    return backtest(situation, made_at=NOW, window_rows=200, budget=budget, report=lambda _: None)


@pytest.fixture(scope="module")
def changed():
    return lived(rarer=2.0)


def test_where_the_world_is_another_learning_again_once_is_enough(changed):
    best = changed.recommended
    assert best.saves.low > 0
    # Nothing changes any more after the first time: the rarest policy is as good as any.
    assert best.every == 4
    assert changed.windows == 10
    assert len(changed.policies) == 9
    assert changed.sentence.startswith("Learn again every 4 windows from")


def test_where_nothing_changes_no_policy_gains():
    found = lived(rarer=0.0)
    assert found.recommended is None
    assert "let the model be" in found.sentence


def test_it_is_told_and_drawn(changed):
    told = describe_retraining(changed)
    assert "✓  every 4 windows" in told
    root = ET.fromstring(draw_retraining(changed))
    assert len(root.findall(".//{*}path")) == 2


def test_each_window_is_answered_by_what_was_learned_before_it(changed):
    policy = next(each for each in changed.policies if (each.every, each.span) == (4, "all rows"))
    assert policy.times == 2
    assert np.allclose(policy.losses[:4], changed.usual[:4])
    assert policy.losses[4] < changed.usual[4]


def test_when_the_time_is_over_the_windows_until_then_decide(changed):
    # Each window is learned before in three ways, and each way looks at the time once.
    found = lived(rarer=2.0, budget=ticking(3 * 5 + 2))
    assert (found.windows, found.rows) == (6, 1_200)
    assert found.usual == changed.usual[:6]
    assert found.policies[0].losses == pytest.approx(changed.policies[0].losses[:6])
    with pytest.raises(InputError, match="over after 2 of 10 windows"):
        lived(rarer=2.0, budget=ticking(5))


class Impatient(QuickSchool):
    """Whoever waits for it presses Ctrl-C at the twentieth lesson."""

    lessons = 0

    def learn(self, lesson):
        self.lessons += 1
        if self.lessons == 20:
            raise KeyboardInterrupt
        return super().learn(lesson)


def test_who_interrupts_it_gets_what_was_found():
    assert lived(rarer=2.0, school=Impatient()).windows == 7


def test_few_labels():
    with pytest.raises(InputError, match="needs 400"):
        lived(rarer=0.0, rows=300)


def test_nobody_can_teach():
    situation = Situation(
        bundle=BUNDLE, rows=live_rows_of(draw_flights(9, seed=1), BUNDLE), judge=Judge.of(BUNDLE)
    )
    with pytest.raises(InputError, match="cannot learn again"):
        backtest(situation, made_at=NOW, report=lambda _: None)
