"""Rows with the answers that every form must give, in a file that any language reads.

All numbers are little-endian. The file begins with ``MWROWS1`` and a zero byte, then come as int32
the number of rows, of columns and of outputs, and one byte per column: ``n`` for a number, ``s``
for a text, ``d`` for a moment. Each row is then its columns in this order,

- a number as float64, NaN where it is missing,
- a text as int32 count of bytes, -1 where it is missing, and its UTF-8,
- a moment as int64 microseconds since 1970 in UTC, the least int64 where it is missing,

the outputs as float64, and as int32 the index of the class that is answered; -1 in a regression,
and where an output is not finite, so that nothing is answered.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from modelwright.data.records import RecordReader
from modelwright.data.values.cells import text_of_number
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.program import Input

Record = Mapping[str, Any]

MAGIC = b"MWROWS1\0"
_LETTERS = {"number": b"n", "string": b"s", "datetime": b"d"}


def rows_file(bundle: Bundle, records: Sequence[Record]) -> bytes:
    """Answer rows by the interpreter and write them with their answers.

    Texts are written as the records have them, so that a form must read them as the server does.

    Parameters
    ----------
    bundle
        Its program answers.
    records
        JSON values by column.

    Raises
    ------
    SchemaError
        When a row holds a value of the wrong type.
    """
    inputs = bundle.program.inputs
    columns = RecordReader(bundle.schema)(records)
    with np.errstate(all="ignore"):
        # Rows at an extreme may have no finite answer; all forms must agree on that too.
        answers = bundle.program.run(columns)
    head = struct.pack("<3i", len(records), len(inputs), answers.shape[1])
    letters = b"".join(_LETTERS[each.type] for each in inputs)
    cells = [_cells(each, columns[each.name], records) for each in inputs]
    rows = zip(*cells, _answers(bundle, answers), strict=True)
    return b"".join([MAGIC, head, letters, *(cell for row in rows for cell in row)])


def _cells(each: Input, values: Value, records: Sequence[Record]) -> Iterator[bytes]:
    match each.type:
        case "number":
            return (struct.pack("<d", value) for value in values.tolist())
        case "datetime":
            return (struct.pack("<q", value) for value in values.tolist())
        case "string":
            return (_text(record.get(each.name)) for record in records)


def _text(value: object) -> bytes:
    if value is None or value != value:
        return struct.pack("<i", -1)
    text = value if isinstance(value, str) else text_of_number(value)  # type: ignore[arg-type]
    # Half of a pair is no character, and UTF-8 has no way to write it.
    written = text.encode(errors="replace")
    return struct.pack("<i", len(written)) + written


def _answers(bundle: Bundle, answers: Floats) -> Iterator[bytes]:
    chosen = (
        bundle.program.choose(np.nan_to_num(answers))
        if bundle.program.task.is_classification
        else np.full(len(answers), -1)
    )
    chosen = np.where(np.isfinite(answers).all(axis=1), chosen, -1)
    for answer, index in zip(answers, chosen.tolist(), strict=True):
        yield answer.astype("<f8").tobytes() + struct.pack("<i", index)
