"""Of which predictions the row is kept."""

import hashlib
from collections.abc import Sequence

import msgspec

from modelwright.workspace.ledger.rows import Entry

_LARGEST = 2**64


def sampled(entries: Sequence[Entry], rate: float) -> Sequence[Entry]:
    """Return predictions of which only a share has a row, with what the share is.

    The id decides, so that a prediction has its row or none whoever writes it, and neither its
    answer nor its row has a say: what is kept is like the rest.

    Parameters
    ----------
    entries
        With their rows.
    rate
        The share, from 0 to 1.

    Examples
    --------
    >>> entries = [
    ...     Entry(id=str(n), at=0, version="a", inputs={}, output=1, latency_s=0.0)
    ...     for n in range(1_000)
    ... ]
    >>> sum(each.inputs is not None for each in sampled(entries, 0.1))
    104
    """
    if rate >= 1.0:
        return entries
    return [
        msgspec.structs.replace(
            entry,
            inputs=entry.inputs if keeps_row(entry.id, rate) else None,
            inputs_rate=rate,
        )
        for entry in entries
    ]


def keeps_row(identifier: str, rate: float) -> bool:
    """Whether the row of a prediction is kept when a share of all is."""
    return rate >= 1.0 or _place(identifier) < int(rate * _LARGEST)


def _place(identifier: str) -> int:
    # Ids may follow each other, or say who asked: the digest does not.
    digest = hashlib.blake2b(identifier.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
