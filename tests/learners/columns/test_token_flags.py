import numpy as np

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.learners.base import Rows
from modelwright.learners.columns import token_flags
from modelwright.learners.columns.target_means import outcomes_of
from modelwright.learners.columns.token_flags import FEWEST_TEXTS, are_flags, flags_of_tokens
from modelwright.learners.trees.encoding import (
    encode_for_forests,
    encode_for_trees,
    encode_other_rows,
)
from modelwright.learners.trees.rows import keep_part
from modelwright.tasks.task import Task

PHRASES = np.array(
    ["take off run", "struck on approach", "take care, it went off run", "run, nothing seen"],
    object,
)
HOLDER = Schema(columns=(Column(name="note", kind=Kind.TEXT),))


def _rows(count=400, *, kind="multiclass"):
    drawn = np.random.default_rng(0).integers(len(PHRASES), size=count)
    fillers = np.array([f"case {number}" for number in range(count)], object)
    notes = np.array(
        [f"{PHRASES[each]} {filler}" for each, filler in zip(drawn, fillers, strict=True)], object
    )
    notes[::50] = None
    if kind == "regression":
        return Rows(HOLDER, {"note": notes}, (drawn == 0) * 5.0, Task(kind="regression"))
    return Rows(HOLDER, {"note": notes}, drawn, Task(kind="multiclass", classes=(0, 1, 2, 3)))


def _flags(rows):
    return flags_of_tokens(rows, "note", outcomes_of(rows), budget=Budget.start(60))


def test_words_are_flagged_where_no_blanks_divide_them():
    draw = np.random.default_rng(0)
    notes = np.array(
        ["".join(draw.choice([*"好坏很不快慢喜欢"], size=9)) for _ in range(300)], object
    )
    target = np.array([float("喜欢" in note) for note in notes])
    part = _flags(Rows(HOLDER, {"note": notes}, target, Task(kind="regression")))
    assert 'note has "喜欢"' in part.names


def test_phrases_that_tell_a_class_are_flagged(monkeypatch):
    monkeypatch.setattr(token_flags, "MOST_FLAGS", 8)
    part = _flags(_rows())
    assert 'note has "take off"' in part.names
    # "care it", "went" and others stand in the same texts as "care".
    assert {'note has "care"', 'note has "went"'} & {*part.names} == {'note has "care"'}
    texts = np.array(["TAKE OFF, take off!", "off they take", None, ""], object)
    flags = keep_part(part, HOLDER, {"note": texts})()
    assert flags[:, part.names.index('note has "take off"')].tolist() == [1.0, 0.0, 0.0, 0.0]


def test_a_number_has_flags_too(monkeypatch):
    monkeypatch.setattr(token_flags, "MOST_FLAGS", 3)
    assert 'note has "take off"' in _flags(_rows(kind="regression")).names


def test_flags_are_zero_or_one_however_long_a_text_is():
    rows = _rows()
    part = _flags(rows)
    long = " ".join([*PHRASES, *(["take off"] * 2_000)])
    flags = keep_part(part, HOLDER, {"note": np.array([long], object)})()
    assert set(flags.ravel()) <= {0.0, 1.0}
    assert flags[0, part.names.index('note has "take off"')] == 1.0


def test_what_is_kept_of_flags_is_what_the_program_says():
    rows = _rows()
    encoded = encode_for_trees(rows, budget=Budget.start(60), seed=0)
    np.testing.assert_array_equal(encoded.matrix, encoded.encoding.matrix(rows.columns))
    others = encode_other_rows(encoded, rows, rows.take(np.arange(50)))
    np.testing.assert_array_equal(others.matrix, encoded.matrix[:50])
    assert sum(are_flags(part) for part in encoded.parts) == 1


def test_rare_tokens_and_equal_texts_have_no_flags():
    assert _flags(_rows(FEWEST_TEXTS)) is None
    same = _rows()
    columns = {"note": np.full(len(same), "always the same", object)}
    assert _flags(Rows(HOLDER, columns, same.target, same.task)) is None


def test_an_answer_that_is_always_the_same_is_no_fault():
    rows = _rows(kind="regression")
    part = _flags(Rows(HOLDER, rows.columns, np.zeros(len(rows)), rows.task))
    assert part is not None


def test_many_rows_have_fewer_flags(monkeypatch):
    rows = _rows()
    monkeypatch.setattr(token_flags, "_MOST_CELLS", 5 * len(rows))
    assert len(_flags(rows).names) == 5


def test_forests_read_topics_alone():
    rows = _rows()
    encoded = encode_for_trees(rows, budget=Budget.start(60), seed=0)
    alone = encode_for_forests(rows, budget=Budget.start(60), seed=0)
    width = alone.encoding.width
    assert width < encoded.encoding.width
    np.testing.assert_array_equal(alone.matrix, encoded.matrix[:, :width])
    np.testing.assert_array_equal(alone.encoding.matrix(rows.columns), alone.matrix)
