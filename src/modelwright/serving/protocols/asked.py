"""What a request asks: rows in the form that its content type says, and how they are answered."""

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException

from modelwright.data.schema import Schema
from modelwright.serving.limits import Limits
from modelwright.serving.protocols.predictions import Options, read_options
from modelwright.serving.rows.columnar import rows_of_parquet
from modelwright.serving.rows.delimited import rows_of_csv
from modelwright.serving.rows.mediatypes import CSV, JSON, JSON_LINES, PARQUET, MediaType
from modelwright.serving.rows.record import Record
from modelwright.serving.rows.shapes import rows_of_instances, rows_of_json
from modelwright.serving.wire.messages import decode_json_with_nan

_CHARSETS = frozenset(
    {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16", "utf-16-le", "utf-16-be"}
)
"""Others are rare, and some of Python's are slow on purpose-made bytes."""


@dataclass(frozen=True)
class Asked:
    """What a request asks.

    Parameters
    ----------
    rows
        With values as they were sent.
    options
        How they shall be answered.
    """

    rows: Sequence[Record]
    options: Options


class AskedReader:
    """Reads bodies.

    Parameters
    ----------
    schema
        The columns that the model reads.
    limits
        Of rows and bytes, for files that unpack to more than they are, and of nesting.
    """

    def __init__(self, schema: Schema, limits: Limits) -> None:
        self._names = schema.names
        self._formats = {column.name: column.datetime_format for column in schema}
        self._limits = limits

    def __call__(self, body: bytes, sent: MediaType, parameters: Mapping[str, Any]) -> Asked:
        """Return what a body asks.

        Parameters
        ----------
        body
            As it came.
        sent
            What it is.
        parameters
            Of the options, from the request's headers; those in the body go before them.

        Raises
        ------
        HTTPException
            415 for another content type or charset, 413 for too much, 400 for anything wrong.
        """
        if sent.name == JSON:
            return self._json(_utf8(body, sent.charset), parameters)
        return Asked(self._rows(body, sent), read_options(parameters))

    def instances(self, body: bytes) -> Asked:
        """Return what a body with ``instances`` and ``parameters`` asks."""
        content = decode_json_with_nan(body, depth=self._limits.depth)
        fields = content if isinstance(content, dict) else {}
        rows = rows_of_instances(fields.get("instances"), self._names)
        return Asked(rows, read_options(fields.get("parameters")))

    def _json(self, body: bytes, parameters: Mapping[str, Any]) -> Asked:
        content = decode_json_with_nan(body, depth=self._limits.depth)
        stated = content.get("params") if isinstance(content, dict) else None
        rows = rows_of_json(content, self._names)
        return Asked(rows, read_options(parameters if stated is None else stated))

    def _rows(self, body: bytes, sent: MediaType) -> list[Record]:
        if sent.name == CSV:
            return rows_of_csv(_text(body, sent.charset), self._names, header=sent.header)
        if sent.name == JSON_LINES:
            values = _values_of_lines(_utf8(body, sent.charset), depth=self._limits.depth)
            return rows_of_instances(values, self._names)
        if sent.name == PARQUET:
            return rows_of_parquet(body, self._limits, formats=self._formats)
        known = f"{JSON}, {CSV}, {JSON_LINES} or {PARQUET}"
        raise HTTPException(415, f"The content type is {sent.name!r:.80}. Send {known}.")


def _values_of_lines(body: bytes, *, depth: int) -> list[Any]:
    values = []
    for number, line in enumerate(body.splitlines(), start=1):
        try:
            values += [decode_json_with_nan(line, depth=depth)] if line.strip() else []
        except HTTPException as error:
            raise HTTPException(error.status_code, f"Line {number}: {error.detail}") from error
    return values


def _text(body: bytes, charset: str) -> str:
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        name = ""
    if name not in _CHARSETS:
        raise HTTPException(415, f"The charset {charset!r:.40} is not read. Send UTF-8.")
    try:
        return body.decode(name)
    except UnicodeDecodeError as error:
        raise HTTPException(400, f"The body is not in {charset}: {error}.") from error


def _utf8(body: bytes, charset: str) -> bytes:
    return body if charset in ("utf-8", "utf8") else _text(body, charset).encode()
