import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.compute.parallel import map_threads
from modelwright.compute.process import run_isolated
from modelwright.errors import WorkspaceError
from modelwright.workspace.ledger.address import LedgerAddress
from modelwright.workspace.ledger.ledger import (
    LabelCount,
    Ledger,
    Prediction,
    microseconds,
)
from modelwright.workspace.ledger.rows import IMPORTED, Gap


def prediction(
    number: int, *, at: int | None = None, version: str = "a1", host: str = ""
) -> Prediction:
    return Prediction(
        id=f"p{number}",
        at=number if at is None else at,
        version=version,
        inputs=msgspec.json.encode({"dep": number, "carrier": None}),
        output=b"[0.25,0.75]",
        latency_s=0.001,
        host=host,
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def path(request: pytest.FixtureRequest, file: Path) -> LedgerAddress:
    """Where a ledger is; every test that asks for it is run with each kind."""
    if request.param == "SQLite":
        return file
    address: str = request.getfixturevalue("postgresql")
    return address


@pytest.fixture
def ledger(path: LedgerAddress) -> Iterator[Ledger]:
    with Ledger.open(path) as opened:
        yield opened


def test_what_two_models_answered_to_the_same_rows(ledger: Ledger) -> None:
    told = [prediction(number, version="old") for number in range(3)]
    ledger.append(told)
    waiting = ledger.read_alone("new", after=(0, -1), limit=2)
    assert [(row.id, row.inputs["dep"]) for row in waiting] == [("p0", 0), ("p1", 1)]
    beside = [msgspec.structs.replace(row, version="new", role="shadow") for row in told[:2]]
    assert [ledger.append(beside), ledger.append(beside)] == [2, 0]
    (last,) = ledger.read_alone("new", after=(0, -1), limit=2)
    canary = msgspec.structs.replace(prediction(3), version="new", role="canary")
    ledger.append([canary])
    ledger.label([("p1", True), ("p3", False)], 9)
    rows = [*ledger.read_answered("old", "new", since=1)]
    assert [(row.id, row.is_canary, row.label) for row in rows] == [
        ("p1", False, True),
        ("p2", False, None),
        ("p3", True, False),
    ]
    assert (last.id, rows[0].beside, rows[1].beside) == ("p2", [0.25, 0.75], None)
    assert [row.arrival is None for row in rows] == [False, True, False]


def test_what_a_window_has(ledger: Ledger) -> None:
    bare = msgspec.structs.replace(prediction(3), inputs=None)
    ledger.append([prediction(1), prediction(2), bare, prediction(4, version="other")])
    assert ledger.count_window("a1") == (3, 2, 0)
    assert ledger.count_window("a1", since=2, until=3) == (1, 1, 0)


def test_what_is_set_aside_is_kept_and_not_judged(ledger: Ledger) -> None:
    ledger.append([prediction(number) for number in range(4)])
    ledger.label([("p1", True)], 5)
    assert ledger.set_aside({"p1": "age is 200", "p2": "a test"}, 7) == 2
    assert ledger.set_aside({"p1": "again", "p9": "no such answer"}, 8) == 0
    assert ledger.without_answer(["p1", "p9"]) == ("p9",)
    assert [row.id for row in ledger.read_window()] == ["p0", "p3"]
    assert [row.id for row in ledger.read_alone("new", after=(0, -1), limit=9)] == ["p0", "p3"]
    assert [row.id for row in ledger.read_answered("a1", "new")] == ["p0", "p3"]
    assert (ledger.count_window("a1"), ledger.count()) == ((4, 4, 2), 4)
    assert [(row.id, row.at, row.why) for row in ledger.read_set_aside()] == [
        ("p1", 7, "age is 200"),
        ("p2", 7, "a test"),
    ]
    assert ledger.let_back(["p1", "p9"]) == 1
    assert [row.label for row in ledger.read_window()] == [None, True, None]
    ledger.erase(["p2"])
    assert ledger.read_set_aside() == ()


class TestLedger:
    def test_predictions_come_back(self, ledger: Ledger, path: LedgerAddress) -> None:
        assert ledger.append([prediction(1), prediction(2)]) == 2
        with Ledger.open(path) as again:
            first, second = again.read_window()
        assert first.inputs == {"dep": 1, "carrier": None}
        assert (first.id, first.at, first.version) == ("p1", 1, "a1")
        assert (first.output, first.label, first.latency_s) == ([0.25, 0.75], None, 0.001)
        assert second.id == "p2"

    def test_the_first_of_two_with_one_id_stays(self, ledger: Ledger) -> None:
        assert ledger.append([prediction(1), prediction(1, at=9)]) == 1
        assert ledger.append([prediction(1, at=10), prediction(2)]) == 1
        assert [row.at for row in ledger.read_window()] == [1, 2]

    def test_many_are_new_or_there_already(self, ledger: Ledger) -> None:
        assert ledger.append([prediction(number) for number in range(70)]) == 70
        assert ledger.append([prediction(number) for number in range(60, 180)]) == 110
        assert ledger.count() == 180

    def test_appending_nothing(self, ledger: Ledger) -> None:
        assert ledger.append([]) == 0
        assert ledger.count() == 0
        assert list(ledger.read_window()) == []

    @pytest.mark.parametrize(
        ("window", "expected"),
        [
            ({}, [1, 2, 2, 3, 4]),
            ({"since": 2}, [2, 2, 3, 4]),
            ({"until": 3}, [1, 2, 2]),
            ({"since": 2, "until": 3}, [2, 2]),
            ({"since": 3, "until": 2}, []),
            ({"version": "b2"}, [4]),
            ({"limit": 2}, [1, 2]),
            ({"limit": 0}, []),
            ({"version": "none"}, []),
        ],
    )
    def test_windows(self, ledger: Ledger, window: dict[str, int], expected: list[int]) -> None:
        ledger.append([prediction(9, at=2), prediction(4, version="b2"), prediction(1)])
        ledger.append([prediction(3), prediction(2)])
        assert [row.at for row in ledger.read_window(**window)] == expected

    @pytest.mark.parametrize("count", [999, 1000, 1001, 2500])
    def test_long_windows_are_read_in_pages_while_others_write(
        self, ledger: Ledger, path: LedgerAddress, count: int
    ) -> None:
        ledger.append([prediction(n, at=n // 700) for n in range(count)])
        rows = ledger.read_window()
        assert next(rows).id == "p0"
        with Ledger.open(path) as other:
            other.append([prediction(10_000, at=-5)])
        assert [row.id for row in rows] == [f"p{n}" for n in range(1, count)]
        assert len(list(ledger.read_window(limit=count - 1))) == count - 1

    def test_times_before_1970(self, ledger: Ledger) -> None:
        ledger.append([prediction(1, at=-(10**15))])
        assert [row.at for row in ledger.read_window(since=-(10**15))] == [-(10**15)]

    def test_moments_are_exact(self) -> None:
        moment = datetime(2026, 3, 1, 12, 0, 0, 123457, tzinfo=UTC)
        assert microseconds(moment) == 1772366400123457

    def test_a_damaged_file_says_to_move_it_away(self, file: Path) -> None:
        file.write_bytes(b"not a database" * 100)
        with pytest.raises(WorkspaceError, match=r"damaged.*Move ledger\.db\* away"):
            Ledger.open(file)

    def test_a_file_that_may_not_grow(self, file: Path, run_with_file_limit) -> None:
        with Ledger.open(file) as ledger:
            ledger.append([prediction(1)])
        script = """
import sys
from pathlib import Path
from modelwright.errors import WorkspaceError
from modelwright.workspace.ledger.ledger import Ledger, Prediction
row = Prediction(id="big", at=2, version="a", inputs=bytes(500_000), output=b"1", latency_s=0.0)
with Ledger.open(Path(sys.argv[1])) as ledger:
    try:
        ledger.append([row])
    except WorkspaceError as error:
        print(error)
"""
        assert "ledger.db could not be used" in run_with_file_limit(
            script, file, limit_bytes=200_000
        )
        with Ledger.open(file) as ledger:
            assert [row.id for row in ledger.read_window()] == ["p1"]

    def test_it_needs_no_data_frame_library(self) -> None:
        script = (
            "import sys, modelwright.workspace.ledger.ledger\n"
            "print(sorted({'polars', 'pandas', 'sklearn', 'duckdb'} & set(sys.modules)))"
        )
        assert run_isolated(["-c", script], timeout_s=30).stdout.strip() == "[]"


class TestLabels:
    def test_late_twice_corrected_and_unknown(self, ledger: Ledger) -> None:
        ledger.append([prediction(1), prediction(2)])
        assert ledger.label([("p1", 1), ("p2", 0), ("p9", 1)], 10) == LabelCount(
            matched=2, corrected=0, unknown=1
        )
        assert ledger.label([("p1", 1), ("p2", 1)], 20) == LabelCount(
            matched=2, corrected=1, unknown=0
        )
        assert [row.label for row in ledger.read_window()] == [1, 1]
        assert ledger.label_history("p2") == ((10, 0), (20, 1))
        assert ledger.label_history("p1") == ((10, 1),)

    def test_a_label_waits_for_its_prediction(self, ledger: Ledger) -> None:
        assert ledger.label([("p1", "late")], 5).unknown == 1
        ledger.append([prediction(1)])
        assert [row.label for row in ledger.read_window()] == ["late"]
        assert ledger.label([("p1", "late")], 6).matched == 1

    @pytest.mark.parametrize("label", [True, False, 0, -3, 2.5, "", "spät"])
    def test_every_kind_of_label_keeps_its_type(self, ledger: Ledger, label: object) -> None:
        ledger.append([prediction(1)])
        ledger.label([("p1", label)], 5)
        (row,) = ledger.read_window()
        assert (row.label, type(row.label)) == (label, type(label))

    def test_none_takes_a_label_back(self, ledger: Ledger) -> None:
        ledger.append([prediction(1)])
        ledger.label([("p1", 1)], 5)
        assert ledger.label([("p1", None)], 6).corrected == 1
        assert [row.label for row in ledger.read_window()] == [None]

    def test_no_labels(self, ledger: Ledger) -> None:
        assert ledger.label([], 5) == LabelCount(matched=0, corrected=0, unknown=0)

    @settings(max_examples=50, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 5), st.booleans())))
    def test_the_last_label_wins(
        self, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, bool]]
    ) -> None:
        path = tmp_path_factory.mktemp("labels") / "ledger.db"
        with Ledger.open(path) as ledger:
            ledger.append([prediction(n) for n in range(3)])
            count = ledger.label(((f"p{n}", label) for n, label in steps), 1)
            found = {row.id: row.label for row in ledger.read_window()}
        truth = {f"p{n}": label for n, label in steps}
        assert found == {f"p{n}": truth.get(f"p{n}") for n in range(3)}
        assert count.matched + count.unknown == len(steps)
        assert count.unknown == sum(n > 2 for n, _ in steps)

    def test_the_latest_by_its_own_time_counts_whenever_it_came(self, ledger: Ledger) -> None:
        ledger.append([prediction(1)])
        assert ledger.label([("p1", "b", 20)], 50).outdated == 0
        assert ledger.label([("p1", "a", 10)], 60) == LabelCount(
            matched=1, corrected=0, unknown=0, outdated=1
        )
        assert [row.label for row in ledger.read_window()] == ["b"]
        assert ledger.label([("p1", "c", 30)], 70).corrected == 1
        assert [row.label for row in ledger.read_window()] == ["c"]
        assert ledger.label_history("p1") == ((10, "a"), (20, "b"), (30, "c"))

    def test_the_same_file_twice_changes_nothing(self, ledger: Ledger) -> None:
        rows = [("p1", "a", 10), ("p1", "b", 20), ("p1", "a", 30)]
        ledger.label(rows, 50)
        ledger.label(rows, 60)
        assert len(ledger.label_history("p1")) == 3

    @settings(max_examples=50, deadline=None)
    @given(st.dictionaries(st.integers(0, 9), st.booleans(), min_size=1), st.randoms())
    def test_the_order_in_which_labels_come_does_not_matter(
        self, tmp_path_factory: pytest.TempPathFactory, told: dict[int, bool], random
    ) -> None:
        rows = [("p1", label, at) for at, label in told.items()]
        random.shuffle(rows)
        with Ledger.open(tmp_path_factory.mktemp("labels") / "ledger.db") as ledger:
            ledger.append([prediction(1)])
            for row in rows:
                ledger.label([row], 100)
            assert [row.label for row in ledger.read_window()] == [told[max(told)]]
            assert ledger.label_history("p1") == tuple(sorted(told.items()))


class TestRoles:
    def test_an_id_has_an_answer_in_each_role(self, ledger: Ledger) -> None:
        shadow = msgspec.structs.replace(prediction(1), role="shadow", version="b2")
        assert ledger.append([prediction(1), shadow, shadow]) == 2
        ledger.label([("p1", True)], 5)
        assert [(row.version, row.label) for row in ledger.read_window()] == [("a1", True)]
        shadows = ledger.read_window(roles=("shadow",))
        assert [(row.version, row.label) for row in shadows] == [("b2", True)]
        assert list(ledger.read_window(roles=())) == []

    def test_an_id_has_a_shadow_of_each_version(self, ledger: Ledger) -> None:
        shadows = [
            msgspec.structs.replace(prediction(1), role="shadow", version=version)
            for version in ("b2", "c3", "b2")
        ]
        assert ledger.append(shadows) == 2
        found = ledger.read_window(roles=("shadow",))
        assert [row.version for row in found] == ["b2", "c3"]

    def test_a_row_without_inputs(self, ledger: Ledger) -> None:
        ledger.append([msgspec.structs.replace(prediction(1), inputs=None, inputs_rate=0.1)])
        (row,) = ledger.read_window()
        assert (row.inputs, row.inputs_rate, row.output) == (None, 0.1, [0.25, 0.75])


FORMER = """
CREATE TABLE predictions (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL,
    version TEXT NOT NULL, inputs BLOB NOT NULL, output BLOB NOT NULL, latency_s REAL NOT NULL
);
CREATE INDEX predictions_at ON predictions (at);
CREATE TABLE labels (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, at INTEGER NOT NULL, label BLOB NOT NULL
);
CREATE INDEX labels_id ON labels (id);
PRAGMA user_version = 1;
INSERT INTO predictions VALUES (1, 'p1', 7, 'a1', '{"dep":1}', '0.5', 0.25);
INSERT INTO labels VALUES (1, 'p1', 9, 'true');
"""


class TestFormerTables:
    def test_they_become_the_present_ones(self, file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript(FORMER)
        with Ledger.open(file) as ledger, Ledger.open(file) as again:
            (row,) = again.read_window()
            assert (row.inputs, row.label, row.role, row.host) == ({"dep": 1}, True, "champion", "")
            assert ledger.append([prediction(1), prediction(2)]) == 1
            assert ledger.label_history("p1") == ((9, True),)

    def test_two_commands_at_once(self, file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript(FORMER)

        def count(_: int) -> int:
            with Ledger.open(file) as ledger:
                return ledger.count()

        assert list(map_threads(count, range(4), workers=4)) == [1] * 4


class TestUpkeep:
    def test_the_rows_of_one_person(self, ledger: Ledger) -> None:
        rows = [{"who": 7}, {"who": 7.0}, {"who": "7"}, {"who": 8}, {"other": 7}]
        ledger.append(
            [
                msgspec.structs.replace(prediction(n), inputs=msgspec.json.encode(row))
                for n, row in enumerate(rows)
            ]
        )
        ledger.append([msgspec.structs.replace(prediction(9), inputs=None)])
        beside = msgspec.structs.replace(prediction(0), role="shadow", version="b2", inputs=None)
        ledger.append([beside])
        ledger.label([("p0", True), ("p3", True)], 5)
        found = ledger.find({"who": "7"})
        assert (sorted(found.ids), found.without_inputs) == (["p0", "p1", "p2"], 1)
        assert ledger.erase(found.ids) == 4
        assert ledger.label_history("p0") == ()
        assert [row.id for row in ledger.read_window()] == ["p3", "p4", "p9"]

    def test_what_was_erased_is_in_no_file(self, file: Path) -> None:
        with Ledger.open(file) as ledger:
            secret = b'{"name":"Jane-Doe-4711"}'
            ledger.append(
                [msgspec.structs.replace(prediction(n), inputs=secret) for n in range(50)]
            )
            ledger.append([prediction(99)])
            ledger.erase(ledger.find({"name": "Jane-Doe-4711"}).ids)
            for each in file.parent.glob("ledger.db*"):
                assert each.is_dir() or b"Jane-Doe" not in each.read_bytes()
            assert [row.id for row in ledger.read_window()] == ["p99"]

    def test_what_is_old_is_forgotten(self, ledger: Ledger) -> None:
        ledger.append([prediction(n) for n in range(2500)])
        ledger.label([("p1", True), ("p2400", True), ("never", True)], 5)
        assert ledger.forget_before(2000) == 2000
        assert ledger.count() == 500
        assert ledger.label_history("p1") == ledger.label_history("never") == ()
        assert ledger.label_history("p2400") == ((5, True),)

    def test_a_label_that_came_late_is_forgotten_with_its_answer(self, ledger: Ledger) -> None:
        ledger.append([prediction(1), prediction(2, at=9_000)])
        ledger.label([("p1", True), ("p2", True)], 8_000)
        assert ledger.forget_before(2_000) == 1
        assert ledger.label_history("p1") == ()
        assert ledger.label_history("p2") == ((8_000, True),)

    def test_a_summary(self, ledger: Ledger) -> None:
        assert ledger.summary().shares == ()
        ledger.append([prediction(n, at=n * 10**6) for n in range(4)])
        ledger.label([("p1", 1, 3 * 10**6), ("p2", 1, 12 * 10**6), ("p2", 0, 15 * 10**6)], 20)
        ledger.note_gap(Gap(at=1, until=2, host="h", answers=3, why="full"))
        summary = ledger.summary()
        assert (summary.missing, summary.corrected) == (3, 1)
        assert summary.delays_s == (2.0, 10.0, 10.0)
        (share,) = summary.shares
        assert (share.answers, share.labelled, share.with_inputs) == (4, 2, 4)

    def test_no_one_knows_when_labels_of_an_imported_log_came(self, ledger: Ledger) -> None:
        ledger.append([prediction(n, at=n, host=IMPORTED) for n in range(3)])
        ledger.label([("p0", 1), ("p1", 1)], 2019 * 10**6)
        assert ledger.summary().delays_s == ()
        ledger.label([("p2", 1, 7 * 10**6 + 2)], 2019 * 10**6)
        assert ledger.summary().delays_s == (7.0, 7.0, 7.0)

    def test_a_label_from_before_its_answer_is_not_late(self, ledger: Ledger) -> None:
        ledger.label([("p1", 1)], 3)
        ledger.append([prediction(1, at=10**6)])
        assert ledger.summary().delays_s == (0.0, 0.0, 0.0)
