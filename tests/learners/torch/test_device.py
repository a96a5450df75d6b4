import weakref

import pytest

torch = pytest.importorskip("torch", reason="torch is missing")

from modelwright.compute.budget import Budget  # noqa: E402
from modelwright.errors import LearnerError  # noqa: E402
from modelwright.learners.torch import training  # noqa: E402
from modelwright.learners.torch.device import Portions, alike_each_time, device_named  # noqa: E402
from modelwright.learners.torch.network import TorchNetwork  # noqa: E402
from modelwright.testing import example_rows  # noqa: E402


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


def test_another_error_is_not_memory():
    def work(part: slice) -> None:
        raise RuntimeError("shapes differ")

    with pytest.raises(RuntimeError, match="shapes differ"):
        Portions(4).run(4, work, again=lambda: None)


def test_a_device_is_found_by_name():
    assert device_named("cpu").type == "cpu"
    assert device_named("auto").type in ("cpu", "cuda")


def test_what_has_little_memory_learns_in_smaller_parts(monkeypatch):
    parts = []
    scores = training.scores

    def stingy(layout, weights, mask, read, dropout=None):
        if len(read.matrix) > 20:
            raise torch.OutOfMemoryError
        parts.append(len(read.matrix))
        return scores(layout, weights, mask, read, dropout)

    monkeypatch.setattr(training, "scores", stingy)
    learner = TorchNetwork(units=8, layers=1, epochs=2, device="cpu")
    rows = example_rows("binary", count=200, seed=0)
    fitted = learner.fit(rows, check_rows=rows, budget=Budget.start(60), seed=0)
    assert fitted.rounds
    assert max(parts) <= 20


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
