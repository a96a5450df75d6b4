"""Parts of moments as columns, in whole numbers."""

from dataclasses import dataclass
from functools import cached_property
from math import inf

from modelwright.predictor.emitters.sql.cell import Cell
from modelwright.predictor.emitters.sql.sheet import Sheet
from modelwright.predictor.operations.dates import DatePart, DateParts

_DAY_US = 86_400_000_000
_ERA_DAYS, _ERAS, _ERA_YEARS = 146_097, 1_000, 400
"""Days are counted from so many eras of 400 years before, so that none is negative: databases
divide negative numbers in different ways."""
_BEFORE_1970 = 719_468 + _ERA_DAYS * _ERAS
"""Days from there to 1970; a year begins with March here."""
_YEARS_BEFORE = _ERA_YEARS * _ERAS
_RANGES: dict[DatePart, tuple[float, float]] = {
    "year": (-300_000.0, 300_000.0),
    "month": (1.0, 12.0),
    "day": (1.0, 31.0),
    "weekday": (0.0, 6.0),
    "day_of_year": (1.0, 366.0),
    "hour": (0.0, 23.0),
    "minute": (0.0, 59.0),
    "epoch_day": (-2.0e8, 2.0e8),
}


def date_parts(sheet: Sheet, step: DateParts, moment: Cell) -> list[Cell]:
    """Return parts of microseconds since 1970 as numbers, NULL where the moment is."""
    calendar = _Calendar(sheet, moment)
    return [_part(sheet, calendar, part) for part in step.parts]


def _part(sheet: Sheet, calendar: "_Calendar", part: DatePart) -> Cell:
    low, high = _RANGES[part]
    if part == "epoch_day":
        whole = calendar.moment
        text = f"{sheet.dialect.as_double(whole.text)} / {sheet.dialect.number(float(_DAY_US))}"
        return sheet.add(f"({text})", whole).but(low=low, high=high, least=1e-12)
    cell = getattr(calendar, part)
    made = sheet.add(sheet.dialect.as_double(cell.text), cell)
    return made.but(low=low, high=high, least=1.0 if part != "year" else min(1.0, inf))


@dataclass
class _Calendar:
    """Parts of one moment; what several need is a column of its own.

    Civil dates follow the paper that the operation names.
    """

    sheet: Sheet
    moment: Cell

    @cached_property
    def within(self) -> Cell:
        """Microseconds since midnight."""
        rest = f"{self.moment.text} % {_DAY_US}"
        return self.sheet.add(f"({rest} + {_DAY_US}) % {_DAY_US}", self.moment)

    @cached_property
    def days(self) -> Cell:
        """Days since March of a year long ago."""
        whole = self._over(f"({self.moment.text} - {self.within.text})", _DAY_US)
        return self.sheet.add(f"{whole} + {_BEFORE_1970}", self.moment, self.within)

    @cached_property
    def day_of_era(self) -> Cell:
        return self.sheet.add(f"{self.days.text} % {_ERA_DAYS}", self.days)

    @cached_property
    def year_of_era(self) -> Cell:
        day = self.day_of_era.text
        leap = f"{self._over(day, 1_460)} + {self._over(day, 36_524)} - {self._over(day, 146_096)}"
        return self.sheet.add(self._over(f"({day} - {leap})", 365), self.day_of_era)

    @cached_property
    def shifted_day(self) -> Cell:
        """Day of a year that begins with March."""
        year = self.year_of_era.text
        before = f"365 * {year} + {self._over(year, 4)} - {self._over(year, 100)}"
        return self.sheet.add(
            f"{self.day_of_era.text} - ({before})", self.day_of_era, self.year_of_era
        )

    @cached_property
    def shifted_month(self) -> Cell:
        return self.sheet.add(
            self._over(f"(5 * {self.shifted_day.text} + 2)", 153), self.shifted_day
        )

    @cached_property
    def month(self) -> Cell:
        shifted = self.shifted_month.text
        turn = f"CASE WHEN {shifted} < 10 THEN 3 ELSE -9 END"
        return self.sheet.add(f"{shifted} + {turn}", self.shifted_month)

    @cached_property
    def day(self) -> Cell:
        before = self._over(f"(153 * {self.shifted_month.text} + 2)", 5)
        return self.sheet.add(
            f"{self.shifted_day.text} - {before} + 1", self.shifted_day, self.shifted_month
        )

    @cached_property
    def year(self) -> Cell:
        era = self._over(self.days.text, _ERA_DAYS)
        turn = f"CASE WHEN {self.month.text} <= 2 THEN 1 ELSE 0 END"
        return self.sheet.add(
            f"{self.year_of_era.text} + {era} * {_ERA_YEARS} - {_YEARS_BEFORE} + {turn}",
            self.year_of_era,
            self.days,
            self.month,
        )

    @cached_property
    def weekday(self) -> Cell:
        # The day from which days are counted here is a Wednesday.
        return self.sheet.add(f"({self.days.text} + 2) % 7", self.days)

    @cached_property
    def day_of_year(self) -> Cell:
        past = self.sheet.add(f"{self.year.text} + {_YEARS_BEFORE - 1}", self.year)
        fourth, hundredth, last = (self._over(past.text, each) for each in (4, 100, 400))
        # January comes 306 days after March.
        before = f"365 * {past.text} + {fourth} - {hundredth} + {last} + 306"
        return self.sheet.add(f"{self.days.text} - ({before}) + 1", self.days, past)

    @cached_property
    def hour(self) -> Cell:
        return self.sheet.add(self._over(self.within.text, 3_600_000_000), self.within)

    @cached_property
    def minute(self) -> Cell:
        return self.sheet.add(f"({self._over(self.within.text, 60_000_000)}) % 60", self.within)

    def _over(self, whole: str, by: int) -> str:
        return f"({whole}{self.sheet.dialect.divided}{by})"
