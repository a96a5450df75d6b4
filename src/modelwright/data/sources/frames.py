"""Tables that are in memory already: any data frame, Arrow table or two-dimensional array."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
import polars.selectors as cs

from modelwright.data.sources.base import Deferred, Reading
from modelwright.data.sources.columns import check_unique
from modelwright.data.sources.selection import Selection
from modelwright.errors import SchemaError, SourceError

_SCALARS = (str, bool, int, float, Decimal, np.generic, dt.date, dt.time, dt.timedelta)


def open_frame(native: object, selection: Selection) -> Deferred:
    """Open a table in memory.

    Parameters
    ----------
    native
        A data frame that narwhals knows (pandas, polars, pyarrow, DuckDB, Modin …; a lazy one is
        collected), anything with the Arrow PyCapsule interface, or a NumPy array, rows x columns.
    selection
        Must be empty.

    Raises
    ------
    SourceError
        When it is none of these.
    """
    kind = type(native)
    address = f"{kind.__module__.partition('.')[0]}.{kind.__qualname__} in memory"
    selection.check_empty(address)
    if isinstance(native, np.ndarray):
        if native.ndim != 2:
            raise SourceError(
                f"An array of shape {native.shape} is no table.", "Give it rows and columns."
            )
        return Deferred(address, partial(_read_array, native))
    if kind.__name__ == "DuckDBPyRelation":
        return Deferred(address, partial(_read_relation, native))
    return Deferred(address, partial(_read_frame, _narwhals(native, address)))


# DuckDB and pyarrow take 65 MB of memory, and most tables need neither: they are imported late.


def _read_relation(native: Any) -> Reading:
    from modelwright.data.sources.duckdb import read_relation

    return Reading(read_relation(native))


def _narwhals(native: Any, address: str) -> nw.DataFrame[Any]:
    try:
        frame = nw.from_native(native)
    except TypeError:
        frame = nw.from_native(_arrow_table(native, address))
    except nw.exceptions.DuplicateError:
        check_unique([str(name) for name in getattr(native, "column_names", native.columns)])
        raise
    return frame.collect("polars") if isinstance(frame, nw.LazyFrame) else frame


def _arrow_table(native: object, address: str) -> Any:
    import pyarrow as pa

    fault = SourceError(
        f"{address} is no table.",
        "Give a path, a database address, a data frame, an Arrow table or a 2-D array.",
    )
    if not (hasattr(native, "__arrow_c_stream__") or hasattr(native, "__arrow_c_array__")):
        raise fault
    try:
        return pa.table(native)
    except pa.ArrowException as error:  # an array, not a table
        raise fault from error


def _read_frame(frame: nw.DataFrame[Any]) -> Reading:
    check_unique([str(name) for name in frame.columns])
    try:
        return _without_nan(frame.to_polars())
    except (TypeError, ValueError, OverflowError, NotImplementedError):
        # A column of Python objects, which have no type in common.
        return _read_columns({str(one.name): one.to_list() for one in frame.iter_columns()})


def _read_array(array: np.ndarray[Any, Any]) -> Reading:
    names = [f"x{position}" for position in range(array.shape[1])]
    if array.dtype == object:
        return _read_columns(dict(zip(names, array.T.tolist(), strict=True)))
    return _without_nan(pl.DataFrame(array, schema=names, orient="row"))


def _read_columns(columns: dict[str, list[object]]) -> Reading:
    import pyarrow as pa

    series, facts = [], []
    for name, values in columns.items():
        present = [None if _is_missing(value) else value for value in values]
        try:
            series.append(pl.Series(name, pa.array(present)))
        except (pa.ArrowException, OverflowError):
            series.append(pl.Series(name, _as_text(name, present), dtype=pl.String))
            facts.append(f"Column {name!r} mixes types and was read as text.")
    return _without_nan(pl.DataFrame(series), tuple(facts))


def _as_text(name: str, values: Sequence[object]) -> list[str | None]:
    for value in values:
        if value is not None and not isinstance(value, _SCALARS):
            raise SchemaError(
                f"Column {name!r} holds an object of type {type(value).__name__}.",
                "Leave it out, or turn it into numbers or text.",
            )
    return [None if value is None else str(value) for value in values]


def _is_missing(value: object) -> bool:
    """Whether a Python object stands for a missing value, those of pandas by name."""
    is_nan = isinstance(value, float) and value != value
    return value is None or is_nan or type(value).__name__ in {"NAType", "NaTType"}


def _without_nan(frame: pl.DataFrame, facts: tuple[str, ...] = ()) -> Reading:
    # Frames and arrays in memory write a missing number as NaN.
    return Reading(frame.with_columns(cs.float().fill_nan(None)), facts)
