import numpy as np

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.learners.base import Rows
from modelwright.learners.networks.circles import Circle, circle_steps
from modelwright.learners.networks.encoding import encode_for_networks
from modelwright.tasks.task import Task

HOUR = 3_600_000_000


def _turn(numbers, circle):
    turned, circles = circle_steps("numbers", [circle])
    return circles.run(turned.run(np.array(numbers, dtype=np.float64)[:, None]))


def test_hours_are_where_a_clock_has_them():
    angles = np.arange(24) * 2 * np.pi / 24
    exact = np.stack([np.sin(angles), np.cos(angles)], axis=1)
    np.testing.assert_allclose(_turn(np.arange(24), Circle(0, 0, 24)), exact, atol=1e-12)


def test_the_last_day_of_a_year_is_beside_the_first():
    days = _turn(np.arange(1, 367), Circle(0, 1, 366))
    apart = np.abs(days - np.roll(days, 1, axis=0)).max(axis=1)
    assert apart.max() < 0.02
    assert np.linalg.norm(days, axis=1).min() > 0.98


def test_a_network_reads_the_parts_that_come_round():
    moments = np.arange(600) * 5 * HOUR
    moments[7] = np.iinfo(np.int64).min
    columns = {"size": np.arange(600.0), "at": moments}
    schema = Schema(
        columns=(Column(name="size", kind=Kind.NUMERIC), Column(name="at", kind=Kind.DATETIME))
    )
    rows = Rows(schema, columns, np.zeros(600), Task(kind="regression"))
    encoding = encode_for_networks(rows, np.arange(600), budget=Budget.start(60), seed=0)
    # Of size, month, day, weekday, day of year and hour.
    assert encoding.circles == (Circle(3, 0, 7), Circle(4, 1, 366), Circle(5, 0, 24))
    read = encoding.program_part(np.zeros((0, 1))).matrix(columns)
    batch = encoding.batch(rows).matrix
    np.testing.assert_allclose(read, batch, rtol=1e-6, atol=1e-6)
    assert np.isfinite(batch).all()
