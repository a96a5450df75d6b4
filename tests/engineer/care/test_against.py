from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import polars as pl
import pytest
from click.testing import CliRunner

from flights_example import TASK, draw_flights, make_flights_bundle
from modelwright.cli.main import cli
from modelwright.documents import Release
from modelwright.engineer.care.against import Against
from modelwright.engineer.project import Project
from modelwright.errors import InputError
from modelwright.maintain.champion import read_ledger
from modelwright.maintain.health import judge_rows
from modelwright.maintain.log.window import Window
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.workspace.artifacts import draft_folder, find_folder, store_folder
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.ledger import Ledger, Prediction

TABLE = draw_flights(200, seed=4).with_columns(pl.int_range(200).alias("flight"))


def test_the_ledger_is_compared_with_a_table(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "flights")
    with workspace.lock():
        draft = draft_folder(workspace, "release")
        digest = write_bundle(make_flights_bundle(), draft)
        store_folder(workspace, draft, "release")
    with Ledger.open(workspace.path / "ledger.db") as ledger:
        ledger.append(
            [
                Prediction(
                    id=str(row.pop("flight")),
                    at=1_772_366_400_000_000 + number,
                    version=digest,
                    inputs=msgspec.json.encode(row | {"temp": row["temp"] * 100}),
                    output=b'{"answer":"no"}',
                    latency_s=0.001,
                )
                for number, row in enumerate(TABLE.iter_rows(named=True))
            ]
        )
    release = Release(
        target="late", task=TASK, metric="roc_auc", released=True, gates=(), bundle_hash=digest
    )
    rooms: Any = SimpleNamespace(workspace=workspace, report=lambda room, sentence: None)
    bundle = read_bundle(find_folder(workspace, digest))
    rows = read_ledger(workspace, bundle)
    health = judge_rows(bundle, rows, made_at=datetime(2026, 3, 2, tzinfo=UTC))
    told = Against(TABLE, "flight").compared(health, release, rooms, Window())
    assert told.skew is not None
    assert told.skew.columns[0].how == "the server saw 100 times what the table says"
    assert told.action == "fix input"


def test_rows_given_are_not_compared(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "flights", data=TABLE, target="late")
    with pytest.raises(InputError, match="Leave new_rows out"):
        project.maintain(TABLE, against=TABLE)
    done = CliRunner().invoke(cli, ["maintain", "new.csv", "--skew-against", "table.csv"])
    assert done.exit_code == 2
    assert "goes alone" in done.output
