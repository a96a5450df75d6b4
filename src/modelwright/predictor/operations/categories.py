"""Operations on categories: a level's code, and a table by code."""

from functools import cached_property
from itertools import repeat

import numpy as np

from modelwright.predictor.operations.base import FEW_ROWS, Floats, Operation, Value

MISSING_CODE = 0
UNKNOWN_CODE = 1
RARE_CODE = 2
FIRST_LEVEL_CODE = 3


class Codes(Operation, frozen=True, kw_only=True, tag="codes", dict=True):
    """Give each level its code: 0 missing, 1 unknown, 2 rare, and 3, 4, … the levels in order."""

    levels: tuple[str, ...]
    rare: tuple[str, ...] = ()

    def check(self, widths: tuple[int, ...]) -> int:
        named = self.levels + self.rare
        self.require(len(set(named)) == len(named), "a level is named twice")
        return 1

    def run(self, *values: Value) -> Floats:
        levels = values[0].tolist()
        found = map(self._numbers.get, levels, repeat(float(UNKNOWN_CODE)))
        return np.fromiter(found, np.float64, len(levels)).reshape(-1, 1)

    @cached_property
    def _numbers(self) -> dict[str | None, float]:
        return {level: float(code) for level, code in self.places.items()}

    @cached_property
    def places(self) -> dict[str | None, int]:
        """The code of each level; those that are not there are unknown."""
        codes: dict[str | None, int] = {None: MISSING_CODE}
        codes.update(dict.fromkeys(self.rare, RARE_CODE))
        codes.update((level, FIRST_LEVEL_CODE + i) for i, level in enumerate(self.levels))
        return codes


class CodeTable(Operation, frozen=True, kw_only=True, tag="code_table"):
    """Replace a code by its row of a table: one-hot, target mean, frequency, coefficients.

    NaN is an entry too: some levels have no number, as what an encoder never saw.
    """

    table: Floats

    def check(self, widths: tuple[int, ...]) -> int:
        self.require(widths == (1,), "a code is one column")
        self.require(self.table.ndim == 2 and len(self.table) >= FIRST_LEVEL_CODE, "no table")
        self.require(not np.isinf(self.table).any(), "an entry of the table is not finite")
        self.require(not np.isnan(self.table).all(axis=0).any(), "a column has no number")
        return int(self.table.shape[1])

    def run(self, *values: Value) -> Floats:
        codes = values[0][:, 0]
        if len(codes) <= FEW_ROWS:
            rows = [self._row(code) for code in codes.tolist()]
            return self.table.take(np.array(rows, dtype=np.intp), axis=0)
        if codes.min() >= 0 and codes.max() < len(self.table):
            return self.table.take(codes.astype(np.intp), axis=0)
        beyond = ~((codes >= 0) & (codes < len(self.table)))
        return self.table[np.where(beyond, UNKNOWN_CODE, codes).astype(np.intp)]

    def _row(self, code: float) -> int:
        return int(code) if 0 <= code < len(self.table) else UNKNOWN_CODE
