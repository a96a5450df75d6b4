import numpy as np

from example_bundle import ROWS, SCHEMA, make_program
from modelwright.data.records import columns_from_records
from modelwright.predictor.program import Program
from modelwright.predictor.speed import one_row_latency_s, program_bytes
from modelwright.predictor.storage.storage import write_program

COLUMNS = columns_from_records(ROWS, SCHEMA)


class _Clock:
    """Says when; each answer takes as long as the next of some durations."""

    def __init__(self, *durations: float) -> None:
        self._durations = durations
        self._now = 0.0
        self.looks = 0

    def __call__(self) -> float:
        # The first look is before all rows; then each row has one before and one after it.
        if self.looks and self.looks % 2 == 0:
            self._now += self._durations[(self.looks // 2 - 1) % len(self._durations)]
        self.looks += 1
        return self._now


def test_the_latency_is_the_median():
    clock = _Clock(2**-12, 2**-11, 2**-9)  # sums of these are exact
    assert one_row_latency_s(make_program(), COLUMNS, clock=clock) == 2**-11


def test_measuring_ends_after_a_twentieth_of_a_second_or_some_hundred_rows():
    slow, fast = _Clock(0.03), _Clock(0.0)
    one_row_latency_s(make_program(), COLUMNS, clock=slow)
    one_row_latency_s(make_program(), COLUMNS, clock=fast)
    assert slow.looks == 1 + 2 * 2
    assert fast.looks == 1 + 2 * 400


def test_a_row_that_takes_longer_than_there_is_time_is_measured_once():
    clock = _Clock(7.0)
    assert one_row_latency_s(make_program(), COLUMNS, clock=clock) == 7.0
    assert clock.looks == 3


def test_every_run_answers_one_row_and_rows_take_turns(monkeypatch):
    asked = []

    def run(self: Program, columns: dict[str, np.ndarray]) -> None:
        assert {len(values) for values in columns.values()} == {1}
        asked.append(columns["age"][0])

    monkeypatch.setattr(Program, "run", run)
    one_row_latency_s(make_program(), COLUMNS, clock=_Clock(0.0))
    np.testing.assert_array_equal(asked[1:6], [39.0, 20.5, np.nan, 61.0, 39.0])


def test_the_size_is_that_of_what_is_stored():
    program = make_program()
    assert program_bytes(program) == sum(map(len, write_program(program)))
