from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from modelwright.errors import SchemaError, TargetError
from modelwright.maintain.log.labels import join_labels
from modelwright.tasks.task import Task
from modelwright.workspace.ledger.ledger import LabelCount, Ledger, Prediction
from modelwright.workspace.ledger.rows import microseconds

NOW = microseconds(datetime(2026, 2, 1, tzinfo=UTC))
BINARY = Task(kind="binary", classes=(False, True))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.db") as opened:
        opened.append(
            [
                Prediction(id=name, at=0, version="a", inputs=b"{}", output=b"1", latency_s=0.0)
                for name in ("a", "b", "7")
            ]
        )
        yield opened


def join(ledger: Ledger, table: pl.DataFrame, task: Task = BINARY) -> LabelCount:
    return join_labels(ledger, table, id_column="id", target="late", task=task, at=5)


def labels(ledger: Ledger) -> list[object]:
    return [row.label for row in ledger.read_window()]


class TestJoinLabels:
    def test_labels_are_kept_as_the_task_writes_them(self, ledger: Ledger) -> None:
        table = pl.DataFrame({"id": ["a", "b", "z"], "late": ["yes", "0", "no"]})
        assert join(ledger, table) == LabelCount(matched=2, corrected=0, unknown=1)
        assert labels(ledger) == [True, False, None]

    def test_ids_that_are_numbers(self, ledger: Ledger) -> None:
        assert join(ledger, pl.DataFrame({"id": [7.0], "late": [True]})).matched == 1
        assert labels(ledger) == [None, None, True]

    def test_the_latest_time_counts(self, ledger: Ledger) -> None:
        known = [datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), None]
        table = pl.DataFrame({"id": ["a", "a", "b"], "late": [True, False, True], "at": known})
        count = join_labels(
            ledger, table, id_column="id", target="late", task=BINARY, at=NOW, time_column="at"
        )
        assert (count.matched, count.outdated, labels(ledger)) == (3, 1, [True, True, None])
        assert ledger.label_history("b") == ((NOW, True),)

    def test_nobody_knows_a_label_from_the_future(self, ledger: Ledger) -> None:
        known = [datetime(2026, 2, 1, 23, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)]
        table = pl.DataFrame({"id": ["a", "b"], "late": [True, False], "at": known})
        with pytest.raises(SchemaError, match=r"^1 of 2 labels .*future.* 'at': 89 days from now"):
            join_labels(
                ledger, table, id_column="id", target="late", task=BINARY, at=NOW, time_column="at"
            )
        assert labels(ledger) == [None, None, None]

    def test_what_is_not_known_yet_is_passed_over(self, ledger: Ledger) -> None:
        join(ledger, pl.DataFrame({"id": ["a"], "late": [True]}))
        table = pl.DataFrame({"id": ["a", "b"], "late": pl.Series([None, None], dtype=pl.Boolean)})
        assert join(ledger, table) == LabelCount(matched=0, corrected=0, unknown=0)
        assert labels(ledger) == [True, None, None]

    def test_the_last_of_two_counts(self, ledger: Ledger) -> None:
        table = pl.DataFrame({"id": ["a", "a"], "late": [True, False]})
        assert join(ledger, table).corrected == 1
        assert labels(ledger) == [False, None, None]

    def test_numbers(self, ledger: Ledger) -> None:
        table = pl.DataFrame({"id": ["a", "b"], "late": ["3.5", ""]})
        assert join(ledger, table, Task(kind="regression")).matched == 1
        assert labels(ledger) == [3.5, None, None]

    @pytest.mark.parametrize(("given", "nearest"), [("ids", "id"), ("lates", "late")])
    def test_a_misspelt_column(self, ledger: Ledger, given: str, nearest: str) -> None:
        table = pl.DataFrame({"id": ["a"], "late": [True]}).rename({nearest: given})
        with pytest.raises(SchemaError, match=f"no column '{nearest}'. Did you mean '{given}'"):
            join(ledger, table)

    def test_a_class_that_the_task_does_not_know(self, ledger: Ledger) -> None:
        with pytest.raises(TargetError, match="'maybe'"):
            join(ledger, pl.DataFrame({"id": ["a"], "late": ["maybe"]}))
        assert labels(ledger) == [None, None, None]

    @pytest.mark.parametrize("missing", [None, "", " "])
    def test_a_label_without_id(self, ledger: Ledger, missing: str | None) -> None:
        table = pl.DataFrame({"id": ["a", missing], "late": [True, True]})
        with pytest.raises(SchemaError, match="1 of 2 labels have no id in the column 'id'"):
            join(ledger, table)
