"""Where the table that folds characters stands among the whole numbers."""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from modelwright.predictor.emitters.tables import Tables
from modelwright.predictor.operations.folding import folding


@dataclass(frozen=True)
class FoldingLayout:
    """The table, by the places where its lists begin.

    Parameters
    ----------
    codes, count
        Rising code points that are folded, and how many there are.
    ends
        Where the folded characters of each end, counted from the first of all.
    characters
        All folded characters, one after another.
    firsts, lasts, ranges
        Ends of the ranges of characters that words are made of, and how many there are.
    """

    codes: int
    count: int
    ends: int
    characters: int
    firsts: int
    lasts: int
    ranges: int


def lay_out_folding(tables: Tables) -> FoldingLayout:
    """Keep the table."""
    table = folding()
    folds = sorted(table.folds.items())
    written = [ord(each) for _, folded in folds for each in folded]
    return FoldingLayout(
        codes=tables.wholes(np.array([code for code, _ in folds])),
        count=len(folds),
        ends=tables.wholes(np.array([*accumulate(len(folded) for _, folded in folds)])),
        characters=tables.wholes(np.array(written)),
        firsts=tables.wholes(np.array(table.firsts)),
        lasts=tables.wholes(np.array(table.lasts)),
        ranges=len(table.firsts),
    )
