"""A challenger in the shadow: ``python -m modelwright.serving.trials.shadow BUNDLE --ledger FILE``.

It answers what the champion has answered and logged, in a process of its own and with little
priority: a request that is being answered does not know of it, so none can be delayed by it or
fail by it, and a row is never answered twice, whoever is killed meanwhile.
"""

import argparse
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from modelwright.errors import InputError, ModelwrightError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.serving.answers.naming import now_us
from modelwright.serving.answers.responder import Responder
from modelwright.serving.duty import Duty
from modelwright.serving.metrics import Memory, Metrics
from modelwright.workspace.ledger.address import parse_address
from modelwright.workspace.ledger.ledger import Ledger, Prediction
from modelwright.workspace.ledger.pairs import AloneRow
from modelwright.workspace.ledger.rows import ERROR
from modelwright.workspace.priority import give_way

_PAGE = 200
_PAUSE_S = 0.5
_LATE_US = 60_000_000
"""So much later than it was answered, a row may still be logged."""
_NICENESS = 10

Fill = Callable[[AloneRow], Mapping[str, Any] | None]
"""Returns further columns of a row; None where they are not known."""


def _nothing(_: AloneRow) -> Mapping[str, Any]:
    return {}


class Shadow:
    """Answers what the champion has answered.

    Parameters
    ----------
    bundle
        The challenger.
    ledger
        Where the rows are, and where its answers go.
    since
        The first moment, in microseconds since 1970 in UTC.
    fill
        Knows columns that clients do not send yet; rows of which it knows none are left.
    """

    def __init__(
        self, bundle: Bundle, ledger: Ledger, *, since: int, fill: Fill = _nothing
    ) -> None:
        self._bundle = bundle
        self._ledger = ledger
        self._since = since
        self._fill = fill
        self._names = frozenset(bundle.schema.names)
        self._responder = Responder(
            bundle,
            ledger_writer=None,
            metrics=Metrics(Memory()),
            clock=now_us,
            duty=Duty("shadow"),
        )

    def catch_up(self) -> int:
        """Answer all that is not answered yet; return how many rows that were."""
        began, answered, after = now_us(), 0, (self._since, -1)
        while rows := self._ledger.read_alone(self._bundle.hash, after=after, limit=_PAGE):
            filled = [(row, more) for row in rows if (more := self._fill(row)) is not None]
            answered += self._ledger.append(self._answered(filled)) if filled else 0
            after = rows[-1].at, rows[-1].number
        self._since = max(self._since, began - _LATE_US)
        return answered

    def _answered(self, rows: Sequence[tuple[AloneRow, Mapping[str, Any]]]) -> list[Prediction]:
        asked = [self._known({**row.inputs, **more}) for row, more in rows]
        began = time.perf_counter()
        outputs = self._outputs(asked, [row.id for row, _ in rows])
        each_s = (time.perf_counter() - began) / len(rows)
        return [
            Prediction(
                id=row.id,
                at=row.at,
                version=self._bundle.hash,
                inputs=None,
                output=msgspec.json.encode(output),
                latency_s=each_s,
                role="shadow",
                host=socket.gethostname(),
                inputs_rate=row.inputs_rate,
            )
            for (row, _), output in zip(rows, outputs, strict=True)
        ]

    def _outputs(self, rows: list[dict[str, Any]], ids: list[str]) -> list[Any]:
        """Answer rows at once; when one is refused, each by itself."""
        level = self._responder.level(None)
        try:
            answers = self._responder.respond_here(rows, ids, level=level)
            return list(self._responder.describe(answers))
        except InputError as error:
            if len(rows) == 1:
                return [{ERROR: str(error)}]
        each = zip(rows, ids, strict=True)
        return [output for row, name in each for output in self._outputs([row], [name])]

    def _known(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in row.items() if name in self._names}


def main() -> int:
    """Answer until standard input ends, as it does when the server ends; 2 when it cannot."""
    parser = argparse.ArgumentParser(prog="python -m modelwright.serving.trials.shadow")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--ledger", type=parse_address, required=True)
    parser.add_argument("--since", type=int, default=0)
    options = parser.parse_args()
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    give_way(_NICENESS)
    try:
        with Ledger.open(options.ledger) as ledger:
            shadow = Shadow(read_bundle(options.bundle), ledger, since=options.since)
            while True:
                shadow.catch_up()
                time.sleep(_PAUSE_S)
    except ModelwrightError as error:
        print(error, file=sys.stderr)
        return 2


def _end_with_stdin() -> None:
    while os.read(0, 1 << 12):
        pass
    # What is committed is whole, and nobody waits for anything else.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
