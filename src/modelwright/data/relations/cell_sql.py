"""Raw cells of a database as numbers, in SQL: read there as the table reader reads them here."""

from modelwright.data.relations.dialect import Dialect
from modelwright.data.schema import Column, Kind
from modelwright.data.values.cells import FALSE_WORDS, TRUE_WORDS, missing_numbers_of


def cell_sql(column: Column, cell: str, dialect: Dialect) -> str:
    """Return a cell of a column as it is summed and compared.

    Yes and no become 1 and 0, texts of numbers become numbers, and numbers that stand for a missing
    one become null. Numbers beside a unit, as texts, stay what they are.

    Parameters
    ----------
    column
        As the table was read.
    cell
        SQL that names the cell.
    dialect
        Of the database.

    Examples
    --------
    >>> from modelwright.data.relations.dialect import dialect_named
    >>> paid = Column(name="paid", kind=Kind.BOOLEAN, source_type="Boolean")
    >>> cell_sql(paid, "r.paid", dialect_named("postgresql"))
    'CASE WHEN r.paid THEN 1e0 WHEN NOT r.paid THEN 0e0 END'
    """
    if column.value_type != "number" or column.unit:
        return cell
    if column.source_type == "Boolean":
        return f"CASE WHEN {cell} THEN 1e0 WHEN NOT {cell} THEN 0e0 END"
    if column.source_type == "String":
        cell = f"trim({dialect.text(cell)})"
        if column.kind == Kind.BOOLEAN:
            return _truth(f"lower({cell})", dialect)
        cell = dialect.number(cell)
    missing = ", ".join(f"{number:g}" for number in sorted(missing_numbers_of(column)))
    return f"CASE WHEN {cell} NOT IN ({missing}) THEN {cell} END" if missing else cell


def _truth(word: str, dialect: Dialect) -> str:
    yes, no = (
        ", ".join(dialect.literal(each) for each in sorted(words | {number}))
        for words, number in ((TRUE_WORDS, "1.0"), (FALSE_WORDS, "0.0"))
    )
    return f"CASE WHEN {word} IN ({yes}) THEN 1e0 WHEN {word} IN ({no}) THEN 0e0 END"
