from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is missing")

from modelwright.compute.budget import Budget  # noqa: E402
from modelwright.learners.networks.lesson import Lesson  # noqa: E402
from modelwright.learners.torch.layout import Layout  # noqa: E402
from modelwright.learners.torch.losses import mean_raw  # noqa: E402
from modelwright.learners.torch.tensors import Read, scores  # noqa: E402
from modelwright.learners.torch.writing import write_networks  # noqa: E402
from modelwright.testing import example_rows  # noqa: E402


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize(("members", "piece"), [(1, 0), (1, 4), (5, 0), (5, 4)])
def test_the_program_answers_what_torch_does(kind, members, piece):
    rows = example_rows(kind, count=300, seed=0)
    lesson = Lesson.of(rows, smoothing=0.0, budget=Budget.start(60), seed=0)
    layout = Layout.of(
        lesson.encoding, piece=piece, hidden=(16, 8), outputs=lesson.loss.outputs, members=members
    )
    draw = np.random.default_rng(1)
    weights = {
        name: (each + draw.normal(0, 0.1, each.shape)).astype(np.float32)
        for name, each in layout.begin(lesson.start, seed=0).items()
    }
    program = write_networks(lesson.encoding, layout, weights, loss=lesson.loss, unit=lesson.unit)
    tensors = {name: torch.from_numpy(each).double() for name, each in weights.items()}
    examples = lesson.check(rows)
    read = Read(
        torch.from_numpy(examples.batch.matrix).double(), torch.from_numpy(examples.batch.places)
    )
    mask = torch.from_numpy(layout.mask).double()
    raw = mean_raw(lesson.loss, scores(layout, tensors, mask, read))
    np.testing.assert_allclose(program.run(rows.columns), _answers(lesson, raw), rtol=1e-5)


def _answers(lesson, raw):
    if lesson.loss.kind == "binary":
        positive = torch.sigmoid(raw).numpy()
        return np.hstack([1 - positive, positive])
    if lesson.loss.kind == "multiclass":
        return torch.softmax(raw, dim=1).numpy()
    numbers = raw.numpy() * lesson.unit.scale + lesson.unit.center
    target = lesson.encoding.rows.target
    return np.clip(numbers, target.min(), target.max())


def test_members_differ_from_the_first_step():
    rows = example_rows("binary", count=100, seed=0)
    lesson = Lesson.of(rows, smoothing=0.0, budget=Budget.start(60), seed=0)
    layout = Layout.of(lesson.encoding, piece=0, hidden=(8,), outputs=1, members=4)
    first = layout.begin(lesson.start, seed=0)["into0"]
    assert len(np.unique(first.reshape(4, -1), axis=0)) == 4
    assert replace(layout, members=1).begin(lesson.start, seed=0).keys() == {
        "scale", "embedding", "bias0", "weights0", "bias1", "weights1"
    } - (set() if layout.levels else {"embedding"})  # fmt: skip
