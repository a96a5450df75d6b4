"""Columns in layers: each layer is a SELECT over the layer before it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from modelwright.predictor.emitters.sql.cell import Cell
from modelwright.predictor.emitters.sql.dialect import Dialect
from modelwright.predictor.emitters.sql.refusal import UnwritableError

KEY = "row_key"
"""The column that goes through all layers."""
_MANY = 3_000
"""Different numbers that are written as they are."""
_MOST_BYTES = 12_000_000
"""Of a view: what databases take as they are set up, and parse in seconds."""


@dataclass
class Sheet:
    """Collects columns; a column stands in the layer after the last one that it reads.

    Parameters
    ----------
    dialect
        Of the database.
    """

    dialect: Dialect
    _layers: list[dict[str, str]] = field(default_factory=lambda: [{}])
    _level: dict[str, int] = field(default_factory=dict)
    _reads: dict[str, frozenset[str]] = field(default_factory=dict)
    _beside: set[str] = field(default_factory=set)
    _bytes: int = 0

    def raw(self, expression: str) -> Cell:
        """Add a column that is read from the table."""
        return self._put(expression, 0, frozenset())

    def add(self, expression: str, *reads: Cell) -> Cell:
        """Add a column.

        Parameters
        ----------
        expression
            In SQL.
        reads
            Every cell that it names.

        Raises
        ------
        UnwritableError
            When the view gets too long.
        """
        names = frozenset(name for cell in reads for name in cell.reads)
        level = 1 + max((self._level[name] for name in names), default=0)
        return self._put(expression, level, names)

    def beside(self, value: float, cell: Cell) -> str:
        """Return a number as it stands in an operation with a cell."""
        text = self.dialect.number(value)
        if self.dialect.many is None:
            return text
        if len(self._beside) < _MANY:
            self._beside.add(text)
        return text if text in self._beside else self.dialect.many(text, cell.text)

    def query(self, results: Sequence[tuple[str, str]], reads: Iterable[Cell], table: str) -> str:
        """Return the whole SELECT.

        Parameters
        ----------
        results
            Expressions and the names of the columns that are shown.
        reads
            Every cell that they name.
        table
            That is read, as ``r``.
        """
        last_read = self._last_reads({name for cell in reads for name in cell.reads})
        final = 1 + max((self._level[name] for name in last_read), default=0)
        parts = [self._layer(level, last_read, table) for level in range(final)]
        shown = ",\n  ".join([KEY, *(f"{text} AS {name}" for text, name in results)])
        heads = ",\n".join(parts)
        return f"WITH {heads}\nSELECT\n  {shown}\nFROM step_{final - 1}"

    def check_length(self, length: int) -> None:
        """Refuse a view, or a part of it, that is too long.

        Raises
        ------
        UnwritableError
            With the limit.
        """
        if length > _MOST_BYTES:
            raise UnwritableError(
                f"The view would be longer than {_MOST_BYTES // 1_000_000} MB, "
                "which databases take minutes to read."
            )

    def _last_reads(self, shown: set[str]) -> dict[str, int]:
        """Return the last layer that reads each column which the results rest on."""
        last = dict.fromkeys(shown, len(self._layers))
        # A column reads only such as were added before it.
        for name in reversed(self._level):
            if name in last:
                for read in self._reads[name]:
                    last[read] = max(last.get(read, 0), self._level[name])
        return last

    def _put(self, expression: str, level: int, reads: frozenset[str]) -> Cell:
        name = f"c{len(self._level) + 1}"
        while len(self._layers) <= level:
            self._layers.append({})
        self._layers[level][name] = expression
        self._level[name] = level
        self._reads[name] = reads
        self._bytes += len(expression)
        self.check_length(self._bytes)
        return Cell(name, (name,))

    def _layer(self, level: int, last_read: Mapping[str, int], table: str) -> str:
        kept = [
            name
            for name, its_level in self._level.items()
            if its_level < level < last_read.get(name, 0)
        ]
        layer = self._layers[level]
        made = [f"{text} AS {name}" for name, text in layer.items() if name in last_read]
        self._check_width(len(kept) + len(made))
        key = f"r.{KEY} AS {KEY}" if level == 0 else KEY
        columns = ",\n  ".join([", ".join([key, *kept]), *made])
        source = f"{table} AS r" if level == 0 else f"step_{level - 1}"
        end = f" {self.dialect.fence}" if self.dialect.fence else ""
        return f"step_{level} AS {self.dialect.hint}(SELECT\n  {columns}\nFROM {source}{end})"

    def _check_width(self, width: int) -> None:
        if width >= self.dialect.most_columns:
            raise UnwritableError(
                f"A step of the view would have {width} columns; "
                f"{self.dialect.title} has room for {self.dialect.most_columns}."
            )
