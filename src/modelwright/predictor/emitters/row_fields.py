"""The columns that a program reads, as fields of a row in another language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from modelwright.data.schema import Column
from modelwright.predictor.emitters.facts import Facts
from modelwright.predictor.emitters.identifiers import identifiers
from modelwright.predictor.emitters.layout import Cell
from modelwright.predictor.emitters.row_calls import RowCall


@dataclass(frozen=True)
class RowField:
    """A field; languages add how it is declared, read and set.

    Parameters
    ----------
    cell
        The column, as the program reads it.
    order
        Its place among all columns.
    name
        What it is called in the language.
    note
        What it holds, as a phrase.
    value
        In the example; None where it is missing there.
    """

    cell: Cell
    order: int
    name: str
    note: str
    value: Any

    types: ClassVar[Mapping[str, tuple[str, str]]]
    """Of the language, by the type of a value: its name, and what declares a field as missing."""

    @property
    def column(self) -> Column:
        """The column."""
        return self.cell.column

    @property
    def declared(self) -> str:
        """How it is declared."""
        kind, unset = self.types[self.column.value_type]
        return f"{kind} {self.name}{unset}"

    @property
    def read(self) -> str:
        """What the program reads: the field, or what a function of the runtime makes of it."""
        here, cell = f"row.{self.name}", self.cell
        if self.column.value_type == "string":
            return f"text({here}, {cell.missing}, {'true' if cell.is_coded else 'false'})"
        if cell.count:
            return f"number({here}, {cell.missing}, {cell.count})"
        return here

    @property
    def place(self) -> int:
        """Its place among the columns of its type."""
        return self.cell.place


_Field = TypeVar("_Field", bound=RowField)


def row_fields(facts: Facts, kind: type[_Field], *, reserved: Collection[str]) -> list[_Field]:
    """Return the fields of a row, with names that the language may use."""
    cells = facts.layout.cells
    names = identifiers([cell.column.name for cell in cells], reserved=reserved)
    return [
        kind(cell, order, name, facts.notes[cell.column.name], facts.example.get(cell.column.name))
        for order, (cell, name) in enumerate(zip(cells, names, strict=True))
    ]


def runtime_parts(facts: Facts, calls: Collection[RowCall]) -> set[str]:
    """Return the parts of a runtime that a program's calls and cells need."""
    layout = facts.layout
    parts = {call.function for call in calls}
    parts |= {"text_cells"} if layout.cells_of("string") else set()
    parts |= {"missing_numbers"} if any(cell.count for cell in layout.cells) else set()
    return parts
