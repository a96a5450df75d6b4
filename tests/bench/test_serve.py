import json
import random
import threading
from pathlib import Path

import pytest

from bench.serve import contestants, soak
from bench.serve.client import Times, as_request, ask_at_once, ask_at_rate, ask_in_turn
from bench.serve.figures import Seen, as_table, bars, overload_in_words, soak_in_words
from bench.serve.overload import Overload
from bench.serve.table import SMALL, first_rows, write_table
from modelwright.serving.app import create_app
from wire import with_server

ROW = {"n0": 1.5, "c0": "north"}
TIMES = Times(p50_s=0.001, p99_s=0.002, rate=900.0, statuses={200: 10, 503: 90})


def _seen(name: str, p50_s: float, *, memory_bytes: int = 10**7, start_s: float = 0.5) -> Seen:
    times = Times(p50_s=p50_s, p99_s=2 * p50_s, rate=1 / p50_s, statuses={200: 9})
    return Seen(
        name=name,
        rounds=[times, times],
        crowd=times,
        start_s=start_s,
        memory_bytes=memory_bytes,
        environment_bytes=10**8,
    )


def test_a_table_is_the_same_each_time_and_its_rows_are_whole(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        write_table(SMALL, tmp_path / name)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    rows = first_rows(tmp_path / "a.csv", 5)
    assert len(rows) == 5
    assert all(row.keys() == {"n0", "n1", "n2", "c0"} for row in rows)
    assert {type(row["n0"]) for row in rows} == {float}


def test_every_contestant_is_asked_by_a_request_with_its_row() -> None:
    for each in contestants.CONTESTANTS:
        head, body = each.ask(ROW).split(b"\r\n\r\n", 1)
        assert f"Content-Length: {len(body)}".encode() in head
        assert "north" in json.dumps(json.loads(body))


def test_clients_count_what_they_see(example_bundle_app) -> None:
    good, bad = as_request(b"{}", "/predict"), as_request(b"[]", "/predict")
    seen: list[Times] = []

    async def test(served) -> None:
        def ask() -> None:
            seen.append(ask_in_turn(served.port, [good, bad], count=10, warm=2))
            seen.append(ask_at_once(served.port, good, connections=3, seconds=0.2))
            seen.append(ask_at_rate(served.port, good, connections=3, seconds=0.2, rate=50))

        thread = threading.Thread(target=ask)
        thread.start()
        while thread.is_alive():
            await served.rest()
        thread.join()

    with_server(example_bundle_app, test)
    in_turn, at_once, at_rate = seen
    assert in_turn.statuses == {200: 5, 400: 5}
    assert at_once.statuses.keys() == {200}
    assert 1 <= at_rate.statuses[200] <= 11


def test_fuzzed_requests_are_the_same_for_a_seed_and_never_a_fault(example_bundle_app) -> None:
    made = [soak._request(random.Random(7), ROW) for _ in range(2)]
    assert made[0] == made[1]
    found: dict[int, int] = {}

    async def test(served) -> None:
        def ask() -> None:
            row = {"age": 39, "member": True, "job": "clerk", "seen": "2024-03-01"}
            found.update(soak.soak(served.port, row, count=120, seed=1))

        thread = threading.Thread(target=ask)
        thread.start()
        while thread.is_alive():
            await served.rest()
        thread.join()

    with_server(example_bundle_app, test)
    assert sum(found.values()) == 120
    assert soak.faults(found) == 0


def test_the_figures_say_which_bars_are_met() -> None:
    seen = [
        _seen("modelwright", 0.0003, memory_bytes=200 * 10**6),
        _seen("the same stack, doing nothing", 0.0001),
        _seen("MLServer", 0.003),
        _seen("MLflow", 0.009),
    ]
    told = bars(seen, "modelwright")
    assert "nothing: 3.0 times (at most 1.5): **missed**" in told
    assert "MLServer's: 10.0 times (at least 3): met" in told
    assert "MLflow's: 30.0 times" in told
    assert "200 MB of memory (100): **missed**" in told
    assert "ready after 0.50 s (1): met" in told
    assert as_table(seen).count("\n") == 5


def test_strain_is_told_in_words() -> None:
    found = Overload(
        alone=TIMES,
        sustained=TIMES,
        offered=9000,
        sent=100,
        under=TIMES,
        before_bytes=10**7,
        during_bytes=2 * 10**7,
        after_bytes=10**7,
    )
    assert "10 were answered" in overload_in_words(found)
    assert "90 refused with 503" in overload_in_words(found)
    told = soak_in_words({200: 5, 500: 1, 503: 2, 0: 3}, before_bytes=10**7, after_bytes=10**7)
    assert "Faults of the server: 1." in told


@pytest.fixture(scope="module")
def example_bundle_app():
    from example_bundle import make_bundle

    return create_app(make_bundle())
