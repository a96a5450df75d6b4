import msgspec
import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.errors import BundleError, InputError, SchemaError
from modelwright.learners.lightgbm import LightGBM
from modelwright.predictor.operations.categories import Codes
from modelwright.predictor.operations.linear import Columns, Constant, Linear
from modelwright.predictor.program import Input, Program, check_program, column_value
from modelwright.predictor.storage.storage import read_program, write_program
from modelwright.tasks.task import Task
from modelwright.testing import example_rows, hostile_columns

REGRESSION = Task(kind="regression")
LINE = Linear(inputs=("column:x",), output="y", weights=np.array([[2.0]]), bias=np.array([1.0]))
PROGRAM = Program(
    task=REGRESSION, inputs=(Input(name="x", type="number"),), steps=(LINE,), answer="y"
)


@pytest.fixture(scope="module")
def learned() -> Program:
    rows = example_rows("binary", count=200, seed=0)
    return LightGBM().fit(rows, rounds=20, budget=Budget.start(60), seed=0).program


def test_a_row_alone_has_the_bits_of_batches_of_any_size(learned):
    columns = example_rows("binary", count=150, seed=1).columns
    answers = learned.run(columns)
    for size in (1, 2, 7, 64):
        parts = [
            learned.run({name: values[start : start + size] for name, values in columns.items()})
            for start in range(0, 150, size)
        ]
        assert np.array_equal(np.concatenate(parts), answers)


def test_order_and_company_of_columns_are_of_no_account(learned):
    columns = hostile_columns()
    turned = {"new": np.zeros(1)} | {name: columns[name] for name in reversed(columns)}
    assert np.array_equal(learned.run(turned), learned.run(columns))


def test_unknown_and_missing_values_are_answered(learned):
    assert np.isfinite(learned.run(hostile_columns())).all()


def test_what_is_no_number_is_no_answer(learned):
    answers = np.array([[0.2, 0.8], [np.nan, np.nan], [0.0, np.inf]])
    assert learned.unanswered(answers).tolist() == [False, True, True]
    with pytest.raises(InputError, match="no answer to row 2"):
        learned.decide(answers)


def test_many_rows_need_no_instructions_for_a_few(learned):
    again = msgspec.structs.replace(learned)
    again.run(example_rows("binary", count=150, seed=1).columns)
    assert "follower" not in again.__dict__


def test_no_rows_give_no_answers(learned):
    columns = {name: values[:0] for name, values in hostile_columns().items()}
    assert learned.run(columns).shape == (0, 2)


def test_arrays_that_are_not_contiguous_are_read_right(learned):
    columns = hostile_columns()
    strided = {name: np.repeat(values, 3)[::3] for name, values in columns.items()}
    assert np.array_equal(learned.run(strided), learned.run(columns))


def test_columns_are_not_changed(learned):
    columns = hostile_columns()
    learned.run(columns)
    for name, values in hostile_columns().items():
        np.testing.assert_array_equal(columns[name], values)


def test_a_missing_column_is_named():
    with pytest.raises(SchemaError, match="'x'"):
        PROGRAM.run({"y": np.zeros(1)})


def test_columns_of_different_length_are_refused(learned):
    columns = hostile_columns()
    columns["size"] = columns["size"][:3]
    with pytest.raises(SchemaError, match="numbers of rows"):
        learned.run(columns)


def test_decisions_follow_the_threshold():
    binary = msgspec.structs.replace(
        PROGRAM, task=Task(kind="binary", classes=("no", "yes")), threshold=0.3
    )
    answers = np.array([[0.7, 0.3], [0.71, 0.29]])
    assert binary.decide(answers) == ["yes", "no"]
    three = msgspec.structs.replace(PROGRAM, task=Task(kind="multiclass", classes=("a", "b", "c")))
    assert three.decide(np.array([[0.1, 0.2, 0.7], [0.4, 0.4, 0.2]])) == ["c", "a"]
    assert PROGRAM.decide(np.array([[3.0]])).tolist() == [3.0]


def _replaced(**changed) -> Program:
    return msgspec.structs.replace(PROGRAM, **changed)


def _line(**changed) -> Linear:
    return msgspec.structs.replace(LINE, **changed)


TEXT = Input(name="t", type="string")
MOMENT = Input(name="d", type="datetime")
CODES = Codes(inputs=("column:x",), output="y", levels=("a",))


@pytest.mark.parametrize(
    "program",
    [
        _replaced(steps=()),
        _replaced(steps=(LINE,) * 10_001),
        _replaced(steps=(LINE, LINE)),
        _replaced(answer="z"),
        _replaced(threshold=float("nan")),
        _replaced(inputs=()),
        _replaced(inputs=(*PROGRAM.inputs, *PROGRAM.inputs)),
        _replaced(task=Task(kind="binary", classes=("a", "b"))),
        _replaced(steps=(_line(inputs=()),)),
        _replaced(steps=(_line(inputs=("y",)),)),
        _replaced(steps=(_line(inputs=("column:x", "column:x")),)),
        _replaced(steps=(_line(output="column:x"),), answer="column:x"),
        _replaced(steps=(_line(output="z", inputs=("y",)), LINE)),
        _replaced(steps=(CODES,)),
        _replaced(inputs=(TEXT,), steps=(_line(inputs=("column:t",)),)),
        _replaced(inputs=(MOMENT,), steps=(Columns(inputs=("column:d",), output="y"),)),
        _replaced(inputs=(TEXT,), steps=(), answer="column:t"),
    ],
)
def test_hostile_programs_are_refused(program):
    with pytest.raises(BundleError, match="is invalid"):
        check_program(program)


def test_a_program_of_another_version_is_told_what_to_do():
    with pytest.raises(BundleError, match=r"of version 1; .* version 3\. Build the model"):
        check_program(_replaced(version=1))


def test_a_program_that_was_written_before_there_were_weights_is_read():
    text, arrays = write_program(_replaced(version=2))
    old = text.replace(b' "weights": [],\n', b"")
    assert old != text
    assert read_program(old, arrays).weights == ()


def test_a_constant_may_count_rows_of_any_column():
    step = Constant(inputs=(column_value("t"),), output="y", answer=np.array([1.0]))
    program = _replaced(inputs=(TEXT,), steps=(step,))
    check_program(program)
    assert program.run({"t": np.array(["a", None], dtype=object)}).tolist() == [[1.0], [1.0]]


def test_the_kernel_and_numpy_answer_alike(learned, kernel):
    columns = hostile_columns()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("modelwright.predictor.operations.trees.library", lambda: None)
        by_numpy = learned.run(columns)
        patch.setattr("modelwright.predictor.operations.trees.library", lambda: kernel)
        assert np.array_equal(learned.run(columns), by_numpy)


def test_a_value_is_let_go_when_no_step_reads_it_any_more():
    first = Constant(inputs=("column:x",), output="one", answer=np.ones(1))
    twice = Columns(inputs=("one", "one"), output="two")
    last = Linear(inputs=("two",), output="y", weights=np.ones((2, 1)), bias=np.zeros(1))
    program = msgspec.structs.replace(PROGRAM, steps=(first, twice, last))
    assert program.run({"x": np.zeros(3)}).tolist() == [[2.0]] * 3
    assert msgspec.structs.replace(program, answer="one").run({"x": np.zeros(1)}).tolist() == [[1]]
