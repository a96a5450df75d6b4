"""Modules of torch as somebody might bring them."""

import torch
from torch import nn

from modelwright.learners.brought import Reads


class Residual(nn.Module):
    """Embeddings, a residual block, and all that is folded away when it answers."""

    def __init__(self, reads: Reads) -> None:
        super().__init__()
        self.tables = nn.ModuleList([nn.Embedding(count, 3) for count in reads.levels])
        self.first = nn.Linear(reads.columns + 3 * len(reads.levels), 12)
        self.scale = nn.Parameter(torch.linspace(-1.0, 2.0, 12))
        self.block = nn.Sequential(
            nn.BatchNorm1d(12), nn.Linear(12, 12), nn.SiLU(), nn.Dropout(0.2), nn.Linear(12, 12)
        )
        self.last = nn.Linear(12, reads.outputs)

    def forward(self, numbers, levels):
        found = [table(levels[:, place]) for place, table in enumerate(self.tables)]
        units = torch.relu(self.first(torch.cat([numbers, *found], dim=1))) * self.scale
        units = units + torch.tanh(self.block(units)) / 2 - 0.1
        return self.last(torch.sigmoid(units))


def plain(reads: Reads) -> nn.Module:
    """Return layers in a row, with each kind of bend."""
    bends = (
        nn.ReLU(), nn.SiLU(), nn.Tanh(), nn.Sigmoid(), nn.SELU(), nn.ReLU6(), nn.Hardsigmoid(),
        nn.LeakyReLU(0.1), nn.ELU(0.7), nn.Hardtanh(-0.5, 0.8), nn.Identity(),
    )  # fmt: skip
    layers = [nn.Linear(reads.columns, 6)]
    for bend in bends:
        layers += [bend, nn.BatchNorm1d(6), nn.Linear(6, 6, bias=False)]
    return nn.Sequential(*layers, nn.Linear(6, reads.outputs))
