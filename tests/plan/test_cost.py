import msgspec
import pytest

from modelwright.plan.cost import as_past_runs, foresee_cost, shipped_runs
from modelwright.report.terminal.plan import plan_page
from modelwright.workspace.history import PastRun
from plan_examples import ROWS, made, plan_of

ASKED = {"rows": 5_000, "features": 20, "outputs": 2, "budget_s": 60.0}


def own(**changed):
    fields = {**ASKED, "seconds": 20.0, "memory_bytes": 10**9, "size_bytes": 10**6, **changed}
    return PastRun(**fields)


def test_modelwright_comes_with_runs():
    assert len(shipped_runs()) >= 20
    cost = foresee_cost(**ASKED, history=())
    assert (cost.runs, cost.own_runs) == (len(shipped_runs()), 0)
    for interval in (cost.seconds, cost.memory_bytes, cost.size_bytes):
        assert 0 < interval.low < interval.value < interval.high
    assert cost.seconds.high <= 60.0


def test_runs_of_the_same_kind_are_followed():
    before = foresee_cost(**ASKED, history=()).seconds.value
    after = foresee_cost(**ASKED, history=[own()] * 20)
    assert before != pytest.approx(20.0, rel=0.2)
    assert after.seconds.value == pytest.approx(20.0, rel=0.05)
    assert after.memory_bytes.value == pytest.approx(10**9)
    assert after.own_runs == 20


def test_runs_of_another_kind_are_not():
    before = foresee_cost(**ASKED, history=())
    after = foresee_cost(**ASKED, history=[own(rows=10**8, features=3, budget_s=3_600.0)] * 20)
    assert after.seconds.value == pytest.approx(before.seconds.value, rel=0.05)


def test_past_runs_tell_nothing_of_a_scheme_that_a_person_chose_instead():
    plan = plan_of(made(area=lambda r: r.normal(size=ROWS)))
    assert plan.foreseen == plan.cost
    chosen = (
        msgspec.structs.replace(each, chosen=place == 0) for place, each in enumerate(plan.schemes)
    )
    edited = msgspec.structs.replace(plan, schemes=tuple(chosen))
    assert edited.foreseen is None
    assert "by the scheme that was chosen instead" in "\n".join(plan_page(edited))


def test_schemes_are_as_long_as_past_runs_were():
    table = made(area=lambda r: r.normal(size=ROWS))
    plan = plan_of(table)
    assert plan.cost
    assert plan.scheme.expected_s == pytest.approx(plan.cost.seconds.value, abs=0.06)
    longer = as_past_runs(plan.schemes, foresee_cost(**ASKED, history=[own(seconds=59.0)] * 50))
    narrow, *_, wide = longer
    assert wide.size_bytes == pytest.approx(10**6)
    assert wide.memory_bytes == pytest.approx(10**9)
    assert all(0 < scheme.size_bytes <= wide.size_bytes for scheme in longer)
    assert narrow.memory_bytes < wide.memory_bytes
    ratios = [
        new.expected_s / old.expected_s for new, old in zip(longer, plan.schemes, strict=True)
    ]
    assert ratios == pytest.approx([ratios[0]] * len(ratios), rel=0.05)


def test_a_bundle_is_larger_than_its_program_and_more_so_with_many_columns():
    few, many = (
        foresee_cost(rows=5_000, features=count, outputs=2, budget_s=60.0, history=())
        for count in (5, 100)
    )
    for cost in (few, many):
        assert cost.bundle_bytes is not None
        assert cost.bundle_bytes.low > cost.size_bytes.low
    beside = [each.bundle_bytes.value - each.size_bytes.value for each in (few, many)]
    assert beside[1] - beside[0] == pytest.approx(95 * 5_000)


def test_no_run_is_foreseen_beyond_its_budget():
    history = [own(rows=5_000, features=20, budget_s=2.0, seconds=18.0)] * 20
    cost = foresee_cost(**{**ASKED, "budget_s": 2.0}, history=history)
    assert cost.seconds.low <= cost.seconds.value <= cost.seconds.high <= 2.0


def test_a_limit_of_the_size_is_what_is_foreseen_at_most():
    free = foresee_cost(**ASKED, history=()).size_bytes
    held = foresee_cost(**ASKED, history=(), most_bytes=100_000).size_bytes
    assert held.low <= held.value <= held.high == 100_000 < free.high
