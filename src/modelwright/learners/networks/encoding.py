"""The matrix that suits networks: what trees read, scaled, bent, cut into ramps and on circles.

It begins with the matrix that boosters read, so that target means and topics of texts are made
once for all. A category of many levels is also an embedding, which the network learns.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.learners.base import Rows
from modelwright.learners.columns.levels import Levels, levels_of
from modelwright.learners.encoding import Encoding, inputs_of, require_time
from modelwright.learners.networks.adam import Singles
from modelwright.learners.networks.circles import Circle, circles_of
from modelwright.learners.networks.layers import Batch, LateBatch, Readable
from modelwright.learners.networks.numbers import RAMPS, number_steps
from modelwright.learners.trees.encoding import MAX_ONE_HOT, encode_for_trees, encode_other_rows
from modelwright.learners.trees.rows import TreeRows
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.operations.categories import RARE_CODE, UNKNOWN_CODE, CodeTable
from modelwright.predictor.operations.linear import Columns as SideBySide
from modelwright.predictor.operations.ramps import Ramps
from modelwright.predictor.program import Step

_ROWS_AT_ONCE = 4_096
_MOST_CELLS = 4_000_000
"""Of a matrix that is kept, 16 MB; a larger one is made batch by batch, each time anew."""
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

    def training_batch(self, drawn: NDArray[np.intp]) -> Readable:
        """Return training rows as the network reads them.

        Parameters
        ----------
        drawn : ndarray of shape (n,)
            Which ones.
        """
        codes = [each.codes[drawn] for each in self.levels]
        return self._readable(self.trees.matrix[drawn], self._places(codes, len(drawn)))

    def batch(self, rows: Rows) -> Readable:
        """Return rows held back as the network reads them."""
        others = encode_other_rows(self.trees, self.rows, rows)
        codes = [
            each.step.run(rows.columns[each.column])[:, 0].astype(np.int64) for each in self.levels
        ]
        return self._readable(others.matrix, self._places(codes, len(rows)))

    @property
    def width(self) -> int:
        """Columns of the matrix."""
        return int(self.encode(np.zeros((1, self.trees.encoding.width))).shape[1])

    @property
    def sizes(self) -> tuple[int, ...]:
        """Codes of each category that is embedded."""
        return tuple(each.size for each in self.levels)

    @property
    def ramps(self) -> Ramps | None:
        """The step whose columns are ramps; None where no number is worth any."""
        found = (step for step in self.numbers if step.output == RAMPS)
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
            pieces[-1].output if pieces and name == RAMPS else name
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

    def codes(self, batch: Readable) -> NDArray[np.int64]:
        """Return the codes of each category in a batch, of shape (n, categories)."""
        begins = np.cumsum([0, *self.sizes])[:-1]
        return np.asarray(batch.places - begins, dtype=np.int64)

    def _readable(self, matrix: Floats, places: NDArray[np.intp]) -> Readable:
        late = LateBatch(self.encode, matrix, places)
        large = len(matrix) * self.width > _MOST_CELLS
        return late if large else Batch(late.matrix, places)

    def encode(self, matrix: Floats) -> Singles:
        """Return rows as the network reads them, given as boosters read them."""
        whole: Singles | None = None
        for begin in range(0, max(1, len(matrix)), _ROWS_AT_ONCE):
            some = slice(begin, begin + _ROWS_AT_ONCE)
            part = _run(self.numbers, self.trees.encoding.output, matrix[some])
            if whole is None:
                # All parts and the whole, which they are put together to, would be held twice.
                whole = np.empty((len(matrix), part.shape[1]), np.float32)
            whole[some] = part
        assert whole is not None
        return whole

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
        numbers=number_steps(trees.encoding.output, trees.matrix[drawn], circles_of(trees.parts)),
        levels=tuple(each for each in every if len(each.names) > MAX_ONE_HOT),
    )


def _embedding_steps(levels: Levels, table: Floats) -> list[Step]:
    table = table.copy()
    table[RARE_CODE] = table[UNKNOWN_CODE]
    codes = levels.step
    name = f"embedding:{levels.column}"
    return [codes, CodeTable(inputs=(codes.output,), output=name, table=table)]


def _run(steps: tuple[Step, ...], name: str, matrix: Floats) -> Singles:
    values: dict[str, Value] = {name: matrix}
    for step in steps:
        values[step.output] = step.run(*[values[each] for each in step.inputs])
    return values[steps[-1].output].astype(np.float32)
