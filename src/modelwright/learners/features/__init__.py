"""Features of one's own: formulas that become columns of the matrix where they pay.

- `base`: what a feature is
- `formula`: one number of each row, as operations of a program
- `reading`, `bending`: what formulas are made of
- `registry`: those that packages have registered
- `offers`: what formulas tell of a target, and which ones are kept
"""

from modelwright.learners.features.base import Feature, PlainFeature
from modelwright.learners.features.bending import bend, log, missing
from modelwright.learners.features.formula import Formula, positive
from modelwright.learners.features.reading import days, lookup, moment, number, says

__all__ = [
    "Feature",
    "Formula",
    "PlainFeature",
    "bend",
    "days",
    "log",
    "lookup",
    "missing",
    "moment",
    "number",
    "positive",
    "says",
]
