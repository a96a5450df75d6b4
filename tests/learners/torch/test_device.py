import weakref

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is missing")

from modelwright.compute.budget import Budget  # noqa: E402
from modelwright.errors import LearnerError  # noqa: E402
from modelwright.learners.torch import training  # noqa: E402
from modelwright.learners.torch.device import Portions, alike_each_time, device_named  # noqa: E402
from modelwright.learners.torch.host import HostRows  # noqa: E402
from modelwright.learners.torch.module import TorchModule  # noqa: E402
from modelwright.learners.torch.network import TorchNetwork  # noqa: E402
from modelwright.testing import example_rows  # noqa: E402
from torch_modules import Residual  # noqa: E402


@pytest.mark.parametrize(
    "said",
    ["[enforce fail] DefaultCPUAllocator: can't allocate memory", "CUBLAS_STATUS_ALLOC_FAILED"],
)
def test_no_memory_for_one_row_is_an_error(said):
    def work(part: slice) -> None:
        raise RuntimeError(said)

    with pytest.raises(LearnerError, match="no memory"):
        Portions(4).run(4, work, again=lambda: None)


def test_fits_side_by_side_share_the_switch_of_the_process():
    gpu = torch.device("cuda")
    with alike_each_time(gpu):
        with alike_each_time(gpu):
            pass
        assert torch.are_deterministic_algorithms_enabled()
    assert not torch.are_deterministic_algorithms_enabled()


def test_nothing_of_what_failed_is_held_when_it_begins_again():
    held = []

    def work(part: slice) -> None:
        if part.stop - part.start > 1:
            large = torch.zeros(3)
            held.append(weakref.ref(large))
            raise torch.OutOfMemoryError

    Portions(2).run(2, work, again=lambda: held.append(held[0]() is None))
    assert held[1:] == [True]


def test_as_few_rows_as_can_be_computed_are_the_end():
    tried = []

    def work(part: slice) -> None:
        tried.append(part.stop - part.start)
        raise torch.OutOfMemoryError

    with pytest.raises(LearnerError, match="taken 2 at a time"):
        Portions(8_192, fewest=2).run(8, work, again=lambda: None)
    # Parts larger than all rows are not tried again.
    assert tried == [8, 4, 2]


def test_another_error_is_not_memory():
    def work(part: slice) -> None:
        raise RuntimeError("shapes differ")

    with pytest.raises(RuntimeError, match="shapes differ"):
        Portions(4).run(4, work, again=lambda: None)


def test_a_device_is_found_by_name():
    assert device_named("cpu").type == "cpu"
    assert device_named("auto").type in ("cpu", "cuda")


@pytest.mark.parametrize(
    "learner",
    [
        TorchNetwork(units=8, layers=1, epochs=2, device="cpu"),
        TorchModule("brought", "Brought network", Residual, epochs=2, device="cpu"),
    ],
    ids=lambda each: each.name,
)
def test_a_device_with_room_for_few_rows_learns_from_parts(monkeypatch, learner):
    parts = []
    take = HostRows.take

    def stingy(rows, some):
        taken = take(rows, some)
        if len(taken[0]) > 20:
            raise torch.OutOfMemoryError
        parts.append(len(taken[0]))
        return taken

    monkeypatch.setattr(HostRows, "take", stingy)
    rows = example_rows("binary", count=200, seed=0)
    fitted = learner.fit(rows, check_rows=rows, budget=Budget.start(60), seed=0)
    assert fitted.rounds
    assert max(parts) <= 20


def test_rows_stay_on_the_host_until_they_are_taken():
    # A device that holds no numbers stands for a GPU.
    rows = HostRows(torch.device("meta"), np.eye(5), np.arange(5))
    assert len(rows) == 5
    for some in (slice(2, 5), torch.tensor([4, 0, 1])):
        assert [(*each.shape, each.device.type) for each in rows.take(some)] == [
            (3, 5, "meta"),
            (3, "meta"),
        ]


@pytest.mark.parametrize("ends", [False, True], ids=["enough memory", "memory ends"])
def test_half_precision_learns_the_same_but_for_rounding(monkeypatch, ends):
    """What a GPU does, with the processor's own bfloat16 in its place."""

    def halved(device):
        return torch.autocast("cpu", dtype=torch.bfloat16)

    scores = training.scores

    def seen(layout, weights, mask, read, dropout=None):
        if ends and len(read.matrix) > 64:
            raise torch.OutOfMemoryError
        return scores(layout, weights, mask, read, dropout)

    learner = TorchNetwork(units=16, layers=1, epochs=3, device="cpu")
    rows = example_rows("binary", count=300, seed=0)
    full = learner.fit(rows, rounds=3, budget=Budget.start(60), seed=0)
    monkeypatch.setattr(training, "half_precision", halved)
    monkeypatch.setattr(training, "scores", seen)
    half = learner.fit(rows, rounds=3, budget=Budget.start(60), seed=0)
    one, two = (each.program.run(rows.columns) for each in (full, half))
    assert 0 < abs(one - two).max() < 0.05
