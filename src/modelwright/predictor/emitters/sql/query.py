"""A bundle's program as one query."""

from collections.abc import Sequence
from dataclasses import dataclass

from modelwright.data.schema import Column
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.identifiers import identifiers
from modelwright.predictor.emitters.sql.dialect import Dialect
from modelwright.predictor.emitters.sql.inputs import Inputs
from modelwright.predictor.emitters.sql.names import column_names
from modelwright.predictor.emitters.sql.results import Result, results_of
from modelwright.predictor.emitters.sql.sheet import KEY, Sheet
from modelwright.predictor.emitters.sql.steps import Steps


@dataclass(frozen=True)
class Query:
    """A program as a SELECT.

    Parameters
    ----------
    text
        The SELECT, without a semicolon.
    table, view
        What it reads, and what it is to be called.
    columns
        The table's columns that the program reads, each with its name there.
    results
        The view's columns, without the key.
    """

    text: str
    table: str
    view: str
    columns: Sequence[tuple[Column, str]]
    results: Sequence[Result]


def query_of(bundle: Bundle, dialect: Dialect) -> Query:
    """Write a bundle's program as a query.

    Raises
    ------
    UnwritableError
        With the reason, when the dialect cannot say it.
    """
    program, sheet = bundle.program, Sheet(dialect)
    columns = [bundle.schema[each.name] for each in program.inputs]
    names = column_names([column.name for column in columns], dialect.names, taken={KEY})
    called = {column.name: name for column, name in zip(columns, names, strict=True)}
    cells = Steps(program, sheet, Inputs(sheet, bundle.schema, called)).answer()
    results = results_of(sheet, program, cells)
    (name,) = identifiers([bundle.name.lower()], reserved=())
    table = f"{name[:40]}_rows"
    text = sheet.query(
        [(each.expression, each.name) for each in results],
        [cell for each in results for cell in each.reads],
        table,
    )
    return Query(text, table, f"{name[:40]}_answers", [*zip(columns, names, strict=True)], results)
