"""What every language's templates tell of a bundle."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from modelwright.data.records import MISSING_DATETIME, RecordReader
from modelwright.data.schema import Column, Kind
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.coverage_layout import RangesLayout, SetsLayout
from modelwright.predictor.emitters.layout import Layout, lay_out
from modelwright.predictor.labels import label_text

_PIECE = 16_000
"""Characters of a text in a source file: some compilers take no more than 64 kB."""


@dataclass(frozen=True)
class Facts:
    """A bundle as templates tell of it.

    Parameters
    ----------
    bundle
        What is told of.
    layout
        Its program as calls.
    notes
        What each column holds, as a phrase.
    example
        A row as the program reads it; without what is missing in it.
    """

    bundle: Bundle
    layout: Layout
    notes: Mapping[str, str]
    example: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The model's name, from its target."""
        return self.bundle.name

    @property
    def letters(self) -> str:
        """The types of the columns, as a file of rows names them."""
        letters = {"number": "n", "string": "s", "datetime": "d"}
        return "".join(letters[cell.column.value_type] for cell in self.layout.cells)

    def shared(self) -> dict[str, Any]:
        """Return what the templates of all languages name."""
        bundle, layout = self.bundle, self.layout
        task, coverage = bundle.program.task, layout.coverage
        packed = layout.tables.packed()
        return {
            "target": bundle.facts.target,
            "question": bundle.facts.question or f"Predict {bundle.facts.target}",
            "hash": bundle.hash or "not stored",
            "cases": len(bundle.cases),
            "classes": [label_text(label) for label in task.classes],
            "binary": task.kind == "binary",
            "threshold": bundle.program.threshold,
            "weights": bundle.program.weights,
            "answer": layout.answer,
            "width": layout.width,
            "letters": self.letters,
            "ranges": coverage if isinstance(coverage, RangesLayout) else None,
            "sets": coverage if isinstance(coverage, SetsLayout) else None,
            "folding": layout.folding,
            "dictionaries": layout.tables.dictionaries,
            "packed": {name: _pieces(text) for name, text in packed.items()},
        }


def gather(bundle: Bundle) -> Facts:
    """Lay a bundle's program out and gather what is told of it."""
    layout = lay_out(bundle)
    columns = [cell.column for cell in layout.cells]
    return Facts(
        bundle=bundle,
        layout=layout,
        notes={column.name: _note(column) for column in columns},
        example=_example(bundle),
    )


def _note(column: Column) -> str:
    match column.kind:
        case Kind.NUMERIC:
            return "a number"
        case Kind.BOOLEAN:
            return "1 for yes, 0 for no"
        case Kind.DATETIME:
            return "microseconds since 1970 in UTC"
        case Kind.TEXT:
            return "a text"
        case _:
            return "a category"


def _example(bundle: Bundle) -> dict[str, Any]:
    if not bundle.cases:
        return {}
    record = bundle.cases[0].record
    read = RecordReader(bundle.schema)([record])
    values = {each.name: read[each.name].tolist()[0] for each in bundle.program.inputs}
    missing = (None, MISSING_DATETIME)
    return {
        name: value for name, value in values.items() if value == value and value not in missing
    }


def _pieces(text: str) -> list[str]:
    return [text[start : start + _PIECE] for start in range(0, max(1, len(text)), _PIECE)]
