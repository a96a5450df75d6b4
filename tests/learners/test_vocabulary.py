import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.compute.budget import Budget
from modelwright.errors import BudgetError
from modelwright.learners.vocabulary import Cut, learn_vocabulary

HOUR = Budget.start(3600)
TEXTS = np.array(["late again", "Late, late!", "early again", None, "", "ß ss"], dtype=object)
CUTS = [Cut("word", (1, 2), 50), Cut("character", (2, 3), 50)]
some_texts = st.lists(st.none() | st.text(max_size=20) | st.sampled_from(list(TEXTS)), max_size=9)


@pytest.mark.parametrize("cut", CUTS)
@given(texts=some_texts)
def test_weights_are_those_of_the_operation(cut, texts):
    vocabulary = learn_vocabulary(TEXTS, cut, budget=HOUR)
    asked = np.array([*texts, "late"], dtype=object)
    size = len(vocabulary.tokens)
    step = vocabulary.step("note", np.eye(size))
    assert step.check((1,)) == size
    weighed = vocabulary.weigh(asked, budget=HOUR)
    assert weighed.shape == (len(asked), size)
    np.testing.assert_allclose(weighed.toarray(), step.run(asked), atol=1e-12)


def test_the_limit_keeps_the_tokens_of_most_texts():
    vocabulary = learn_vocabulary(TEXTS, Cut("word", (1, 1), 1), budget=HOUR)
    assert vocabulary.tokens == ("again",)


def test_texts_without_tokens_have_an_empty_vocabulary():
    blank = np.array([None, "", "!?"], dtype=object)
    assert learn_vocabulary(blank, CUTS[0], budget=HOUR).tokens == ()


def test_time_is_kept():
    spent = Budget.start(1.0, clock=iter([0.0, 5.0, 5.0]).__next__)
    with pytest.raises(BudgetError):
        learn_vocabulary(TEXTS, CUTS[0], budget=spent)
