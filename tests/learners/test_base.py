from dataclasses import replace

import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.learners.kernel_machine import KernelMachine
from modelwright.learners.linear import Linear
from modelwright.learners.network import Network
from modelwright.testing import example_rows

FIRST = np.arange(80)


@pytest.mark.parametrize("learner", [KernelMachine(centres=40), Linear(), Network()])
def test_rows_of_which_none_counts_are_learned_alike(learner):
    every = example_rows("regression", count=120, seed=1)
    late = replace(every, weight=(np.arange(120) >= 80).astype(float))
    some, plain = late.take(FIRST), replace(every, weight=None).take(FIRST)
    assert late.weight is not None
    found, wanted = (
        learner.fit(each, rounds=2, budget=Budget.start(60), seed=0).program.run(each.columns)
        for each in (some, plain)
    )
    assert (found == wanted).all()
