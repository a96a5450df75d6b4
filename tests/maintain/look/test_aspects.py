from types import SimpleNamespace
from typing import Any

import pytest

from modelwright.data.schema import Column, Kind
from modelwright.maintain.look.aspects import Counting
from modelwright.maintain.look.tallies import BATCHES, COPIED, REPEATED


@pytest.mark.parametrize("kind", [REPEATED, COPIED, BATCHES])
def test_a_column_called_as_a_feed_goes_wrong_does_not_hide_it(kind: str) -> None:
    past = SimpleNamespace(counts_of=lambda names: [(1, 99)] * len(names))
    sketch: Any = SimpleNamespace(
        columns=(Column(name=kind.partition(" ")[2], kind=Kind.NUMERIC),),
        past=(past,),
        grids={},
        pairs={},
        answer_grid=SimpleNamespace(bins=1),
    )
    rows: Any = None
    (aspect,) = Counting(sketch, rows, {kind: (50, 50)}).aspects
    assert (aspect.kind, aspect.columns) == (kind, ())
