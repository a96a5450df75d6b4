"""What is done with each piece, as a value that every process of a crew is given."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl

from modelwright.data.pieces.base import Key
from modelwright.data.relations.table import RelatedSource
from modelwright.engineer.batch.rules import Policy


@dataclass(frozen=True)
class Answers:
    """What came of a piece.

    Parameters
    ----------
    number
        Of the piece, from 1.
    rows
        Of the piece.
    answered
        Rows with their answers; None where they are kept already, or were refused.
    aside
        Rows that were set aside; None for none, or where they are kept already.
    set_aside
        How many were.
    unanswered
        How many of the others the model could not answer.
    broken
        The rules that are broken, a sentence each.
    refused
        Whether the contract forbids to write them.
    key
        Of the last row; None without a key.
    """

    number: int
    rows: int
    answered: pl.DataFrame | None
    aside: pl.DataFrame | None = None
    set_aside: int = 0
    unanswered: int = 0
    broken: tuple[str, ...] = ()
    refused: bool = False
    key: Key | None = None


class Keeper(Protocol):
    """Keeps answers where they were made, so that they need not travel."""

    def keep(self, answers: Answers) -> Answers:
        """Write answers, and return what is left to tell."""


@dataclass(frozen=True)
class Recipe:
    """What is done with each piece.

    Parameters
    ----------
    bundle
        Its folder.
    coverage
        How often ranges or sets shall hold the truth; None for neither.
    compiled
        Whether the program is compiled first.
    related
        Related tables by name; those that no feature reads are not opened.
    policy
        What becomes of rows that break the contract.
    key
        The column that tells a row from all others; empty for none.
    columns
        Which columns are written beside the answers; None for all.
    keeper
        Keeps answers where they are made; None where whoever asks does.
    """

    bundle: Path
    coverage: float | None = None
    compiled: bool = False
    related: tuple[tuple[str, RelatedSource], ...] = ()
    policy: Policy = "warn"
    key: str = ""
    columns: tuple[str, ...] | None = None
    keeper: Keeper | None = None
