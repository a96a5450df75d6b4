"""The bundle: a model with all that is needed to serve, explain and watch it. Data only."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import msgspec

from modelwright.data.records import Columns, RecordReader, Row
from modelwright.data.relations.feature import FeatureSet
from modelwright.data.schema import Schema
from modelwright.predictor.expectation.part import Expectation
from modelwright.predictor.instructions.follower import MOST_ROWS, Follower
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.predictor.reference.reference import Reference
from modelwright.tasks.interval import Interval

_LONGEST_NAME = 60


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the bundle answers and where it comes from.

    Parameters
    ----------
    question
        In the person's words.
    target
        The column that is predicted.
    metric, holdout_score
        What it scored on the holdout, and in which metric.
    training_rows
        Rows learned from.
    threshold
        Binary tasks: the probability from which on the answer is the positive class.
    seed
        Of the build.
    version
        The modelwright that built it.
    made_at
        When, ISO 8601 in UTC.
    moment
        The column that holds the moment of the prediction; empty when there is none.
    no_source
        Why there is no exported source; empty when there is one, or nobody asked for it.
    carried
        Members that the exported source does not learn again, but carries over as they were
        learned: their titles.
    formulas
        What it computes by features that packages have added.
    watched_only
        Whether the model itself is not here, so that its answers are only known from a log.
    target_unit
        What stands beside the target's numbers where labels are texts, as `Column.unit`.
    """

    question: str
    target: str
    metric: str
    holdout_score: Interval | None = None
    training_rows: int = 0
    threshold: float | None = None
    seed: int = 0
    version: str = ""
    made_at: str = ""
    moment: str = ""
    no_source: str = ""
    carried: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()
    watched_only: bool = False
    target_unit: str = ""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A row with its recorded answer.

    Parameters
    ----------
    name
        What is special about it.
    record
        JSON values by column, as a client sends them.
    expected
        What the program answers: probabilities in the order of the classes, or one number.
    """

    name: str
    record: dict[str, Any]
    expected: tuple[float, ...]


class Runner(Protocol):
    """What can run a program in the interpreter's stead."""

    def run(self, columns: Columns) -> Floats:
        """Answer rows as `Program.run` does."""


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds.

    Parameters
    ----------
    program
        The model.
    schema
        The features, in order.
    contract_text
        The data contract as YAML (Open Data Contract Standard).
    reference
        How the training rows were distributed.
    cases
        Rows with recorded answers.
    facts
        What it answers and where it comes from.
    card_text
        The model card as Markdown.
    hash
        The fingerprint of the folder it was read from; empty when it was not.
    source
        The exported source: the text of each file by its name in the folder ``source``.
    features
        Features of related tables, which are made before the program reads a row.
    expectation
        How far answers lie from the truth; None where nobody measured it.
    runner
        What runs the program here; None for the interpreter. It is not written.
    """

    program: Program
    schema: Schema
    contract_text: str
    reference: Reference
    cases: tuple[Case, ...]
    facts: Facts
    card_text: str
    hash: str = ""
    source: Mapping[str, str] = field(default_factory=dict)
    features: FeatureSet = field(default_factory=FeatureSet)
    expectation: Expectation | None = None
    runner: Runner | None = None

    def run(self, columns: Columns) -> Floats:
        """Answer rows, by the program's interpreter or by what runs in its stead.

        Parameters
        ----------
        columns
            One array per input.

        Returns
        -------
        ndarray of shape (rows, outputs)
        """
        return (self.runner or self.program).run(columns)

    def run_records(self, records: Sequence[Mapping[str, object]]) -> Floats:
        """Answer records; few are answered without columns.

        Parameters
        ----------
        records
            As `RecordReader` takes them.

        Returns
        -------
        ndarray of shape (rows, outputs)

        Raises
        ------
        SchemaError
            If a record has an unknown field or a value of the wrong type.
        """
        if len(records) <= MOST_ROWS:
            return self.run_rows([self._reader.row(record) for record in records])
        return self.run(self._reader(records))

    def run_rows(self, rows: Sequence[Row]) -> Floats:
        """Answer rows as `RecordReader.row` reads them; few are answered without columns.

        Parameters
        ----------
        rows
            Values in the order of the schema.

        Returns
        -------
        ndarray of shape (rows, outputs)
        """
        if 0 < len(rows) <= MOST_ROWS and self.follower is not None:
            return self.follower.run_rows(rows)
        return self.run(self._reader.columns(rows))

    @cached_property
    def follower(self) -> Follower | None:
        """What answers a few rows as `RecordReader.row` reads them; None where nothing does."""
        follower = None if self.runner is not None else self.program.follower
        return None if follower is None else follower.reading(self.schema.names)

    @cached_property
    def _reader(self) -> RecordReader:
        return RecordReader(self.schema)

    @property
    def name(self) -> str:
        """Its name in addresses and paths: the target, in plain letters."""
        plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", self.facts.target)
        return plain[:_LONGEST_NAME].strip("-.") or "model"
