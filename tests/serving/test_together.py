import asyncio

import numpy as np
import pytest

from example_bundle import ROWS, make_bundle
from modelwright.data.records import RecordReader
from modelwright.serving.metrics import Memory, Metrics
from modelwright.serving.responder import Responder
from modelwright.serving.together import Together


def _responder(*, crowded: bool) -> Responder:
    bundle = make_bundle()
    return Responder(
        bundle,
        ledger_writer=None,
        metrics=Metrics(Memory()),
        clock=lambda: 0,
        crowded=lambda: crowded,
    )


def test_rows_of_one_round_are_answered_by_one_call_as_if_they_were_alone():
    bundle, sizes = make_bundle(), []
    read = RecordReader(bundle.schema)

    def run(columns):
        sizes.append(len(columns["age"]))
        return bundle.program.run(columns)

    async def ask():
        together = Together(run)
        first = await asyncio.gather(*[together.run(read([row])) for row in ROWS])
        return [*first, await together.run(read(ROWS[:1]))]

    answers = asyncio.run(ask())
    assert sizes == [4, 1]
    for row, answer in zip([*ROWS, ROWS[0]], answers, strict=True):
        assert np.array_equal(answer, bundle.program.run(read([row])))


def test_a_fault_reaches_everybody_and_who_has_gone_is_left_out():
    sizes = []

    def run(columns):
        sizes.append(len(columns["x"]))
        raise ZeroDivisionError

    async def ask():
        together = Together(run)
        asked = [asyncio.create_task(together.run({"x": np.zeros(1)})) for _ in range(3)]
        asyncio.get_running_loop().call_soon(asked[0].cancel)
        return await asyncio.gather(*asked, return_exceptions=True)

    kinds = [type(answer) for answer in asyncio.run(ask())]
    assert kinds == [asyncio.CancelledError, ZeroDivisionError, ZeroDivisionError]
    assert sizes == [2]


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
