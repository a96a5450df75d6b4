import asyncio
import os
import signal

import pytest

from modelwright.serving.workers.signals import heeding


@pytest.mark.parametrize("knows_signals", [True, False])
def test_a_signal_is_heeded_by_loops_that_know_none_too(knows_signals, monkeypatch):
    async def told() -> bool:
        heard = asyncio.Event()
        if not knows_signals:

            def refuse(*_: object) -> None:
                raise NotImplementedError

            for name in ("add_signal_handler", "remove_signal_handler"):
                monkeypatch.setattr(asyncio.get_running_loop(), name, refuse, raising=False)
        with heeding({signal.SIGTERM: heard.set}):
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(heard.wait(), 10.0)
        return heard.is_set()

    before = signal.getsignal(signal.SIGTERM)
    assert asyncio.run(told())
    assert signal.getsignal(signal.SIGTERM) == before
