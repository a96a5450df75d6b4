"""How large a network is, and what its weights are called."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from modelwright.learners.networks.encoding import NetworkEncoding

LEVEL = 8
"""Numbers that stand for a level."""


@dataclass(frozen=True)
class Layout:
    """The sizes of a network for tables.

    Parameters
    ----------
    columns
        Of the matrix that it reads.
    ramps
        The first and one beyond the last of its columns that are ramps.
    source : ndarray of shape (ramps,)
        Which number each ramp is of.
    piece
        Numbers that stand for a number: made of its ramps alone; 0 to read the ramps as they are.
    levels
        Codes of each category that is embedded.
    hidden
        Units of each hidden layer.
    outputs
        Raw scores.
    members
        Networks that share their weights but for the size of each unit's inputs and outputs.
    """

    columns: int
    ramps: tuple[int, int]
    source: NDArray[np.intp]
    piece: int
    levels: tuple[int, ...]
    hidden: tuple[int, ...]
    outputs: int
    members: int

    @classmethod
    def of(
        cls,
        encoding: NetworkEncoding,
        *,
        piece: int,
        hidden: tuple[int, ...],
        outputs: int,
        members: int,
    ) -> "Layout":
        """Return the sizes of a network that reads an encoding."""
        ramps = encoding.ramps
        source = np.zeros(0, np.intp) if ramps is None else np.unique(ramps.source, False, True)[1]
        begin = encoding.first_ramp
        return cls(
            columns=encoding.width,
            ramps=(begin, begin + len(source)),
            source=source,
            piece=piece if len(source) else 0,
            levels=encoding.sizes,
            hidden=hidden,
            outputs=outputs,
            members=members,
        )

    @property
    def piece_width(self) -> int:
        """Numbers that stand for all numbers with ramps."""
        return self.piece * (int(self.source.max()) + 1) if self.piece else 0

    @property
    def width(self) -> int:
        """What the first dense layer reads."""
        replaced = len(self.source) if self.piece else 0
        return self.columns - replaced + self.piece_width + LEVEL * len(self.levels)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units from the first layer, which reads, to the last, which answers."""
        return (self.width, *self.hidden, self.outputs)

    @property
    def layers(self) -> range:
        """Numbers of the dense layers."""
        return range(len(self.hidden) + 1)

    @cached_property
    def mask(self) -> NDArray[np.float32]:
        """Which ramps each number's stand-ins may read, of shape (ramps, piece_width)."""
        own = np.arange(self.piece_width) // max(1, self.piece)
        return np.asarray(self.source[:, None] == own, dtype=np.float32)

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each piece of the weights, in their order."""
        shapes: dict[str, tuple[int, ...]] = {"scale": (self.columns,)}
        if self.levels:
            shapes["embedding"] = (sum(self.levels), LEVEL)
        if self.piece:
            shapes |= {"piece": (len(self.source), self.piece_width)}
            shapes |= {"piece_bias": (self.piece_width,)}
        for layer, (width, units) in enumerate(zip(self.sizes, self.sizes[1:], strict=False)):
            last = layer == len(self.hidden)
            shapes[f"bias{layer}"] = (self.members, 1, units)
            # Each member answers by weights of its own.
            shapes[f"weights{layer}"] = (self.members if last else 1, width, units)
            if self.members > 1 and not last:
                shapes |= {f"into{layer}": (self.members, 1, width)}
                shapes |= {f"out{layer}": (self.members, 1, units)}
        return shapes

    def begin(self, start: NDArray[np.float64], *, seed: int) -> dict[str, NDArray[np.float32]]:
        """Return the weights with which learning begins; every answer is `start`.

        He et al., "Delving deep into rectifiers" (2015) for the hidden layers. Members differ by
        the signs of what they read, as in Gorishniy et al., "TabM" (2024).
        """
        draw = np.random.default_rng(seed)
        weights: dict[str, NDArray[np.float32]] = {}
        for name, shape in self.shapes.items():
            if name in ("embedding", "piece"):
                made = draw.normal(0.0, 0.3, shape)
            elif name.startswith("weights") and name != f"weights{self.layers[-1]}":
                made = draw.normal(0.0, (2.0 / max(1, shape[1])) ** 0.5, shape)
            elif name == "into0":
                made = draw.choice([-1.0, 1.0], shape)
            elif name == f"bias{self.layers[-1]}":
                made = np.broadcast_to(start, shape)
            else:
                ones = name.startswith(("scale", "into", "out"))
                made = np.full(shape, 1.0 if ones else 0.0)
            weights[name] = made.astype(np.float32)
        return weights
