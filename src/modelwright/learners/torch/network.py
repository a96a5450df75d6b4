"""Networks for tables that PyTorch trains.

Holzmüller, Grinsztajn and Steinwart, "Better by default: strong pre-tuned MLPs and boosted trees
on tabular data" (2024); Gorishniy et al., "TabM: advancing tabular deep learning with
parameter-efficient ensembling" (2024).
"""

from dataclasses import dataclass

from modelwright._plugins import require
from modelwright.compute.budget import Budget
from modelwright.learners.base import Fitted, Rows
from modelwright.learners.networks.lesson import MAX_CELLS, MAX_ROWS, MAX_STEPS, Lesson
from modelwright.learners.torch.layout import Layout
from modelwright.learners.torch.writing import write_networks
from modelwright.tasks.task import Task

_MORE_ON_A_GPU = 10


@dataclass(frozen=True)
class TorchNetwork:
    """Dense layers over scaled numbers, what stands for each number, and embeddings of levels.

    It reads what `Network` reads. Its rounds are epochs; `check_rows` tell where to stop. What it
    learned is a program that needs no torch.

    Parameters
    ----------
    name, title
        Identifier, and what people read.
    units, layers
        Of the hidden layers.
    members
        Networks that share their weights but for a factor of each unit's inputs and outputs; their
        answers are averaged.
    piece
        Numbers that stand for a number, made of its ramps; 0 to read the ramps as they are.
    epochs
        How often all rows are shown, at most.
    rate
        Of the first step; it falls along a cosine, to zero after all epochs.
    dropout
        Share of the units that are left out of each batch.
    decay
        Of the weights.
    smoothing
        Of many classes, see `NetworkLoss`.
    device
        ``"auto"`` for a GPU of CUDA where there is one; else ``"cpu"``, ``"cuda"``, ``"cuda:1"``.
    """

    name: str = "torch"
    title: str = "Neural network (PyTorch)"
    units: int = 192
    layers: int = 3
    members: int = 1
    piece: int = 4
    epochs: int = 60
    rate: float = 0.003
    dropout: float = 0.15
    decay: float = 0.02
    smoothing: float = 0.02
    device: str = "auto"

    def suits(self, task: Task) -> bool:
        """Say yes: there is a loss for each task."""
        return True

    def fit(
        self,
        rows: Rows,
        *,
        check_rows: Rows | None = None,
        rounds: int | None = None,
        budget: Budget,
        seed: int,
    ) -> Fitted:
        """Learn the weights; see `Learner.fit`.

        Raises
        ------
        BudgetError
            When the time ends before the first epoch does.
        LearnerError
            When there is no such device, or no memory for the network.
        MissingDependencyError
            When torch is not installed.
        """
        require("torch", extra="torch")
        # Here, because only this needs torch, which takes seconds.
        from modelwright.learners.torch.device import device_named
        from modelwright.learners.torch.training import Course, learn

        more = _MORE_ON_A_GPU if device_named(self.device).type == "cuda" else 1
        lesson = Lesson.of(
            rows,
            smoothing=self.smoothing,
            budget=budget,
            seed=seed,
            max_rows=more * MAX_ROWS,
            max_cells=more * MAX_CELLS,
        )
        # The reserve pays for writing the program.
        left = budget.reserve(0.05 * budget.remaining_s)
        layout = Layout.of(
            lesson.encoding,
            piece=self.piece,
            hidden=(self.units,) * self.layers,
            outputs=lesson.loss.outputs,
            members=self.members,
        )
        found = learn(
            layout,
            lesson,
            Course(
                epochs=self.epochs,
                rate=self.rate,
                dropout=self.dropout,
                decay=self.decay,
                most_steps=more * MAX_STEPS,
                device=self.device,
                seed=seed,
            ),
            check=None if check_rows is None or rounds is not None else lesson.check(check_rows),
            rounds=min(rounds or self.epochs, self.epochs),
            budget=left,
        )
        program = write_networks(
            lesson.encoding, layout, found.weights, loss=lesson.loss, unit=lesson.unit
        )
        return Fitted(program, found.rounds, found.cut_short, by_chance=True)


ENSEMBLE = TorchNetwork(
    name="torch-ensemble",
    title="Neural networks that share weights (PyTorch)",
    units=128,
    members=8,
    piece=0,
)
"""Eight members that read the same rows."""
