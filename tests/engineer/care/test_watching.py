"""Windows judged one after another, until the watch is told to end: docs/how-to/alarms.md."""

import json
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import polars as pl
import pytest

from modelwright.engineer.care.messages import Messages
from modelwright.engineer.champion import bundle_folder
from modelwright.errors import WorkspaceError
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.workspace.ledger.address import ledger_of
from modelwright.workspace.ledger.ledger import Ledger, Prediction, microseconds
from modelwright.workspace.logbook import LOGBOOK, Logbook
from orders_example import TARGET, orders

START = datetime(2026, 3, 1, tzinfo=UTC)
MAINTAIN = [sys.executable, "-m", "modelwright", "maintain", "-q", "--json", "-w", "orders-model"]


def serve(project, table: pl.DataFrame, *, since: datetime = START) -> None:
    """Log rows as a server does that answers 100 of them in an hour."""
    version = read_bundle(bundle_folder(project.workspace.path)).hash
    with Ledger.open(ledger_of(project.workspace.path)) as ledger:
        ledger.append(
            [
                Prediction(
                    id=f"{since}{number}",
                    at=microseconds(since + number * timedelta(seconds=36)),
                    version=version,
                    inputs=msgspec.json.encode(row),
                    output=b"0.5",
                    latency_s=0.001,
                )
                for number, row in enumerate(table.drop(TARGET, "order_id").iter_rows(named=True))
            ]
        )


def test_each_window_is_judged_once(project):
    serve(project, orders(350, seed=5))
    first = list(project.watch("1h", rows=50, once=True))
    assert [health.rows for health in first] == [100, 100, 100, 50]
    assert list(project.watch("1h", rows=50, once=True)) == []
    serve(project, orders(80, seed=6), since=START + timedelta(days=1))
    assert [health.rows for health in project.watch("1h", rows=50, once=True)] == [80]
    assert [health.rows for health in project.alarms.health()] == [100, 100, 100, 50, 80]


def test_a_trouble_is_told_once_over_all_windows(project):
    serve(project, orders(400, seed=5).with_columns(pl.col("amount") * 100))
    judged = list(project.watch("1h", once=True))
    assert [health.healthy for health in judged] == [False] * 4
    alarms = project.alarms.all(closed=True)
    about = [(alarm.kind, alarm.columns) for alarm in alarms]
    assert len(about) == len(set(about))
    assert max(alarm.times_seen for alarm in alarms if alarm.columns == ("amount",)) > 1


def test_what_waits_is_sent_though_no_row_is_new(project, monkeypatch):
    sent = []
    monkeypatch.setattr(Messages, "deliver", lambda self: sent.append(self))
    assert (list(project.watch("1h", once=True)), len(sent)) == ([], 1)


def test_it_ends_after_the_window_in_which_it_is_told_to(project):
    serve(project, orders(400, seed=5))
    stop = threading.Event()
    judged = []
    for health in project.watch("1h", stop=stop):
        judged.append(health)
        stop.set()
    assert len(judged) == 1


def test_what_goes_wrong_is_told_and_becomes_an_alarm_that_closes_itself(project, monkeypatch):
    said = []
    monkeypatch.setattr(project, "report", lambda _, sentence: said.append(sentence))
    serve(project, orders(100, seed=5))
    stop = threading.Event()
    right, tries = project.maintain, []

    def fail(**window):
        tries.append(window)
        if len(tries) <= 4:
            raise WorkspaceError("orders-model is in use by process 7.")
        return right(**window)

    monkeypatch.setattr(project, "maintain", fail)
    for _ in project.watch(0.01, stop=stop):
        stop.set()
    assert said == ["orders-model is in use by process 7. It is tried again in the next round."] * 4
    (alarm,) = [each for each in project.alarms.all(closed=True) if each.kind == "not judged"]
    assert (alarm.state, alarm.times_seen) == ("closed", 1)


def test_a_kill_at_any_moment_loses_no_row_and_judges_none_twice(project):
    serve(project, orders(1500, seed=5))
    draw = random.Random(0)
    command = [*MAINTAIN, "--new", "--every", "1h", "--rows", "20"]
    for _ in range(2):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline()
        time.sleep(draw.uniform(0, 0.3))
        process.kill()
        process.communicate()
    rest = subprocess.run(command, check=False, capture_output=True, text=True)
    assert rest.stderr == ""
    with Logbook.open(project.workspace.path / LOGBOOK) as logbook:
        judged = [json.loads(document) for document in logbook.judgements()]
    assert sum(health["rows"] for health in judged) == 1500
    assert all(before["until"] < after["since"] for before, after in pairwise(judged))


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_watch_ends_cleanly(project, end):
    serve(project, orders(400, seed=5))
    process = subprocess.Popen(
        [*MAINTAIN, "--watch", "--every", "1h"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["rows"] == 100
    process.send_signal(end)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (0, "")
    assert not list(Path("orders-model").glob(".*.draft"))


def test_data_is_not_watched(project):
    done = subprocess.run(
        [*MAINTAIN, "orders.csv", "--watch"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "--new and --watch judge what the server logged, and nothing else." in done.stderr
