"""Rows of several requests answered together: most of the time of a lone row is the way there.

A row has the same answer alone and among others, so nobody can tell the difference.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


class Together(Generic[Asked, Answered]):
    """Gathers what is asked in one round of the event loop, and answers it at once.

    Parameters
    ----------
    answer
        Answers all that is given; an error among the answers is raised by whoever asked for it.

    Examples
    --------
    >>> together = Together(lambda numbers: [number * 2 for number in numbers])
    >>> async def ask():
    ...     return await asyncio.gather(together.ask(1), together.ask(2))
    >>> asyncio.run(ask())
    [2, 4]
    """

    def __init__(self, answer: Callable[[list[Asked]], Sequence[Answered | Exception]]) -> None:
        self._answer = answer
        self._waiting: list[tuple[Asked, asyncio.Future[Answered]]] = []

    async def ask(self, asked: Asked) -> Answered:
        """Answer this with what others ask in this round."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answered] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._answer_all)
        self._waiting.append((asked, future))
        return await future

    def _answer_all(self) -> None:
        waiting, self._waiting = self._waiting, []
        wanted = [(asked, future) for asked, future in waiting if not future.done()]
        try:
            answers = self._answer([asked for asked, _ in wanted])
        except Exception as error:  # noqa: BLE001 - each of them hears of it as if it were alone
            answers = [error] * len(wanted)
        for (_, future), answer in zip(wanted, answers, strict=True):
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
