"""Forks of walks laid out for the compiled kernel.

Why no walk leaves the tables: they are those of `Trees` that `Trees.check` let pass, and copies of
what `attribution.trees` made of them, whose shapes are checked here.
"""

import ctypes
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.kernel.library import Library
from modelwright.predictor.operations.base import Floats

if TYPE_CHECKING:
    from modelwright.predictor.attribution.walks import Forks
    from modelwright.predictor.operations.trees import Trees

_POINTER, _COUNT = ctypes.c_void_p, ctypes.c_int64


class _Together(ctypes.Structure):
    """As in `shares.h`."""

    _fields_ = (("players", _POINTER), ("right", _POINTER), ("count", _COUNT), ("nodes", _COUNT))


class _Forks(ctypes.Structure):
    """As in `shares.h`."""

    _fields_ = (
        *(
            (name, _POINTER)
            for name in (
                "roots", "outputs", "feature", "left", "right", "player", "place", "rows", "others",
                "together", "leaves", "share",
            )
        ),
        ("scale", ctypes.c_double),
        *((name, _COUNT) for name in ("trees", "nodes", "columns", "players")),
    )  # fmt: skip


def share_leaves(
    trees: "Trees", forks: "Forks", slope: Floats, share: Floats, library: Library
) -> Floats:
    """Return what each raw column adds by way of trees, of shape (rows, others, players).

    Parameters
    ----------
    trees, forks, slope
        As `walk_together` takes them.
    share : ndarray of shape (players + 1, players + 1)
        What each of p columns has of a leaf that q others lead to as well.
    library
        The compiled kernel.

    Raises
    ------
    MemoryError
        When there is no room.
    """
    rows, others, columns = slope.shape
    wide = trees.leaves.shape[1] > 1
    kept = [
        _as(trees.roots, np.int32),
        None if wide else _as(trees.outputs, np.int32),
        *(_as(each, np.int32) for each in (trees.feature, trees.left, trees.right)),
        *(_as(each, np.int32) for each in (forks.player, forks.place)),
        *(_as(each, np.uint8) for each in (forks.right_rows, forks.right_others)),
    ]
    asked = [(_as(each.players, np.int32), _as(each.right, np.uint8)) for each in forks.together]
    together = (_Together * len(asked))(
        *(
            _Together(players.ctypes.data, right.ctypes.data, len(players), right.shape[1])
            for players, right in asked
        )
    )
    leaves, table, followed = (_as(each, np.float64) for each in (trees.leaves, share, slope))
    laid_out = _Forks(
        *(None if each is None else each.ctypes.data for each in kept),
        ctypes.addressof(together),
        leaves.ctypes.data,
        table.ctypes.data,
        trees.scale,
        len(trees.roots),
        len(trees.feature),
        columns,
        forks.players,
    )
    parts = np.zeros((rows, others, forks.players))
    failed = library.unlocked.modelwright_share(
        ctypes.addressof(laid_out), followed.ctypes.data, rows, others, parts.ctypes.data
    )
    if failed:
        raise MemoryError(f"There is no room for {forks.players} columns.")
    return parts


def _as(values: object, kind: type[np.generic]) -> NDArray[np.generic]:
    return np.ascontiguousarray(values, dtype=kind)
