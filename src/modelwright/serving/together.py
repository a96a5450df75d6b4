"""Rows of several requests answered together: most of the time of a lone row is the way there.

A row has the same answer alone and among others, so nobody can tell the difference.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from modelwright.data.records import Columns
from modelwright.predictor.operations.base import Floats

_Waiting: TypeAlias = tuple[Columns, "asyncio.Future[Floats]"]


class Together:
    """Gathers the rows that are asked in one round of the event loop, and answers them at once.

    Parameters
    ----------
    run
        Answers columns.

    Examples
    --------
    >>> together = Together(lambda columns: columns["x"][:, None] * 2)
    >>> async def ask():
    ...     return await asyncio.gather(
    ...         together.run({"x": np.array([1.0])}), together.run({"x": np.array([2.0, 3.0])})
    ...     )
    >>> asyncio.run(ask())
    [array([[2.]]), array([[4.],
           [6.]])]
    """

    def __init__(self, run: Callable[[Columns], Floats]) -> None:
        self._run = run
        self._waiting: list[_Waiting] = []

    async def run(self, columns: Columns) -> Floats:
        """Answer rows with those that others ask in this round.

        Parameters
        ----------
        columns
            One array per input.

        Returns
        -------
        ndarray of shape (rows, outputs)
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Floats] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._answer)
        self._waiting.append((columns, future))
        return await future

    def _answer(self) -> None:
        waiting, self._waiting = self._waiting, []
        wanted = [(columns, future) for columns, future in waiting if not future.done()]
        try:
            values = self._run(_joined([columns for columns, _ in wanted]))
        except Exception as error:  # noqa: BLE001 - each of them hears of it as if it were alone
            for _, future in wanted:
                future.set_exception(error)
            return
        start = 0
        for columns, future in wanted:
            end = start + _rows(columns)
            future.set_result(values[start:end])
            start = end


def _joined(parts: list[Columns]) -> Columns:
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _rows(columns: Mapping[str, Any]) -> int:
    return len(next(iter(columns.values())))
