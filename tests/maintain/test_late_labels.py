from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import polars as pl

from flights_example import TASK, draw_flights, draw_labels, make_flights_bundle
from modelwright.documents import Health, Release
from modelwright.maintain.log.window import Window
from modelwright.maintain.watch.watching import watch_ledger
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.workspace.artifacts import draft_folder, store_folder
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.ledger import Ledger, Prediction, microseconds

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ROWS = 600


def logged(table: pl.DataFrame, version: str, *, day: int) -> list[Prediction]:
    return [
        Prediction(
            id=f"{day}-{number}",
            at=microseconds(NOW + day * DAY + timedelta(seconds=number)),
            version=version,
            inputs=msgspec.json.encode(row),
            output=b'{"answer":"no"}',
            latency_s=0.001,
        )
        for number, row in enumerate(table.iter_rows(named=True))
    ]


def test_labels_that_come_later_are_judged_with_the_next_window(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "flights")
    with workspace.lock():
        draft = draft_folder(workspace, "release")
        digest = write_bundle(make_flights_bundle(), draft)
        store_folder(workspace, draft, "release")
    release = Release(
        target="late", task=TASK, metric="roc_auc", released=True, gates=(), bundle_hash=digest
    )
    tables = [draw_flights(ROWS, seed=seed) for seed in (41, 42)]
    path = workspace.path / "ledger.db"

    def judge(day: int) -> Health:
        window = Window(since=NOW + day * DAY, until=NOW + (day + 1) * DAY)
        when = NOW + (day + 1) * DAY + timedelta(minutes=1)
        return watch_ledger(
            release, workspace, window=window, clock=lambda: when, report=lambda _: None
        ).health

    with Ledger.open(path) as ledger:
        for day, table in enumerate(tables):
            ledger.append(logged(table, digest, day=day))
    first = judge(1)
    assert first.healthy
    assert first.estimated is not None
    assert [each.realised for each in first.periods] == [None, None]

    # The labels of the first day come a day late, and the world has turned.
    wrong = draw_labels(tables[0], seed=41).replace_strict({"yes": "no", "no": "yes"})
    with Ledger.open(path) as ledger:
        labels = [(f"0-{number}", label) for number, label in enumerate(wrong.to_list())]
        ledger.label(labels, at=microseconds(NOW + 2 * DAY))
        assert [row.id for row in ledger.read_labelled(2**62, version=digest, limit=2)] == [
            "0-598",
            "0-599",
        ]
        assert ledger.read_labelled(microseconds(NOW), version=digest, limit=2) == []
    second = judge(1)
    assert (second.action, second.healthy) == ("retrain", False)
    assert "Of rows before these, whose labels have come" in second.sentence
    assert (second.realised, second.estimated) == (None, None)
    assert "concept drift" in second.estimate
    assert [each.agrees for each in second.periods] == [False, None, None, None]
    assert second.split is not None
