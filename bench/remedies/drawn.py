"""Worlds that are drawn: rows as before, then rows of a world that changes in a known way.

In each, rows follow a first relation in the training and before the change. Then a part of a second
relation takes the place of the first, by the place of the row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.remedies.stage import CLEAN, LASTS, TRAINING, WINDOW, Stage, stage_of
from modelwright.data.conform import columns_of, conform
from modelwright.data.inference.infer import infer_schema
from modelwright.learners.base import Rows
from modelwright.maintain.gameday.traffic import Span
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.task import Task

_COLUMNS = 6
_SEED = 0
_NOISE = 0.5
"""Standard deviations of a number that nothing tells."""


@dataclass(frozen=True)
class Drawn:
    """A world.

    Parameters
    ----------
    name
        What changes.
    share
        From a row's place after the change began, (rows,), to the part of the second relation.
    classes
        Whether yes or no is asked, else a number.
    level
        By how much the answers are moved in the second relation, which is the first one otherwise;
        None where the second has other coefficients.
    """

    name: str
    share: Callable[[Floats], Floats]
    classes: bool = True
    level: float | None = None


def _turns(every: int) -> Callable[[Floats], Floats]:
    """Return two worlds that take turns every so many rows, the second first."""
    return lambda places: np.asarray((places // every) % 2 == 0, dtype=np.float64)


def _spell(rows: int) -> Callable[[Floats], Floats]:
    """Return a second world that lasts for so many rows and is over then."""
    return lambda places: np.asarray(places < rows, dtype=np.float64)


def _walk(places: Floats) -> Floats:
    return np.asarray(np.minimum(1.0, places / (WINDOW * LASTS)), dtype=np.float64)


WORLDS = {
    each.name: each
    for each in (
        Drawn("sudden-numbers", np.ones_like, classes=False),
        Drawn("sudden-classes", np.ones_like),
        Drawn("walk-numbers", _walk, classes=False),
        Drawn("walk-classes", _walk),
        Drawn("level-classes", np.ones_like, level=1.5),
        Drawn("half-classes", lambda places: np.full_like(places, 0.5)),
        Drawn("spell-1000-classes", _spell(1_000)),
        Drawn("spell-2000-numbers", _spell(2_000), classes=False),
        Drawn("turns-500-classes", _turns(500)),
        Drawn("turns-1000-classes", _turns(1_000)),
        Drawn("turns-1000-numbers", _turns(1_000), classes=False),
        Drawn("turns-1500-classes", _turns(1_500)),
        Drawn("turns-1000-levels", _turns(1_000), level=1.5),
        Drawn("nothing-classes", np.zeros_like),
    )
}
"""Those that are drawn, by name."""


def draw_stage(world: Drawn) -> Stage:
    """Draw a world, and let a model learn from its first rows."""
    rows = TRAINING + CLEAN + WINDOW * LASTS
    draw = np.random.default_rng(_SEED)
    columns = draw.normal(size=(rows, _COLUMNS))
    places = np.arange(rows) - float(TRAINING + CLEAN)
    share = np.where(places < 0, 0.0, world.share(np.maximum(places, 0.0)))
    truth = _truth(world, columns, share, draw)
    table = pl.DataFrame({f"x{at}": columns[:, at] for at in range(_COLUMNS)})
    task = Task(kind="binary", classes=("no", "yes")) if world.classes else Task(kind="regression")
    schema = infer_schema(table)
    learned = columns_of(conform(table[:TRAINING], schema), schema)
    training = Rows(schema, learned, truth[:TRAINING], task, forward=True)
    metric = "log_loss" if world.classes else "rmse"
    return stage_of(
        world.name, training, Span(table[TRAINING:], truth[TRAINING:]), target="y", metric=metric
    )


def _truth(world: Drawn, columns: Floats, share: Floats, draw: np.random.Generator) -> NDArray[Any]:
    first = (
        columns @ np.array([1.0, -0.8, 0.6, 0.4, 0.0, 0.0]) + 0.6 * columns[:, 0] * columns[:, 1]
    )
    if world.level is None:
        second = columns @ np.array([-0.4, -0.8, 0.0, 0.4, 1.0, -0.6])
    else:
        second = first + world.level
    mean = (1 - share) * first + share * second
    if world.classes:
        likely = 1 / (1 + np.exp(-1.5 * mean))
        return np.asarray(draw.random(len(mean)) < likely, dtype=np.int64)
    return np.asarray(mean + _NOISE * draw.standard_normal(len(mean)))
