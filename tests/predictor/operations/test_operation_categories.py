import numpy as np
import pytest

from modelwright.errors import BundleError
from modelwright.predictor.operations.categories import Codes, CodeTable


def _codes(*levels: str, rare: tuple[str, ...] = ()) -> Codes:
    return Codes(inputs=("column:x",), output="codes", levels=levels, rare=rare)


def _table(table: np.ndarray) -> CodeTable:
    return CodeTable(inputs=("codes",), output="out", table=table)


def test_every_kind_of_level_has_its_code():
    values = np.array([None, "new", "pink", "red", "blue", "", "RED"], dtype=object)
    codes = _codes("red", "blue", rare=("pink",)).run(values)
    assert codes[:, 0].tolist() == [0, 1, 2, 3, 4, 1, 1]


def test_a_level_may_have_no_number():
    step = _table(np.array([[np.nan, 0.0], [np.nan, 1.0], [0.0, np.nan], [1.0, 2.0]]))
    assert step.check((1,)) == 2
    rows = [step.run(np.array([[code]]))[0].tolist() for code in (0.0, 2.0, 9.0)]
    assert str(rows) == "[[nan, 0.0], [0.0, nan], [nan, 1.0]]"


def test_a_table_reads_unknown_where_a_code_is_outside_or_missing():
    table = _table(np.arange(8.0).reshape(4, 2))
    codes = np.array([0.0, 3.0, 4.0, -1.0, np.nan, np.inf, 1e300])[:, None]
    rows = table.run(codes)
    assert rows[:2].tolist() == [[0, 1], [6, 7]]
    assert (rows[2:] == [2, 3]).all()


@pytest.mark.parametrize("step", [_codes("a", "a"), _codes("a", rare=("a",))])
def test_a_level_named_twice_is_refused(step):
    with pytest.raises(BundleError, match="named twice"):
        step.check((1,))


@pytest.mark.parametrize(
    ("table", "width"),
    [
        (np.zeros((2, 1)), 1),
        (np.zeros(4), 1),
        (np.full((4, 1), np.nan), 1),
        (np.full((4, 1), np.inf), 1),
        (np.zeros((4, 1)), 2),
    ],
)
def test_tables_that_cannot_be_read_are_refused(table, width):
    with pytest.raises(BundleError):
        _table(table).check((width,))


@pytest.mark.parametrize("code", [0.0, 1.0, 4.0, 4.9, 5.0, -1.0, 1e300, np.inf, -np.inf, np.nan])
def test_a_code_alone_finds_the_row_that_it_finds_in_a_batch(code):
    step = _table(np.arange(10.0).reshape(5, 2))
    batch = step.run(np.full((40, 1), code))
    assert step.run(np.array([[code]])).tolist() == batch[:1].tolist()


def test_no_row_gives_no_answer():
    assert _table(np.ones((3, 2))).run(np.zeros((0, 1))).shape == (0, 2)
    assert _codes("a").run(np.zeros(0, dtype=object)).shape == (0, 1)


def test_an_answer_is_no_part_of_the_table():
    step = _table(np.zeros((3, 1)))
    step.run(np.zeros((1, 1)))[:] = 7.0
    assert step.run(np.zeros((1, 1))).tolist() == [[0.0]]
