"""Parts of moments as nodes: whole numbers only, so that every host gets the same.

ONNX cuts a quotient towards zero where the calendar needs the floor. Only the first division may
meet a negative number; all later ones count from a day so early that none is.
"""

from collections.abc import Callable

import numpy as np

from modelwright.data.records import MISSING_DATETIME
from modelwright.predictor.emitters.onnx.graph import Graph
from modelwright.predictor.emitters.onnx.numbers import side_by_side
from modelwright.predictor.operations.dates import DateParts

_DAY_US, _HOUR_US, _MINUTE_US = 86_400_000_000, 3_600_000_000, 60_000_000
_ERA_DAYS, _ERA_YEARS = 146_097, 400
_EARLY = 800
"""Eras before 0000-03-01 from which days are counted: 320,000 years, more than int64 reaches."""
_MARCH_FIRST = 719_468
_TO_JANUARY = 306
"""Days from a first of March, from which early days count, to the first of January."""
_FLOAT64, _INT64 = 11, 7


def date_parts(graph: Graph, step: DateParts, moments: str) -> str:
    calendar = _Calendar(graph, moments)
    found = [calendar.part(name) for name in step.parts]
    missing = graph.node("Equal", moments, graph.constant(np.int64(MISSING_DATETIME)))
    return graph.node("Where", missing, graph.constant(np.nan), side_by_side(graph, found))


class _Calendar:
    """Writes each intermediate number once, when the first part needs it."""

    def __init__(self, graph: Graph, moments: str) -> None:
        self._graph = graph
        self._moments = moments
        self._known: dict[str, str] = {}

    def part(self, name: str) -> str:
        """Return a part as float64, whatever it is of a missing moment."""
        if name == "epoch_day":
            number = self._graph.node("Cast", self._moments, to=_FLOAT64)
            return self._graph.node("Div", number, self._graph.constant(float(_DAY_US)))
        return self._graph.node("Cast", self._whole(name), to=_FLOAT64)

    def _whole(self, name: str) -> str:
        if name not in self._known:
            make: Callable[[], str] = getattr(self, f"_{name}")
            self._known[name] = make()
        return self._known[name]

    def _days(self) -> str:
        """Days since 1970, by the floor."""
        cut = self._quotient(self._moments, _DAY_US)
        rest = self._minus(self._moments, self._times(cut, _DAY_US))
        below = self._graph.node("Less", rest, self._number(0))
        return self._minus(cut, self._graph.node("Cast", below, to=_INT64))

    def _within(self) -> str:
        return self._minus(self._moments, self._times(self._whole("days"), _DAY_US))

    def _hour(self) -> str:
        return self._quotient(self._whole("within"), _HOUR_US)

    def _minute(self) -> str:
        return self._rest(self._quotient(self._whole("within"), _MINUTE_US), 60)

    def _weekday(self) -> str:
        return self._rest(self._plus(self._whole("early_days"), (3 - _MARCH_FIRST) % 7), 7)

    def _early_days(self) -> str:
        """Days since the first of March of an early year; 146,097 days are whole weeks."""
        return self._plus(self._whole("days"), _MARCH_FIRST + _EARLY * _ERA_DAYS)

    def _era(self) -> str:
        return self._quotient(self._whole("early_days"), _ERA_DAYS)

    def _day_of_era(self) -> str:
        return self._minus(self._whole("early_days"), self._times(self._whole("era"), _ERA_DAYS))

    def _year_of_era(self) -> str:
        day = self._whole("day_of_era")
        days = self._minus(day, self._quotient(day, 1_460))
        days = self._add(days, self._quotient(day, 36_524))
        return self._quotient(self._minus(days, self._quotient(day, 146_096)), 365)

    def _day_from_march(self) -> str:
        year = self._whole("year_of_era")
        before = self._add(self._times(year, 365), self._quotient(year, 4))
        before = self._minus(before, self._quotient(year, 100))
        return self._minus(self._whole("day_of_era"), before)

    def _month_from_march(self) -> str:
        return self._quotient(self._plus(self._times(self._whole("day_from_march"), 5), 2), 153)

    def _day(self) -> str:
        before = self._plus(self._times(self._whole("month_from_march"), 153), 2)
        return self._plus(self._minus(self._whole("day_from_march"), self._quotient(before, 5)), 1)

    def _month(self) -> str:
        return self._plus(self._rest(self._plus(self._whole("month_from_march"), 2), 12), 1)

    def _early_year(self) -> str:
        """The year, counted from the early one."""
        new = self._graph.node("Less", self._whole("month"), self._number(3))
        year = self._add(self._times(self._whole("era"), _ERA_YEARS), self._whole("year_of_era"))
        return self._add(year, self._graph.node("Cast", new, to=_INT64))

    def _year(self) -> str:
        return self._plus(self._whole("early_year"), -_EARLY * _ERA_YEARS)

    def _day_of_year(self) -> str:
        past = self._plus(self._whole("early_year"), -1)
        before = self._add(self._times(past, 365), self._quotient(past, 4))
        before = self._minus(before, self._quotient(past, 100))
        before = self._add(before, self._quotient(past, 400))
        return self._plus(self._minus(self._whole("early_days"), before), 1 - _TO_JANUARY)

    def _number(self, value: int) -> str:
        return self._graph.constant(np.int64(value))

    def _quotient(self, value: str, by: int) -> str:
        return self._graph.node("Div", value, self._number(by))

    def _rest(self, value: str, by: int) -> str:
        return self._graph.node("Mod", value, self._number(by))

    def _times(self, value: str, by: int) -> str:
        return self._graph.node("Mul", value, self._number(by))

    def _plus(self, value: str, more: int) -> str:
        return self._graph.node("Add", value, self._number(more))

    def _add(self, value: str, other: str) -> str:
        return self._graph.node("Add", value, other)

    def _minus(self, value: str, other: str) -> str:
        return self._graph.node("Sub", value, other)
