"""Keys of JSON objects in the order in which a file has them first.

Polars merges what lines hold in no order: the same file would have its columns in another one each
time, and so give another model.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import polars as pl

Keys = dict[str, Any]
"""Each key with those of the objects below it."""


def in_order(schema: pl.Schema, lines: Iterable[bytes]) -> pl.Schema:
    """Return a schema whose columns, and fields inside, stand as the lines name them first.

    Parameters
    ----------
    schema
        Of all lines.
    lines
        One object each; read until every key was seen.

    Examples
    --------
    >>> schema = pl.Schema({"b": pl.Int64, "a": pl.Struct({"y": pl.Int64, "x": pl.Int64})})
    >>> list(in_order(schema, [b'{"a": {"x": 1}}', b'{"a": {"y": 1}, "b": 2}']))
    ['a', 'b']
    """
    keys: Keys = {}
    for line in lines:
        _note(keys, _decoded(line))
        if _has_all(keys, schema):
            break
    return pl.Schema(_ordered(schema, keys))


def _decoded(line: bytes) -> object:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):  # Polars reads a little more than JSON
        return None


def _note(keys: Keys, value: object) -> None:
    if isinstance(value, dict):
        for key, below in value.items():
            _note(keys.setdefault(key, {}), below)
    elif isinstance(value, list):
        for each in value:
            _note(keys, each)


def _fields(dtype: pl.DataType) -> Mapping[str, pl.DataType] | None:
    """Return the fields of objects, also of those in lists; None of anything else."""
    while isinstance(dtype, pl.List):
        dtype = dtype.inner  # type: ignore[assignment]
    return dict(dtype) if isinstance(dtype, pl.Struct) else None  # type: ignore[arg-type]


def _has_all(keys: Keys, fields: Mapping[str, pl.DataType]) -> bool:
    return all(
        name in keys and ((below := _fields(dtype)) is None or _has_all(keys[name], below))
        for name, dtype in fields.items()
    )


def _ordered(fields: Mapping[str, pl.DataType], keys: Keys) -> dict[str, pl.DataType]:
    places = {name: place for place, name in enumerate(keys)}
    names = sorted(fields, key=lambda name: (places.get(name, len(places)), name))
    return {name: _inside(fields[name], keys.get(name, {})) for name in names}


def _inside(dtype: pl.DataType, keys: Keys) -> pl.DataType:
    if isinstance(dtype, pl.List):
        return pl.List(_inside(dtype.inner, keys))  # type: ignore[arg-type]
    below = _fields(dtype)
    return dtype if below is None else pl.Struct(_ordered(below, keys))
