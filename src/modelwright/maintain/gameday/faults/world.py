"""A world that changes: another mix of rows, another relation to the target, a season."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.data.schema import Kind
from modelwright.maintain.gameday.faults.base import Injection, PlainFault, Scene
from modelwright.maintain.gameday.faults.labels import is_labelled
from modelwright.maintain.gameday.traffic import Span

_NEAR = 4
"""How many times the rows of the fault are drawn from: later ones are of another world."""
_STRONG = 12.0
_GENTLE = 1.5
_EVEN = 0.0
"""How steeply the chance that a row is taken rises with its rank in a column."""


def _change_mix(scene: Scene) -> Iterator[Injection]:
    for name in scene.aimed(Kind.NUMERIC):
        yield _tilted(scene, name, _STRONG)


def _change_season(scene: Scene) -> Iterator[Injection]:
    for name in scene.of_kind(Kind.NUMERIC)[-1:]:
        yield _tilted(scene, name, _GENTLE)


def _tilted(scene: Scene, name: str, steep: float) -> Injection:
    tilt = partial(_tilt, pool=scene.ahead, name=name, seed=scene.seed)
    return Injection(
        columns=(name,),
        causes=("covariate drift",),
        change=partial(tilt, steep=steep),
        # Rows of the near future may be harder whatever the mix: that is no harm of it.
        beside=partial(tilt, steep=_EVEN),
        is_paired=False,
        is_broken=False,
    )


def _tilt(span: Span, *, pool: Span, name: str, steep: float, seed: int) -> Span:
    """Take rows of the near future, more of those with high values, each at most once, in order."""
    pool = pool.part(0, _NEAR * len(span))
    ranks = pool.table[name].rank("average").fill_null(1.0).to_numpy() / len(pool)
    draw = np.random.default_rng(seed)
    # The keys of Efraimidis & Spirakis (2006) draw without replacement, by weight.
    keys = draw.exponential(size=len(pool)) / np.exp(steep * ranks)
    chosen = np.sort(np.argsort(keys)[: len(span)])
    return replace(pool.taken(chosen), times=span.times)


def _change_relation(scene: Scene) -> Iterator[Injection]:
    if not is_labelled(scene.ahead):
        return
    for name in scene.of_kind(Kind.NUMERIC)[:1]:
        middle = scene.before.table[name].median()
        change = partial(_mirror, name=name, above=middle, classes=scene.task.n_outputs)
        # No column is broken or drifts here: the exact cause names none.
        yield Injection(causes=("concept drift",), change=change, is_broken=False)


def _mirror(span: Span, *, name: str, above: Any, classes: int) -> Span:
    """Turn the truth round for the upper half of a column."""
    turned = (span.table[name] > above).fill_null(False).to_numpy()
    return replace(span, truth=np.where(turned, _turned(span.truth, classes), span.truth))


def _turned(truth: NDArray[Any], classes: int) -> NDArray[Any]:
    if truth.dtype.kind == "f":
        return np.asarray(2 * np.nanmedian(truth) - truth)
    return np.where(truth < 0, truth, (truth + 1) % classes)


COVARIATE_DRIFT = PlainFault(
    "covariate drift", "Mostly rows come whose value in a column is high.", _change_mix
)
CONCEPT_DRIFT = PlainFault(
    "concept drift", "The opposite comes true where a column is high.", _change_relation
)
HARMLESS_SEASON = PlainFault(
    "harmless season", "The mix of rows changes a little, and the relation stays.", _change_season
)
