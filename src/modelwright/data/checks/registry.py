"""Every family of checks by the name that a contract writes."""

from functools import cache

from modelwright._plugins import registered
from modelwright.data.checks.base import Check
from modelwright.data.checks.levels import Levels
from modelwright.data.checks.parsing import Parses
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.ranges import Period, Range
from modelwright.data.checks.shape import NotConstant, RowCount
from modelwright.data.checks.texts import TextLength
from modelwright.data.checks.uniqueness import Unique

CHECKS: dict[str, type[Check]] = {
    "notMissing": NotMissing,
    "parses": Parses,
    "range": Range,
    "period": Period,
    "levels": Levels,
    "unique": Unique,
    "textLength": TextLength,
    "rowCount": RowCount,
    "notConstant": NotConstant,
}
"""In the order in which a contract lists them; that a column is present goes without saying."""


@cache
def all_checks() -> dict[str, type[Check]]:
    """Return these families and those that other packages have registered."""
    return CHECKS | registered("checks")


def family_of(check: Check) -> str:
    """Return the name of a check's family.

    Examples
    --------
    >>> family_of(RowCount(minimum=1))
    'rowCount'
    """
    return str(check.__struct_config__.tag)
