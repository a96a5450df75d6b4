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

import numpy as np

from modelwright.data.records import Columns
from modelwright.data.schema import Kind
from modelwright.maintain.look import Look
from modelwright.maintain.losses import realised_growth
from modelwright.predictor.directions import alike
from modelwright.predictor.grids import COARSE, grid_of, joint
from modelwright.predictor.likely import log_likely
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.pairs import dependences
from modelwright.predictor.program import Program
from modelwright.tasks.row_losses import plain_losses

HIDDEN = 0.2
"""The part of what may be bet on misses that is bet on columns that mislead."""
_MOST = 8
"""Columns that are hidden, those first that tell most of the answers."""
_DONORS = 3
"""Past rows whose values stand for a column."""
_STEP = 101
_LITTLE = 0.01
"""Nats that each column is taken to tell of the answers."""
_SUSPECT = 3.0
"""Nats from which on a count of a column is a reason to look."""
_COUNTS = ("values", "unseen", "belonging")
_HIGH = 1.5
"""Standard errors by which the loss must be higher for that."""
_NEARLY = 0.03
"""By which part answers of a single donor may be worse where those of several are not."""
_FAR = 2.5
"""Standard deviations by which a column must tell less than in the past windows."""
_DIFFERS = 0.5
"""By which part of itself what a column tells is taken to differ in one window more."""
_FEWEST_WINDOWS = 2
_FEW, _SAME = 20, 1e-3
"""Rows that are answered again, and how far apart the same answers may be."""


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
    """

    column: str
    evidence: float
    growth: float


@dataclass(frozen=True)
class _Rows:
    """Rows with what was answered and what came true; NaN where no label is known."""

    columns: Columns
    answers: Floats
    truth: Floats

    def losses(self, answers: Floats) -> Floats:
        known = np.isfinite(self.truth)
        found = np.full(len(self.truth), np.nan)
        truth = self.truth[known]
        if answers.shape[1] > 1:
            truth = truth.astype(np.int64)
        found[known] = plain_losses(truth, answers[known])
        return found


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
    few = len(look.sketch.past) < _FEWEST_WINDOWS
    if few or look.level is None or look.sketch.level is None:
        return None
    suspects = None if _has_grown(look) else _others(look)
    weights = {} if suspects == set() else _weights(look)
    tried = [name for name in weights if suspects is None or name in suspects]
    if not tried:
        return None
    before, now, usual = _past(look), _now(look), np.nanmean(look.losses)
    hide = _Hide(look.bundle.program, before.columns)
    if not hide.answers_as(before):
        return None
    at_first = hide.each(now.columns, [(name,) for name in tried], donors=1)
    found = [
        hidden
        for name in tried
        if np.nanmean(now.losses(at_first[(name,)])) < usual * (1 + _NEARLY)
        and (hidden := _hidden(look, hide, (before, now), name))
        and hidden.evidence + np.log(weights[name]) >= least
    ]
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
    if look.level is None or look.sketch.level is None or not names:
        return None
    before, now, hidden = _past(look), _now(look), tuple(names)
    hide = _Hide(look.bundle.program, before.columns)
    if not hide.answers_as(before):
        return None
    means = [
        np.nanmean(rows.losses(hide.each(rows.columns, [hidden])[hidden])) for rows in (before, now)
    ]
    return float(means[1] / means[0] - 1) if means[0] > 0 else None


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


def _hidden(look: Look, hide: "_Hide", rows: tuple[_Rows, _Rows], name: str) -> Hidden | None:
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
    stays = alike(look.sketch.residuals)
    windows = np.array([part.mean() for part in np.split(usual, look.sketch.starts)])
    spread = came.var() * stays / len(came) + usual.var() * stays / len(usual) + _varied(windows)
    if float(came.mean() - windows.mean()) < _FAR * spread**0.5:
        return None
    # Some columns are not worth their place: that they mislead is no news.
    more = float(came.mean()) - max(0.0, float(windows.mean()))
    mean = np.nanmean
    growth = (mean(look.losses) / mean(now.losses(answers))) * (
        mean(before.losses(past)) / mean(look.sketch.losses)
    ) - 1
    return Hidden(column=name, evidence=more * len(came) / stays, growth=float(growth))


def _varied(windows: Floats) -> float:
    """Return how far windows differ, squared: few are taken to tell little of it."""
    middle = float(windows.mean())
    squares = float(np.square(windows - middle).sum()) + (_DIFFERS * middle) ** 2
    return squares / len(windows)


@dataclass(frozen=True)
class _Hide:
    """Answers without a column: the values of past rows, the donors, stand in its place."""

    program: Program
    pool: Columns

    def answers_as(self, rows: _Rows) -> bool:
        """Say whether it gives the answers that were given; what stands in for a log does not."""
        some = slice(0, _FEW)
        found = self.program.run({name: values[some] for name, values in rows.columns.items()})
        return bool(np.allclose(found, rows.answers[some], rtol=_SAME, equal_nan=True))

    def each(
        self, columns: Columns, sets: Sequence[tuple[str, ...]], *, donors: int = _DONORS
    ) -> dict[tuple[str, ...], Floats]:
        """Return what is answered to rows without the columns of each set, all in one run."""
        rows, pool = (len(next(iter(each.values()))) for each in (columns, self.pool))
        copies = {name: np.tile(values, len(sets) * donors) for name, values in columns.items()}
        for number, names in enumerate(sets):
            for donor in range(donors):
                first = (number * donors + donor) * rows
                # A step that has no factor in common with most lengths goes through all rows.
                taken = (np.arange(rows) * _STEP + donor * pool // donors) % pool
                for name in names:
                    copies[name][first : first + rows] = self.pool[name][taken]
        answers = self.program.run(copies).reshape(len(sets), donors, rows, -1)
        return dict(zip(sets, answers.mean(axis=1), strict=True))


def _now(look: Look) -> _Rows:
    rows = look.rows
    truth = np.where(rows.labelled, rows.truth, np.nan).astype(np.float64)
    return _Rows(rows.columns, rows.answers, truth)


def _past(look: Look) -> _Rows:
    windows = look.sketch.past
    columns = {
        name: np.concatenate([window.columns[name] for window in windows])
        for name in windows[0].columns
    }
    answers = np.concatenate([window.answers for window in windows])
    return _Rows(columns, answers, _truths(answers, look.sketch.residuals, look.sketch.losses))


def _truths(answers: Floats, residuals: Floats, losses: Floats) -> Floats:
    """Return what came true, which the past keeps as how far answers were from it."""
    if answers.shape[1] == 1:
        return answers[:, 0] + residuals
    if answers.shape[1] == 2:
        return np.where(np.isnan(residuals), np.nan, (residuals > 0).astype(np.float64))
    off = np.abs(losses[:, None] + np.log(np.clip(answers, 1e-300, 1.0)))
    return np.where(np.isnan(losses), np.nan, np.nan_to_num(off).argmin(axis=1).astype(float))
