"""What two models answered to the same rows: the champion for a client, another in the shadow."""

from collections.abc import Iterator
from typing import Any

import msgspec

from modelwright.workspace.ledger.quarantine import NOT_SET_ASIDE
from modelwright.workspace.ledger.rows import Truth
from modelwright.workspace.ledger.store import Store

_PAGE_ROWS = 1000

_ALONE = """
SELECT number, id, at, inputs, inputs_rate
FROM predictions AS given
WHERE (at, number) > (:at, :number) AND role = 'champion' AND version <> :version
    AND inputs IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM predictions AS beside
        WHERE beside.id = given.id AND beside.role = 'shadow' AND beside.version = :version
    ) AND {judged}
ORDER BY at, number LIMIT :limit
""".format(judged=NOT_SET_ASIDE.format(table="given"))

_ANSWERED = """
SELECT given.number, given.id, given.at, given.role, given.output, given.latency_s,
    beside.output, beside.latency_s, given.inputs, told.label, told.number
FROM predictions AS given
LEFT JOIN predictions AS beside
    ON beside.id = given.id AND beside.role = 'shadow' AND beside.version = :challenger
LEFT JOIN labels AS told ON told.number = (
    SELECT number FROM labels WHERE labels.id = given.id ORDER BY at DESC, number DESC LIMIT 1
)
WHERE (given.at, given.number) > (:at, :number) AND (
    (given.role = 'champion' AND given.version = :champion)
    OR (given.role = 'canary' AND given.version = :challenger)
) AND {judged}
ORDER BY given.at, given.number LIMIT :limit
""".format(judged=NOT_SET_ASIDE.format(table="given"))


class AloneRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that a challenger has not answered yet.

    Parameters
    ----------
    id, at, inputs_rate
        As in `LoggedPrediction`.
    inputs
        The row by column.
    number
        Tells rows of one moment apart.
    """

    id: str
    at: int
    number: int
    inputs: dict[str, Any]
    inputs_rate: float


class AnsweredRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that a client asked while a challenger was on trial.

    Parameters
    ----------
    id, at, label
        As in `LoggedPrediction`.
    is_canary
        Whether the client got the challenger's answer.
    output, latency_s
        What the client got.
    beside, beside_latency_s
        What the challenger answered in the shadow; None where it did not.
    inputs
        The row by column; None where it was not kept.
    arrival
        A number that rises in the order in which labels came; None without a label.
    """

    id: str
    at: int
    is_canary: bool
    output: Any
    latency_s: float
    beside: Any
    beside_latency_s: float | None
    inputs: dict[str, Any] | None
    label: Truth
    arrival: int | None


def read_alone(store: Store, version: str, *, after: tuple[int, int], limit: int) -> list[AloneRow]:
    """Return rows that clients asked and a challenger has not answered yet, the earliest first.

    Parameters
    ----------
    store
        The ledger.
    version
        The challenger's hash.
    after
        The moment and the number of the row before the first one; a number is never negative.
    limit
        At most so many.
    """
    at, number = after
    values = {"at": at, "number": number, "version": version, "limit": limit}
    return [
        AloneRow(
            id=name, at=at, number=number, inputs=msgspec.json.decode(inputs), inputs_rate=rate
        )
        for number, name, at, inputs, rate in store.rows(_ALONE, values)
    ]


def read_answered(
    store: Store, champion: str, challenger: str, *, since: int
) -> Iterator[AnsweredRow]:
    """Yield the rows that clients asked of both, with what the challenger said in the shadow.

    Parameters
    ----------
    store
        The ledger.
    champion, challenger
        Their hashes.
    since
        The first moment, in microseconds since 1970 in UTC.
    """
    at, number = since, -1
    while True:
        values = {"at": at, "number": number, "champion": champion, "challenger": challenger}
        page = store.rows(_ANSWERED, {**values, "limit": _PAGE_ROWS})
        yield from (_answered(row) for row in page)
        if len(page) < _PAGE_ROWS:
            return
        number, _, at, *_ = page[-1]


def _answered(row: tuple[Any, ...]) -> AnsweredRow:
    _, name, at, role, output, latency_s, beside, beside_latency_s, inputs, label, arrival = row
    return AnsweredRow(
        id=name,
        at=at,
        is_canary=role == "canary",
        output=msgspec.json.decode(output),
        latency_s=latency_s,
        beside=_decoded(beside),
        beside_latency_s=beside_latency_s,
        inputs=_decoded(inputs),
        label=_decoded(label),
        arrival=arrival,
    )


def _decoded(value: bytes | None) -> Any:
    return None if value is None else msgspec.json.decode(value)
