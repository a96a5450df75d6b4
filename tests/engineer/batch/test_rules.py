import polars as pl
import pytest

from batch_examples import make_rows
from example_bundle import make_bundle
from modelwright.engineer.batch.rules import RULE, Rules
from modelwright.errors import InputError
from modelwright.predictor.bundle_folder import read_bundle


@pytest.fixture
def judge(bundle):
    def judged(rows, policy, key="id"):
        return Rules.of(read_bundle(bundle), key=key, policy=policy).judge(rows)

    return judged


@pytest.mark.parametrize("policy", ["refuse", "quarantine", "warn", "ignore"])
def test_sound_rows_are_answered(judge, policy):
    judged = judge(make_rows(6), policy)
    assert (judged.sound.height, judged.aside, judged.broken, judged.refused) == (
        6,
        None,
        (),
        False,
    )


def test_what_becomes_of_a_row_that_breaks_the_contract(judge):
    rows = make_rows(6, wrong=(2, 4))
    assert judge(rows, "refuse").refused
    warned = judge(rows, "warn")
    assert (warned.refused, warned.sound.height) == (False, 6)
    assert "at most 110: not so in 2 of 6 rows" in warned.broken[0]
    parted = judge(rows, "quarantine")
    assert parted.sound["id"].to_list() == [0, 1, 3, 5]
    assert parted.aside["id"].to_list() == [2, 4]
    assert set(parted.aside[RULE]) == {"Column 'age' is at least 0 and at most 110"}
    assert judge(rows, "ignore").broken == ()


def test_a_row_that_breaks_two_rules_is_set_aside_once(judge):
    rows = make_rows(3, wrong=(1,)).with_columns(id=pl.Series([0, None, 2]))
    aside = judge(rows, "quarantine").aside
    assert aside[RULE].to_list() == [
        "Column 'age' is at least 0 and at most 110; Every row has a key in 'id'"
    ]


@pytest.mark.parametrize("policy", ["refuse", "warn", "ignore"])
@pytest.mark.parametrize("ids", [[0, 1, 1], [0, None, 2]])
def test_a_key_must_be_one(judge, policy, ids):
    rows = make_rows(3).with_columns(id=pl.Series(ids))
    assert judge(rows, policy).refused
    parted = judge(rows, "quarantine")
    assert (parted.sound.height, parted.aside.height) == (2, 1)


def test_a_missing_column_cannot_be_set_aside(judge):
    assert judge(make_rows(3).drop("age"), "quarantine").refused
    assert judge(make_rows(3), "quarantine", key="order").refused


def test_a_contract_that_cannot_be_read_is_told(judge):
    with pytest.raises(InputError, match="The contract"):
        Rules.of(make_bundle(), key="", policy="refuse")
    judged = Rules.of(make_bundle(), key="", policy="warn").judge(make_rows(3))
    assert "The contract, line 1" in judged.broken[0]
    assert Rules.of(make_bundle(), key="", policy="ignore").judge(make_rows(3)).broken == ()
