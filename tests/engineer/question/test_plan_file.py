import msgspec
import pytest

from modelwright.documents import Plan, read_document
from modelwright.engineer.question.plan_file import check_plan
from modelwright.errors import InputError


@pytest.fixture
def plan(project) -> Plan:
    return read_document(Plan, project.workspace)


def _choosing(plan: Plan, chosen: set[str]) -> Plan:
    schemes = (msgspec.structs.replace(each, chosen=each.name in chosen) for each in plan.schemes)
    return msgspec.structs.replace(plan, schemes=tuple(schemes))


def test_a_plan_as_made_passes(plan):
    assert check_plan(plan) is plan


def test_one_scheme_must_be_chosen(plan):
    with pytest.raises(InputError, match="chooses 0 of"):
        check_plan(_choosing(plan, set()))
    names = {scheme.name for scheme in plan.schemes}
    with pytest.raises(InputError, match=f"chooses {len(names)} of"):
        check_plan(_choosing(plan, names))


def test_names_must_be_there(plan):
    split = msgspec.structs.replace(plan.split, kind="group", column="contry")
    with pytest.raises(InputError, match=r"'contry'.*Did you mean 'country'"):
        check_plan(msgspec.structs.replace(plan, split=split))
    with pytest.raises(InputError, match=r"no metric 'roc_aux'. Did you mean 'roc_auc'"):
        check_plan(msgspec.structs.replace(plan, metric="roc_aux"))


def test_a_goal_is_in_the_metric(plan):
    assert check_plan(msgspec.structs.replace(plan, goal="auc >= 0.7"))
    with pytest.raises(InputError, match=r"goal 'accuracy >= 0.9', but its metric is 'roc_auc'"):
        check_plan(msgspec.structs.replace(plan, goal="accuracy >= 0.9"))


def test_a_metric_of_ones_own_is_found_from_the_workspace(plan, tmp_path):
    own = msgspec.structs.replace(plan, metric="minimize costs.py:cost")
    with pytest.raises(InputError, match=r"costs\.py, which is not there"):
        check_plan(own, folder=tmp_path)
    (tmp_path / "costs.py").write_text("def cost(truth, prediction): return 1.0")
    assert check_plan(own, folder=tmp_path) is own
