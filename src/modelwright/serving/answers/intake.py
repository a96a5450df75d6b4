"""What stands at the door: each value of a row is read, or refused with its name."""

from collections.abc import Sequence
from urllib.parse import quote

from modelwright.data.records import Columns, RecordReader, Row
from modelwright.data.schema import Schema
from modelwright.errors import SchemaError
from modelwright.predictor.bundle import Bundle
from modelwright.serving.answers.doorway import (
    Doorway,
    SlowDoorway,
    open_doorway,
    open_slower_doorway,
)
from modelwright.serving.answers.expectations import Expectations, Unexpected
from modelwright.serving.duty import Duty
from modelwright.serving.metrics import Metrics
from modelwright.serving.rows.record import Record
from modelwright.serving.settings import Policy
from modelwright.serving.wire.notes import note

CONTRACT_HEADER = "contract-broken"
"""The header of an answer to values that the contract does not expect: columns, rows of each."""

_MOST_NOTED = 20


class Intake:
    """Reads rows as a bundle's schema and contract want them.

    Parameters
    ----------
    schema
        The columns that the bundle reads.
    duty
        What requests may have beside them.
    metrics
        Where rows that break the contract are counted.
    contract
        What is done about values that it does not expect, and the contract itself.
    """

    def __init__(
        self, schema: Schema, duty: Duty, metrics: Metrics, *, contract: tuple[Policy, str]
    ) -> None:
        policy, text = contract
        self._read = RecordReader(schema)
        self._cells = {column.name: column.cell for column in schema}
        self._beside = frozenset(column.name for column in duty.beside)
        self._metrics = metrics
        self._refuses = policy == "refuse"
        self._expectations = None if policy == "ignore" else Expectations(text, schema)

    def __call__(self, records: Sequence[Record]) -> list[Row]:
        """Return the values of rows, in the order of the schema.

        Raises
        ------
        SchemaError
            When a row has an unknown field, a value of the wrong type, or one that the contract
            does not expect and that is to be refused.
        """
        records = self._without_others(records)
        try:
            rows = [self._read.row(record) for record in records]
        except SchemaError:
            self._name_the_row(records)
            raise
        if self._expectations is not None:
            self._compare(self._expectations.find_in_rows(rows), records)
        return rows

    def quietly(self, records: Sequence[Record]) -> list[Row] | None:
        """Return the values of rows; None where anybody is to be told anything of them."""
        try:
            rows = [self._read.row(record) for record in self._without_others(records)]
        except SchemaError:
            return None
        expected = self._expectations
        return None if expected is not None and expected.find_in_rows(rows) else rows

    def doorways(self, bundle: Bundle) -> tuple[Doorway | None, SlowDoorway | None]:
        """Return the short ways for a row, the shorter one first; None where there is none."""
        expected = self._expectations
        tell = None if self._refuses else self._compare
        slower = open_slower_doorway(bundle, expected, self._read, tell=tell)
        return open_doorway(bundle, expected), slower

    def hold(self, columns: Columns) -> None:
        """Note values of columns that the contract does not expect.

        Raises
        ------
        SchemaError
            When one is to be refused, without its row.
        """
        if self._expectations is None:
            return
        unexpected = self._expectations.find_unexpected(columns)
        if unexpected and self._refuses:
            raise SchemaError(f"The field {unexpected[0].column!r} breaks the contract.")
        self._compare(unexpected, ())

    def _without_others(self, records: Sequence[Record]) -> Sequence[Record]:
        """Return rows without what they may have beside the columns."""
        if not self._beside:
            return records
        return [
            {name: value for name, value in record.items() if name not in self._beside}
            for record in records
        ]

    def _compare(self, unexpected: Sequence[Unexpected], records: Sequence[Record]) -> None:
        """Note values that the contract does not expect, or refuse them."""
        if not unexpected:
            return
        self._metrics.count(
            "contract_broken_rows", len({row for each in unexpected for row in each.rows})
        )
        if self._refuses:
            column, (place, *_), wanted = unexpected[0]
            where = f"In row {place + 1}: " if len(records) > 1 else ""
            sent = records[place]
            value = sent[column] if column in sent else sent.get(self._cells.get(column, column))
            raise SchemaError(
                f"{where}The field {column!r} is {value!r:.40}.",
                f"The contract expects {wanted}.",
            )
        told = (f"{quote(each.column)};rows={len(each.rows)}" for each in unexpected[:_MOST_NOTED])
        note(CONTRACT_HEADER, ", ".join(told))

    def _name_the_row(self, records: Sequence[Record]) -> None:
        """Raise the same fault with the number of the row, where there are several."""
        for number, record in enumerate(records, 1):
            try:
                self._read.row(record)
            except SchemaError as error:
                where = f"In row {number}: " if len(records) > 1 else ""
                raise SchemaError(f"{where}{error.found}", error.remedy) from error
