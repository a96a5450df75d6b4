"""What a tracking server is told, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Rows that a run learned from or was judged on.

    Parameters
    ----------
    name, digest
        Which they are.
    address
        Where they are, without a password.
    context
        ``"training"`` or ``"holdout"``.
    rows
        How many.
    columns
        What each holds, by name.
    """

    name: str
    digest: str
    address: str
    context: str
    rows: int
    columns: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Run:
    """A build, or one learner that was tried in it.

    Parameters
    ----------
    name
        For people.
    tags
        What names it, and what was decided of it.
    params
        What was chosen.
    metrics
        What was measured; each is finite.
    ended_ms
        Milliseconds since 1970.
    seconds
        That it took.
    datasets
        What it read.
    trials
        What was tried in it.
    failed
        Whether it came to nothing.
    """

    name: str
    tags: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    ended_ms: int = 0
    seconds: float = 0.0
    datasets: tuple[Dataset, ...] = ()
    trials: "tuple[Run, ...]" = ()
    failed: bool = False


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Metrics of one moment.

    Parameters
    ----------
    metrics
        By name; each is finite.
    at_ms
        Milliseconds since 1970.
    """

    metrics: Mapping[str, float]
    at_ms: int
