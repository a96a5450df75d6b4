import asyncio
from types import SimpleNamespace

import numpy as np
import pytest

from example_bundle import ROWS, make_bundle
from modelwright.serving.answers.responder import Responder
from modelwright.serving.answers.together import Together
from modelwright.serving.metrics import Memory, Metrics
from modelwright.workspace.spool.file import record_of


def _responder(*, crowded: bool, ledger_writer=None) -> Responder:
    bundle = make_bundle()
    return Responder(
        bundle,
        ledger_writer=ledger_writer,
        metrics=Metrics(Memory()),
        clock=lambda: 0,
        at_work=lambda: 2 if crowded else 1,
    )


def test_what_is_asked_in_one_round_is_answered_by_one_call():
    sizes = []

    def answer(asked):
        sizes.append(len(asked))
        return [number * 2 for number in asked]

    async def ask():
        together = Together(answer)
        first = await asyncio.gather(*[together.ask(number) for number in range(4)])
        return [*first, await together.ask(7)]

    assert asyncio.run(ask()) == [0, 2, 4, 6, 14]
    assert sizes == [4, 1]


def test_rows_of_one_round_have_the_answers_that_they_have_alone():
    async def ask(responder):
        asked = [responder.respond([row], [f"{n}"]) for n, row in enumerate(ROWS)]
        return await asyncio.gather(*asked)

    together = asyncio.run(ask(_responder(crowded=True)))
    alone = asyncio.run(ask(_responder(crowded=False)))
    for one, other in zip(together, alone, strict=True):
        assert (one.ids, one.labels) == (other.ids, other.labels)
        assert np.array_equal(one.values, other.values)


def test_a_fault_reaches_everybody_and_who_has_gone_is_left_out():
    sizes = []

    def answer(asked):
        sizes.append(len(asked))
        raise ZeroDivisionError

    async def ask():
        together = Together(answer)
        asked = [asyncio.create_task(together.ask(number)) for number in range(3)]
        asyncio.get_running_loop().call_soon(asked[0].cancel)
        return await asyncio.gather(*asked, return_exceptions=True)

    kinds = [type(answer) for answer in asyncio.run(ask())]
    assert kinds == [asyncio.CancelledError, ZeroDivisionError, ZeroDivisionError]
    assert sizes == [2]


def test_an_error_among_the_answers_reaches_who_asked_for_it():
    async def ask():
        together = Together(lambda asked: [ValueError("no") if n == 1 else n for n in asked])
        return await asyncio.gather(*map(together.ask, range(3)), return_exceptions=True)

    first, error, last = asyncio.run(ask())
    assert (first, str(error), last) == (0, "no", 2)


@pytest.mark.parametrize("crowded", [False, True])
def test_a_row_that_is_refused_harms_no_other(crowded):
    async def ask():
        responder = _responder(crowded=crowded)
        rows = [ROWS[0], {"age": "old"}, ROWS[1]]
        asked = [responder.respond([row], [f"{n}"]) for n, row in enumerate(rows)]
        return await asyncio.gather(*asked, return_exceptions=True)

    first, refused, last = asyncio.run(ask())
    assert "'age' is 'old'" in str(refused)
    assert [first.ids, last.ids] == [["0"], ["2"]]
    assert len(first.labels) == len(last.labels) == 1


def test_a_row_that_nobody_can_write_harms_no_other():
    async def ask():
        writer = SimpleNamespace(inputs_rate=0.5, is_refusing=False, put=record_of)
        responder = _responder(crowded=True, ledger_writer=writer)
        rows = [ROWS[0], {**ROWS[1], "job": "\ud800"}, ROWS[1]]
        asked = [responder.respond([row], [f"{n}"]) for n, row in enumerate(rows)]
        return await asyncio.gather(*asked, return_exceptions=True)

    first, failed, last = asyncio.run(ask())
    assert isinstance(failed, UnicodeEncodeError)
    assert [first.ids, last.ids] == [["0"], ["2"]]
