"""The hour of the week, for lines: what weekday and hour say together.

Curves of the weekday and of the hour add up; that people travel at eight from Monday to Friday and
at noon on Sundays is no such sum.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import sparse

from modelwright.compute.budget import Budget
from modelwright.learners.base import Rows
from modelwright.learners.encoding import require_time
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.operations.categories import FIRST_LEVEL_CODE, MISSING_CODE, CodeTable
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.operations.numbers import Impute
from modelwright.predictor.program import Step, column_value

HOURS = 7 * 24
_ROWS_PER_HOUR = 10
"""With fewer, what an hour of the week has beyond its weekday and its hour is mostly noise."""


@dataclass(frozen=True)
class WeekHours:
    """A block of a design matrix: one column per hour of the week, none for a missing moment.

    Parameters
    ----------
    column
        The raw column, of moments.
    """

    column: str

    @classmethod
    def learn(cls, column: str, rows: Rows) -> Self | None:
        """Return the block; None where hours are the same, or too many for so few rows."""
        block = cls(column)
        seen = np.unique(block.codes(rows.columns[column]))
        hours = seen[seen >= FIRST_LEVEL_CODE] - FIRST_LEVEL_CODE
        varies = len(np.unique(hours % 24)) > 1 and len(np.unique(hours // 24)) > 1
        return block if varies and len(rows) >= _ROWS_PER_HOUR * len(hours) else None

    @property
    def width(self) -> int:
        """Hours of a week."""
        return HOURS

    @property
    def basis(self) -> sparse.csr_array:
        """Each hour by itself."""
        return sparse.eye_array(HOURS, format="csr")

    def codes(self, moments: Value) -> Floats:
        """Return the code of each moment's hour, of shape (n,); Monday at midnight is the first."""
        values = moments
        for step in self._steps:
            values = step.run(values)
        return np.asarray(values[:, 0])

    def places(self, rows: Rows, *, budget: Budget) -> Iterator[sparse.csr_array]:
        """Yield a one in the column of each row's hour."""
        require_time(budget)
        codes = self.codes(rows.columns[self.column])
        known = np.flatnonzero(codes != MISSING_CODE).astype(np.int32)
        hours = (codes[known] - FIRST_LEVEL_CODE).astype(np.int32)
        yield sparse.csr_array((np.ones(len(known)), (known, hours)), shape=(len(codes), HOURS))

    def steps(self, coefficients: Floats) -> tuple[Step, ...]:
        """Return the operations that look the coefficients up."""
        table = np.concatenate([np.zeros((FIRST_LEVEL_CODE, coefficients.shape[1])), coefficients])
        *_, code = self._steps
        name = f"weights:{code.output}"
        return (*self._steps, CodeTable(inputs=(code.output,), output=name, table=table))

    @property
    def _steps(self) -> tuple[DateParts, Linear, Impute]:
        parts = DateParts(
            inputs=(column_value(self.column),),
            output=f"week:{self.column}",
            parts=("weekday", "hour"),
        )
        number = Linear(
            inputs=(parts.output,),
            output=f"hour of week:{self.column}",
            weights=np.array([[24.0], [1.0]]),
            bias=np.array([float(FIRST_LEVEL_CODE)]),
        )
        code = Impute(
            inputs=(number.output,),
            output=f"code of hour:{self.column}",
            fill=np.array([float(MISSING_CODE)]),
        )
        return parts, number, code
