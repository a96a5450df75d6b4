"""What is told of a fault: the losses of the model, of remedies and of the oracle."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_MATERIAL = 0.05
"""Of the loss; where the oracle brings back less there is nothing to recover."""
_WORSE = 1.02


@dataclass(frozen=True, kw_only=True)
class Told:
    """Mean losses from the second faulty window on.

    Parameters
    ----------
    table, fault
        Where, and what.
    remedies
        What was applied, by window.
    plain
        Of the same windows without the fault.
    usual, mended, oracle, clairvoyant
        With the fault: of the model as it stands, with remedies, of who learns again from all
        labels by then, and of who learns from later ones too.
    """

    table: str
    fault: str
    remedies: tuple[str, ...]
    plain: float
    usual: float
    mended: float
    oracle: float
    clairvoyant: float

    @property
    def added(self) -> float:
        """The part by which the fault makes the loss larger."""
        return self.usual / self.plain - 1.0

    @property
    def recoverable(self) -> float:
        """The part of the loss that the oracle brings back."""
        return (self.usual - self.oracle) / self.usual

    @property
    def counts(self) -> bool:
        """Whether there is a loss to recover."""
        return self.recoverable > _MATERIAL

    @property
    def does_harm(self) -> bool:
        """Whether it is the fault that lost it, and not what changed anyway."""
        return self.added > _MATERIAL

    @property
    def recovered(self) -> float:
        """The part of the recoverable loss that remedies bring back; at most all of it counts."""
        return min(1.0, (self.usual - self.mended) / (self.usual - self.oracle))

    @property
    def of_clairvoyant(self) -> float:
        """The part that is brought back of what one who knows all labels brings back."""
        return min(1.0, (self.usual - self.mended) / max(1e-12, self.usual - self.clairvoyant))

    def __str__(self) -> str:
        said = (
            f"{self.table}, {self.fault}: {', '.join(self.remedies)}; loss {self.usual:.4g}, of "
            f"which the fault is {self.usual - self.plain:.4g}; mended {self.mended:.4g}, oracle "
            f"{self.oracle:.4g}, clairvoyant {self.clairvoyant:.4g}; recoverable "
            f"{self.recoverable:.1%}"
        )
        return said + (f", recovered {self.recovered:.0%}" if self.counts else "")


def summed(every: Sequence[Told]) -> str:
    """Say in a line which part of the recoverable loss was brought back, each fault by its size."""
    some = [each for each in every if each.counts]
    if not some:
        return "nothing to recover"
    worse = sum(each.mended > _WORSE * each.usual for each in every)
    said = f"{len(some)} of {len(every)} with a loss to recover; {_shares(some)}"
    if harmful := [each for each in some if each.does_harm]:
        said += f"; where the fault does harm, {_shares(harmful)}"
    clairvoyant = np.mean([each.of_clairvoyant for each in some])
    return f"{said}; of a clairvoyant's {clairvoyant:.1%} on average; made worse {worse}"


def _shares(some: Sequence[Told]) -> str:
    weights = np.array([each.recoverable for each in some])
    shares = np.array([each.recovered for each in some])
    return (
        f"recovered {(weights * shares).sum() / weights.sum():.1%} of it, 80 % or more in "
        f"{(shares >= 0.8).sum()} of {len(some)}"
    )
