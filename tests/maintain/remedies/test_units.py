from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from modelwright.maintain.remedies.past import part_of
from modelwright.maintain.remedies.units import FIX_UNITS
from modelwright.testing import example_situations

SOUND = example_situations()["sound"]


@pytest.mark.parametrize(
    ("factor", "offset"), [(1.8, 32.0), (0.45359237, 0.0), (60.0, 0.0), (0.01, 0.0)]
)
def test_a_usual_conversion_is_found_to_the_digit(factor, offset):
    rows = SOUND.rows
    amount = rows.columns["amount"].copy()
    amount[SOUND.onset :] = amount[SOUND.onset :] * factor + offset
    changed = _with(amount)
    first = next(iter(FIX_UNITS.treat(changed)))
    again = first.program.run(changed.rows.columns)[SOUND.onset :]
    assert np.allclose(again, rows.answers[SOUND.onset :], atol=1e-6)


def test_another_spread_alone_is_no_usual_unit():
    amount = SOUND.rows.columns["amount"].copy()
    amount[SOUND.onset :] = np.random.default_rng(0).lognormal(3.0, 0.2, len(amount) - SOUND.onset)
    for each in FIX_UNITS.treat(_with(amount)):
        assert "1,000" not in each.sentence


def _with(amount):
    rows = SOUND.rows
    table = rows.table.with_columns(amount=pl.Series(amount))
    columns = {**rows.columns, "amount": amount}
    changed = replace(rows, table=table, columns=columns)
    return replace(SOUND, rows=part_of(changed, 0, len(changed)))
