import msgspec
import polars as pl
import pytest

from modelwright.data.sources.open import open_source
from modelwright.documents import Plan, read_document
from modelwright.engineer.question.drawing import as_planned, in_time
from modelwright.engineer.question.intake import read_table, require_rows


def test_a_short_budget_learns_from_rows_that_are_drawn_the_same_each_time():
    table = pl.DataFrame({f"x{place}": range(3_000) for place in range(100)})
    intake = read_table(open_source(table))
    assert in_time(intake, 60.0, "x1") is intake
    few = in_time(intake, 5.0, "x1")
    assert (few.table.height, few.facts.rows, few.facts.columns) == (2_500, 2_500, 100)
    assert few.table["x0"].is_sorted()
    assert few.facts.fingerprint != intake.facts.fingerprint
    assert few.facts.fingerprint == in_time(intake, 5.0, "x1").facts.fingerprint
    assert few.facts.facts[-2:] == (
        "Read 2,500 of 3,000 rows, drawn at random.",
        "A budget of 5.0 s is too short for all of them.",
    )
    assert in_time(intake, 1.0, "x1").table.height == 2_000


@pytest.mark.parametrize("known", [50, 2_500, 9_000])
@pytest.mark.parametrize("blank", [None, " ", "nan", float("nan")])
def test_rows_with_an_answer_are_drawn_before_those_without(known, blank):
    places = pl.int_range(10_000, eager=True)
    has = (places * 7_919) % 10_000 < known
    answer = 1.5 if isinstance(blank, float) else "yes"
    table = pl.DataFrame(
        {"id": places, **{f"x{place}": places for place in range(48)}}
    ).with_columns(y=pl.Series([answer if each else blank for each in has]))
    intake = read_table(open_source(table))
    few = in_time(intake, 5.0, "y")
    assert 4_900 < few.table.height <= 5_000
    assert few.table["id"].is_sorted()
    assert (few.table["y"] == answer).sum() == min(known, few.table.height)
    assert few.facts.facts[-1] == (
        f"Rows with an answer came first: {known:,} of 10,000 rows have one."
    )
    require_rows(few, "y")


def test_a_plan_keeps_its_rows_when_the_budget_is_another(project):
    plan = read_document(Plan, project.workspace)
    places = pl.int_range(9_000, eager=True)
    table = pl.DataFrame({f"x{place}": places for place in range(99)}).with_columns(
        places.replace(0, None).alias(plan.target)
    )
    whole = read_table(open_source(table))
    few = in_time(whole, 5.0, plan.target)
    again = as_planned(whole, msgspec.structs.replace(plan, table=few.facts))
    assert again.facts.fingerprint == few.facts.fingerprint
    assert again.table.equals(few.table)
    assert as_planned(whole, msgspec.structs.replace(plan, table=whole.facts)) is whole
