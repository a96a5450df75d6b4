"""Rows that a person tries on the champion: one in a form, or a file of them."""

import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from modelwright.data.contracts.contract import Contract
from modelwright.data.odcs.reader import read_contract
from modelwright.data.records import Columns, RecordReader
from modelwright.data.sources.open import open_source
from modelwright.engineer.batch.answers import csv_bytes, predict_table
from modelwright.engineer.champion import bundle_folder
from modelwright.errors import InputError, ModelwrightError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.predictor.coverage import Ranges
from modelwright.predictor.explanations.explanation import explain
from modelwright.predictor.operations.base import Floats
from modelwright.report.dashboard.form import Form, make_form, read_form
from modelwright.report.dashboard.tried import Tried
from modelwright.report.words import clip
from modelwright.serving.answers.expectations import Expectations
from modelwright.workspace.folder import Workspace

SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
"""Of files that may be sent: rows, and no databases."""


class Champion:
    """The bundle that answers in a workspace.

    Parameters
    ----------
    bundle
        What answers.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._contract = _contract_of(bundle)
        self._expectations = Expectations(bundle.contract_text, bundle.schema)

    @classmethod
    def of(cls, workspace: Workspace) -> "Champion":
        """Return the champion of a workspace; its bundle is read once.

        Raises
        ------
        ModelwrightError
            When nothing was released, or the bundle is gone or damaged.
        """
        return _champion_in(bundle_folder(workspace.path))

    def form(self, given: Mapping[str, str] | None = None) -> Form:
        """Return the form in which a row is tried.

        Parameters
        ----------
        given
            What a person has filled in; None for what is usual.
        """
        return make_form(self._bundle.schema, self._bundle.reference, self._contract, given=given)

    def answer(self, given: Mapping[str, str]) -> Tried:
        """Answer a filled form.

        Raises
        ------
        InputError
            When a value is not of its kind.
        """
        row = read_form(self._bundle.schema, given)
        columns = RecordReader(self._bundle.schema)([row])
        explanation = explain(self._bundle, row)
        answers = self._bundle.run(columns)
        classes = self._bundle.program.task.classes
        return Tried(
            explanation=explanation,
            classes=tuple(zip(classes, answers[0].tolist(), strict=False)) if classes else (),
            **self._held(answers),
            unexpected=tuple(self._unexpected(columns, row)),
        )

    def answer_file(self, name: str, data: bytes) -> bytes:
        """Return the rows of a file with their answers, as CSV.

        Parameters
        ----------
        name
            Of the file; how it ends says what it is.
        data
            What it holds.

        Raises
        ------
        InputError
            When it is no such file, or lacks a column.
        """
        suffix = Path(name).suffix.lower()
        if suffix not in SUFFIXES:
            raise InputError(f"{name!r:.80} is no file of rows.", f"Send {', '.join(SUFFIXES)}.")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"rows{suffix}")
            path.write_bytes(data)
            try:
                table = open_source(path).read()
            except ModelwrightError as error:
                # The person sent `name`, and knows of no other path.
                raise InputError(str(error).replace(str(path), name)) from error
        return csv_bytes(predict_table(self._bundle, table))

    def _held(self, answers: Floats) -> dict[str, Any]:
        program = self._bundle.program
        if program.coverage is None:
            return {}
        level = program.coverage.usual_level
        if isinstance(program.coverage, Ranges):
            return {"held": tuple(program.ranges(answers, level)[0].tolist()), "level": level}
        return {"held": program.sets(answers, level)[0], "level": level}

    def _unexpected(self, columns: Columns, row: Mapping[str, Any]) -> list[str]:
        return [
            f"{clip(each.column)} is {clip(row[each.column], 40)}; expected is {each.wanted}."
            for each in self._expectations.find_unexpected(columns)
        ]


@lru_cache(maxsize=4)
def _champion_in(folder: Path) -> Champion:
    # A stored bundle never changes: its name holds the hash of what is in it.
    with np.errstate(all="ignore"):
        return Champion(read_bundle(folder))


def _contract_of(bundle: Bundle) -> Contract | None:
    try:
        return read_contract(bundle.contract_text)
    except InputError:  # a person may have edited it; then fields have no hints
        return None
