from modelwright.build.judging.reserve import judging_s
from modelwright.compute.budget import Budget


def _after(elapsed_s):
    return Budget(600.0, started=0.0, clock=lambda: elapsed_s)


def test_other_work_on_the_machine_leaves_more_time_to_judge():
    alone = judging_s(_after(0.0), 1_000)
    assert alone < judging_s(_after(60.0), 1_000, hindrance=6.0) <= 0.4 * 600.0
    assert judging_s(_after(599.0), 1_000, hindrance=6.0) < alone


def test_long_texts_and_many_cells_take_their_time_to_be_judged():
    few = judging_s(_after(0.0), 2_000, letters=20)
    assert judging_s(_after(0.0), 2_000, letters=2_000) > few + 5
    assert judging_s(_after(0.0), 2_000, letters=20, cells=10_000_000) > few + 1
