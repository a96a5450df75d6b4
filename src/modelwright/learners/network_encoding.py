"""The matrix that suits networks: what trees read, scaled, bent, cut into ramps and on circles.

It begins with the matrix that boosters read, so that target means and topics of texts are made
once for all. A category of many levels is also an embedding, which the network learns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.learners.adam import Singles
from modelwright.learners.base import Rows
from modelwright.learners.circles import Circle, circle_steps, circles_of
from modelwright.learners.encoding import Encoding, inputs_of, require_time
from modelwright.learners.levels import Levels, levels_of
from modelwright.learners.network_layers import Batch
from modelwright.learners.tree_encoding import MAX_ONE_HOT, encode_for_trees, encode_other_rows
from modelwright.learners.tree_rows import TreeRows
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.operations.categories import RARE_CODE, UNKNOWN_CODE, CodeTable
from modelwright.predictor.operations.linear import Columns as SideBySide
from modelwright.predictor.operations.numbers import Impute, MissingFlags, Scale, SmoothClip
from modelwright.predictor.operations.ramps import Ramps
from modelwright.predictor.program import Step

LIMIT = 3.0
"""No scaled number passes it."""
FAR = 1e6
"""Scaled numbers beyond count as that: infinite ones could not be bent."""
MAX_PIECES = 16
"""Ramps of a column; 16 do as well as more (Gorishniy et al.)."""
MAX_RAMPS = 384
"""Of all columns together."""
_FEWEST_PIECES = 3
_ROWS_AT_ONCE = 4_096
_ENDLESS = 1e300
_RAMPS = "ramps"
NETWORK_READS = "units0"
"""The value that the first layer reads."""


@dataclass(frozen=True)
class NetworkEncoding:
    """What a network reads, learned from training rows.

    Parameters
    ----------
    rows
        The training rows.
    trees
        The same as boosters read them.
    numbers
        Steps that make the network's matrix of the boosters'; the last one puts it together.
    levels
        Of the categories that are embedded.
    """

    rows: Rows
    trees: TreeRows
    numbers: tuple[Step, ...]
    levels: tuple[Levels, ...]

    def training_batch(self, drawn: NDArray[np.intp]) -> Batch:
        """Return training rows as the network reads them.

        Parameters
        ----------
        drawn : ndarray of shape (n,)
            Which ones.
        """
        codes = [each.codes[drawn] for each in self.levels]
        return Batch(self._matrix(self.trees.matrix[drawn]), self._places(codes, len(drawn)))

    def batch(self, rows: Rows) -> Batch:
        """Return rows held back as the network reads them."""
        others = encode_other_rows(self.trees, self.rows, rows)
        codes = [
            each.step.run(rows.columns[each.column])[:, 0].astype(np.int64) for each in self.levels
        ]
        return Batch(self._matrix(others.matrix), self._places(codes, len(rows)))

    @property
    def width(self) -> int:
        """Columns of the matrix."""
        return int(self._matrix(np.zeros((1, self.trees.encoding.width))).shape[1])

    @property
    def sizes(self) -> tuple[int, ...]:
        """Codes of each category that is embedded."""
        return tuple(each.size for each in self.levels)

    @property
    def ramps(self) -> Ramps | None:
        """The step whose columns are ramps; None where no number is worth any."""
        found = (step for step in self.numbers if step.output == _RAMPS)
        return next((step for step in found if isinstance(step, Ramps)), None)

    @property
    def circles(self) -> tuple[Circle, ...]:
        """The columns of the boosters' matrix that come round."""
        return circles_of(self.trees.parts)

    @property
    def first_ramp(self) -> int:
        """The column of the matrix that is the first ramp."""
        return self.trees.encoding.width

    def program_part(self, embedding: Floats, *, pieces: tuple[Step, ...] = ()) -> Encoding:
        """Return the encoding whose matrix is what the first dense layer reads.

        Parameters
        ----------
        embedding : ndarray of shape (codes of all categories, numbers)
            What stands for each level.
        pieces
            Steps that begin with the ramps; what the last one writes stands in their place.
        """
        tables = np.split(embedding, np.cumsum(self.sizes)[:-1]) if self.levels else []
        looked_up: list[Step] = []
        for levels, table in zip(self.levels, tables, strict=True):
            looked_up += _embedding_steps(levels, table)
        numbers = [
            pieces[-1].output if pieces and name == _RAMPS else name
            for name in self.numbers[-1].inputs
        ]
        inputs = (*numbers, *(step.output for step in looked_up if isinstance(step, CodeTable)))
        join = SideBySide(inputs=inputs, output=NETWORK_READS)
        # A category's codes are made for the boosters' matrix too.
        made = {
            step.output: step
            for step in (*self.trees.encoding.steps, *self.numbers[:-1], *pieces, *looked_up, join)
        }
        steps = tuple(made.values())
        return Encoding(inputs_of(self.rows.schema, steps), steps, join.output, ())

    def reading(self) -> tuple[Encoding, tuple[str, ...]]:
        """Return the encoding whose matrix is that of a batch, and the codes of its categories.

        A network that brings its own embeddings looks the codes up itself.
        """
        codes: list[Step] = [levels.step for levels in self.levels]
        made = {step.output: step for step in (*self.trees.encoding.steps, *self.numbers, *codes)}
        steps = tuple(made.values())
        encoding = Encoding(inputs_of(self.rows.schema, steps), steps, self.numbers[-1].output, ())
        return encoding, tuple(step.output for step in codes)

    def codes(self, batch: Batch) -> NDArray[np.int64]:
        """Return the codes of each category in a batch, of shape (n, categories)."""
        begins = np.cumsum([0, *self.sizes])[:-1]
        return np.asarray(batch.places - begins, dtype=np.int64)

    def _matrix(self, matrix: Floats) -> Singles:
        parts = [_run(self.numbers, self.trees.encoding.output, part) for part in _cut(matrix)]
        return np.concatenate(parts)

    def _places(self, codes: list[NDArray[np.int64]], count: int) -> NDArray[np.intp]:
        begins = np.cumsum([0, *self.sizes])
        columns = [begin + each for begin, each in zip(begins, codes, strict=False)]
        return np.array(columns, dtype=np.intp).reshape(len(codes), count).T


def encode_for_networks(
    rows: Rows, drawn: NDArray[np.intp], *, budget: Budget, seed: int
) -> NetworkEncoding:
    """Learn what a network reads from training rows.

    Parameters
    ----------
    rows
        Training rows.
    drawn : ndarray of shape (n,)
        The rows that scales and ramps are learned from.
    budget
        The time there is.
    seed
        Draws the folds of target means.

    Raises
    ------
    BudgetError
        When the time ends.
    """
    trees = encode_for_trees(rows, budget=budget, seed=seed)
    require_time(budget)
    every = [
        levels_of(rows, column.name)
        for column in rows.schema
        if column.value_type == "string" and column.kind != "text"
    ]
    return NetworkEncoding(
        rows=rows,
        trees=trees,
        numbers=_number_steps(trees.encoding.output, trees.matrix[drawn], circles_of(trees.parts)),
        levels=tuple(each for each in every if len(each.names) > MAX_ONE_HOT),
    )


def _number_steps(name: str, matrix: Floats, circles: Sequence[Circle]) -> tuple[Step, ...]:
    # A difference of larger numbers could be infinite.
    known = [column[np.abs(column) < _ENDLESS] for column in matrix.T]
    middle = [_middle_and_spread(column) for column in known]
    center, spread = np.array(middle).T
    fill = Impute(inputs=(name,), output="filled", fill=center)
    scale = Scale(inputs=("filled",), output="scaled", center=center, scale=spread, limit=FAR)
    clip = SmoothClip(inputs=("scaled",), output="bent", limit=LIMIT)
    steps: list[Step] = [fill, scale, clip]
    joined = [clip.output]
    scaled = [(column - at) / by for column, (at, by) in zip(known, middle, strict=True)]
    ramps = _ramps(scaled)
    if len(ramps.source):
        steps.append(ramps)
        joined.append(ramps.output)
    if circles:
        steps += circle_steps(fill.output, circles)
        joined.append(steps[-1].output)
    missing = np.flatnonzero(np.isnan(matrix).any(axis=0))
    if len(missing):
        steps += _flag_steps(name, missing.astype(np.int32))
        joined.append(steps[-1].output)
    return (*steps, SideBySide(inputs=tuple(joined), output="numbers"))


def _middle_and_spread(known: Floats) -> tuple[float, float]:
    """Return the median and the spread of the middle half, as a standard deviation.

    Columns of two values become 0 and 1.
    """
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    if ((known == low) | (known == high)).all():
        return low, _width(low, high)
    first, middle, third = np.quantile(known, [0.25, 0.5, 0.75])
    spread = (third - first) / 1.349
    return float(middle), float(spread) if spread > 0 else _width(low, high) / 2


def _width(low: float, high: float) -> float:
    return high - low if high > low else 1.0


def _ramps(columns: list[Floats]) -> Ramps:
    wide = [each for each in columns if len(np.unique(each[:1_000])) > 2]
    pieces = min(MAX_PIECES, MAX_RAMPS // max(1, len(wide)))
    source: list[int] = []
    starts: list[Floats] = []
    lengths: list[Floats] = []
    if pieces >= _FEWEST_PIECES:
        for place, column in enumerate(columns):
            ends = _piece_ends(column, pieces)
            if len(ends) > 2:
                source += [place] * (len(ends) - 1)
                starts.append(ends[:-1])
                lengths.append(np.diff(ends))
    return Ramps(
        inputs=("scaled",),
        output=_RAMPS,
        source=np.array(source, dtype=np.int32),
        start=np.concatenate([np.zeros(0), *starts]),
        length=np.concatenate([np.zeros(0), *lengths]),
    )


def _piece_ends(column: Floats, pieces: int) -> Floats:
    if not len(column):
        return np.zeros(0)
    shares = np.linspace(0.0, 1.0, pieces + 1)
    ends = np.quantile(np.clip(column, -FAR, FAR), shares, method="inverted_cdf")
    return np.unique(ends[np.abs(ends) < FAR].astype(np.float32)).astype(np.float64)


def _flag_steps(name: str, missing: NDArray[np.int32]) -> list[Step]:
    """Return steps that flag what is missing, in the columns where something is."""
    flags = MissingFlags(inputs=(name,), output="every flag")
    zeros = np.zeros(len(missing))
    # Between 0 and 1 a ramp is the number itself.
    picked = Ramps(
        inputs=(flags.output,), output="flags", source=missing, start=zeros, length=zeros + 1
    )
    return [flags, picked]


def _embedding_steps(levels: Levels, table: Floats) -> list[Step]:
    table = table.copy()
    table[RARE_CODE] = table[UNKNOWN_CODE]
    codes = levels.step
    name = f"embedding:{levels.column}"
    return [codes, CodeTable(inputs=(codes.output,), output=name, table=table)]


def _cut(matrix: Floats) -> Iterator[Floats]:
    """Yield a few rows at a time; at least once."""
    for begin in range(0, max(1, len(matrix)), _ROWS_AT_ONCE):
        yield matrix[begin : begin + _ROWS_AT_ONCE]


def _run(steps: tuple[Step, ...], name: str, matrix: Floats) -> Singles:
    values: dict[str, Value] = {name: matrix}
    for step in steps:
        values[step.output] = step.run(*[values[each] for each in step.inputs])
    return values[steps[-1].output].astype(np.float32)
