import time

from modelwright.build.judging.reserve import judging_s
from modelwright.compute.budget import Budget


def test_other_work_on_the_machine_leaves_more_time_to_judge():
    worked_s = time.process_time()
    alone = Budget(600.0, started=0.0, clock=lambda: 0.0, worked_s=worked_s)
    hindered = Budget(600.0, started=0.0, clock=lambda: 60.0, worked_s=worked_s)
    late = Budget(600.0, started=0.0, clock=lambda: 590.0, worked_s=worked_s)
    assert judging_s(late, 1_000) == judging_s(alone, 1_000)
    assert judging_s(alone, 1_000) < judging_s(hindered, 1_000) <= 0.3 * 600.0


def test_long_texts_take_their_time_to_be_judged():
    alone = Budget(600.0, started=0.0, clock=lambda: 0.0, worked_s=time.process_time())
    assert judging_s(alone, 2_000, letters=2_000) > judging_s(alone, 2_000, letters=20) + 5
