"""The short way for one row: from the bytes that a client sent into the numbers of the program.

Nearly every row is an object of numbers and known texts of which nobody is told anything. The
compiled kernel reads those. Of others, and of programs that read moments and texts of many words,
Python reads the row, with one look and no more. Whatever is refused goes the usual way.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from math import isfinite
from typing import Any

import numpy as np

from modelwright.data.records import RecordReader, value_reader
from modelwright.data.schema import Column, Kind
from modelwright.data.values.cells import missing_numbers_of, missing_tokens_of
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.instructions.follower import Follower
from modelwright.predictor.kernel.door import MOST_COLUMNS, Door, DoorColumn
from modelwright.predictor.kernel.library import library
from modelwright.predictor.operations.categories import UNKNOWN_CODE
from modelwright.serving.answers.expectations import Expectations, Unexpected
from modelwright.serving.rows.record import Record
from modelwright.serving.wire.messages import decode_json

Doorway = Callable[[bytes], list[float] | None]
"""Answers a body with one row; None where it goes the usual way."""

Told = tuple[list[float], Callable[[], None] | None]
"""The numbers of a row, and what notes of it what is to be noted once it has its answer."""

SlowDoorway = Callable[[bytes], Told | None]
"""As `Doorway`, for rows of which somebody may have to be told."""

Tell = Callable[[Sequence[Unexpected], Sequence[Record]], None]
"""Notes values that the contract does not expect, of the rows that were sent."""

_Codes = Mapping[str | None, int]
_Given = Sequence[tuple[int, _Codes | None]]
"""Where the numbers of a column go: itself, or the codes of its texts."""

_NAN = float("nan")


def open_doorway(bundle: Bundle, expectations: Expectations | None) -> Doorway | None:
    """Return the short way; None where the kernel is not there, or a column needs Python.

    Parameters
    ----------
    bundle
        Which answers.
    expectations
        What the contract expects; a value that it does not goes the usual way.
    """
    follower, kernel = bundle.follower, library()
    if follower is None or kernel is None or not kernel.reads or follower.reads_columns:
        return None
    columns = bundle.schema.columns
    types = {column.name: column.value_type for column in columns}
    if len(columns) > MOST_COLUMNS or len(types) < len(columns) or "datetime" in types.values():
        return None
    if any(types.get(each.name) != each.type for each in bundle.program.inputs):
        return None
    read = [*_columns(columns, follower, expectations)]
    try:
        door = Door(read, size=len(follower.given), library=kernel)
    except ValueError:
        # Texts that all look alike to the kernel are nothing that it could find quickly.
        return None
    return follower.answering(door)


def open_slower_doorway(
    bundle: Bundle,
    expectations: Expectations | None,
    read: RecordReader,
    *,
    tell: Tell | None = None,
) -> SlowDoorway | None:
    """Return the way for rows that the kernel does not read.

    It is None where the kernel does not follow the program: then rows of several requests are
    answered sooner together.

    Parameters
    ----------
    bundle, expectations
        As in `open_doorway`.
    read
        Reads rows as the bundle wants them.
    tell
        To be told of values that the contract does not expect, once their row has an answer that
        is logged; None where such a row is refused, which the usual way does.
    """
    if bundle.follower is None:
        return None

    def answer(body: bytes) -> Told | None:
        if b"[" in body or body.count(b"{") != 1:
            # Several rows, or one with something beside it.
            return None
        try:
            record = decode_json(body, dict[str, Any])
            row = read.row(record)
            unexpected = () if expectations is None else expectations.find_in_rows([row])
            if unexpected and tell is None:
                return None
            # An answer that is not finite is refused right after.
            with np.errstate(over="ignore", invalid="ignore"):
                (values,) = bundle.run_rows([row]).tolist()
        except Exception:  # noqa: BLE001 - the usual way meets it too, counts it and tells it
            return None
        if not unexpected or tell is None:
            return values, None
        if not all(map(isfinite, values)):
            # It is told of once, by the usual way.
            return None
        return values, partial(tell, unexpected, [record])

    return answer


def _columns(
    columns: Sequence[Column], follower: Follower, expectations: Expectations | None
) -> Iterator[DoorColumn]:
    given: dict[str, list[tuple[int, _Codes | None]]] = {column.name: [] for column in columns}
    for slot, (name, codes) in enumerate(follower.given):
        given[name].append((slot, codes))
    for column in columns:
        if column.value_type == "number":
            yield _number(column, given[column.name], expectations)
        else:
            yield _text(column, given[column.name], expectations)


def _number(column: Column, given: _Given, expectations: Expectations | None) -> DoorColumn:
    slots = [slot for slot, _ in given]
    absent = [_NAN] * len(slots)
    if column.kind == Kind.BOOLEAN:
        read = value_reader(column)
        known = {word: [read(word == "true")] * len(slots) for word in ("false", "true")}
        return DoorColumn(name=column.name, kind="truth", slots=slots, absent=absent, known=known)
    missing = missing_numbers_of(column)
    if expectations is None:
        return DoorColumn(
            name=column.name, kind="number", slots=slots, absent=absent, missing=missing
        )
    least, most = expectations.bounds(column.name)
    return DoorColumn(
        name=column.name,
        kind="number",
        slots=slots,
        absent=absent,
        missing=missing,
        least=least,
        most=most,
    )


def _text(column: Column, given: _Given, expectations: Expectations | None) -> DoorColumn:
    tables = [codes for _, codes in given if codes is not None]
    read = value_reader(column)
    expects = None if expectations is None else expectations.expects(column.name)
    texts = {text for codes in tables for text in codes if text is not None}
    texts |= missing_tokens_of(column)
    known = {}
    for text in sorted(texts):
        value = read(text)
        if expects is None or expects(value):
            known[text] = [float(codes.get(value, UNKNOWN_CODE)) for codes in tables]
    return DoorColumn(
        name=column.name,
        kind="text",
        slots=[slot for slot, _ in given],
        absent=[float(codes[None]) for codes in tables],
        known=known,
        # What is expected may say something of a text that is not known, and so may codes.
        unknown=[float(UNKNOWN_CODE)] * len(tables)
        if expects is None and column.kind != Kind.CODED
        else None,
    )
