"""Parts of a moment, by the proleptic Gregorian calendar in UTC."""

from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import MISSING_DATETIME
from modelwright.predictor.operations.base import FEW_ROWS, Floats, Operation, Value

DatePart = Literal["year", "month", "day", "weekday", "day_of_year", "hour", "minute", "epoch_day"]

_DAY_US = 86_400_000_000

_Whole = TypeVar("_Whole", int, NDArray[np.int64])
"""One whole number or many: what follows is written so that both give the same."""


class DateParts(Operation, frozen=True, kw_only=True, tag="date_parts"):
    """Split a moment into parts, one column each; all missing where the moment is.

    Weekdays count from Monday = 0, days of the year from 1; `epoch_day` is the days since 1970
    with their fraction. Civil dates follow Howard Hinnant, "chrono-compatible low-level date
    algorithms" (2013), which every host computes alike with integers.
    """

    parts: tuple[DatePart, ...]

    def check(self, widths: tuple[int, ...]) -> int:
        self.require(self.parts, "no part is named")
        return len(self.parts)

    def run(self, *values: Value) -> Floats:
        moments = values[0]
        if len(moments) <= FEW_ROWS:
            rows = [self._split_one(moment) for moment in moments.tolist()]
            return np.array(rows, dtype=np.float64).reshape(-1, len(self.parts))
        missing = moments == MISSING_DATETIME
        known = _split(np.where(missing, 0, moments))
        parts = np.stack([known[name] for name in self.parts], axis=1).astype(np.float64)
        parts[missing] = np.nan
        return np.asarray(parts)

    def _split_one(self, moment: int) -> list[float]:
        if moment == MISSING_DATETIME:
            return [np.nan] * len(self.parts)
        known = _split(moment)
        return [known[name] for name in self.parts]


def _split(moments: _Whole) -> dict[DatePart, Any]:
    days, within = divmod(moments, _DAY_US)
    year, month, day = _civil(days)
    return {
        "year": year,
        "month": month,
        "day": day,
        "weekday": (days + 3) % 7,
        "day_of_year": days - _days_before(year) + 1,
        "hour": within // 3_600_000_000,
        "minute": within // 60_000_000 % 60,
        # As a float first, because Python divides whole numbers that no float holds otherwise.
        "epoch_day": moments * 1.0 / _DAY_US,
    }


def _civil(days: _Whole) -> tuple[_Whole, _Whole, _Whole]:
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    month = shifted_month + 3 - 12 * (shifted_month >= 10)
    year = year_of_era + era * 400 + (month <= 2)
    return year, month, day_of_year - (153 * shifted_month + 2) // 5 + 1


def _days_before(year: _Whole) -> _Whole:
    past = year - 1
    return 365 * past + past // 4 - past // 100 + past // 400 - 719_162
