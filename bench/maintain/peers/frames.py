"""Windows as the data frames that the peers read, and the order in which columns are named."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from bench.maintain.drill import CHANCE, PREDICTION, TARGET, Drill


def read_frame(path: Path, drill: Drill) -> Any:
    """Return a window as a frame of pandas: numbers as floats, categories as texts or None."""
    table = pd.read_parquet(path)
    own = [name for name in (TARGET, PREDICTION, CHANCE) if name in table.columns]
    numbers = table[[*drill.numbers, *own]].astype("float64")
    return numbers.join(table[drill.categories].astype(object))


def strongest_first(strengths: Mapping[str, float]) -> tuple[str, ...]:
    """Return names by their strength, the columns of answers and truth after all features.

    Examples
    --------
    >>> strongest_first({"__target__": 9.0, "age": 1.0, "size": 2.0})
    ('size', 'age', '__target__')
    """
    own = (TARGET, PREDICTION, CHANCE)
    return tuple(sorted(strengths, key=lambda name: (name in own, -strengths[name])))
