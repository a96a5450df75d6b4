"""Rows as trees read them, kept in little memory."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import Columns
from modelwright.data.schema import Schema
from modelwright.learners.base import Rows
from modelwright.learners.columns.target_means import FoldMeans
from modelwright.learners.columns.token_flags import are_flags
from modelwright.learners.encoding import Encoding, Part, inputs_of
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.categories import CodeTable
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.program import Program, Step
from modelwright.tasks.task import Task

Block: TypeAlias = Callable[[], Floats]
"""Makes some columns of a matrix, of shape (n, width)."""

_ANY_TASK = Task(kind="regression")


@dataclass(frozen=True)
class TreeRows:
    """Rows as trees read them.

    Parameters
    ----------
    encoding
        What the program does to any row.
    parts
        Of the encoding.
    blocks
        What makes the columns of each part.
    count
        How many rows there are.
    key
        Differs from that of rows with another matrix, target or weight.
    """

    encoding: Encoding
    parts: tuple[Part, ...]
    blocks: tuple[Block, ...]
    count: int
    key: Hashable

    @property
    def matrix(self) -> Floats:
        """The matrix of shape (n, width), made anew each time it is asked for.

        As float64 it takes several times the memory of the table, and every fold has its own: so
        whoever reads it should forget it soon. For training rows it differs from what the encoding
        makes in the target means, which are out of fold here.
        """
        # Libraries read a matrix column by column.
        matrix = np.empty((self.count, self.encoding.width), order="F")
        end = 0
        for part, block in zip(self.parts, self.blocks, strict=True):
            begin, end = end, end + len(part.names)
            matrix[:, begin:end] = block()
        return matrix


@dataclass(frozen=True)
class CodeBlock:
    """Columns by the code of each row.

    Parameters
    ----------
    step
        Its table has the columns.
    packed : ndarray of shape (n,)
        The codes.
    means
        Takes the place of the table's last columns, for rows that are learned from.
    """

    step: CodeTable
    packed: NDArray[np.int16]
    means: FoldMeans | None = None

    def __call__(self) -> Floats:
        """Look the codes up."""
        columns = self.step.run(self.packed.astype(np.float64)[:, None])
        if self.means is not None:
            means = self.means.of(self.packed)
            columns[:, columns.shape[1] - means.shape[1] :] = means
        return columns


def other_rows(learned: TreeRows, rows: Rows) -> TreeRows:
    """Return rows that were not learned from, as the program encodes them.

    Parameters
    ----------
    learned
        What the encoding was learned from.
    rows
        Other rows of the same schema.
    """
    return TreeRows(
        encoding=learned.encoding,
        parts=learned.parts,
        blocks=tuple(keep_part(part, rows.schema, rows.columns) for part in learned.parts),
        count=len(rows),
        key=(learned.key, digest(rows)),
    )


def keep_part(part: Part, schema: Schema, columns: Columns) -> Block:
    """Return what makes a part's columns of some rows, and keeps no more than it must.

    What is cheap to compute is computed again: numbers, parts of datetimes. Of a category the code
    is kept, of a text its components, which the program rounds to float32, and a bit for each flag.
    """
    everything = partial(_run, part.steps, part.output, schema, columns)
    last = part.steps[-1] if part.steps else None
    if isinstance(last, RoundToFloat32):
        return _topic_block(part, schema, columns)
    if are_flags(part):
        flags = everything()
        return _FlagBlock(np.packbits(flags.astype(bool), axis=1), flags.shape[1])
    if isinstance(last, CodeTable):
        codes = _run(part.steps[:-1], last.inputs[0], schema, columns)
        return CodeBlock(last, codes[:, 0].astype(np.int16))
    return everything


@dataclass(frozen=True)
class _TopicBlock:
    """Columns of the texts that differ, and which of them each row has."""

    topics: NDArray[np.float32]
    place: NDArray[np.int32]

    def __call__(self) -> Floats:
        return self.topics[self.place].astype(np.float64)


@dataclass(frozen=True)
class _FlagBlock:
    """Columns of 0 and 1, eight to a byte."""

    packed: NDArray[np.uint8]
    count: int

    def __call__(self) -> Floats:
        return np.unpackbits(self.packed, axis=1, count=self.count).astype(np.float64)


def _topic_block(part: Part, schema: Schema, columns: Columns) -> _TopicBlock:
    (read,) = inputs_of(schema, part.steps, part.output)
    texts = columns[read.name].tolist()
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    distinct = {read.name: np.array(list(places), dtype=object)}
    return _TopicBlock(
        _run(part.steps, part.output, schema, distinct).astype(np.float32),
        np.fromiter(map(places.__getitem__, texts), np.int32, len(texts)),
    )


def digest(rows: Rows) -> Hashable:
    """Return a key of what is learned: the task, target and weight of rows.

    Rows with a transformed target share the memory of what was made of them, so the key of all
    that depends on the target must tell them apart.
    """
    found = blake2b(np.ascontiguousarray(rows.target).data, digest_size=16)
    if rows.weight is not None:
        found.update(np.ascontiguousarray(rows.weight).data)
    return (rows.task.kind, rows.task.n_outputs, rows.weight is None, found.digest())


def _run(steps: Sequence[Step], output: str, schema: Schema, columns: Columns) -> Floats:
    """Return a value of a program that reads raw columns."""
    inputs = inputs_of(schema, steps, output)
    program = Program(task=_ANY_TASK, inputs=inputs, steps=tuple(steps), answer=output)
    return program.run(columns)
