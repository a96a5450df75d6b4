"""Parts of a moment, by the proleptic Gregorian calendar in UTC."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import MISSING_DATETIME
from modelwright.predictor.operations.base import Floats, Operation, Value

DatePart = Literal["year", "month", "day", "weekday", "day_of_year", "hour", "minute", "epoch_day"]

_DAY_US = 86_400_000_000


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
        missing = moments == MISSING_DATETIME
        known = np.where(missing, 0, moments)
        parts = np.stack([_part(known, name) for name in self.parts], axis=1).astype(np.float64)
        parts[missing] = np.nan
        return np.asarray(parts)


def _part(moments: NDArray[np.int64], name: DatePart) -> Value:
    days, within = np.divmod(moments, _DAY_US)
    match name:
        case "hour":
            return within // 3_600_000_000
        case "minute":
            return within // 60_000_000 % 60
        case "weekday":
            return (days + 3) % 7
        case "epoch_day":
            return np.asarray(moments / _DAY_US)
    year, month, day = _civil(days)
    match name:
        case "year":
            return year
        case "month":
            return month
        case "day":
            return day
        case "day_of_year":
            return days - _days_before(year) + 1


def _civil(days: NDArray[np.int64]) -> tuple[Value, Value, Value]:
    era, day_of_era = np.divmod(days + 719_468, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    month = np.where(shifted_month < 10, shifted_month + 3, shifted_month - 9)
    year = year_of_era + era * 400 + (month <= 2)
    return year, month, day_of_year - (153 * shifted_month + 2) // 5 + 1


def _days_before(year: Value) -> Value:
    past = year - 1
    return np.asarray(365 * past + past // 4 - past // 100 + past // 400 - 719_162)
