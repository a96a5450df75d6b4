"""How many cases come in a day."""

import numpy as np
import polars as pl

from modelwright.data.sources.sampling import is_drawn
from modelwright.data.splitting.splits import Split
from modelwright.documents import Brief, TableFacts

_DAY_S = 86_400.0


def cases_a_day(brief: Brief, facts: TableFacts, frame: pl.DataFrame, split: Split) -> float | None:
    """Return how many rows happened in a day, from the first to the last of them.

    None where no column says when, where all happened at once, and where the rows are a sample.
    """
    by_time = split.column if split.kind == "time" else None
    name = brief.time or brief.moment or by_time
    is_part = brief.sample or brief.work_bytes or is_drawn(facts.facts)
    if not name or name not in frame.columns or is_part:
        return None
    times = frame[name]
    if not isinstance(times.dtype, pl.Datetime | pl.Date):
        return None
    known = np.sort(times.drop_nulls().cast(pl.Datetime("us")).dt.epoch("s").to_numpy())
    later = int(np.count_nonzero(np.diff(known)))
    if not later:
        return None
    # The last moment, such as a day or a year, lasts as long as the others.
    seconds = float(known[-1] - known[0]) * (later + 1) / later
    return len(known) * _DAY_S / seconds
