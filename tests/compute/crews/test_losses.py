import pytest

from modelwright.compute.budget import Budget
from modelwright.compute.crews.losses import MOST, Losses
from modelwright.errors import BudgetError, ServiceError


def test_a_piece_of_work_that_ends_every_worker_is_given_up():
    told = []
    losses = Losses(Budget.start(60), told.append)
    for _ in range(MOST - 1):
        losses.count("Its process ended.")
    with pytest.raises(ServiceError, match=r"3 times\. Its process ended\."):
        losses.count("Its process ended.")
    assert len(told) == MOST - 1


def test_nothing_begins_again_when_the_time_is_over():
    over = Budget(1.0, 0.0, lambda: 2.0)
    with pytest.raises(BudgetError, match="the time is over"):
        Losses(over, lambda _: None).count("Its process ended.")
