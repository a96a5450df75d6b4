"""The shapes in which clients of other servers send rows as JSON, turned into records.

::

    {"dataframe_split": {"columns": ["age", "job"], "data": [[39, "clerk"]]}}
    {"dataframe_records": [{"age": 39, "job": "clerk"}]}
    {"instances": [{"age": 39, "job": "clerk"}]}      or [[39, "clerk"]]
    {"inputs": {"age": [39], "job": ["clerk"]}}       or what instances may be

Values without names stand in the order of the model's columns.
"""

from collections.abc import Sequence
from typing import Any

from starlette.exceptions import HTTPException

from modelwright.serving.rows.record import Record

SHAPES = ("dataframe_split", "dataframe_records", "instances", "inputs")

_FEATURES = "features"
"""The name under which some clients send a row's values, without a name for each."""


def rows_of_json(body: Any, names: Sequence[str]) -> list[Record]:
    """Return the rows of a body in any of the shapes; a list is read as instances.

    Parameters
    ----------
    body
        As it was decoded.
    names
        Of the columns that the model reads, in their order.

    Raises
    ------
    HTTPException
        400 when it has none of the shapes, or several.

    Examples
    --------
    >>> rows_of_json({"dataframe_split": {"columns": ["b", "a"], "data": [[1, 2]]}}, ["a", "b"])
    [{'b': 1, 'a': 2}]
    >>> rows_of_json({"inputs": {"a": [1, 3], "b": [2, 4]}}, ["a", "b"])
    [{'a': 1, 'b': 2}, {'a': 3, 'b': 4}]
    >>> rows_of_json([[1, 2]], ["a", "b"])
    [{'a': 1, 'b': 2}]
    """
    if isinstance(body, list):
        return rows_of_instances(body, names)
    found = [shape for shape in SHAPES if shape in body] if isinstance(body, dict) else []
    if len(found) != 1:
        raise HTTPException(
            400, f"The body has {found or 'none'} of the fields {', '.join(SHAPES)}. Send one."
        )
    (shape,) = found
    sent = body[shape]
    if shape == "dataframe_split":
        return _rows_of_split(sent, names)
    if shape == "inputs" and isinstance(sent, dict):
        return _rows_of_columns(sent)
    return rows_of_instances(sent, names, field=shape)


def rows_of_instances(
    instances: Any, names: Sequence[str], *, field: str = "instances"
) -> list[Record]:
    """Return rows that are objects, lists of values, or the only value of a row each.

    Parameters
    ----------
    instances
        As they were decoded.
    names
        Of the columns that the model reads, in their order.
    field
        The name under which they were sent, for messages.

    Raises
    ------
    HTTPException
        400 when there is no list, or a row is something else or has too many or few values.
    """
    if not isinstance(instances, list):
        raise HTTPException(400, f"{field!r} is no list. Send a list of rows.")
    return [_row(each, names, number) for number, each in enumerate(instances, 1)]


def named(values: Sequence[Any], names: Sequence[str], *, where: str) -> Record:
    """Return the values of a row by the names of its columns.

    Raises
    ------
    HTTPException
        400 when there are more or fewer values than names.
    """
    if len(values) != len(names):
        raise HTTPException(
            400, f"{where} has {len(values)} values; {len(names)} columns are expected."
        )
    return dict(zip(names, values, strict=True))


def require_distinct(names: Sequence[str]) -> None:
    """Refuse a column that is named twice.

    Raises
    ------
    HTTPException
        400 with its name.
    """
    seen = set()
    for name in names:
        if name in seen:
            raise HTTPException(400, f"The column {name!r:.80} is given twice.")
        seen.add(name)


def _row(sent: Any, names: Sequence[str], number: int) -> Record:
    if isinstance(sent, dict):
        if sent.keys() == {_FEATURES} and _FEATURES not in names:
            return _row(sent[_FEATURES], names, number)
        return sent
    if isinstance(sent, list):
        return named(sent, names, where=f"Row {number}")
    if len(names) == 1:
        return {names[0]: sent}
    raise HTTPException(
        400, f"Row {number} is {sent!r:.40}. Send {{column: value}} or a list of {len(names)}."
    )


def _rows_of_split(split: Any, names: Sequence[str]) -> list[Record]:
    fits = isinstance(split, dict) and isinstance(split.get("data"), list)
    if not fits or not all(isinstance(row, list) for row in split["data"]):
        raise HTTPException(
            400, "'dataframe_split' is no object with 'columns' and 'data', a list of lists."
        )
    columns = split.get("columns")
    # Numbered columns are those of a frame that was made without names.
    if columns is None or columns == list(range(len(names))):
        columns = list(names)
    if not isinstance(columns, list) or not all(isinstance(each, str) for each in columns):
        raise HTTPException(400, "'columns' of 'dataframe_split' is no list of names.")
    require_distinct(columns)
    return [
        named(row, columns, where=f"Row {number}") for number, row in enumerate(split["data"], 1)
    ]


def _rows_of_columns(columns: dict[str, Any]) -> list[Record]:
    if columns and not any(isinstance(values, list) for values in columns.values()):
        return [columns]
    odd = next((name for name in columns if not isinstance(columns[name], list)), None)
    if odd is not None:
        raise HTTPException(
            400, f"The column {odd!r:.80} of 'inputs' is no list, but others are. Send lists."
        )
    sizes = {len(values) for values in columns.values()}
    if len(sizes) > 1:
        raise HTTPException(
            400, f"The columns of 'inputs' differ in their numbers of rows: {sorted(sizes)}."
        )
    flat = [[alone(value) for value in values] for values in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*flat, strict=True)]


def alone(value: Any) -> Any:
    """Return a value that a client has wrapped into a list of its own, as some do."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value
