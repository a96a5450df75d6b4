"""What the ledger may keep no longer is forgotten while the server runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from modelwright.errors import WorkspaceError
from modelwright.serving.log import Log
from modelwright.workspace.ledger.ledger import Ledger, microseconds

_EVERY_S = 3600.0


@contextmanager
def forgetting(
    ledger: Ledger, keep: timedelta | None, *, log: Log, every_s: float = _EVERY_S
) -> Iterator[None]:
    """Forget at once and then every hour what is older than may be kept.

    The transactions are short, so that whoever writes hardly waits. The room is used again; it goes
    back to the disk by `modelwright ledger keep`.

    Parameters
    ----------
    ledger
        Shared with whoever writes.
    keep
        How old an answer may become; None for any age.
    log
        Told when the ledger could not be written; it is tried again an hour later.
    every_s
        How long to wait, in seconds.
    """
    if keep is None:
        yield
        return
    ended = threading.Event()

    def work() -> None:
        while True:
            try:
                ledger.forget_before(microseconds(datetime.now(UTC) - keep))
            except WorkspaceError as error:
                log.tell("nothing forgotten", why=str(error))
            if ended.wait(every_s):
                return

    thread = threading.Thread(target=work, name="ledger-retention", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
