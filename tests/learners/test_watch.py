from modelwright.compute.budget import Budget
from modelwright.learners.watch import Watch


class Clock:
    """Stands still until it is told to go on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_watch_without_rows_held_back_looks_only_at_the_clock():
    clock = Clock()
    watch = Watch(Budget.start(10.0, clock=clock), patience=None)
    stops = []
    for _ in range(3):
        clock.now += 2.0
        stops.append(watch.stops(None))
    assert stops == [False, False, True]
    assert watch.cut_short
    assert watch.best == 3


def test_a_slow_round_ends_it_while_there_is_time_for_three_more():
    clock = Clock()
    watch = Watch(Budget.start(10.0, clock=clock), patience=None)
    clock.now = 2.0
    assert not watch.stops(0.5)
    clock.now = 4.5
    assert watch.stops(0.4)
    assert watch.cut_short


def test_a_round_that_was_held_up_long_ago_is_forgotten():
    clock = Clock()
    watch = Watch(Budget.start(100.0, clock=clock), patience=None)
    clock.now = 20.0
    assert not watch.stops(None)
    for _ in range(20):
        clock.now += 1.0
        assert not watch.stops(None)
    assert watch.rounds == 21


def test_rounds_at_which_nobody_looked_change_nothing():
    watch = Watch(Budget.start(60), patience=3)
    losses = (None, 0.5, None, 0.6, None, 0.6, None)
    assert [watch.stops(loss) for loss in losses][-2:] == [True, True]
    assert watch.best == 2


def test_what_there_is_counts_when_it_ends_before_anybody_looked():
    watch = Watch(Budget.start(60), patience=3)
    watch.stops(None)
    watch.stops(None)
    assert watch.best == 2


def test_a_loss_that_is_no_number_is_never_best():
    watch = Watch(Budget.start(60), patience=2)
    assert [watch.stops(float("nan")) for _ in range(4)] == [False, False, False, True]
    assert watch.best == 1
