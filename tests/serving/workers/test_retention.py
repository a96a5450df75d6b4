import io
import threading
from contextlib import redirect_stderr
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from modelwright.errors import InputError, WorkspaceError
from modelwright.serving.flags import FLAGS, settings_of
from modelwright.serving.log import Log
from modelwright.serving.workers.retention import forgetting
from modelwright.workspace.ledger.ledger import Ledger, Prediction, microseconds


def test_what_is_too_old_is_forgotten_while_the_server_runs(tmp_path: Path) -> None:
    now = microseconds(datetime.now(UTC))
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        ledger.append(
            [
                Prediction(id=f"p{at}", at=at, version="a", inputs=None, output=b"1", latency_s=0)
                for at in (1, now)
            ]
        )
        with forgetting(ledger, timedelta(days=90), log=Log(requests=False)):
            pass
        assert [row.at for row in ledger.read_window()] == [now]
        with forgetting(ledger, None, log=Log(requests=False)):
            assert ledger.count() == 1


def test_a_ledger_that_is_away_ends_nothing() -> None:
    class Away:
        tried = threading.Semaphore(0)

        def forget_before(self, moment: int) -> int:
            self.tried.release()
            raise WorkspaceError("It is away.", "Wait.")

    with (
        redirect_stderr(io.StringIO()) as told,
        forgetting(Away(), timedelta(days=1), log=Log(requests=False), every_s=0.001),  # type: ignore[arg-type]
    ):
        assert all(Away.tried.acquire(timeout=10) for _ in range(3))
    assert "nothing forgotten" in told.getvalue()


def test_what_is_no_age() -> None:
    given = {flag.field: flag.default for flag in FLAGS}
    assert settings_of({**given, "keep": "8w"}, {}).keep == timedelta(weeks=8)
    with pytest.raises(InputError, match="Write it like 90d"):
        settings_of({**given, "keep": "soon"}, {})
