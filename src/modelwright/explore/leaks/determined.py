"""Columns that another one determines: its levels, put together to fewer."""

from collections.abc import Iterable

import numpy as np

from modelwright.explore.bins import Codes
from modelwright.explore.leaks.base import Case

_ROWS_PER_LEVEL = 20
_MOST_EXCEPTIONS = 0.002
_MOST_UNEXPLAINED = 0.2


def determined_by(case: Case, names: Iterable[str]) -> dict[str, str]:
    """Return the strong columns that one of these determines, each with the last that does."""
    near = [name for name in case.names if case.strengths[name].unexplained <= _MOST_UNEXPLAINED]
    finer = [name for name in names if not _is_number(case, name)]
    return {
        name: each
        for name in near
        for each in finer
        if each != name and not _is_number(case, name) and _determines(case, each, name)
    }


def _is_number(case: Case, name: str) -> bool:
    return name in case.sample.numbers


def _determines(case: Case, finer: str, name: str) -> bool:
    """Return whether rows of one level of a column (nearly) always share a level of another."""
    of_finer, own = case.sample.codes[finer], case.sample.codes[name]
    levels = int(of_finer.max()) + 1
    if levels * _ROWS_PER_LEVEL > len(own):
        return False
    return _exceptions(of_finer, own) <= _MOST_EXCEPTIONS * len(own)


def _exceptions(of_finer: Codes, own: Codes) -> int:
    wide = int(own.max()) + 1
    together = np.bincount(of_finer * wide + own, minlength=(int(of_finer.max()) + 1) * wide)
    return int(len(own) - together.reshape(-1, wide).max(axis=1).sum())
