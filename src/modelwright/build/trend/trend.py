"""A trend: what a number rises by as time goes on, beside all that the other columns tell.

Trees have nothing to say about moments that they have not seen, and so a target that rises is
foretold too low. Learners are given the target without its trend, at the level of the latest row;
their answers are lifted by it again. How far the trend may be carried on is limited: beyond that
moment the line is level.
"""

from dataclasses import dataclass

import numpy as np

from modelwright.build.trend.slope import learn_slope, quick_rows
from modelwright.data.schema import Schema
from modelwright.learners.base import Rows
from modelwright.learners.encoding import inputs_of
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.program import Program, column_value
from modelwright.tasks.task import Task

_NUMBERS = Task(kind="regression")


@dataclass(frozen=True)
class Trend:
    """A trend that earlier rows have proven to hold for later ones.

    Parameters
    ----------
    column
        Tells the time.
    reach
        How many days beyond the last moment learned from it is carried on.
    """

    column: str
    reach: float

    def line_of(self, rows: Rows) -> "Line":
        """Return the line that the target of rows follows; level where nobody can tell.

        Learners of the same rows share it.
        """

        def learn() -> Line:
            times = times_of(rows, self.column)
            first, last = float(np.nanmin(times)), float(np.nanmax(times))
            return Line(
                column=self.column,
                slope=learn_slope(quick_rows(rows, self.column), times).known,
                first=first,
                last=last,
                end=last + self.reach,
                usual=float(np.nanmean(times)),
            )

        return rows.memo.of(("line", self), learn)


@dataclass(frozen=True)
class Line:
    """What a target rises by, from the level of the last moment on.

    Parameters
    ----------
    column
        Tells the time.
    slope
        By how much the target rises in a day.
    first, end
        Before and after these the line is level.
    last
        Where it is 0.
    usual
        The time of a row that has none.
    """

    column: str
    slope: float
    first: float
    last: float
    end: float
    usual: float

    def rises(self, rows: Rows) -> Floats:
        """Return what the line adds to each row, of shape (n,)."""
        return np.asarray(self.program(rows.schema).run(rows.columns)[:, 0])

    def program(self, schema: Schema) -> Program:
        """Return the line as a program of its one column."""
        time = _time_step(self.column)
        ends = np.array([self.first, self.end])
        line = Curves(
            inputs=(time.output,),
            output="trend",
            sizes=np.array([2], dtype=np.int32),
            knots=ends,
            heights=self.slope * (ends - self.last)[:, None],
            missing=np.array([[self.slope * (self.usual - self.last)]]),
        )
        steps = (time, line)
        return Program(
            task=_NUMBERS, inputs=inputs_of(schema, steps), steps=steps, answer=line.output
        )


def times_of(rows: Rows, column: str) -> Floats:
    """Return when each row was, in days since 1970, NaN where unknown."""
    step = _time_step(column)
    inputs = inputs_of(rows.schema, [step])
    program = Program(task=_NUMBERS, inputs=inputs, steps=(step,), answer=step.output)
    return np.asarray(program.run(rows.columns)[:, 0])


def _time_step(column: str) -> DateParts:
    return DateParts(inputs=(column_value(column),), output="time", parts=("epoch_day",))
