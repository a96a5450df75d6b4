"""What a whole run will take, foreseen from the runs that were most like it.

Each past run counts by how near it is in the logarithms of its rows, columns, outputs and budget
(a kernel regression; Nadaraya, "On estimating regression", 1964). modelwright comes with runs of
public tables; those of the person's own history count more, as they are of the person's machine.
"""

from collections.abc import Sequence
from importlib.resources import files

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Cost, Scheme
from modelwright.tasks.interval import Interval
from modelwright.workspace.history import PastRun

Floats = NDArray[np.float64]

LEVEL = 0.9
_OWN = 4.0
"""How much a run of the person's own counts, beside one that modelwright came with."""
_WIDTH = np.array([2.0, 1.5, 1.0, 0.7])
"""How far runs are alike, in the logarithms of rows, features, outputs and budget."""
_LIBRARY = {"xgboost": 25e6, "catboost": 40e6}
"""The memory that a learner's library takes, where exploring has not loaded it already."""
_LEAST = 1e-6
_TAIL = 0.02
"""Farther out than the level asks: of few runs the outermost are nearer than those of many."""
_BESIDE, _BESIDE_A_COLUMN = 39_000, 5_000
"""Bytes of a bundle beside the program, and more for each column (89 bundles: known to 8 %)."""
_SPREAD = 0.05
"""By how much the same run differs from itself."""


def foresee_cost(
    *,
    rows: int,
    features: int,
    outputs: int,
    budget_s: float,
    history: Sequence[PastRun],
    shipped: Sequence[PastRun] | None = None,
    most_bytes: int | None = None,
) -> Cost:
    """Foresee the time, memory and disk of a whole run.

    The upper end of the disk is what to have ready: the program's size is by the models that win,
    and differs from run to run of the same table.

    Parameters
    ----------
    rows, features, outputs
        Training rows, columns that may be read, numbers that are answered.
    budget_s
        The time given.
    history
        Runs of the person's own.
    shipped
        Runs of others; None for those that modelwright comes with.
    most_bytes
        What the program may have on disk, which the build keeps; None for no limit.
    """
    others = shipped_runs() if shipped is None else tuple(shipped)
    runs = (*others, *history)
    own = np.array([False] * len(others) + [True] * len(history))
    asked = _place(rows, features, outputs, budget_s)
    places = np.array([_place(run.rows, run.features, run.outputs, run.budget_s) for run in runs])
    far = (((places - asked) / _WIDTH) ** 2).sum(axis=1)
    weight = np.exp(-far / 2) * np.where(own, _OWN, 1.0) + _LEAST
    share = np.array([run.seconds / run.budget_s for run in runs])
    sizes = np.log([min(run.size_bytes, most_bytes or run.size_bytes) for run in runs])
    size = _at_most(_foreseen(sizes, weight), most_bytes or np.inf)
    return Cost(
        seconds=_at_most(_times(_foreseen(np.log(share), weight), budget_s), budget_s),
        memory_bytes=_foreseen(np.log([run.memory_bytes for run in runs]), weight),
        size_bytes=size,
        bundle_bytes=_bundle(size, features),
        runs=len(runs),
        own_runs=len(history),
    )


def as_past_runs(schemes: tuple[Scheme, ...], cost: Cost) -> tuple[Scheme, ...]:
    """Return schemes whose figures are corrected by what past runs of the chosen one took.

    Probes tell how the schemes differ; past runs tell what a whole run takes beside its fits. What
    a blend keeps of its learners no probe tells, so that its size is that of past runs, and no
    scheme is expected to be larger.
    """
    chosen = next(scheme for scheme in schemes if scheme.chosen)
    factor = cost.seconds.value / chosen.expected_s
    return tuple(
        msgspec.structs.replace(
            scheme,
            expected_s=round(scheme.expected_s * factor, 1),
            memory_bytes=round(cost.memory_bytes.value - _unloaded(chosen, scheme)),
            size_bytes=round(_size(scheme, cost)),
        )
        for scheme in schemes
    )


def _unloaded(chosen: Scheme, scheme: Scheme) -> float:
    """Return the bytes of the libraries that a narrower scheme does not load."""
    left_out = set(chosen.learners) - set(scheme.learners)
    return sum(_LIBRARY.get(name, 0.0) for name in left_out)


def _size(scheme: Scheme, cost: Cost) -> float:
    most = cost.size_bytes.value
    return most if scheme.chosen else min(scheme.size_bytes or most, most)


def shipped_runs() -> tuple[PastRun, ...]:
    """Return the runs of public tables that modelwright comes with."""
    text = files("modelwright.plan").joinpath("runs.json").read_bytes()
    return msgspec.json.decode(text, type=tuple[PastRun, ...])


def _bundle(program: Interval, features: int) -> Interval:
    """Return the size of a bundle, where contract, reference and source lie beside the program."""
    beside = _BESIDE + _BESIDE_A_COLUMN * features
    return msgspec.structs.replace(
        program,
        value=program.value + beside,
        low=program.low + beside,
        high=program.high + beside,
    )


def _place(rows: int, features: int, outputs: int, budget_s: float) -> Floats:
    return np.log(np.maximum([rows, features, outputs, budget_s], 1.0))


def _foreseen(logs: Floats, weight: Floats) -> Interval:
    """Return the weighted median with the range of what runs like these took."""
    order = np.argsort(logs)
    share = np.cumsum(weight[order]) / weight.sum()
    parts = (_TAIL, 0.5, 1 - _TAIL)
    places = np.minimum(np.searchsorted(share, parts), len(logs) - 1)
    low, middle, high = logs[order][places].tolist()
    return Interval(
        value=float(np.exp(middle)),
        low=float(np.exp(min(low, middle - _SPREAD))),
        high=float(np.exp(max(high, middle + _SPREAD))),
        level=LEVEL,
        method="runs most like it",
    )


def _times(share: Interval, whole: float) -> Interval:
    return msgspec.structs.replace(
        share, value=share.value * whole, low=share.low * whole, high=share.high * whole
    )


def _at_most(foreseen: Interval, limit: float) -> Interval:
    """Return what is kept to: runs beyond a tiny budget do not foretell that one is not kept."""
    return msgspec.structs.replace(
        foreseen,
        value=min(foreseen.value, limit),
        low=min(foreseen.low, limit),
        high=min(foreseen.high, limit),
    )
