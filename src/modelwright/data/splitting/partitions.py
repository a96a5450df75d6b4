"""How row numbers are divided, given the code of each row's group, class or moment."""

import heapq

import numpy as np

Folds = tuple[tuple[np.ndarray, np.ndarray], ...]
"""Pairs of ascending row indices, to train on and to validate on."""


def hold_out_groups(groups: np.ndarray, fraction: float, rng: np.random.Generator) -> np.ndarray:
    """Mark whole groups, in random order, as long as they fit into a fraction of the rows.

    Parameters
    ----------
    groups
        Codes of shape (rows,), from 0 without gaps; at least two groups.

    Returns
    -------
    ndarray of bool, shape (rows,)
        The smallest group when none fits.
    """
    sizes = np.bincount(groups)
    room = fraction * len(groups)
    held = np.zeros(len(sizes), dtype=bool)
    for group in rng.permutation(len(sizes)):
        if sizes[group] <= room:
            held[group] = True
            room -= sizes[group]
    if not held.any():
        held[np.argmin(sizes)] = True
    return np.asarray(held[groups])


def hold_out_of_classes(
    classes: np.ndarray, fraction: float, rng: np.random.Generator
) -> np.ndarray:
    """Mark a fraction of each class; one row of each stays, one goes as soon as there are two.

    Parameters
    ----------
    classes
        Codes of shape (rows,), from 0 without gaps.

    Returns
    -------
    ndarray of bool, shape (rows,)

    Examples
    --------
    >>> mask = hold_out_of_classes(np.array([0, 0, 0, 0, 1]), 0.25, np.random.default_rng(0))
    >>> int(mask[:4].sum()), bool(mask[4])
    (1, False)
    """
    sizes = np.bincount(classes)
    wanted = np.rint(fraction * sizes).astype(np.int64)
    taken = np.clip(wanted, np.minimum(1, sizes - 1), sizes - 1)
    order = _shuffled_by_class(classes, rng)
    in_order = classes[order]
    place_in_class = np.arange(len(classes)) - (np.cumsum(sizes) - sizes)[in_order]
    mask = np.zeros(len(classes), dtype=bool)
    mask[order] = place_in_class < taken[in_order]
    return mask


def chain_forward(ranks: np.ndarray, folds: int) -> Folds:
    """Cut time into blocks; each block but the first is validated by all that is earlier.

    Parameters
    ----------
    ranks
        Codes of the moments, of shape (rows,), in the order of time; at least two different ones.

    Examples
    --------
    >>> [validation.tolist() for _, validation in chain_forward(np.array([1, 2, 2, 3]), 3)]
    [[1, 2], [3]]
    """
    in_order = np.sort(ranks)
    edges = in_order[[len(ranks) * block // (folds + 1) for block in range(1, folds + 1)]]
    starts = np.unique(edges[edges > in_order[0]])
    if len(starts) == 0:
        starts = np.unique(in_order)[1:2]
    ends = [*starts[1:], in_order[-1] + 1]
    return tuple(
        (np.flatnonzero(ranks < start), np.flatnonzero((ranks >= start) & (ranks < end)))
        for start, end in zip(starts, ends, strict=True)
    )


def fold_groups(groups: np.ndarray, folds: int, rng: np.random.Generator) -> Folds:
    """Give each group, the largest first, to the fold that has the fewest rows.

    Parameters
    ----------
    groups
        Codes of shape (rows,), from 0 without gaps; at least two groups.
    """
    sizes = np.bincount(groups)
    shuffled = rng.permutation(len(sizes))
    loads = [(0, fold) for fold in range(min(folds, len(sizes)))]
    fold_of_group = np.empty(len(sizes), dtype=np.int64)
    for group in shuffled[np.argsort(-sizes[shuffled], kind="stable")]:
        rows, fold = heapq.heappop(loads)
        fold_of_group[group] = fold
        heapq.heappush(loads, (rows + int(sizes[group]), fold))
    return _each_once(fold_of_group[groups])


def fold_classes(classes: np.ndarray, folds: int, rng: np.random.Generator) -> Folds:
    """Deal the rows of each class out over all folds; fold sizes differ by at most one.

    Parameters
    ----------
    classes
        Codes of shape (rows,); at least two rows.
    """
    fold_of_row = np.empty(len(classes), dtype=np.int64)
    fold_of_row[_shuffled_by_class(classes, rng)] = np.arange(len(classes)) % folds
    return _each_once(fold_of_row)


def _each_once(fold_of_row: np.ndarray) -> Folds:
    return tuple(
        (np.flatnonzero(fold_of_row != fold), np.flatnonzero(fold_of_row == fold))
        for fold in np.unique(fold_of_row)
    )


def _shuffled_by_class(classes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    shuffled = rng.permutation(len(classes))
    return shuffled[np.argsort(classes[shuffled], kind="stable")]
