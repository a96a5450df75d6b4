from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is missing")
from torch import nn  # noqa: E402

from modelwright.compute.budget import Budget  # noqa: E402
from modelwright.errors import LearnerError  # noqa: E402
from modelwright.learners.torch import lessons  # noqa: E402
from modelwright.learners.torch.module import TorchModule  # noqa: E402
from modelwright.predictor.storage.storage import write_program  # noqa: E402
from modelwright.testing import check_learner, example_rows  # noqa: E402
from torch_modules import Residual, plain  # noqa: E402

BROUGHT = TorchModule("residual", "Residual network", Residual, epochs=4, device="cpu")


def _fit(learner, kind="binary", **options):
    rows = example_rows(kind, count=200, seed=1)
    return learner.fit(rows, **{"budget": Budget.start(60), "seed": 0, **options})


def test_a_module_keeps_the_contract_of_learners():
    check_learner(replace(BROUGHT, epochs=2))


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_each_layer_is_read_out(kind):
    # `fit` itself refuses a program that answers 1e-5 apart from the module.
    fitted = _fit(TorchModule("plain", "Layers in a row", plain, epochs=2, device="cpu"), kind)
    assert fitted.program.steps


def test_it_learns():
    rows = example_rows("binary", count=600, seed=1)
    fitted = replace(BROUGHT, epochs=20).fit(rows, budget=Budget.start(60), seed=0)
    answers = fitted.program.run(rows.columns)
    assert ((answers[:, 1] > 0.5) == rows.target).mean() > 0.75


def test_fits_side_by_side_draw_as_they_do_alone():
    alone = write_program(_fit(BROUGHT).program)
    before = torch.get_rng_state()
    with ThreadPoolExecutor(2) as pool:
        both = [*pool.map(lambda seed: _fit(BROUGHT, seed=seed).program, (0, 0))]
    assert torch.equal(before, torch.get_rng_state())
    assert all(write_program(program) == alone for program in both)


def test_memory_that_ends_gives_what_smaller_parts_give(monkeypatch):
    mean_loss = lessons.mean_loss

    def stingy(loss, raw, wanted, weight):
        # Units were left out by chance and means of the batch were kept by now.
        if len(weight) > 8:
            raise torch.OutOfMemoryError
        return mean_loss(loss, raw, wanted, weight)

    with monkeypatch.context() as patch:
        patch.setattr(lessons, "mean_loss", stingy)
        ended = write_program(_fit(BROUGHT).program)
    whole = write_program(_fit(BROUGHT).program)
    monkeypatch.setattr(lessons, "_ROWS_AT_ONCE", 8)
    assert ended == write_program(_fit(BROUGHT).program) != whole


def test_half_precision_learns_the_same_but_for_rounding(monkeypatch):
    """What a GPU does, with the processor's own bfloat16 in its place."""
    rows = example_rows("binary", count=200, seed=1)
    full = _fit(BROUGHT).program.run(rows.columns)
    halved = torch.autocast("cpu", dtype=torch.bfloat16)
    monkeypatch.setattr(lessons, "half_precision", lambda device: halved)
    half = _fit(BROUGHT).program.run(rows.columns)
    assert 0 < abs(full - half).max() < 0.05


def test_a_module_of_lightning_brings_its_optimiser():
    asked = []

    class Lit(Residual):
        def configure_optimizers(self):
            asked.append(True)
            adam = torch.optim.Adam(self.parameters(), lr=0.01)
            schedule = torch.optim.lr_scheduler.StepLR(adam, 2)
            return {"optimizer": adam, "lr_scheduler": {"scheduler": schedule}}

    assert _fit(replace(BROUGHT, make=Lit), rounds=2).rounds == 2
    assert asked


class _Gated(nn.Module):
    def __init__(self, reads):
        super().__init__()
        self.first, self.gate = nn.Linear(reads.columns, 4), nn.Linear(reads.columns, 4)
        self.last = nn.Linear(4, reads.outputs)

    def forward(self, numbers):
        return self.last(self.first(numbers) * torch.sigmoid(self.gate(numbers)))


class _Asking(_Gated):
    def forward(self, numbers):
        if numbers.sum() > 0:
            return self.last(self.first(numbers))
        return self.last(self.gate(numbers))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda reads: nn.Sequential(nn.LayerNorm(reads.columns)), r"layer LayerNorm \(0\)"),
        (lambda reads: nn.Sequential(nn.Linear(reads.columns, 4), nn.GELU()), r"layer GELU \(1\)"),
        (lambda reads: nn.Linear(reads.columns, 7), "answers 7 numbers a row; 1 were asked for"),
        (_Gated, "product of two values"),
        (_Asking, "Nobody can follow the forward of _Asking"),
    ],
)
def test_what_cannot_be_read_out_is_named_before_it_learns(make, words):
    with pytest.raises(LearnerError, match=words):
        _fit(replace(BROUGHT, make=make, epochs=1))


def test_numbers_of_a_skewed_target_are_learned_in_their_unit():
    fitted = _fit(replace(BROUGHT, epochs=10), "regression")
    rows = example_rows("regression", count=200, seed=1)
    answers = fitted.program.run(rows.columns)[:, 0]
    assert abs(np.mean(answers) - np.mean(rows.target)) < np.std(rows.target)
