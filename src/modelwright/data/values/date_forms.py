"""Texts that are dates, but not all of one format."""

import polars as pl

from modelwright.data.inference.tally import Tally
from modelwright.data.values.moment_series import read_moments
from modelwright.data.values.moments import PACKED_DAY, known_formats, moment_of
from modelwright.data.values.series import as_text

_ROWS, _TRIED, _LOOKED_AT = 10_000, 100, 5
_READ = 0.95
_FEWEST = 3
"""Different dates of the format that reads most."""
_MOST_FORMS = 8


def date_forms_in(series: pl.Series) -> tuple[str, ...]:
    """Return the formats that together, and none alone, read nearly all texts of a column.

    Parameters
    ----------
    series
        Texts. Five of them tell whether it is worth to read all.

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
    some = _different(series.gather_every(max(1, len(series) // _ROWS)))
    looked_at = some.gather_every(max(1, len(some) // _LOOKED_AT))
    if not all(any(_reads(known, text) for known in _formats()) for text in looked_at):
        return ()
    left = _different(series)
    most_unread = (1 - _READ) * len(left)
    used: list[str] = []
    while len(left) and len(used) < _MOST_FORMS:
        best = _best(left.gather_every(max(1, len(left) // _TRIED)))
        unread = left.filter(read_moments(left, best).is_null())
        if len(left) - len(unread) < (1 if used else _FEWEST):
            break
        used.append(best)
        left = unread
    return tuple(used) if len(used) > 1 and len(left) <= most_unread else ()


def are_dates(texts: pl.Series) -> bool:
    """Say whether one format reads at least half of some different texts.

    Examples
    --------
    >>> are_dates(pl.Series(["25/03/2020", "soon"])), are_dates(pl.Series(["n.n.", "2020-02-31"]))
    (True, False)
    """
    words = texts.to_list()
    return any(2 * sum(_reads(known, text) for text in words) >= len(words) for known in _formats())


def _different(series: pl.Series) -> pl.Series:
    return Tally.of(as_text(series)).without_number_tokens().values


def _formats() -> tuple[str, ...]:
    """Return the formats to try; of days in ISO 8601 the plain one comes before that of moments."""
    iso, *others = known_formats()
    return (*others, iso, PACKED_DAY)


def _reads(known: str, text: str) -> bool:
    return moment_of(text, known) is not None


def _best(texts: pl.Series) -> str:
    """Return the format that reads most of some texts, the likelier one of equals."""
    return max(_formats(), key=lambda known: sum(_reads(known, text) for text in texts))
