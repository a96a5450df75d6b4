"""Where the numbers of a program's ranges or sets stand."""

from dataclasses import dataclass

from modelwright.predictor.coverage import Coverage, Ranges
from modelwright.predictor.emitters.tables import Tables


@dataclass(frozen=True)
class RangesLayout:
    """Ranges: numbers of shape (levels, bands), by the place where they begin.

    Parameters
    ----------
    levels
        How often the truth is held.
    edges, bands
        Where the edges begin, and one more than there are.
    below, above
        How far ranges reach.
    floor
        They do not reach below it unless their answers do; None where there is no such end.
    """

    levels: tuple[float, ...]
    usual: float
    edges: int
    bands: int
    below: int
    above: int
    floor: float | None


@dataclass(frozen=True)
class SetsLayout:
    """Sets: thresholds of shape (levels, classes), by the place where they begin."""

    levels: tuple[float, ...]
    usual: float
    thresholds: int


CoverageLayout = RangesLayout | SetsLayout


def lay_out_coverage(coverage: Coverage, tables: Tables) -> CoverageLayout:
    """Keep the numbers of ranges or sets in the tables."""
    levels, usual = coverage.levels, coverage.usual_level
    if isinstance(coverage, Ranges):
        return RangesLayout(
            levels=levels,
            usual=usual,
            edges=tables.doubles(coverage.edges),
            bands=len(coverage.edges) + 1,
            below=tables.doubles(coverage.below),
            above=tables.doubles(coverage.above),
            floor=coverage.floor,
        )
    return SetsLayout(levels, usual, tables.doubles(coverage.thresholds))
