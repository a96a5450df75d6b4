from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest

from flights_example import SCHEMA, draw_flights, draw_labels, make_flights_bundle
from modelwright.data.conform import columns_of, conform
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import SchemaError, TargetError
from modelwright.maintain.log.foreign_columns import LogColumns, moments_of
from modelwright.maintain.log.foreign_log import Imported, import_log
from modelwright.maintain.log.live_rows import live_rows_of, read_live_rows
from modelwright.maintain.log.window import Window
from modelwright.maintain.skew.skew import find_skew
from modelwright.predictor.operations.numbers import Impute
from modelwright.workspace.ledger.ledger import LabelCount, Ledger
from modelwright.workspace.ledger.rows import IMPORTED, Prediction

NOW = 1_750_000_000_000_000
BUNDLE = make_flights_bundle()
FLIGHTS = draw_flights(60, seed=3)
OWN = BUNDLE.program.run(columns_of(conform(FLIGHTS, SCHEMA), SCHEMA))
LOG = FLIGHTS.rename({"temp": "celsius"}).with_columns(
    draw_labels(FLIGHTS, seed=5),
    case=pl.Series([f"c{n}" for n in range(60)]),
    scored=pl.Series([1_700_000_000 + n for n in range(60)]),
    score=pl.Series(OWN[:, 1].round(6)),
)
COLUMNS = LogColumns(
    id="case",
    time="scored",
    probabilities={"": "score"},
    label="late",
    inputs={"temp": "celsius"},
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.db") as opened:
        yield opened


def take(ledger: Ledger, log: pl.DataFrame, columns: LogColumns = COLUMNS) -> Imported:
    return import_log(ledger, log, BUNDLE, columns=columns, at=NOW)


def test_a_log_is_judged_like_what_was_served(ledger: Ledger) -> None:
    told = take(ledger, LOG)
    assert (told.rows, told.new, told.compared, told.apart) == (60, 60, 60, 0)
    assert told.labels == LabelCount(matched=60, corrected=0, unknown=0)
    rows = read_live_rows(ledger, BUNDLE, Window(version=BUNDLE.hash))
    assert rows.answers == pytest.approx(OWN)
    assert rows.labelled.all()
    first = next(ledger.read_window())
    assert (first.id, first.at, first.host, first.role) == ("c0", 17 * 10**14, IMPORTED, "champion")
    assert first.output["probabilities"]["yes"] == LOG["score"][0]


def test_truths_that_older_servers_took_for_numbers_are_read(ledger: Ledger) -> None:
    row = Prediction(
        id="1", at=NOW, version="a", inputs=b'{"temp": true, "load": 2}', output=b"{}", latency_s=0
    )
    ledger.append([row])
    live = read_live_rows(ledger, BUNDLE, Window(version="a"))
    assert (live.columns["temp"].tolist(), live.columns["load"].tolist()) == ([1.0], [2.0])


def test_a_log_that_was_cut_short_is_completed_by_the_same_log(ledger: Ledger) -> None:
    assert take(ledger, LOG[:25]).new == 25
    again = take(ledger, LOG)
    assert (again.new, ledger.count()) == (35, 60)
    assert again.labels == LabelCount(matched=60, corrected=0, unknown=0)
    assert take(ledger, LOG).new == 0


def test_rows_under_the_id_of_a_row_before_leave_its_label_alone(ledger: Ledger) -> None:
    other = pl.col("late").replace({"yes": "no", "no": "yes"})
    # The row c1 comes again as it is, with a correction; another row comes under the id c0.
    again = LOG[1:3].with_columns(
        other, case=pl.Series(["c1", "c0"]), scored=pl.Series([1_700_000_001, 1_700_000_002])
    )
    told = take(ledger, pl.concat([LOG, again]))
    assert (told.rows, told.new, told.again, told.left_out) == (62, 60, 2, 1)
    assert told.labels == LabelCount(matched=61, corrected=1, unknown=0)
    said = {row.id: row.label for row in ledger.read_window()}
    assert said["c0"] == LOG["late"][0]
    assert said["c1"] == again["late"][0]
    # Of rows that an import before has brought, labels are corrected as ever.
    told = take(ledger, LOG[:1].with_columns(other))
    assert told.labels == LabelCount(matched=1, corrected=1, unknown=0)
    # Another row comes under the id of one of an import before.
    told = take(ledger, again[1:])
    assert (told.new, told.again, told.left_out) == (0, 1, 1)
    assert told.labels == LabelCount(matched=0, corrected=0, unknown=0)


def test_rows_that_the_ledger_has_get_their_labels_in_whatever_order_they_come(
    ledger: Ledger,
) -> None:
    take(ledger, LOG, replace(COLUMNS, label=""))
    later = LOG.with_columns(pl.col("scored") + 86_400)
    told = take(ledger, pl.concat([later, LOG]))
    assert (told.new, told.again, told.left_out) == (0, 60, 60)
    assert told.labels == LabelCount(matched=60, corrected=0, unknown=0)


def test_rows_that_the_model_has_no_answer_to_are_left_out(ledger: Ledger) -> None:
    program = BUNDLE.program
    steps = tuple(
        msgspec.structs.replace(step, fill=np.array([15.0, np.nan]))
        if isinstance(step, Impute)
        else step
        for step in program.steps
    )
    bundle = replace(BUNDLE, program=msgspec.structs.replace(program, steps=steps))
    unknown = LOG["load"].null_count()
    told = import_log(ledger, LOG, bundle, columns=COLUMNS, at=NOW)
    assert (told.rows, told.unanswered, told.new) == (60, unknown, 60 - unknown)
    assert (told.compared, told.apart, told.again) == (60 - unknown, 0, 0)
    assert told.labels == LabelCount(matched=60 - unknown, corrected=0, unknown=0)
    assert 0 < unknown < 60


def test_answers_that_are_not_the_bundles_own_are_told(ledger: Ledger) -> None:
    skewed = LOG.with_columns(score=pl.when(pl.col("case") == "c7").then(0.99).otherwise("score"))
    told = take(ledger, skewed)
    assert (told.apart, told.first_apart) == (1, "c7")
    assert told.furthest == pytest.approx(abs(0.99 - OWN[7, 1]))


def test_classes_alone_and_answers_that_the_log_lacks(ledger: Ledger) -> None:
    chosen = [BUNDLE.program.task.classes[place] for place in BUNDLE.program.choose(OWN)]
    log = LOG.with_columns(said=pl.Series([*chosen[:59], None]))
    columns = LogColumns(
        id="case", time="scored", prediction="said", inputs=COLUMNS.inputs, label="late"
    )
    told = take(ledger, log, columns)
    assert (told.compared, told.apart) == (59, 0)
    last = [*ledger.read_window()][-1].output
    assert (last["answer"], last["probabilities"]["yes"]) == (chosen[59], OWN[59, 1])


def test_labels_with_their_time_and_values_that_cannot_be_read(ledger: Ledger) -> None:
    log = LOG.with_columns(
        known=pl.lit("2024-01-01"),
        load=pl.Series(["many", *LOG["load"].cast(pl.String)[1:]]),
    )
    told = take(ledger, log, LogColumns(**{**vars(COLUMNS), "label_time": "known"}))
    assert told.unread == {"load": 1}
    assert ledger.label_history("c0")[0][0] == 1_704_067_200_000_000


def test_a_label_from_the_future_is_refused_before_anything_is_written(ledger: Ledger) -> None:
    columns = LogColumns(**{**vars(COLUMNS), "label_time": "known"})
    log = LOG.with_columns(known=pl.lit("2035-01-01"))
    with pytest.raises(SchemaError, match=r"^60 of 60 labels .*future.*'known'"):
        take(ledger, log, columns)
    assert ledger.count() == 0


@pytest.mark.parametrize(
    ("log", "changed", "error", "told"),
    [
        (LOG, {"id": "cse"}, SchemaError, "Did you mean 'case'"),
        (LOG, {"inputs": {"tmp": "celsius"}}, SchemaError, "reads no 'tmp'.*'temp'"),
        (LOG, {"inputs": {}}, SchemaError, "has no column 'temp'.*--input 'temp=COLUMN'"),
        (LOG, {"probabilities": {"no": "score"}}, SchemaError, "names no probability of yes"),
        (LOG, {"probabilities": {"maybe": "score"}}, SchemaError, "no class 'maybe'"),
        (LOG, {"label": "carrier"}, TargetError, "a class that was not there"),
        (LOG.with_columns(case=pl.lit(None)), {}, SchemaError, "60 of 60 rows have no id"),
        (LOG.with_columns(scored=pl.lit(None)), {}, SchemaError, "60 of 60 rows have no time"),
        (LOG.with_columns(scored=pl.lit("soon")), {}, SchemaError, "no time, such as 'soon'"),
        (
            LOG.with_columns(scored=pl.lit("2035-01-01")),
            {},
            SchemaError,
            "60 of 60 .*future",
        ),
        (LOG.with_columns(score=pl.lit(12.5)), {}, SchemaError, "no probability, such as 12.5"),
    ],
)
def test_what_is_no_log_changes_nothing(
    ledger: Ledger, log: pl.DataFrame, changed: dict, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        take(ledger, log, LogColumns(**{**vars(COLUMNS), **changed}))
    assert ledger.count() == 0


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000])
def test_moments_as_numbers(unit: int) -> None:
    table = pl.DataFrame({"at": np.array([1_700_000_000, 1_700_000_001]) * unit})
    assert moments_of(table, "at", "time") == [1_700_000_000_000_000, 1_700_000_001_000_000]


@pytest.mark.parametrize("texts", [["20230101"], ["2023"], ["1700000000", "1700000000000"]])
def test_texts_that_may_be_other_moments_are_refused(texts: list[str]) -> None:
    with pytest.raises(SchemaError, match="are no time"):
        moments_of(pl.DataFrame({"at": texts}), "at", "time")


PART = Column(name="wind (2)", kind=Kind.NUMERIC, unit="2nd number")
PARTED = replace(BUNDLE, schema=Schema(columns=(*SCHEMA.columns[:3], PART)))


def test_cells_of_several_numbers_are_watched_as_their_numbers(ledger: Ledger) -> None:
    winds = pl.Series("wind", [f"{n}/{n + 100}" for n in range(60)])
    log = LOG.drop("unused").with_columns(winds)
    assert import_log(ledger, log, PARTED, columns=COLUMNS, at=NOW).new == 60
    # A client may send the cell as it stands.
    sent = {**FLIGHTS.row(0, named=True), "unused": None, "wind": "7/9"}
    ledger.append(
        [
            Prediction(
                id="own",
                at=18 * 10**14,
                version=BUNDLE.hash,
                inputs=msgspec.json.encode(sent),
                output=msgspec.json.encode({"answer": "no"}),
                latency_s=0.0,
            )
        ]
    )
    rows = read_live_rows(ledger, PARTED, Window(version=BUNDLE.hash))
    assert rows.columns["wind (2)"].tolist() == [*range(100, 160), 9.0]
    table = FLIGHTS.drop("unused").with_columns(winds, case=LOG["case"])
    assert live_rows_of(table, PARTED).columns["wind (2)"].tolist() == [*range(100, 160)]
    assert not find_skew(PARTED, rows, table, on="case").columns
    other = table.with_columns(wind=pl.lit("0/0"))
    (column,) = find_skew(PARTED, rows, other, on="case").columns
    assert (column.column, column.rows) == ("wind (2)", 60)
