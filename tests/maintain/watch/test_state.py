from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.maintain.log.live_rows import live_rows_of
from modelwright.maintain.look.past import store_window
from modelwright.maintain.watch.state import erase_watched, read_watch, write_watch
from modelwright.maintain.watch.watch import Watch
from modelwright.tasks.metrics import METRICS
from modelwright.workspace.folder import Workspace

UNTIL = datetime(2026, 3, 1, tzinfo=UTC)
METRIC = METRICS["roc_auc"]


@pytest.fixture
def watch() -> Watch:
    bundle, table = make_flights_bundle(), draw_flights(400, seed=31)
    rows = live_rows_of(table.with_columns(draw_labels(table, seed=31)), bundle)
    logged = replace(
        rows, ids=tuple(map(str, range(400))), arrived=rows.labelled.astype("int64") * 7
    )
    return Watch(bundle, METRIC, ages_alike=False).see(logged)[1]


def test_a_watch_is_read_as_it_was_written(watch: Watch, tmp_path: Path):
    workspace = Workspace.create(tmp_path / "ws")
    write_watch(workspace, watch, until=UNTIL)
    again, until = read_watch(workspace, watch.bundle, METRIC)
    assert until == UNTIL
    assert (again.creep, again.known) == (watch.creep, watch.known)
    for found, kept in ((again.past, watch.past), (again.anchors, watch.anchors)):
        assert [store_window(each) for each in found] == [store_window(each) for each in kept]
    assert again.creep.windows == 1


def test_what_is_erased_is_in_no_window(watch: Watch, tmp_path: Path):
    workspace = Workspace.create(tmp_path / "ws")
    write_watch(workspace, watch, until=UNTIL)
    erase_watched(workspace, ["0", "399"])
    again, _ = read_watch(workspace, watch.bundle, METRIC)
    for (window,) in (again.past, again.anchors):
        assert not {"0", "399"} & set(window.ids)
        assert len(window.ids) == len(watch.past[0].ids) - 2
    erase_watched(workspace, before=8)
    assert read_watch(workspace, watch.bundle, METRIC)[0].anchors == ()
