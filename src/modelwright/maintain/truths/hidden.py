"""Answers without a column: whether truths would be likelier if one were not known.

What a column tells makes the truths likelier, so answers that do not know it are worse. Where they
are better the column misleads: it belongs to other rows, its values mean something else, or the
truth has moved off what was learned of it. A column is hidden by the values of some past rows in
its place, over whose answers the mean is taken. How likely the truths are without it beside how
likely they are with it is a bet against "the answers tell the truths as they did": while that is
true its mean is one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from modelwright.data.schema import Kind
from modelwright.maintain.look.look import Look
from modelwright.maintain.truths.following import most_followed
from modelwright.maintain.truths.hiding import DONORS, Hiding
from modelwright.maintain.truths.losses import realised_growth
from modelwright.maintain.truths.told_rows import ToldRows, told_windows
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.directions import alike
from modelwright.predictor.reference.grids import COARSE, grid_of, gridded, joint
from modelwright.predictor.reference.likely import log_likely
from modelwright.predictor.reference.pairs import dependences

HIDDEN = 0.2
"""The part of what may be bet on misses that is bet on columns that mislead."""
_MOST = 8
"""Columns that are hidden, those first that tell most of the answers."""
_LITTLE = 0.01
"""Nats that each column is taken to tell of the answers."""
_SUSPECT = 3.0
"""Nats from which on a count of a column is a reason to look."""
_COUNTS = ("values", "unseen", "belonging")
_HIGH = 1.5
"""Standard errors by which the loss must be higher for that."""
_NEARLY = 0.1
"""By which part answers of a single donor may be worse where those of several are not."""
_FAR = 2.5
"""Standard deviations by which a column must tell less than in the past windows."""
_DIFFERS = 0.5
"""By which part of itself what a column tells is taken to differ in one window more."""
_SMALLEST = 1e-12
_FEWEST_WINDOWS = 2
"""Windows of the past with labels: of one nobody knows how far windows differ."""


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """A column without which the truths of a window would be likelier.

    Parameters
    ----------
    column
        Its name.
    evidence
        The logarithm of an e-value of this column alone.
    growth
        By which part the loss has grown beside that of the answers without the column.
    followed
        How far truths follow it still, in any part of it: 1 as answered, 0 not at all.
    """

    column: str
    evidence: float
    growth: float
    followed: float


def find_hidden(look: Look, least: float) -> Hidden | None:
    """Return the column without which truths would be likeliest; None where none misleads.

    Only columns that there is a reason to look at are hidden: those that are others, and where the
    loss has grown all that tell most. So calm windows cost nothing, and no bet is won by it.

    Parameters
    ----------
    look
        The window beside the past.
    least
        The evidence that is asked for, as a logarithm.
    """
    found = [hidden for hidden, weight in _each(look) if hidden.evidence + np.log(weight) >= least]
    return max(found, key=lambda each: each.evidence, default=None)


def growth_without(look: Look, names: Sequence[str]) -> float | None:
    """Return by which part the loss has grown of answers that do not know some columns.

    Parameters
    ----------
    look
        The window beside the past.
    names
        Of the columns that are hidden, all together.

    Returns
    -------
    float, optional
        None where too few labels are known.
    """
    if look.level is None or not told_windows(look) or not names:
        return None
    before, now = ToldRows.of_past(look), ToldRows.of_window(look)
    hidden, hide = tuple(names), Hiding(look.bundle.program, before.columns)
    if not hide.answers_as(before):
        return None
    means = [
        np.nanmean(rows.losses(hide.each(rows.columns, [hidden])[hidden])) for rows in (before, now)
    ]
    return float(means[1] / means[0] - 1) if means[0] > 0 else None


_FOUND: WeakKeyDictionary[Look, tuple[tuple[Hidden, float], ...]] = WeakKeyDictionary()
"""Kept as long as the window: where something is known to be broken it is asked twice."""


def _each(look: Look) -> tuple[tuple[Hidden, float], ...]:
    """Return every column that misleads, with what may be bet on it."""
    if look not in _FOUND:
        _FOUND[look] = _search(look)
    return _FOUND[look]


def _search(look: Look) -> tuple[tuple[Hidden, float], ...]:
    few = len(told_windows(look)) < _FEWEST_WINDOWS
    if few or look.level is None or look.sketch.level is None:
        return ()
    suspects = None if _has_grown(look) else _others(look)
    weights = {} if suspects == set() else _weights(look)
    tried = [name for name in weights if suspects is None or name in suspects]
    if not tried:
        return ()
    before, now = ToldRows.of_past(look), ToldRows.of_window(look)
    hide = Hiding(look.bundle.program, before.columns)
    if not hide.answers_as(before):
        return ()
    usual = np.nanmean(now.losses(now.answers))
    at_first = hide.each(now.columns, [(name,) for name in tried], donors=1)
    near = [
        name for name in tried if np.nanmean(now.losses(at_first[(name,)])) < usual * (1 + _NEARLY)
    ]
    found = (
        (_hidden(look, hide, (before, now), name, at_first[(name,)]), weights[name])
        for name in near
    )
    return tuple((hidden, weight) for hidden, weight in found if hidden is not None)


def _has_grown(look: Look) -> bool:
    """Say whether the loss is higher than chance makes it now and then."""
    now, before, growth = look.level, look.sketch.level, realised_growth(look)
    if now is None or before is None or growth is None:
        return False
    return float(np.log1p(growth)) > _HIGH * float(np.hypot(now[1], before[1]))


def _others(look: Look) -> set[str]:
    """Return the columns of which some count is another."""
    return {
        name
        for aspect, surprise in zip(look.aspects, look.surprises.tolist(), strict=True)
        if surprise >= _SUSPECT and aspect.kind in _COUNTS
        for name in aspect.columns
    }


def _weights(look: Look) -> Mapping[str, float]:
    """Return what may be bet on each column: as much as it told of the answers."""
    sketch = look.sketch
    answers = grid_of(sketch.answers, bins=COARSE)
    said = answers.codes(sketch.answers)
    tells = {
        column.name: _LITTLE
        + float(dependences(joint(sketch.coarse_codes[column.name], said, shape).reshape(shape)))
        for column in sketch.columns
        if column.kind != Kind.DATETIME
        for shape in [(sketch.coarse[column.name].bins, answers.bins)]
    }
    most = sorted(tells, key=tells.__getitem__, reverse=True)[:_MOST]
    total = sum(tells[name] for name in most)
    return {name: tells[name] / total for name in most}


def _hidden(
    look: Look, hide: Hiding, rows: tuple[ToldRows, ToldRows], name: str, at_first: Floats
) -> Hidden | None:
    before, now = rows
    past, answers = (hide.each(each.columns, [(name,)])[(name,)] for each in rows)
    usual, came = (
        hidden - shown
        for hidden, shown in zip(
            log_likely((past, before.truth), (answers, now.truth)),
            log_likely((before.answers, before.truth), (now.answers, now.truth)),
            strict=True,
        )
    )
    such = _such_rows(look, rows, name)
    windows = np.array([np.nanmean(part) for part in np.split(usual, before.starts)])
    windows += _mean(usual, such) - np.nanmean(usual)
    usual, came = (each[np.isfinite(each)] for each in (usual, came))
    stays, close = _alike(look, now)
    spread = came.var() * close / len(came) + usual.var() * stays / len(usual) + _varied(windows)
    if float(came.mean() - windows.mean()) < _FAR * spread**0.5:
        return None
    # Some columns are not worth their place: that they mislead is no news.
    more = float(came.mean()) - max(0.0, float(windows.mean()))
    growth = _more(now, answers) / max(_SMALLEST, _more(before, past, such)) - 1
    # The first donor's answers are among those of all: by the others they are known without it.
    others = (DONORS * answers - at_first) / (DONORS - 1)
    codes = look.sketch.coarse[name].codes(gridded(look.bundle.schema[name], now.columns[name]))
    followed = most_followed(now, (at_first, others), codes)
    evidence = more * len(came) / close
    return Hidden(column=name, evidence=evidence, growth=growth, followed=followed)


def _alike(look: Look, now: ToldRows) -> tuple[float, float]:
    """Return how many rows of the past are worth one, and how many of the window."""
    stays = alike(look.sketch.residuals)
    # The past kept some of its rows only: neighbours of the window may be closer.
    closer = len(now.truth) / (len(look.rows) * look.kept)
    return stays, 1 + (stays - 1) * max(1.0, closer)


def _such_rows(look: Look, rows: tuple[ToldRows, ToldRows], name: str) -> Floats:
    """Return what each past row counts, so that together they are as the rows of the window are.

    Of a column of which only a part comes the truths tell less, as they did before.
    """
    column, grid = look.bundle.schema[name], look.sketch.coarse[name]
    before, now = (grid.codes(gridded(column, each.columns[name])) + 1 for each in rows)
    were, are = (np.bincount(each, minlength=grid.bins + 1) for each in (before, now))
    # Of values that the past had not, all of its rows tell.
    known = np.where(were > 0, are, 0) / np.maximum(1, were)
    return np.asarray((known[before] * len(before) + (are[were == 0]).sum()) / len(now))


def _mean(values: Floats, counts: Floats) -> float:
    """Return the mean of known values, each counted so many times."""
    known = np.isfinite(values)
    return float(np.average(values[known], weights=counts[known] + _SMALLEST))


def _more(rows: ToldRows, hidden: Floats, counts: Floats | None = None) -> float:
    """Return what rows lose beside what they would lose by answers that do not know a column."""
    counts = np.ones(len(rows.truth)) if counts is None else counts
    given, without = (_mean(rows.losses(each), counts) for each in (rows.answers, hidden))
    return given / max(_SMALLEST, without)


def _varied(windows: Floats) -> float:
    """Return how far windows differ, squared: few are taken to tell little of it."""
    middle = float(windows.mean())
    squares = float(np.square(windows - middle).sum()) + (_DIFFERS * middle) ** 2
    return squares / len(windows)
