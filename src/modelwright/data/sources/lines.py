"""JSON Lines files: one object per line."""

import io
from pathlib import Path

import msgspec
import polars as pl

from modelwright.data.sources.base import Reading
from modelwright.data.sources.encoding import to_utf8
from modelwright.data.sources.files import read_unpacked, refuse_foreign
from modelwright.data.sources.key_order import in_order
from modelwright.errors import SchemaError, SourceError

_WORDS = {bool: "true or false", int: "a number", float: "a number", str: "text"}


def read_lines(path: Path) -> Reading:
    """Read a table of one JSON object per line; a key that an object lacks is null.

    The types of a column are found from all lines; where numbers and texts mix it is text.

    Parameters
    ----------
    path
        A file that is there, plain, gzipped or zipped alone.

    Raises
    ------
    SourceError
        When the file is empty, undecodable, or a line is no JSON object; the line is named.
    SchemaError
        When a column mixes types that have no type in common, such as numbers and objects.
    """
    raw, unpacked = read_unpacked(path)
    refuse_foreign(path, raw[:512], "JSON Lines")
    decoded = to_utf8(raw, str(path))
    utf8 = decoded.text
    if not utf8.strip():
        raise SourceError(f"{path} holds nothing but blank lines.", "Write the table again.")
    return Reading(lines_as_table(utf8, path), (*unpacked, f"Read as JSON Lines, {decoded.words}."))


def lines_as_table(utf8: bytes, path: Path) -> pl.DataFrame:
    """Return the table of one object per line, as `read_lines` does; the path is for messages."""
    try:
        schema = pl.scan_ndjson(io.BytesIO(utf8), infer_schema_length=None).collect_schema()
        return pl.read_ndjson(utf8, schema=in_order(schema, io.BytesIO(utf8)))
    except pl.exceptions.PolarsError as error:
        raise _fault(utf8, path) or SourceError(f"{path} cannot be read: {error}.") from error


def _fault(utf8: bytes, path: Path) -> SourceError | SchemaError | None:
    first: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(utf8.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line)
        except msgspec.DecodeError as error:
            return SourceError(f"{path}, line {number} is not JSON: {error}.", "Mend the line.")
        if not isinstance(row, dict):
            return SourceError(
                f"{path}, line {number} holds {_word(row)}, expected an object.",
                'Write each row as an object on its own line, such as {"age": 30}.',
            )
        if mixed := _mixture(first, number, row):
            return SchemaError(f"{path}: {mixed}.", "Give the column one type.")
    return None


def _mixture(first: dict[str, tuple[int, str]], number: int, row: dict[str, object]) -> str:
    """Note the type of each value, and say where it first differs from what was noted."""
    for name, value in row.items():
        if value is None:
            continue
        line, word = first.setdefault(name, (number, _word(value)))
        if word != _word(value) and {word, _word(value)} != {"a number", "text"}:
            return f"column {name!r} is {word} on line {line} but {_word(value)} on line {number}"
    return ""


def _word(value: object) -> str:
    return _WORDS.get(type(value), "an object" if isinstance(value, dict) else "a list")
