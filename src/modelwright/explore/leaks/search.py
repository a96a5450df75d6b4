"""The search for leaks: every kind of evidence in turn, again and again until nothing is left."""

import msgspec

from modelwright.documents import Leak
from modelwright.explore.leaks.averages import find_averages
from modelwright.explore.leaks.bands import find_bands
from modelwright.explore.leaks.base import Case, Evidence
from modelwright.explore.leaks.coarser import ask_about_coarser, find_coarser
from modelwright.explore.leaks.copies import find_copies
from modelwright.explore.leaks.cuts import find_cuts
from modelwright.explore.leaks.echoes import find_echoes
from modelwright.explore.leaks.gaps import find_gaps_together
from modelwright.explore.leaks.kin import find_kin
from modelwright.explore.leaks.levels import find_levels
from modelwright.explore.leaks.masked import find_masked
from modelwright.explore.leaks.means import find_means
from modelwright.explore.leaks.missingness import find_telling_missingness
from modelwright.explore.leaks.moments import find_later_moments
from modelwright.explore.leaks.outcomes import find_outcomes
from modelwright.explore.leaks.pairs import find_pairs
from modelwright.explore.leaks.partial import find_partial_copies
from modelwright.explore.leaks.parts import find_parts
from modelwright.explore.leaks.recorded import find_recorded_together
from modelwright.explore.leaks.remainders import find_remainders
from modelwright.explore.leaks.shares import find_shares
from modelwright.explore.leaks.sums import find_sums
from modelwright.explore.leaks.suspicions import find_suspicions
from modelwright.explore.leaks.unions import find_unions
from modelwright.explore.leaks.windows import find_windows
from modelwright.explore.leaks.within import find_within
from modelwright.explore.leaks.words import find_words

EVIDENCE: dict[str, Evidence] = {
    "recorded together": find_recorded_together,
    "later moments": find_later_moments,
    "means": find_means,
    "copies": find_copies,
    "partial copies": find_partial_copies,
    "averages": find_averages,
    "shares": find_shares,
    "windows": find_windows,
    "bands": find_bands,
    "cuts": find_cuts,
    "missingness": find_telling_missingness,
    "gaps": find_gaps_together,
    "unions": find_unions,
    "sums": find_sums,
    "pairs": find_pairs,
    "within": find_within,
    "echoes": find_echoes,
    "levels": find_levels,
    "parts": find_parts,
    "words": find_words,
    "coarser": find_coarser,
    "kin": find_kin,
    "outcomes": find_outcomes,
    "remainders": find_remainders,
}
"""Kinds of proof, the cheapest and plainest first.

Means come before copies: where one part alone is nearly a copy, the other would stay."""

_MOST_ROUNDS = 4


def find_leaks(case: Case, *, keep: tuple[str, ...] = ()) -> tuple[Leak, ...]:
    """Return the columns that know the answer, certain ones first.

    What is found is taken away, because a leak hides the gap that gives another away.

    Parameters
    ----------
    case
        The table.
    keep
        Columns that a person wants to use all the same: they are reported as suspicious.
    """
    suspicious: dict[tuple[str, ...], Leak] = {}
    for _ in range(_MOST_ROUNDS):
        before = len(case.certain)
        for find in EVIDENCE.values():
            leaks = find(case)
            suspicious |= {leak.columns: leak for leak in leaks if leak.verdict == "suspicious"}
            case = case.found([leak for leak in leaks if leak.verdict == "certain"])
        if len(case.certain) == before:
            break
    for leak in (*find_masked(case), *find_suspicions(case)):
        suspicious.setdefault(leak.columns, leak)
    for leak in ask_about_coarser(case, suspicious.values()):
        suspicious.setdefault(leak.columns, leak)
    return (
        *(_kept(leak, keep) for leak in case.certain),
        *(leak for leak in suspicious.values() if set(leak.columns) <= set(case.names)),
    )


def _kept(leak: Leak, keep: tuple[str, ...]) -> Leak:
    if not set(leak.columns) & set(keep):
        return leak
    return msgspec.structs.replace(
        leak,
        verdict="suspicious",
        evidence=f"{leak.evidence} It is kept because the brief says so.",
    )
