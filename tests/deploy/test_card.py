import msgspec

from modelwright.deploy.card import write_card
from modelwright.tasks.task import Task


def test_the_card_says_what_matters(candidate):
    card = write_card(candidate)
    for words in (
        "# Will the customer leave?",
        "It is worth it.",
        "| log_loss, this model | 0.4 | 0.3 to 0.5 (95%) |",
        "50 rows",
        "`age`, `member`, `job`, `seen`",
        "one of `no`, `yes`",
        "- passed: better than the baseline (gain 0.3)",
        "from: Linear.",
    ):
        assert words in card
    assert card == write_card(candidate)


def test_the_card_says_whether_all_of_the_holdout_was_scored(candidate):
    part = msgspec.structs.replace(candidate.evaluation, there=200)
    card = write_card(msgspec.structs.replace(candidate, evaluation=part))
    assert "Measured once on 50 rows of 200, drawn at random, that nothing" in card


def test_what_came_from_data_cannot_break_the_card(candidate):
    card = write_card(
        msgspec.structs.replace(candidate, question="<script>\n# |x|", target="a`b|c")
    )
    assert "<script>" not in card
    assert card.count("\n# ") == 0
    assert "`a'b/c`" in card
    assert "`co/ok'<b>`" in card


def test_a_regression_has_a_card(candidate):
    task = Task(kind="regression")
    card = write_card(msgspec.structs.replace(candidate, task=task, threshold=None))
    assert "`left` with a number" in card


def test_the_card_says_whether_the_model_can_be_learned_again(candidate):
    assert "A project that learns it again without modelwright" in write_card(candidate)
    carried = write_card(candidate, carried=("Linear model",))
    assert "over as it was learned: Linear model. The project says why." in carried
    none = write_card(candidate, no_source="none of its members can be learned again")
    assert "There is no project in `source/`" in none
    assert "none of its members can be learned again." in none


def test_the_card_names_formulas_that_somebody_proposed(candidate):
    assert "It computes" not in write_card(candidate)
    card = write_card(candidate, formulas=("log('price') - log('weight')", "abs('a|b')"))
    assert "It computes `log('price') - log('weight')`, `abs('a/b')`, which" in card
