"""The layers of a network: forward to its answers, backward to the slope of its weights.

All weights lie in one array, so that a step of `Adam` is a few operations on it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from modelwright.learners.networks.adam import Singles
from modelwright.predictor.operations.activation import ActivationKind
from modelwright.predictor.operations.base import Floats

EMBEDDING = 8
"""Numbers that stand for a level."""


@dataclass(frozen=True)
class Shape:
    """How large a network is.

    Parameters
    ----------
    columns
        Of the matrix that it reads.
    levels
        Codes of each category that it reads.
    hidden
        Units of each hidden layer.
    outputs
        Raw scores.
    activation
        What the hidden units make of their sums.
    """

    columns: int
    levels: tuple[int, ...]
    hidden: tuple[int, ...]
    outputs: int
    activation: ActivationKind

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units from the first layer, which reads, to the last, which answers."""
        return (self.columns + EMBEDDING * len(self.levels), *self.hidden, self.outputs)

    @cached_property
    def pieces(self) -> dict[str, tuple[int, ...]]:
        """The shape of each piece of the weights, in their order."""
        pieces: dict[str, tuple[int, ...]] = {
            "scale": (self.columns,),
            "embedding": (sum(self.levels), EMBEDDING),
        }
        for layer, (width, units) in enumerate(zip(self.sizes, self.sizes[1:], strict=False)):
            pieces |= {f"weights{layer}": (width, units), f"bias{layer}": (units,)}
        return pieces

    @property
    def size(self) -> int:
        """How many weights there are."""
        return sum(int(np.prod(shape)) for shape in self.pieces.values())

    @property
    def layers(self) -> range:
        """Numbers of the dense layers."""
        return range(len(self.hidden) + 1)

    def split(self, flat: Singles) -> dict[str, Singles]:
        """Return the pieces of weights, as views."""
        ends = np.cumsum([int(np.prod(shape)) for shape in self.pieces.values()])
        parts = np.split(flat, ends[:-1])
        return {
            name: part.reshape(shape)
            for (name, shape), part in zip(self.pieces.items(), parts, strict=True)
        }

    def begin(self, start: Floats, *, seed: int) -> Singles:
        """Return the weights with which learning begins; every answer is `start`.

        He et al., "Delving deep into rectifiers" (2015) for the hidden layers.
        """
        draw = np.random.default_rng(seed)
        flat = np.zeros(self.size, np.float32)
        pieces = self.split(flat)
        pieces["scale"][:] = 1.0
        pieces["embedding"][:] = draw.normal(0.0, 0.3, self.pieces["embedding"])
        for layer in self.layers[:-1]:
            width, units = self.pieces[f"weights{layer}"]
            spread = (2.0 / max(1, width)) ** 0.5
            pieces[f"weights{layer}"][:] = draw.normal(0.0, spread, (width, units))
        pieces[f"bias{self.layers[-1]}"][:] = start
        return flat

    def decay(self, strength: float) -> Singles:
        """Return how fast each weight decays: those of dense layers and embeddings do."""
        flat = np.zeros(self.size, np.float32)
        for name, piece in self.split(flat).items():
            piece[:] = strength if name.startswith(("weights", "embedding")) else 0.0
        return flat


class Readable(Protocol):
    """What a network reads of some rows, made already or when it is asked for."""

    @property
    def matrix(self) -> Singles:
        """Numbers of shape (n, columns)."""

    @property
    def places(self) -> NDArray[np.intp]:
        """The row of all embeddings that each level has, of shape (n, categories)."""

    def take(self, some: NDArray[np.intp]) -> "Batch":
        """Return some of the rows."""


@dataclass(frozen=True)
class Batch:
    """What a network reads of some rows, as `Readable` says."""

    matrix: Singles
    places: NDArray[np.intp]

    def take(self, some: NDArray[np.intp]) -> "Batch":
        """Return some of the rows."""
        return Batch(self.matrix[some], self.places[some])


@dataclass(frozen=True)
class LateBatch:
    """Rows that are encoded when they are taken: what a network reads of very many is large.

    Parameters
    ----------
    encode
        Makes what the network reads of any rows.
    raw : ndarray of shape (n, width)
        The rows before.
    places : ndarray of shape (n, categories)
        As `Readable` has them.
    """

    encode: Callable[[Floats], Singles]
    raw: Floats
    places: NDArray[np.intp]

    @property
    def matrix(self) -> Singles:
        """All rows, made anew each time."""
        return self.encode(self.raw)

    def take(self, some: NDArray[np.intp]) -> Batch:
        """Return some of the rows, encoded."""
        return Batch(self.encode(self.raw[some]), self.places[some])


class Pass:
    """One way of some rows through a network, remembered for the way back.

    Parameters
    ----------
    shape
        Of the network.
    weights
        Its pieces.
    batch
        The rows.
    kept : arrays of shape (n, units), optional
        For each hidden layer what each unit's answer is multiplied with: 0 for those left out
        (Srivastava et al., "Dropout", 2014).
    """

    def __init__(
        self,
        shape: Shape,
        weights: dict[str, Singles],
        batch: Readable,
        kept: tuple[Singles, ...] | None = None,
    ) -> None:
        self._shape, self._weights, self._batch, self._kept = shape, weights, batch, kept
        self._inputs = [self._read()]
        self._slopes: list[Singles] = []
        for layer in shape.layers[:-1]:
            bent, slope = _bend(self._sums(layer), shape.activation)
            if kept is not None:
                bent *= kept[layer]
                slope *= kept[layer]
            self._inputs.append(bent)
            self._slopes.append(slope)
        self.raw = self._sums(shape.layers[-1])

    def back(self, slope: Singles) -> Singles:
        """Return the gradient by all weights, of shape (k,).

        Parameters
        ----------
        slope : ndarray of shape (n, outputs)
            The gradient by the raw scores.
        """
        flat = np.empty(self._shape.size, slope.dtype)
        found = self._shape.split(flat)
        for layer in reversed(self._shape.layers):
            np.matmul(self._inputs[layer].T, slope, out=found[f"weights{layer}"])
            np.sum(slope, axis=0, out=found[f"bias{layer}"])
            slope = slope @ self._weights[f"weights{layer}"].T
            if layer:
                slope *= self._slopes[layer - 1]
        columns = self._shape.columns
        np.einsum("ij,ij->j", slope[:, :columns], self._batch.matrix, out=found["scale"])
        self._back_to_embeddings(slope[:, columns:], found["embedding"])
        return flat

    def _read(self) -> Singles:
        scaled = self._batch.matrix * self._weights["scale"]
        if not self._shape.levels:
            return np.asarray(scaled)
        looked_up = self._weights["embedding"][self._batch.places]
        return np.concatenate([scaled, looked_up.reshape(len(scaled), -1)], axis=1)

    def _sums(self, layer: int) -> Singles:
        sums = self._inputs[layer] @ self._weights[f"weights{layer}"]
        sums += self._weights[f"bias{layer}"]
        return np.asarray(sums)

    def _back_to_embeddings(self, slope: Singles, found: Singles) -> None:
        if not found.size:
            return
        cells = self._batch.places[:, :, None] * EMBEDDING + np.arange(EMBEDDING)
        found[:] = np.bincount(cells.ravel(), slope.ravel(), minlength=found.size).reshape(
            found.shape
        )


def _bend(sums: Singles, kind: ActivationKind) -> tuple[Singles, Singles]:
    """Return what units make of their sums, and the slope of that."""
    if kind == "relu":
        return np.maximum(sums, 0), (sums > 0).astype(sums.dtype)
    half = np.float32(0.5)
    gate = half * np.tanh(half * sums) + half
    bent = sums * gate
    return bent, gate + bent * (1 - gate)
