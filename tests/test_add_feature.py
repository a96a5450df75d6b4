"""The page on adding a feature, read by somebody whose two models are there already."""

import shlex
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from docs_blocks import blocks_of
from example_bundle import BINARY, ROWS, make_bundle
from modelwright.cli.main import cli
from modelwright.data.contracts.contract import Contract, ContractColumn
from modelwright.data.odcs.writer import write_contract
from modelwright.data.records import columns_from_records
from modelwright.documents import Release, write_document
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.cases import recorded_cases
from modelwright.predictor.operations.answers import Link
from modelwright.predictor.operations.linear import Columns, Linear
from modelwright.predictor.operations.numbers import Impute
from modelwright.predictor.program import Program
from modelwright.predictor.reference.reference import reference_of
from modelwright.workspace.aliases import Aliases, change_aliases
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.ledger import Ledger, Prediction
from rival_bundles import NOW, keep, wider

COUNT = 300
SINCE = 1_772_366_400_000_000


def wiser() -> Bundle:
    """Return a bundle that reads the income, which tells the answer."""
    bundle = wider()
    program = Program(
        task=BINARY,
        inputs=bundle.program.inputs,
        steps=(
            Columns(inputs=("column:income",), output="numbers"),
            Impute(inputs=("numbers",), output="filled", fill=np.array([0.0])),
            Linear(
                inputs=("filled",), output="raw", weights=np.array([[3.0]]), bias=np.array([0.0])
            ),
            Link(inputs=("raw",), output="answer", kind="sigmoid"),
        ),
        answer="answer",
        threshold=0.4,
    )
    rows = [{**row, "income": 1.0} for row in ROWS]
    columns = columns_from_records(rows, bundle.schema)
    return replace(
        bundle,
        program=program,
        reference=reference_of(columns, bundle.schema, program.run(columns), BINARY),
        cases=recorded_cases(program, rows, bundle.schema),
    )


def released(path: Path, bundle: Bundle) -> str:
    workspace = Workspace.create(path)
    agreed = tuple(ContractColumn(column=column) for column in bundle.schema)
    contract = write_contract(Contract(id="left", title="Customers", columns=agreed))
    digest = keep(workspace, replace(bundle, contract_text=contract))
    change_aliases(workspace, lambda stand: stand.assign("champion", digest, at=NOW))
    release = Release(
        target="left", task=BINARY, metric="log_loss", released=True, gates=(), bundle_hash=digest
    )
    write_document(release, workspace)
    workspace.write_text("modelwright.toml", 'data = "x.csv"\ntarget = "left"\n')
    return digest


@pytest.fixture
def shop(tmp_path: Path) -> tuple[str, str]:
    """Make both models, what clients asked, what came true, and the column that nobody sends."""
    first = released(tmp_path / "orders-model", make_bundle())
    second = released(tmp_path / "wider-model", wiser())
    with Ledger.open(tmp_path / "orders-model" / "ledger.db") as ledger:
        ledger.append(
            [
                Prediction(
                    id=f"o{number}",
                    at=SINCE + number,
                    version=first,
                    inputs=msgspec.json.encode(ROWS[number % len(ROWS)]),
                    output=msgspec.json.encode(
                        {"answer": "yes", "probabilities": {"no": 0.5, "yes": 0.5}}
                    ),
                    latency_s=0.001,
                )
                for number in range(COUNT)
            ]
        )
    ids, yes = [f"o{number}" for number in range(COUNT)], np.arange(COUNT) % 3 == 0
    pl.DataFrame({"id": ids, "income": np.where(yes, 1.0, -1.0)}).write_csv(
        tmp_path / "incomes.csv"
    )
    pl.DataFrame({"id": ids, "left": np.where(yes, "yes", "no")}).write_csv(
        tmp_path / "arrived.csv"
    )
    return first, second


def test_a_feature_is_added_as_the_page_says(
    shop: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for block in blocks_of("how-to/add-a-feature.md"):
        for line in block.text.splitlines():
            done = CliRunner().invoke(cli, shlex.split(line)[1:], standalone_mode=False)
            assert done.return_value == 0, (line, done.output, done.exception)
    stand = Aliases.read(Workspace.open(tmp_path / "orders-model"))
    assert stand.bundle("champion") == shop[1]
