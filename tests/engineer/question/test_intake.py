import msgspec
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.sources.open import open_source
from modelwright.documents import Plan, read_document
from modelwright.engineer.question.intake import (
    fingerprint_of,
    read_table,
    require_rows,
    split_table,
)
from modelwright.errors import SourceError
from orders_example import TARGET, orders


@given(values=st.lists(st.none() | st.integers(), min_size=2, unique=True))
def test_a_fingerprint_tells_values_names_and_order_apart(values):
    table = pl.DataFrame({"a": [None if value is None else str(value) for value in values]})
    prints = {
        fingerprint_of(each)
        for each in (table, table.reverse(), table.rename({"a": "b"}), table.head(1))
    }
    assert len(prints) == 4
    assert fingerprint_of(table) == fingerprint_of(table.clone())


@pytest.mark.parametrize("rows", [1, 19])
def test_too_few_rows_with_an_answer_are_refused(rows):
    table = orders(60, seed=0).with_columns(
        pl.when(pl.int_range(pl.len()) < rows).then(pl.col(TARGET)).alias(TARGET)
    )
    with pytest.raises(SourceError, match=f"has {rows} rows? with a value of 'returned'"):
        require_rows(read_table(open_source(table)), TARGET)


def test_the_same_rows_have_the_same_seal_whatever_the_plan_says_beside(project):
    plan = read_document(Plan, project.workspace)
    intake = read_table(open_source("orders.csv"))
    opened: list[str] = []
    parts = split_table(intake, plan, on_open=opened.append)
    assert len(parts.training) + len(parts.holdout) == len(intake.table)
    assert not opened
    assert len(parts.holdout.open()) == 160
    assert opened == [parts.seal]
    reworded = msgspec.structs.replace(
        plan, split=msgspec.structs.replace(plan.split, reason="because", folds=3)
    )
    assert split_table(intake, reworded, on_open=opened.append).seal == parts.seal
    other = msgspec.structs.replace(plan, split=msgspec.structs.replace(plan.split, seed=9))
    assert split_table(intake, other, on_open=opened.append).seal != parts.seal
