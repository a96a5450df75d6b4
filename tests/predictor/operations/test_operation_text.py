import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.errors import BundleError
from modelwright.predictor.operations.text import TokenWeights, tokens


def _step(**changed) -> TokenWeights:
    given = {
        "inputs": ("column:note",),
        "output": "y",
        "analyzer": "word",
        "lengths": (1, 2),
        "vocabulary": ("late", "again", "late again"),
        "rarity": np.array([1.0, 2.0, 3.0]),
        "weights": np.array([[1.0, 0.0], [0.0, 1.0], [5.0, 5.0]]),
    }
    return TokenWeights(**(given | changed))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LATE  again", ["late", "again", "late again"]),
        ("STRASSE Straße", ["strasse", "strasse", "strasse strasse"]),
        ("don't", ["don't"]),
        ("a_b", ["a", "b", "a b"]),
        ("①\u00a0x", ["1", "x", "1 x"]),
        ("!?", []),
        ("", []),
    ],
)
def test_words(text, expected):
    assert list(tokens(text, "word", (1, 2))) == expected


def test_characters_stay_inside_words():
    assert list(tokens("ab c", "character", (3, 4))) == [" ab", "ab ", " ab ", " c "]


def test_weights_follow_the_formula():
    got = _step().run(np.array(["late late again"], dtype=object))[0]
    strengths = np.array([1 + np.log(2), 2.0, 3.0])
    expected = strengths / np.linalg.norm(strengths) @ _step().weights
    np.testing.assert_allclose(got, expected, rtol=1e-14)


@pytest.mark.parametrize("text", [None, "", "unknown words", "\x00"])
def test_a_text_without_known_tokens_gives_zeros(text):
    assert _step().run(np.array([text], dtype=object)).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("rarity", [0.0, -1.0])
def test_a_token_without_weight_divides_by_nothing(rarity):
    answers = _step(rarity=np.full(3, rarity)).run(np.array(["late"], dtype=object))
    assert np.isfinite(answers).all()


@given(st.lists(st.none() | st.text() | st.just("late again"), min_size=1, max_size=9))
def test_a_row_alone_has_the_bits_of_the_batch(texts):
    values = np.array([*texts, "x"], dtype=object)
    batch = _step().run(values)
    alone = np.concatenate([_step().run(values[row : row + 1]) for row in range(len(values))])
    assert np.array_equal(batch, alone)


def test_a_hostile_text_is_read_up_to_a_bound():
    assert len(list(tokens("a " * 10_000_000, "word", (1, 1)))) == 10_000


@pytest.mark.parametrize(
    "changed",
    [
        {"lengths": (0, 1)},
        {"lengths": (3, 2)},
        {"lengths": (1, 9)},
        {"vocabulary": ("late", "late", "again")},
        {"vocabulary": ("late",)},
        {"rarity": np.ones(2)},
        {"rarity": np.full(3, np.nan)},
        {"weights": np.ones((2, 2))},
        {"weights": np.ones(3)},
        {"weights": np.full((3, 2), np.inf)},
    ],
)
def test_parameters_that_contradict_each_other_are_refused(changed):
    with pytest.raises(BundleError, match="'y'"):
        _step(**changed).check((1,))


@pytest.mark.parametrize("analyzer", ["word", "character"])
def test_a_text_that_comes_again_has_the_same_bits(analyzer):
    step = _step(analyzer=analyzer, vocabulary=("la", "late", "te "), lengths=(1, 4))
    texts = np.array(["late again", "late " * 30, "late again"], dtype=object)
    first, again = step.run(texts), step.run(texts)
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first[0], first[2])
    first[0] = -1.0
    np.testing.assert_array_equal(step.run(texts), again)
