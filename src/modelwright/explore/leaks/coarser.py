"""A column that a leak determines and that is nearly as strong as the leak.

The sub-grade gives the interest rate; the grade is the sub-grade without its digit. It is proof
when the level of a leak gives the level of the column without exception, and the column alone
still tells far more than all columns that are no leaks together. It is no proof when the column
is weak: a country is determined by a postal code, and honest. Where the leak is only suspicious,
so is the column.
"""

from collections.abc import Collection

import msgspec

from modelwright.documents import Leak
from modelwright.explore.leaks.base import KNOWN, Case
from modelwright.explore.leaks.copies import what_is_told
from modelwright.explore.leaks.determined import determined_by

_GAP = 1.5


def find_coarser(case: Case) -> list[Leak]:
    """Return the strong columns that a leak found before determines."""
    return _coarser_than(case, case.certain, knows="knows")


def ask_about_coarser(case: Case, suspicious: Collection[Leak]) -> list[Leak]:
    """Return the strong columns that a suspicious one determines, to be asked about with it."""
    return [
        msgspec.structs.replace(leak, verdict="suspicious", evidence=f"{leak.evidence} {KNOWN}")
        for leak in _coarser_than(case, suspicious, knows="may know")
    ]


def _coarser_than(case: Case, known: Collection[Leak], *, knows: str) -> list[Leak]:
    found = determined_by(case, [name for leak in known for name in leak.columns])
    if not found:
        return []
    rest = case.rest_without(found)
    kind = case.sample.task.kind
    return [
        Leak(
            columns=(name,),
            verdict="certain",
            evidence=f"{name} is determined by {leak}, which {knows} the answer, and alone tells "
            f"{what_is_told(case.strengths[name], kind)}; all weaker columns together "
            f"{what_is_told(rest, kind)} ({case.sample.in_words()}).",
        )
        for name, leak in found.items()
        if rest.unexplained >= _GAP * case.strengths[name].unexplained
    ]
