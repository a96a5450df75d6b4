import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.documents import Brief
from modelwright.engineer.question.address import refuse_password
from modelwright.engineer.question.brief_file import (
    BRIEF_FILE,
    KEYS,
    brief_of,
    fields_of,
    has_brief,
    read_brief,
    write_brief,
)
from modelwright.errors import BriefError
from modelwright.tasks.costs import Costs
from modelwright.workspace.folder import Workspace

_names = st.text(max_size=8)
_costs = st.floats(0.5, 1e6)


def _harmless(address: str) -> bool:
    try:
        refuse_password(address)
    except BriefError:
        return False
    return True


_briefs = st.builds(
    Brief,
    data=st.text(min_size=1).filter(_harmless),
    target=_names,
    table=_names,
    query=st.text(),
    question=st.text(),
    task=_names,
    metric=_names,
    positive=st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(),
    time=_names,
    holdout_from=_names,
    exclude=st.lists(_names).map(tuple),
    kinds=st.dictionaries(_names, _names, max_size=3),
    costs=st.none() | st.builds(Costs, false_positive=_costs, false_negative=_costs, unit=_names),
    budget_s=st.floats(1e-6, 1e9),
    seed=st.integers(0, 2**63 - 1),
)


@given(brief=_briefs)
def test_a_brief_survives_its_file(brief, tmp_path_factory):
    workspace = Workspace(tmp_path_factory.getbasetemp() / "round-trip")
    write_brief(brief, workspace)
    assert read_brief(workspace) == brief
    assert brief_of(fields_of(brief)) == brief


def test_what_has_its_default_is_left_out(tmp_path):
    workspace = Workspace.create(tmp_path)
    assert not has_brief(workspace)
    write_brief(Brief(data="a.csv", target="late", budget_s=90), workspace)
    lines = [line for line in (tmp_path / BRIEF_FILE).read_text().splitlines() if "=" in line]
    assert lines == ['data = "a.csv"', 'target = "late"', 'budget = "90s"']


def test_a_moment_may_be_written_without_quotes(tmp_path):
    workspace = Workspace.create(tmp_path)
    workspace.write_text(BRIEF_FILE, 'data="a.csv"\ntarget="y"\nholdout_from=2013-10-01\n')
    assert read_brief(workspace).holdout_from == "2013-10-01"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('tagret = "y"', "unknown key 'tagret'. Did you mean 'target'"),
        ('budgte = "5m"', "Did you mean 'budget'"),
        ("budget = [1]", r"\[1\] is no duration"),
        ('budget = "soon"', "'soon' is no duration"),
        ('seed = "a"', "'seed' that is no int but str"),
        ('exclude = "x"', "'exclude' that is no array but str"),
        ("kinds = { a = 1 }", "'kinds.*' that is no str but int"),
        ("costs = { false_pos = 1 }", "unknown key 'false_pos'. Did you mean 'false_positive'"),
        ("costs = { false_positive = 0, false_negative = 0 }", "reward wrong answers"),
        ("x = = 1", "no valid TOML.*line 3"),
        ("é", "not in UTF-8"),
        ("", "missing required field 'target'"),
    ],
)
def test_a_fault_is_told_with_its_key(text, sentence, tmp_path):
    workspace = Workspace.create(tmp_path)
    rest = 'target = "y"\n' if text else ""
    workspace.write_bytes(BRIEF_FILE, f'data = "a.csv"\n{rest}{text}\n'.encode("latin-1"))
    with pytest.raises(BriefError, match=sentence):
        read_brief(workspace)


def test_a_workspace_without_a_brief_says_how_to_make_one(tmp_path):
    with pytest.raises(BriefError, match="modelwright run DATA --target COLUMN"):
        read_brief(Workspace.create(tmp_path))


def test_seconds_are_no_key_of_the_file():
    assert "budget" in KEYS
    with pytest.raises(BriefError, match="Did you mean 'budget'"):
        brief_of({"data": "a.csv", "target": "y", "budget_s": 5})
