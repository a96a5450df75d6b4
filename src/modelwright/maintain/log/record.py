"""What the ledger has of a window, and what is missing there."""

from modelwright.documents import Record
from modelwright.maintain.log.window import Window
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.ledger.rows import Gap


def read_record(ledger: Ledger, version: str, window: Window) -> Record:
    """Return what a ledger has of what a bundle answered in a window.

    Parameters
    ----------
    ledger
        The server's log.
    version
        The bundle's hash.
    window
        Which moments.
    """
    since, until = window.bounds
    answers, with_inputs, aside = ledger.count_window(version, since=since, until=until)
    gaps = [gap for gap in ledger.gaps() if _meets(gap, since, until)]
    return Record(
        answers=answers,
        without_inputs=answers - with_inputs,
        set_aside=aside,
        unlogged=sum(gap.answers for gap in gaps),
        why=gaps[-1].why if gaps else "",
    )


def _meets(gap: Gap, since: int | None, until: int | None) -> bool:
    return (since is None or gap.until >= since) and (until is None or gap.at < until)
