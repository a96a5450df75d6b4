"""Texts that are dates, but not all of one format."""

import polars as pl

from modelwright.data.moments import DIGITS, known_formats, moment_of
from modelwright.data.series import as_text
from modelwright.data.tally import Tally

_ROWS, _TRIED, _LOOKED_AT = 10_000, 100, 5
_READ = 0.95
_FEWEST = 3
"""Different dates of each format."""


def date_forms_in(series: pl.Series) -> tuple[str, ...]:
    """Return the formats that together, and none alone, read nearly all texts of a column.

    Parameters
    ----------
    series
        Texts; about a hundred of them are looked at.

    Returns
    -------
    tuple of str
        The format that reads most first; empty where the texts are no dates, or dates of one
        format.

    Examples
    --------
    >>> days = [*(f"{day}.05.2024" for day in range(10, 20)), "2024-06-1", "2024-06-2", "2024-06-3"]
    >>> date_forms_in(pl.Series(days))
    ('%d.%m.%Y', '%Y-%m-%d')
    >>> date_forms_in(pl.Series(["red", "green", "blue"]))
    ()
    """
    some = series.gather_every(max(1, len(series) // _ROWS))
    values = Tally.of(as_text(some)).without_number_tokens().values
    left = set(values.gather_every(max(1, len(values) // _TRIED)).to_list())
    formats = (*list(known_formats())[1:], *DIGITS[:1])
    looked_at = sorted(left)[:: max(1, len(left) // _LOOKED_AT)]
    if not all(any(_reads(known, text) for known in formats) for text in looked_at):
        return ()
    read = {known: {text for text in left if _reads(known, text)} for known in formats}
    most_unread = (1 - _READ) * len(left)
    used = []
    while len(read[best := _best(read, left)] & left) >= _FEWEST:
        used.append(best)
        left -= read[best]
    return tuple(used) if len(used) > 1 and len(left) <= most_unread else ()


def _reads(known: str, text: str) -> bool:
    return moment_of(text, known) is not None


def _best(read: dict[str, set[str]], left: set[str]) -> str:
    """Return the format that reads most of what is left, the likelier one of equals."""
    return max(read, key=lambda known: len(read[known] & left))
