import time

import msgspec
import numpy as np
import pytest

from graph_models import graph_program, graph_step, listed_program, waves
from modelwright.compute.parallel import map_threads
from modelwright.errors import BundleError, InputError
from modelwright.predictor.instructions.follower import MOST_ROWS
from modelwright.predictor.operations import graph
from modelwright.predictor.operations.cutting import Cut
from modelwright.predictor.operations.graph_session import GraphSession
from modelwright.predictor.program import check_program
from modelwright.predictor.storage.storage import read_program, write_program

_ROWS = {
    "age": np.array([0.5, np.nan, 2.0] * 20),
    "fare": np.array([0.1, 0.2, 1e300] * 20),
    "sex": np.array(["m", None, "x"] * 20, dtype=object),
}


def test_it_answers_as_its_graph_does():
    answers = graph_program().run(_ROWS)
    age, fare = np.sin(np.float32(0.5)), np.sin(np.float32(0.1))
    np.testing.assert_allclose(answers[0], age + 2 * fare + 3, rtol=1e-6)
    assert np.isnan(answers[1:3]).all()


def test_a_row_that_its_graph_fails_on_has_no_class():
    program = listed_program()
    answers = program.run({"age": np.array([0.0, 2.0, 7.0])})
    assert program.unanswered(answers).tolist() == [False, False, True]
    assert program.decide(answers[:2]) == ["no", "yes"]
    with pytest.raises(InputError, match="no answer to row 3"):
        program.decide(answers)


def test_a_text_that_is_cut_is_given_as_its_tokens():
    step = msgspec.structs.replace(graph_step(waves()), cuts=((), (), (Cut(),)))
    rows = ([0.0], [0.0], ["F! x"]), ([0.0], [0.0], [None]), ([0.0], [0.0], ["ff"])
    # Words have two letters at least, so that none of these is "f".
    for age, fare, sex in rows:
        told = np.array(sex, dtype=object)
        assert step.run(np.array([age]), np.array([fare]), told).tolist() == [[0.0]]


def test_threads_that_begin_at_once_open_it_once(monkeypatch):
    opened, step = [], graph_step(waves())
    read = np.zeros(1), np.zeros(1), np.array([None], dtype=object)

    class Slow(GraphSession):
        def __init__(self, model):
            opened.append(model)
            time.sleep(0.02)
            super().__init__(model)

    monkeypatch.setattr(graph, "GraphSession", Slow)
    map_threads(lambda _: step.run(*read), range(4), workers=4)
    assert len(opened) == 1


def test_a_row_alone_is_answered_as_in_a_batch():
    program = graph_program()
    answers = program.run(_ROWS)
    assert len(answers) > MOST_ROWS
    for row in range(3):
        alone = program.run({name: each[row : row + 1] for name, each in _ROWS.items()})
        assert alone.tobytes() == answers[row : row + 1].tobytes()
    assert program.run({name: each[:0] for name, each in _ROWS.items()}).shape == (0, 1)


def test_it_is_stored_without_anything_that_can_run():
    program = graph_program()
    text, arrays = write_program(program)
    read = read_program(text, arrays)
    assert read.run(_ROWS).tobytes() == program.run(_ROWS).tobytes()
    assert write_program(read) == (text, arrays)
    assert len(arrays) < len(waves().SerializeToString()) + 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"model": np.zeros(0, np.uint8)}, "no graph"),
        ({"model": np.array([256], np.int32)}, "not made of bytes"),
        ({"reads": (2, 2)}, "other values"),
        ({"reads": (3, 0)}, "takes nothing"),
        ({"kinds": ("number", "number", "text", "text")}, "one kind per value"),
        ({"kinds": ("text", "number", "text")}, "is no string"),
        ({"kinds": ("number", "number", "number")}, "is no number"),
        ({"cuts": ((),)}, "cuts per value"),
        ({"cuts": ((Cut(),), (), ())}, "a number is cut"),
        ({"cuts": ((), (), (Cut(lengths=(2, 1)),))}, "lengths of runs"),
        ({"columns": 0}, "no columns"),
        ({"columns": 2}, "does not have 1"),
    ],
)
def test_what_contradicts_itself_is_refused(fields, words):
    steps = (msgspec.structs.replace(graph_step(waves()), **fields),)
    with pytest.raises(BundleError, match=words):
        check_program(msgspec.structs.replace(graph_program(), steps=steps))


def test_a_graph_of_another_width_is_refused_when_it_answers():
    step = msgspec.structs.replace(graph_step(waves()), columns=2)
    with pytest.raises(BundleError, match="it answers 1 numbers"):
        step.run(*(each if each.dtype == object else each[:, None] for each in _ROWS.values()))
