import pytest

from modelwright.documents import Brief
from modelwright.engineer.project import Project
from modelwright.engineer.question.revision import compare, revise
from modelwright.errors import BriefError

STANDING = Brief(
    data="shop.db",
    target="late",
    table="may",
    exclude=("tail",),
    kinds={"zip": "categorical"},
    positive="yes",
    budget_s=60,
)


def test_what_is_asked_replaces_and_what_was_edited_stays():
    brief = revise(STANDING, {"data": "shop.db", "target": "late", "exclude": ["wing"]})
    assert brief.exclude == ("wing",)
    assert (brief.kinds, brief.table, brief.budget_s) == ({"zip": "categorical"}, "may", 60)


def test_asking_the_same_again_changes_nothing():
    assert revise(STANDING, {"data": "shop.db", "target": "late", "budget": "1m"}) == STANDING


def test_another_table_or_query_drops_the_one_before():
    assert revise(STANDING, {"query": "select 1"}).table == ""
    assert revise(STANDING, {"data": "june.csv"}).table == ""
    assert revise(STANDING, {"query": "select 1"}).data == "shop.db"


def test_another_target_is_another_question():
    assert revise(STANDING, {"target": "cancelled"}) == Brief(
        data="shop.db", target="cancelled", table="may"
    )


def test_an_unknown_key_is_refused():
    with pytest.raises(BriefError, match="unknown key"):
        revise(STANDING, {"sede": 1})


def test_what_a_person_might_not_expect_is_said():
    after = revise(STANDING, {"target": "cancelled", "seed": 1})
    assert set(compare(STANDING, after, asked=("target", "seed"))) == {
        "modelwright.toml now says target = 'cancelled', not 'late'",
        "modelwright.toml now says seed = 1",
        "modelwright.toml still says data = 'shop.db'",
        "modelwright.toml still says table = 'may'",
        "exclude = ['tail'] is dropped from modelwright.toml",
        "kinds = {'zip': 'categorical'} is dropped from modelwright.toml",
        "positive = 'yes' is dropped from modelwright.toml",
        "budget = '60s' is dropped from modelwright.toml",
    }


def test_a_brief_that_is_replaced_is_kept(tmp_path):
    told = []
    Project.ask(tmp_path, {"data": "/a.csv", "target": "price"})
    Project.ask(
        tmp_path,
        {"data": "/a.csv", "target": "pirce"},
        report=lambda room, sentence: told.append(sentence),
    )
    assert 'target = "price"' in (tmp_path / "modelwright.toml.previous").read_text()
    assert any("modelwright.toml.previous" in sentence for sentence in told)
