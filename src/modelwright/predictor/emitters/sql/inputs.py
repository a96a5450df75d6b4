"""Raw columns of the table, read as the server reads them."""

from dataclasses import dataclass, field

from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.cells import missing_numbers_of, missing_tokens_of
from modelwright.data.values.moments import DIGITS
from modelwright.predictor.emitters.sql.cell import Cell
from modelwright.predictor.emitters.sql.dialect import typed
from modelwright.predictor.emitters.sql.refusal import UnwritableError
from modelwright.predictor.emitters.sql.sheet import Sheet


@dataclass
class Inputs:
    """Reads each raw column once, when a step asks for it.

    Parameters
    ----------
    sheet
        Where columns are added.
    schema
        The columns.
    names
        How each is called in the table.
    """

    sheet: Sheet
    schema: Schema
    names: dict[str, str]
    _read: dict[str, Cell] = field(default_factory=dict)

    def cell(self, name: str) -> Cell:
        """Return a column: a number, a text as it is compared, or microseconds."""
        if name not in self._read:
            self._read[name] = self._made(self.schema[name])
        return self._read[name]

    def is_absent(self, name: str, cell: Cell) -> str:
        """Return the test that a text is missing."""
        tokens = sorted(missing_tokens_of(self.schema[name]))
        listed = ", ".join(self.sheet.dialect.text(token) for token in tokens)
        return f"{cell.text} IS NULL OR {cell.text} IN ({listed})"

    def _made(self, column: Column) -> Cell:
        if column.datetime_format in DIGITS:
            raise UnwritableError(
                f"Column {column.name!r} holds moments as numbers, which SQL here does not read; a "
                "model that learned from a timestamp does."
            )
        dialect = self.sheet.dialect
        raw = f"r.{dialect.names.quoted(self.names[column.name])}"
        cell = self.sheet.raw(dialect.read[typed(column)](raw))
        if column.value_type == "number":
            return self._number(column, cell)
        return self._text(column, cell) if column.value_type == "string" else cell

    def _number(self, column: Column, cell: Cell) -> Cell:
        if column.kind == Kind.BOOLEAN:
            cell = cell.but(low=0.0, high=1.0, least=1.0)
        number = self.sheet.dialect.number
        missing = ", ".join(number(each) for each in sorted(missing_numbers_of(column)))
        if not missing:
            return cell
        made = self.sheet.add(
            f"CASE WHEN {cell.text} IN ({missing}) THEN NULL ELSE {cell.text} END", cell
        )
        return cell.but(text=made.text, reads=made.reads)

    def _text(self, column: Column, cell: Cell) -> Cell:
        dialect = self.sheet.dialect
        if column.kind == Kind.CODED:
            cell = self.sheet.add(dialect.without_point(cell.text), cell)
        return self.sheet.add(dialect.exact(cell.text), cell)
