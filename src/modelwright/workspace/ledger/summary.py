"""What is in a ledger, and how late its labels come."""

from collections.abc import Sequence

import msgspec

from modelwright.workspace.ledger.rows import IMPORTED
from modelwright.workspace.ledger.store import Store

_QUANTILES = (0.5, 0.9, 0.99)


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """The answers of one bundle in one role.

    Parameters
    ----------
    version, role
        Whose.
    answers, labelled, with_inputs
        How many; those with a label; those whose inputs are kept.
    hosts
        How many machines gave them.
    since, until
        The first and the last moment, in microseconds since 1970 in UTC.
    """

    version: str
    role: str
    answers: int
    labelled: int
    with_inputs: int
    hosts: int
    since: int
    until: int


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a ledger.

    Parameters
    ----------
    shares
        By bundle and role.
    missing
        Answers that clients got and that could not be logged.
    corrected
        Answers whose label was replaced.
    delays_s
        How long after its answer a first label came, zero where it was there before: the median,
        and what 90 and 99 of 100 keep.
        Without labels of an imported log that does not say when they came: these have the moment
        of the import. Empty without labels.
    """

    shares: tuple[Share, ...]
    missing: int
    corrected: int
    delays_s: tuple[float, ...]


_SHARES = """
SELECT version, role, count(*), sum(CASE WHEN EXISTS (
    SELECT 1 FROM labels WHERE labels.id = predictions.id
) THEN 1 ELSE 0 END), count(inputs), count(DISTINCT host), min(at), max(at)
FROM predictions GROUP BY version, role ORDER BY min(at)
"""
_ANSWERED = """
SELECT version, role, count(*) FROM predictions WHERE at >= :since GROUP BY version, role
"""
_DELAYS = """
SELECT first.known - predictions.at FROM (
    SELECT id, min(at) AS known, min(arrived_at) AS arrived FROM labels GROUP BY id
) AS first JOIN predictions ON predictions.id = first.id AND predictions.role <> 'shadow'
WHERE predictions.host <> :imported OR first.arrived IS NULL OR first.known < first.arrived
ORDER BY 1
"""
_CORRECTED = "SELECT count(*) FROM (SELECT id FROM labels GROUP BY id HAVING count(*) > 1) AS twice"

_COUNT = """
SELECT count(*), count(inputs), coalesce(sum(CASE WHEN EXISTS (
    SELECT 1 FROM quarantine WHERE quarantine.id = predictions.id
) THEN 1 ELSE 0 END), 0) FROM predictions
WHERE version = :version AND role <> 'shadow' AND at >= :since AND at < :until
"""


def summarise(store: Store) -> Summary:
    """Return what is in a ledger."""
    shares = store.rows(_SHARES, {})
    delays = [max(0, delay) for (delay,) in store.rows(_DELAYS, {"imported": IMPORTED})]
    ((missing,),) = store.rows("SELECT coalesce(sum(answers), 0) FROM gaps", {})
    ((corrected,),) = store.rows(_CORRECTED, {})
    return Summary(
        shares=tuple(
            Share(**dict(zip(Share.__struct_fields__, row, strict=True))) for row in shares
        ),
        missing=int(missing),
        corrected=int(corrected),
        delays_s=_quantiles(delays),
    )


def count_answers(store: Store, since: int) -> dict[tuple[str, str], int]:
    """Return how many answers each bundle gave in each role from a moment on."""
    rows = store.rows(_ANSWERED, {"since": since})
    return {(str(version), str(role)): int(count) for version, role, count in rows}


def count_window(
    store: Store, *, version: str, since: int | None, until: int | None
) -> tuple[int, int, int]:
    """Return how many answers of a bundle clients got in a window.

    And of how many the row is kept, and how many are set aside.

    Parameters
    ----------
    store
        The ledger.
    version
        The bundle's hash.
    since, until
        The first moment and the one after the last, in microseconds since 1970; None for no end.
    """
    values = {"version": version, "since": first_of(since), "until": end_of(until)}
    ((answers, with_inputs, aside),) = store.rows(_COUNT, values)
    return int(answers), int(with_inputs), int(aside)


def first_of(since: int | None) -> int:
    """Return the first moment of a window, which may have no beginning."""
    return -(2**63) if since is None else since


def end_of(until: int | None) -> int:
    """Return the moment after the last one of a window, which may have no end."""
    return 2**63 - 1 if until is None else until


def _quantiles(delays: Sequence[int]) -> tuple[float, ...]:
    if not delays:
        return ()
    last = len(delays) - 1
    return tuple(delays[round(part * last)] / 1e6 for part in _QUANTILES)
