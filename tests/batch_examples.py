"""A bundle with a contract, and rows for it, of which some break it."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from example_bundle import SCHEMA, make_bundle
from modelwright.data.checks.ranges import Range
from modelwright.data.contracts.contract import Contract, ContractColumn
from modelwright.data.odcs.writer import write_contract
from modelwright.predictor.bundle_folder import write_bundle

CONTRACT = Contract(
    id="members",
    title="members",
    columns=tuple(
        ContractColumn(
            column=column,
            checks=(Range(column="age", minimum=0, maximum=110),) if column.name == "age" else (),
        )
        for column in SCHEMA
    ),
)


def make_rows(count: int, *, wrong: tuple[int, ...] = ()) -> pl.DataFrame:
    """Return rows with the key ``id``; those of some ids have an age that is none."""
    ages = [200.0 if row in wrong else 20.0 + row % 50 for row in range(count)]
    return pl.DataFrame(
        {
            "id": range(count),
            "age": ages,
            "member": [row % 3 == 0 for row in range(count)],
            "job": [("clerk", "cook", "pilot")[row % 3] for row in range(count)],
            "seen": [f"2024-{1 + row % 12:02d}-01" for row in range(count)],
        }
    )


def write_example(folder: Path) -> Path:
    """Write the bundle, and return where."""
    bundle = replace(make_bundle(), contract_text=write_contract(CONTRACT))
    write_bundle(bundle, folder / "bundle")
    return folder / "bundle"


class Killed(BaseException):
    """What a kill does: nothing after it is run."""


def kill_after(destination, pieces):
    """Let a destination be killed when it has taken so many pieces."""
    take = destination.take

    def taking(answers, progress):
        take(answers, progress)
        if answers.number == pieces:
            raise Killed

    destination.take = taking
    return destination
