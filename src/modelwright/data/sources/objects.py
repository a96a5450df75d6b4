"""JSON files that hold a table as one value: rows, columns, or either in an envelope."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from modelwright.data.sources.base import Reading
from modelwright.data.sources.encoding import to_utf8
from modelwright.data.sources.files import read_unpacked, refuse_foreign
from modelwright.data.sources.lines import lines_as_table, read_lines
from modelwright.errors import SourceError

_GAP = {type(None)}
_FORMS = 'Write a list of objects, such as [{"age": 30}, {"age": 40}], or an object on each line.'


def read_objects(path: Path) -> Reading:
    """Read a JSON file.

    It may hold a list of objects, a list of lists below one of names, columns as lists or by the
    names of rows, the names beside the rows (as pandas writes ``columns`` and ``data``), an object
    in which one list of objects stands among other things, or, as JSON Lines, an object on each
    line. Types are found as `read_lines` finds them.

    Parameters
    ----------
    path
        A file that is there, plain, gzipped or zipped alone.

    Raises
    ------
    SourceError
        When the file is empty, undecodable, no JSON, or holds no table.
    SchemaError
        When a column mixes types that have no type in common.
    """
    raw, unpacked = read_unpacked(path)
    refuse_foreign(path, raw[:512], "JSON")
    decoded = to_utf8(raw, str(path))
    try:
        value = _decoded(decoded.text)
    except (ValueError, RecursionError) as error:
        if _begins_with_a_document(decoded.text):
            return read_lines(path)
        raise SourceError(f"{path} is not JSON: {error}.", "Write it again.") from error
    form, rows = _table(value)
    if not rows:
        raise SourceError(f"{path} holds {form}, and no table.", _FORMS)
    lines = b"\n".join(map(msgspec.json.encode, rows))
    facts = (*unpacked, f"Read as JSON, {form}, {decoded.words}.")
    return Reading(lines_as_table(lines, path), facts)


def _decoded(utf8: bytes) -> object:
    """Return the value; NaN, which is no JSON but is often written, is null."""
    try:
        return msgspec.json.decode(utf8)
    except msgspec.DecodeError:
        if b"NaN" not in utf8 and b"Infinity" not in utf8:
            raise
        return json.loads(utf8, parse_constant=lambda word: None if word == "NaN" else word)


def _begins_with_a_document(utf8: bytes) -> bool:
    """Return whether the first line is JSON by itself, as in JSON Lines."""
    try:
        return isinstance(msgspec.json.decode(utf8.lstrip().partition(b"\n")[0]), dict)
    except (msgspec.DecodeError, RecursionError):
        return False


def _table(value: object) -> tuple[str, Sequence[Mapping[str, Any]]]:
    """Return how a value holds a table, in words, and its rows; none where it holds no table."""
    if isinstance(value, list):
        return _of_list(value)
    if isinstance(value, dict):
        return _of_object(value)
    return "a single value", ()


def _of_list(rows: list[Any]) -> tuple[str, Sequence[Mapping[str, Any]]]:
    if rows and _all(rows, dict):
        return "a list of objects", rows
    if len(rows) > 1 and _all(rows, list) and _all(rows[0], str):
        return "a list of lists below their names", _beside(rows[0], rows[1:])
    return "a list of something else than objects", ()


def _of_object(found: dict[str, Any]) -> tuple[str, Sequence[Mapping[str, Any]]]:
    values = list(found.values())
    names, data = found.get("columns"), found.get("data")
    if isinstance(names, list) and isinstance(data, list) and _all(data, list):
        return "names beside rows", _beside(list(map(str, names)), data)
    if values and _all(values, list) and len({len(each) for each in values}) == 1:
        return "columns as lists", _beside(list(found), list(zip(*values, strict=True)))
    inside = [each for each in values if isinstance(each, list) and each and _all(each, dict)]
    if len(inside) == 1:
        return "a list of objects in an object", inside[0]
    if values and _all(values, dict):
        return _of_objects(found)
    plain = values and not any(isinstance(each, list | dict) for each in values)
    return ("one object", [found]) if plain else ("an object without rows", ())


def _of_objects(found: dict[str, dict[str, Any]]) -> tuple[str, Sequence[Mapping[str, Any]]]:
    """Columns by the names of rows, as pandas writes them, or rows by their names.

    A column is of one kind, and there are more rows than columns.
    """
    keys = dict.fromkeys(chain.from_iterable(found.values()))
    turned = {key: {name: each.get(key) for name, each in found.items()} for key in keys}
    outer, inner = _of_one_kind(found), _of_one_kind(turned)
    if outer > inner or (outer == inner and len(keys) > len(found)):
        return "columns by the names of rows", list(turned.values())
    return "rows by their names", list(found.values())


def _of_one_kind(columns: Mapping[str, Mapping[str, Any]]) -> bool:
    return all(
        len({float if type(value) is int else type(value) for value in column.values()} - _GAP) <= 1
        for column in columns.values()
    )


def _beside(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Sequence[Mapping[str, Any]]:
    """Return rows as objects; none where a row has more or fewer values than there are names."""
    rows = list(rows)
    if len(set(names)) < len(names) or any(len(row) != len(names) for row in rows):
        return ()
    return [dict(zip(names, row, strict=True)) for row in rows]


def _all(values: Iterable[Any], kind: type) -> bool:
    return all(isinstance(value, kind) for value in values)
