"""The way of rows through a network for tables, in torch.

Gorishniy et al., "TabM: advancing tabular deep learning with parameter-efficient ensembling"
(2024); Gorishniy, Rubachev and Babenko, "On embeddings for numerical features in tabular deep
learning" (2022).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import silu

from modelwright.learners.torch.layout import Layout


@dataclass(frozen=True)
class Read:
    """What a network reads of some rows.

    Parameters
    ----------
    matrix : Tensor of shape (n, columns)
    places : Tensor of shape (n, categories)
        The row of all embeddings that each level has.
    """

    matrix: Tensor
    places: Tensor


@dataclass(frozen=True)
class Dropout:
    """Leaves units out by chance, drawn by a generator of its own: fits run side by side.

    Parameters
    ----------
    share
        Of the units.
    draw
        Tells which ones.
    """

    share: float
    draw: torch.Generator

    def __call__(self, units: Tensor) -> Tensor:
        """Return units, of which some are zero."""
        drawn = torch.rand(units.shape, generator=self.draw, device=units.device)
        return units * (drawn >= self.share).to(units.dtype) / (1.0 - self.share)


def scores(
    layout: Layout,
    weights: Mapping[str, Tensor],
    mask: Tensor,
    read: Read,
    dropout: Dropout | None = None,
) -> Tensor:
    """Return the raw scores of each member, of shape (members, n, outputs).

    Parameters
    ----------
    layout, weights
        Of the network.
    mask
        `Layout.mask`.
    read
        The rows.
    dropout
        Leaves units out; None to keep all.
    """
    units = _first(layout, weights, mask, read)[None]
    for layer in layout.layers:
        if f"into{layer}" in weights:
            units = units * weights[f"into{layer}"]
        units = units @ weights[f"weights{layer}"]
        if f"out{layer}" in weights:
            units = units * weights[f"out{layer}"]
        units = units + weights[f"bias{layer}"]
        if layer != layout.layers[-1]:
            units = silu(units)
            units = units if dropout is None else dropout(units)
    return units


def _first(layout: Layout, weights: Mapping[str, Tensor], mask: Tensor, read: Read) -> Tensor:
    """Return what the first dense layer reads."""
    scaled = read.matrix * weights["scale"]
    parts = [scaled]
    if layout.piece:
        begin, end = layout.ramps
        pieces = scaled[:, begin:end] @ (weights["piece"] * mask) + weights["piece_bias"]
        parts = [scaled[:, :begin], silu(pieces), scaled[:, end:]]
    if layout.levels:
        parts.append(weights["embedding"][read.places].flatten(1))
    return torch.cat(parts, dim=1)
