import ast

from modelwright.build.source.members import Member, Way
from modelwright.build.source.shared import shared_settings, write_settings
from modelwright.learners.recipe import Recipe

USUAL = {"objective": "binary", "max_bin": 255, "num_threads": 1}


def member(library: str = "lightgbm", **settings: object) -> Member:
    found = {**USUAL, **settings}
    recipe = Recipe(library, "train", found, rounds=5, encoding="matrix")
    return Member("Trees", recipe, found, seeds=(0,), weight=0.5, features=(), way=Way())


def test_what_members_of_a_kind_have_in_common_is_written_once():
    members = [member(rate=0.1, depth=1), member(rate=0.2, depth=1.0), member("xgboost", rate=0.1)]
    shared = shared_settings(members)
    assert shared == {"LIGHTGBM": USUAL}
    texts = [write_settings(each, shared, indent=8, taken=10) for each in members]
    assert texts[0] == '{**LIGHTGBM, "rate": 0.1, "depth": 1}'
    own = [ast.literal_eval(text.replace("**LIGHTGBM, ", "")) for text in texts[:2]]
    assert [repr({**USUAL, **each}) for each in own] == [
        repr(each.settings) for each in members[:2]
    ]
    assert ast.literal_eval(texts[2]) == members[2].settings


def test_two_settings_in_common_are_read_sooner_where_they_are_used():
    assert shared_settings([member(max_bin=63), member(num_threads=2)]) == {}


def test_settings_in_common_are_broken_into_lines_as_ruff_does():
    long = {f"a_rather_long_name_{number}": number for number in range(6)}
    text = write_settings(member(**long), {"LIGHTGBM": USUAL}, indent=8, taken=10)
    assert text.splitlines()[:2] == ["{", "            **LIGHTGBM,"]
