from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from flights_example import TASK, draw_flights, draw_labels, make_flights_bundle
from modelwright.cli.main import cli
from modelwright.documents import Health, Release
from modelwright.maintain.watch.watching import watch_ledger
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.workspace.artifacts import draft_folder, store_folder
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.ledger import Ledger, Prediction, microseconds
from modelwright.workspace.ledger.writer import LedgerWriter

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def deployed(tmp_path: Path) -> tuple[Workspace, Release]:
    workspace = Workspace.create(tmp_path / "flights")
    with workspace.lock():
        draft = draft_folder(workspace, "release")
        digest = write_bundle(make_flights_bundle(), draft)
        store_folder(workspace, draft, "release")
    release = Release(
        target="late", task=TASK, metric="roc_auc", released=True, gates=(), bundle_hash=digest
    )
    return workspace, release


def serve(
    deployed: tuple[Workspace, Release],
    table: pl.DataFrame,
    *,
    day: int,
    labels: pl.Series | None = None,
) -> None:
    """Log rows of one day, and labels that came at once."""
    workspace, release = deployed
    with Ledger.open(workspace.path / "ledger.db") as ledger:
        ledger.append(
            [
                Prediction(
                    id=f"{day}-{number}",
                    at=microseconds(NOW + day * DAY + timedelta(seconds=number)),
                    version=release.bundle_hash,
                    inputs=msgspec.json.encode(row),
                    output=b'{"answer":"no"}',
                    latency_s=0.001,
                )
                for number, row in enumerate(table.iter_rows(named=True))
            ]
        )
        if labels is not None:
            known = ((f"{day}-{number}", label) for number, label in enumerate(labels))
            ledger.label(known, at=microseconds(NOW + day * DAY))


def run(
    deployed: tuple[Workspace, Release],
    *,
    day: int,
    keep: bool = True,
    accepted: tuple[tuple[str, tuple[str, ...]], ...] = (),
) -> Health:
    workspace, release = deployed
    now = NOW + (day + 0.9) * DAY
    watched = watch_ledger(
        release, workspace, accepted=accepted, clock=lambda: now, report=lambda _: None
    )
    if keep:
        with workspace.lock():
            watched.keep(workspace)
    return watched.health


FLIGHTS = draw_flights(2_400, seed=31)
STUCK = FLIGHTS[1_500:2_000].with_columns(temp=pl.lit(21.5))


def test_a_break_is_found_beside_the_past_of_earlier_runs(deployed):
    serve(deployed, FLIGHTS[:1_500], day=0)
    assert run(deployed, day=0).healthy
    serve(deployed, STUCK, day=1)
    health = run(deployed, day=1)
    assert (health.healthy, health.action) == (False, "fix input")
    assert health.causes[0].kind == "stuck values"
    # It lasts, and is told with the moment since when.
    again = run(deployed, day=2)
    assert not again.healthy
    assert again.causes[0].kind == "stuck values"
    assert "So since 2026-03-02" in again.causes[0].sentence


def test_a_run_that_was_killed_before_it_was_kept_is_done_again(deployed):
    serve(deployed, FLIGHTS[:1_500], day=0)
    run(deployed, day=0)
    serve(deployed, STUCK, day=1)
    first, second = run(deployed, day=1, keep=False), run(deployed, day=1)
    assert first == second


def test_a_decision_stands_until_other_rows_come(deployed):
    rng = np.random.default_rng(0)
    labels = draw_labels(FLIGHTS, seed=31)
    turned = pl.Series("late", np.where(labels == "yes", "no", "yes"))
    serve(deployed, FLIGHTS[:1_500], day=0, labels=labels[:1_500])
    assert run(deployed, day=0).action == "keep"
    serve(deployed, FLIGHTS[1_500:], day=1, labels=turned[1_500:])
    first = run(deployed, day=1)
    assert (first.healthy, first.action) == (False, "retrain")
    told = {(each.action, each.sentence, each.causes) for each in (first, run(deployed, day=1))}
    assert told == {(first.action, first.sentence, first.causes)}
    mixed = FLIGHTS[rng.permutation(len(FLIGHTS))[:600]]
    serve(deployed, mixed, day=2)
    assert first.causes[0].sentence not in {each.sentence for each in run(deployed, day=2).causes}


def test_the_first_look_says_what_later_ones_say(deployed):
    """The look comes at once after the last answer: all is there, for no server is writing."""
    serve(deployed, pl.concat([FLIGHTS[:1_500], STUCK]), day=0)
    workspace, release = deployed
    last = NOW + timedelta(seconds=2_000)

    def look(after: timedelta) -> tuple[str, list[tuple[str, tuple[str, ...]]]]:
        watched = watch_ledger(
            release, workspace, clock=lambda: last + after, report=lambda _: None
        )
        with workspace.lock():
            watched.keep(workspace)
        health = watched.health
        return health.action, [(each.kind, each.columns) for each in health.causes]

    first = look(timedelta(0))
    assert (first[0], first[1][0]) == ("fix input", ("stuck values", ("temp",)))
    assert look(timedelta(minutes=1)) == first


def test_at_the_first_look_what_came_and_went_is_a_note(deployed):
    serve(deployed, pl.concat([FLIGHTS[:1_500], STUCK, FLIGHTS[1_500:]]), day=0)
    first = run(deployed, day=0)
    assert (first.healthy, first.action) == (True, "keep")
    assert "In these rows came and went: 'temp' (stuck values)." in first.sentence
    assert run(deployed, day=1).sentence == first.sentence
    # Of what came since, people are told.
    serve(deployed, pl.concat([FLIGHTS[:500], STUCK, FLIGHTS[:500]]), day=2)
    assert run(deployed, day=2).causes[0].kind == "stuck values"


def test_the_last_seconds_wait_while_a_server_writes(deployed):
    serve(deployed, FLIGHTS[:1_500], day=0)
    workspace, release = deployed
    with (
        Ledger.open(workspace.path / "ledger.db") as ledger,
        LedgerWriter(ledger),
    ):
        watched = watch_ledger(
            release,
            workspace,
            clock=lambda: NOW + timedelta(seconds=1_500),
            report=lambda _: None,
        )
    assert watched.until == NOW + timedelta(seconds=1_490)


def test_another_world_stays_open_until_people_know_of_it(deployed):
    rows = draw_flights(3_600, seed=32)
    labels = draw_labels(rows, seed=32)
    turned = pl.Series("late", np.where(labels == "yes", "no", "yes"))
    for day, known in enumerate([labels, labels, turned, turned]):
        part = slice(day * 900, (day + 1) * 900)
        serve(deployed, rows[part], day=day, labels=known[part])
        health = run(deployed, day=day)
        assert health.healthy == (day < 2)
    assert (health.causes[0].kind, health.causes[0].is_worse) == ("concept drift", False)
    assert "So since 2026-03-03" in health.causes[0].sentence
    accepted = (("concept drift", ()),)
    again = run(deployed, day=4, accepted=accepted)
    assert not any("So since" in cause.sentence for cause in again.causes)
    # It is kept, although no row came.
    assert b'"is_accepted":true' in deployed[0].read_bytes("watch.json")


def test_few_new_rows_wait_for_the_next_run(deployed):
    serve(deployed, FLIGHTS[:1_500], day=0)
    run(deployed, day=0)
    before = deployed[0].read_bytes("watch.json")
    serve(deployed, STUCK[:60], day=1)
    assert run(deployed, day=1).healthy
    assert deployed[0].read_bytes("watch.json") == before


def test_what_is_erased_from_the_ledger_is_in_no_past(deployed):
    serve(deployed, FLIGHTS[:1_500], day=0)
    run(deployed, day=0)
    workspace = deployed[0]
    path = str(workspace.path)
    (load,) = FLIGHTS[:1]["load"]
    assert str(load) in workspace.read_bytes("watch.json").decode()
    words = ["ledger", "erase", "--where", f"load={load}", "--yes", "--workspace", path]
    assert CliRunner().invoke(cli, words).exit_code == 0
    assert str(load) not in workspace.read_bytes("watch.json").decode()
    assert run(deployed, day=0).healthy
    # Of rows that are too old nothing is left.
    assert CliRunner().invoke(cli, ["ledger", "keep", "1h", "--workspace", path]).exit_code == 0
    assert b'"past":[]' in workspace.read_bytes("watch.json")


@pytest.mark.parametrize("damage", [b"{", b"{}", b'{"format": 99}'])
def test_a_damaged_state_is_begun_anew(deployed, damage):
    serve(deployed, FLIGHTS[:1_500], day=0)
    with deployed[0].lock():
        deployed[0].write_bytes("watch.json", damage)
    assert run(deployed, day=0).healthy
    assert b'"past"' in deployed[0].read_bytes("watch.json")
