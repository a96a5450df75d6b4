"""The room as a whole: what it makes of good and of bad input."""

import msgspec
import numpy as np
import polars as pl
import pytest

from modelwright.data.inference.infer import infer_schema
from modelwright.data.relations.table import RelatedSource, RelatedTable
from modelwright.data.schema import Role
from modelwright.documents import Brief, Plan
from modelwright.errors import BriefError, ModelwrightError, SchemaError, SourceError, TargetError
from modelwright.plan.named_columns import check_brief, named_whole, with_key
from modelwright.tasks.costs import Costs
from plan_examples import ROWS, days, made, plan_of

HOUSES = made(
    when=lambda r: days(np.arange(ROWS) // 5),
    agent_id=lambda r: [f"A{i}" for i in r.integers(0, 40, ROWS)],
    area=lambda r: r.normal(100, 20, ROWS),
)


def refusal(table=HOUSES, **brief) -> ModelwrightError:
    with pytest.raises(ModelwrightError) as caught:
        plan_of(table, **brief)
    return caught.value


def test_a_plan_says_all_and_survives_json():
    plan = plan_of(HOUSES, question="What does it cost?")
    assert plan.question == "What does it cost?"
    assert (plan.task.kind, plan.metric, plan.split.column) == ("regression", "rmse", "when")
    assert plan.scheme.learners
    assert len(plan.schemes) >= 3
    assert all(scheme.reason and scheme.probe and scheme.expected_s > 0 for scheme in plan.schemes)
    assert plan.gates
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan


def test_columns_may_have_the_names_that_counts_have():
    table = HOUSES.with_columns(
        pl.col("agent_id").alias("count"),
        pl.col("area").alias("len"),
        pl.col("agent_id").alias("rows"),
    )
    assert plan_of(table).table.columns == HOUSES.width + 3


def test_a_declared_primary_key_is_an_id_unless_the_brief_names_it():
    table = HOUSES.with_columns(lot=pl.Series(np.random.default_rng(1).permutation(ROWS) * 7 + 3))
    schema = infer_schema(table, target="target")
    assert schema["lot"].role == Role.FEATURE
    brief = Brief(data="x.db", target="target")
    column = with_key(schema, ("lot",), brief, table=table)["lot"]
    assert (column.role, column.reason) == (
        Role.ID,
        "The database declares it as the primary key.",
    )
    for key, named in (
        (("lot", "area"), brief),
        (("when",), brief),
        (("gone",), brief),
        (("lot",), msgspec.structs.replace(brief, keep=("lot",))),
    ):
        assert with_key(schema, key, named, table=table) == schema
    years = table.rename({"lot": "year"})
    schema = infer_schema(years, target="target")
    assert with_key(schema, ("year",), brief, table=years)["year"].role == Role.FEATURE


def test_a_goal_says_the_metric_and_is_a_gate():
    plan = plan_of(HOUSES, goal="mae <= 10 EUR")
    assert (plan.metric, plan.metric_reason, plan.goal) == (
        "mae",
        "The goal is in it.",
        "mae <= 10 EUR",
    )
    assert plan.gates[0].condition == "the holdout's score: mae <= 10 EUR"
    assert plan_of(HOUSES, goal="mae <= 10", metric="mae").metric == "mae"


def test_a_goal_in_another_metric_is_refused():
    assert "The goal is in mean absolute error" in str(refusal(goal="mae <= 10", metric="rmse"))
    assert "more is better in" not in str(refusal(goal="auc >= 0.9"))


def test_a_goal_in_money_leaves_the_metric_and_needs_to_know_when():
    costs = Costs(false_negative=4.0)
    sold = HOUSES.with_columns(target=pl.col("target") > 0)
    plan = plan_of(sold, goal="saves >= 50 EUR a day", costs=costs)
    assert (plan.metric, plan.cases_a_day) == ("roc_auc", pytest.approx(5.0, rel=0.01))
    assert "no column says when" in str(
        refusal(
            made().with_columns(target=pl.col("target") > 0), goal="saves >= 5 a day", costs=costs
        )
    )
    assert "what mistakes cost" in str(refusal(sold, goal="saves >= 5 a day"))
    assert "rows are a sample" in str(
        refusal(sold, goal="saves >= 5 a day", costs=costs, sample=100)
    )


def test_the_same_input_gives_the_same_split_and_score(monkeypatch):
    # So much time that the clock decides nothing, on a busy machine either.
    monkeypatch.setattr("modelwright.plan.planning._LONGEST_PROBES_S", 1e6)
    first, second = plan_of(HOUSES, budget_s=1e6), plan_of(HOUSES, budget_s=1e6)
    assert first.split == second.split
    assert [s.expected_score for s in first.schemes] == [s.expected_score for s in second.schemes]


@pytest.mark.parametrize("key", ["target", "time", "group", "weight", "moment"])
def test_a_misspelt_column_is_offered_the_nearest(key):
    error = refusal(**{key: "whem"})
    assert isinstance(error, SchemaError)
    assert "'whem'" in str(error)
    assert f"`{key}`" in str(error)
    assert "Did you mean 'when'?" in str(error)


@pytest.mark.parametrize(
    "brief",
    [
        {"exclude": ("aera",)},
        {"keep": ("aera",)},
        {"kinds": {"aera": "text"}},
        {"roles": {"aera": "id"}},
    ],
)
def test_a_misspelt_column_in_a_list_is_offered_the_nearest(brief):
    assert "Did you mean 'area'?" in str(refusal(**brief))


def test_several_columns_in_one_name_are_told_apart():
    assert "--exclude area --exclude when" in str(refusal(exclude=("area, when",)))


@pytest.mark.parametrize(
    ("brief", "said"),
    [
        ({"time": "target"}, "`time`"),
        ({"exclude": ("target",)}, "`exclude`"),
        ({"exclude": ("area",), "keep": ("area",)}, "`keep`"),
        ({"roles": {"target": "feature"}}, "`roles`"),
        ({"roles": {"area": "target"}}, "`roles`"),
        ({"kinds": {"area": "numbr"}}, "numeric"),
        ({"holdout_from": "2020-05-01"}, "`time`"),
    ],
)
def test_contradictions_are_said(brief, said):
    table = HOUSES.drop("when") if "holdout_from" in brief else HOUSES
    error = refusal(table, **brief)
    assert isinstance(error, BriefError)
    assert said in str(error)


@pytest.mark.parametrize(
    ("table", "kind", "said"),
    [
        (pl.DataFrame({"a": [], "target": []}), SourceError, "no rows"),
        (pl.DataFrame(), SourceError, "no columns"),
        (pl.DataFrame({"a": [1.0], "target": [2.0]}), SourceError, "one row"),
        (HOUSES.drop("target"), SchemaError, "'target'"),
        (HOUSES.with_columns(target=pl.lit("yes")), TargetError, "'yes' in every row"),
        (HOUSES.with_columns(target=pl.lit(None)), TargetError, "no value"),
        (HOUSES.with_columns(target=pl.lit("NaN")), TargetError, "no value"),
        (HOUSES.select("target"), SchemaError, "No column is left"),
        (HOUSES.select("target", one=pl.lit(1)), SchemaError, "'one' is a constant"),
    ],
)
def test_tables_that_cannot_be_learned_from(table, kind, said):
    error = refusal(table)
    assert isinstance(error, kind)
    assert said in str(error)


def test_nothing_left_after_exclusion():
    error = refusal(HOUSES.select("target", "area"), exclude=("area",))
    assert "'area' is excluded" in str(error)


def test_a_time_that_is_none():
    error = refusal(time="shade")
    assert isinstance(error, SchemaError)
    assert "'shade'" in str(error)
    assert "cannot be read as" in str(error)


def test_a_time_that_is_none_in_many_rows():
    texts = [f"2020-01-{i % 28 + 1:02d}" if i % 3 else "soon" for i in range(ROWS)]
    error = refusal(HOUSES.with_columns(when=pl.Series(texts)), time="when")
    assert "'soon'" in str(error)


@pytest.mark.parametrize("boundary", ["2031-01-01", "1999-01-01"])
def test_a_boundary_outside_the_data_says_the_range(boundary):
    error = refusal(time="when", holdout_from=boundary)
    assert isinstance(error, SchemaError)
    assert "2020-01-01" in str(error)
    assert "2020-08-27" in str(error)


@pytest.mark.parametrize("boundary", ["May", "17"])
def test_a_boundary_that_is_no_moment(boundary):
    assert "cannot be compared" in str(refusal(time="when", holdout_from=boundary))


def test_a_boundary_holds_for_a_time_that_was_found():
    split = plan_of(HOUSES, holdout_from="2020-06-01").split
    assert (split.kind, split.column, split.boundary) == ("time", "when", "2020-06-01")


@pytest.mark.parametrize("bad", ["heavy", None, -1.0, "inf", "nan"])
def test_a_weight_that_is_none(bad):
    weights = [1.0] * (ROWS - 1) + [bad]
    table = HOUSES.with_columns(heft=pl.Series([None if w is None else str(w) for w in weights]))
    assert "'heft' is the weight" in str(refusal(table, weight="heft"))


def test_weights_of_which_none_counts():
    table = HOUSES.with_columns(heft=pl.lit(0.0))
    assert "'heft' is the weight, but is 0 in all rows" in str(refusal(table, weight="heft"))


def test_a_weight_has_its_role():
    plan = plan_of(HOUSES.with_columns(heft=pl.Series(np.arange(ROWS) + 1)), weight="heft")
    assert plan.schema["heft"].role == Role.WEIGHT


def test_row_numbers_can_be_named_as_the_time():
    table = HOUSES.drop("when").with_columns(no=pl.Series(np.arange(ROWS)))
    plan = plan_of(table, time="no", holdout_from="1000")
    assert (plan.split.column, plan.schema["no"].role) == ("no", Role.TIME)


def test_roles_name_the_time_and_the_group_too():
    assert plan_of(HOUSES, roles={"when": "time"}).split.column == "when"
    split = plan_of(HOUSES.drop("when"), roles={"agent_id": "group"}).split
    assert (split.kind, split.column) == ("group", "agent_id")


def test_a_named_group_beside_a_time_is_no_feature():
    plan = plan_of(HOUSES, time="when", group="agent_id")
    assert plan.split.kind == "time"
    assert plan.schema["agent_id"].role == Role.GROUP
    assert "known entities" in [risk.name for risk in plan.risks]


def test_what_only_grows_with_time_is_left_out_unless_kept():
    table = HOUSES.with_columns(total=pl.Series(np.arange(ROWS) // 5 * 2.5))
    total = plan_of(table).schema["total"]
    assert total.role == Role.IGNORED
    assert "only grows" in total.reason
    assert plan_of(table, keep=("total",)).schema["total"].role == Role.FEATURE


def test_excluded_columns_are_not_probed():
    table = HOUSES.with_columns(leak=HOUSES["target"] * 2)
    with_leak = plan_of(table, budget_s=30.0)
    without = plan_of(table, budget_s=30.0, exclude=("leak",))
    assert with_leak.scheme.expected_score < without.scheme.expected_score / 2


@pytest.mark.parametrize("rows", [3, 5, 12])
def test_tiny_tables_get_a_plan(rows):
    assert plan_of(HOUSES.head(rows)).scheme


def test_a_single_row_of_each_class_is_refused():
    with pytest.raises(TargetError, match=r"Of the 2 rows 1 is .*, and none of these"):
        plan_of(HOUSES.head(2))


def test_wide_tables_get_a_plan():
    wide = pl.DataFrame(
        np.random.default_rng(0).normal(size=(150, 40)), [f"c{i}" for i in range(40)]
    )
    plan = plan_of(wide.with_columns(target=pl.col("c0") > 0))
    assert "wide table" in [risk.name for risk in plan.risks]


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        (["no", "yes"] * (ROWS // 2), "binary"),
        (["a", "b", "c"] * (ROWS // 3), "multiclass"),
        ([None, 1.5, 2.25, 3.0] * (ROWS // 4), "regression"),
    ],
)
def test_every_task_gets_a_scored_probe(target, kind):
    plan = plan_of(HOUSES.with_columns(target=pl.Series(target)), budget_s=30.0)
    assert plan.task.kind == kind
    assert plan.scheme.expected_score is not None


def test_a_named_group_goes_before_the_moment_of_prediction():
    assert plan_of(HOUSES, moment="when").split.kind == "time"
    assert plan_of(HOUSES, moment="when", group="agent_id").split.kind == "group"


PRESSED = made(bp=lambda r: [f"{a}/{b}" for a, b in r.integers(40, 180, (ROWS, 2))])


def test_cells_of_several_numbers_can_be_named():
    flats = [f"{at % 60 + 1}/{at % 7 + 1}" for at in range(ROWS)]
    plan = plan_of(PRESSED.with_columns(flat=pl.Series(flats)), group="flat", keep=["bp"])
    assert (plan.split.column, plan.schema["flat"].role) == ("flat", Role.GROUP)
    assert plan.keep == ("bp (1)", "bp (2)")


def test_cells_of_several_numbers_may_lead_to_a_related_table():
    source = RelatedSource(data="homes.csv", key="bp = home")
    brief = Brief(data="made.csv", target="target", related={"homes": source})
    assert named_whole(brief) == ("bp",)
    homes = RelatedTable.of("homes", PRESSED.select(home="bp", other="bp"), source)
    assert homes.schema.names == ("home", "other (1)", "other (2)")


@pytest.mark.parametrize("name", ["bp", "bp (2)"])
def test_cells_of_several_numbers_can_be_left_out(name):
    plan = plan_of(PRESSED, exclude=[name])
    left = {each.name for each in plan.schema.features} - {*plan.exclude}
    assert left == {"size", "shade"} | ({"bp (1)"} if name == "bp (2)" else set())


def test_a_number_of_cells_may_have_a_role():
    roles = {"bp (2)": "ignored"}
    check_brief(Brief(data="made.csv", target="target", roles=roles), PRESSED)
    assert infer_schema(PRESSED, roles=roles).features[-1].name == "bp (1)"


def test_a_number_that_cells_do_not_hold_cannot_be_named():
    assert "There is no column 'bp (3)' (`exclude`)" in str(refusal(PRESSED, exclude=["bp (3)"]))


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("", "There is no column '' (`target`)"),
        ("size, shade", "One column is predicted at a time"),
    ],
)
def test_a_target_that_is_no_column(target, said):
    assert said in str(refusal(PRESSED, target=target))
