"""A model of which there is only a log, from the first import to the alarm."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result

from flights_example import SCHEMA, draw_flights, draw_labels, make_program
from modelwright.cli.main import cli
from modelwright.data.conform import columns_of, conform
from modelwright.data.odcs.reader import read_contract
from modelwright.documents import Health, read_document
from modelwright.engineer.care.imports import begin_black_box
from modelwright.errors import ModelwrightError, SchemaError, TargetError, WorkspaceError
from modelwright.maintain.log.black_box import stand_in_for
from modelwright.maintain.log.foreign_columns import LogColumns
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.folder import Workspace

NOW = datetime.now(UTC)
COLUMNS = LogColumns(time="at", prediction="said", label="late")


def log(rows: int, *, seed: int, days: float, **changes: Any) -> pl.DataFrame:
    table = draw_flights(rows, seed=seed)
    answers = make_program().run(columns_of(conform(table, SCHEMA), SCHEMA))[:, 1]
    first = NOW - timedelta(days=days)
    return table.with_columns(
        draw_labels(table, seed=seed),
        id=pl.format("{}-{}", pl.lit(seed), pl.int_range(rows)),
        at=pl.Series([first + timedelta(seconds=number) for number in range(rows)]),
        score=pl.Series(answers),
        said=pl.Series(np.where(answers >= 0.5, "yes", "no")),
        **changes,
    )


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, [*words, "-w", str(folder)], standalone_mode=False)


def judged(folder: Path) -> Health:
    assert run(folder, "maintain", "-q").exception is None
    return read_document(Health, Workspace.open(folder))


def test_a_log_alone_is_watched_and_what_would_ask_the_model_is_refused(tmp_path: Path) -> None:
    folder, file = tmp_path / "theirs", str(tmp_path / "log.parquet")
    log(1_500, seed=1, days=3).drop("said").write_parquet(file)
    words = ("ledger", "import", file, "--time", "at", "--probability", "score")
    begun = run(folder, *words, "--black-box", "--target", "late")
    assert begun.output == (
        "1,500 of 1,500 answers are new in the ledger.\n"
        "1,500 labels joined, 0 of them corrections.\n"
    )
    assert (folder / "contract.yaml").is_file()
    calm = judged(folder)
    assert (calm.healthy, calm.rows, calm.labelled, calm.metric) == (True, 1500, 1500, "log_loss")
    assert calm.realised is not None
    assert calm.expected is not None
    assert calm.estimated is None
    assert "the model itself is not here" in calm.estimate
    broken = {"temp": pl.lit(21.5)}
    log(500, seed=2, days=1, **broken).drop("said").write_parquet(file)
    assert run(folder, *words).exception is None
    alarmed = judged(folder)
    assert (alarmed.healthy, alarmed.causes[0].kind) == (False, "stuck values")
    assert alarmed.causes[0].columns == ("temp",)
    assert alarmed.split is None
    for refused in (
        ("maintain", "--propose", "-w", str(folder)),
        ("predict", str(folder), file),
        ("serve", "-w", str(folder)),
        ("deploy", "-w", str(folder)),
        ("challenge", str(folder), "--shadow", "-w", str(folder)),
        ("gameday", "-w", str(folder)),
    ):
        done = CliRunner().invoke(cli, [*refused], standalone_mode=False)
        assert isinstance(done.exception, ModelwrightError), refused
        assert "The model itself is not here" in str(done.exception), refused
    again = run(folder, *words, "--black-box", "--target", "late")
    assert again.output.startswith("0 of 500 answers are new in the ledger.")


def test_classes_alone_are_judged_by_accuracy() -> None:
    bundle = stand_in_for(
        log(600, seed=3, days=1).drop("score"), COLUMNS, target="late", made_at=NOW
    )
    assert (bundle.facts.metric, bundle.facts.watched_only) == ("accuracy", True)
    assert bundle.schema.names == ("temp", "load", "carrier", "unused")
    assert bundle.facts.holdout_score is not None


def test_what_goes_on_like_time_has_no_upper_bound() -> None:
    table = log(600, seed=3, days=1).with_columns(number=pl.int_range(pl.len()) / 7)
    bundle = stand_in_for(table.drop("score"), COLUMNS, target="late", made_at=NOW)
    rules = [check.rule for check in read_contract(bundle.contract_text).every_check]
    assert "Column 'number' is at least 0" in rules
    assert any(rule.startswith("Column 'temp' is") and "at most" in rule for rule in rules)


@pytest.mark.parametrize(
    ("table", "columns", "said"),
    [
        (log(100, seed=4, days=1), COLUMNS, "500 are needed"),
        (log(600, seed=4, days=1), LogColumns(time="at"), "neither a label nor an answer"),
        (log(600, seed=4, days=1), LogColumns(time="at", label="late"), "what was answered"),
    ],
)
def test_a_log_that_does_not_suffice_is_refused(
    table: pl.DataFrame, columns: LogColumns, said: str
) -> None:
    with pytest.raises(SchemaError, match=said):
        stand_in_for(table, columns, target="late", made_at=NOW)


@pytest.mark.parametrize(
    ("wrong", "error", "told"),
    [
        ({"at": NOW + timedelta(days=9)}, SchemaError, "1 of 600 answers were given in the future"),
        ({"score": 1.5}, SchemaError, "1 values of 'score' are no probability"),
        ({"score": None}, SchemaError, "1 of 600 rows have no answer"),
        ({"late": "maybe"}, TargetError, "a class that was not there"),
    ],
)
def test_a_log_that_is_wrong_further_down_leaves_no_workspace(
    tmp_path: Path, wrong: dict[str, Any], error: type[Exception], told: str
) -> None:
    table = log(600, seed=4, days=1).drop("said")
    last = table[-1:].with_columns(
        pl.lit(value).cast(table.schema[name]).alias(name) for name, value in wrong.items()
    )
    columns = LogColumns(time="at", probabilities={"": "score"}, label="late")
    with pytest.raises(error, match=told):
        begin_black_box(
            tmp_path / "theirs",
            pl.concat([table[:-1], last]),
            columns=columns,
            target="late",
            now=NOW,
        )
    assert not (tmp_path / "theirs").exists()


def test_an_import_that_was_killed_begins_again_as_it_began(tmp_path: Path) -> None:
    table, path = log(600, seed=4, days=1), tmp_path / "theirs"
    begun = begin_black_box(path, table, columns=COLUMNS, target="late", now=NOW)
    later = NOW + timedelta(hours=1)
    again = begin_black_box(path, table, columns=COLUMNS, target="late", now=later)
    assert Aliases.read(again) == Aliases.read(begun)
    with pytest.raises(WorkspaceError, match="has a model already, of 'late'"):
        begin_black_box(path, table, columns=COLUMNS, target="early", now=later)
