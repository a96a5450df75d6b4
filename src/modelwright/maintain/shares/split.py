"""The change of the loss, split into causes.

What a broken input did is undone first; then what other rows do by themselves, with the relation
between row and loss as it was, which labels came, and how the loss rose anyway as the model aged;
what is left is another relation between rows and truth. The parts sum to the whole change. Each has
an interval from resampled stretches of rows; the order in which they are taken is fixed, so that a
part that two causes share counts for the earlier one (Zhang et al., "Why did the model fail?",
ICML 2023, average over orders; a break comes before all else because what follows from it is no
cause).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.documents import Cause, LossKind, LossShare, LossSplit
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.base import Situation
from modelwright.maintain.remedies.losses import Judge
from modelwright.maintain.remedies.onset import find_onset
from modelwright.maintain.remedies.past import in_order, labelled_part, part_of
from modelwright.maintain.shares.broken import find_broken
from modelwright.maintain.shares.known import Known
from modelwright.maintain.shares.mix import moved_columns
from modelwright.maintain.shares.parts import Component
from modelwright.maintain.shares.proof import moment_of, proving_rows
from modelwright.maintain.wording import percent
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Value
from modelwright.predictor.reference.distribution import bins_of

_FEWEST_BEFORE, _FEWEST_NOW = 200, 100
_MOST = 4_000
"""Rows before, and rows since, that are looked at: those nearest to the change, and the last."""
_MOST_IN_ALL = 20_000
_STEEP = 5.0
"""Standard errors of the slope from which on the loss rose before."""
_PARTS = 10


def split_loss(
    bundle: Bundle,
    rows: LiveRows,
    causes: Sequence[Cause] = (),
    *,
    history: LiveRows | None = None,
) -> LossSplit:
    """Split the change of the loss into causes.

    Parameters
    ----------
    bundle
        The model.
    rows
        The rows in which something is wrong; without a history, those before it too.
    causes
        What was found of them.
    history
        Rows before; None to find out in `rows` since when something is wrong.
    """
    judge, ordered, at_once = Judge.of(bundle), in_order(rows), tuple[str, ...]()
    ordered = part_of(ordered, max(0, len(ordered) - _MOST_IN_ALL), len(ordered))
    if history is None:
        known = labelled_part(ordered)
        whole = Situation(bundle=bundle, rows=known, judge=judge)
        onset, at_once = find_onset(whole)
        start = int(np.flatnonzero(ordered.labelled)[onset]) if onset else 0
        before, now = part_of(ordered, 0, start), part_of(ordered, start, len(ordered))
    else:
        before, now, start = in_order(history), ordered, 0
    before = labelled_part(before)
    before = part_of(before, max(0, len(before) - _MOST), len(before))
    skipped = max(0, len(now) - _MOST)
    now = part_of(now, skipped, len(now))
    if len(before) < _FEWEST_BEFORE:
        return _nothing(
            before,
            now,
            "The rows do not show since when: there are no labelled rows "
            f"before the trouble to compare with ({len(before)} of {_FEWEST_BEFORE}).",
        )
    known = labelled_part(now)
    both = _together(before, known)
    situation = Situation(bundle=bundle, rows=both, onset=len(before), broken=at_once, judge=judge)
    broken = tuple(find_broken(situation, causes, now))
    return _Splitting(
        Known(bundle, judge, before, now, broken), start + skipped, tuple(causes)
    ).split()


@dataclass(frozen=True)
class _Splitting:
    """Rows before and since, and what is broken in them."""

    seen: Known
    first: int
    causes: tuple[Cause, ...]

    def split(self) -> LossSplit:
        usual = float(self.seen.lost_before.mean())
        if not usual > 0:
            return _nothing(
                self.seen.before, self.seen.now, "The rows before lost nothing to compare with."
            )
        if int(self.seen.known.sum()) < _FEWEST_NOW:
            estimated = tuple(
                self._told(None, [*self._breaks(), *self._mixes(self.seen.mix)], usual)
            )
            return LossSplit(
                growth=None,
                before=len(self.seen.before),
                now=len(self.seen.now),
                shares=estimated,
                sentence="Labels are too few to know how the loss changed: what inputs alone "
                "should do is estimated; concept drift cannot be told without labels.",
            )
        whole = Component(self.seen.lost_now[self.seen.known], self.seen.lost_before)
        growth = whole.part_of(usual)
        if growth.low <= 0 <= growth.high:
            return LossSplit(
                growth=growth,
                before=len(self.seen.before),
                now=len(self.seen.now),
                sentence="The loss did not change by more than chance: there is nothing to split.",
            )
        parts = self._parts(whole)
        shares = sorted(self._told(whole, parts, usual), key=lambda each: -abs(each.growth.value))
        return LossSplit(
            growth=growth,
            before=len(self.seen.before),
            now=len(self.seen.now),
            shares=tuple(shares),
            sentence=self._sentence(growth.value, shares[0]),
        )

    def _sentence(self, growth: float, first: LossShare) -> str:
        """Say how the loss changed and the main reason; one that shrank is nobody's alarm."""
        share = f", {percent(first.share.value)} of it" if first.share else ""
        names = f" of {', '.join(first.columns)}" if first.columns else ""
        by = f"{percent(abs(growth))}{share} by {first.kind}{names}"
        if growth > 0:
            return f"The loss grew by {by}."
        return (
            f"Beside the {len(self.seen.before):,} rows before, the loss shrank by {by}: what is "
            "worse than was promised was so before already."
        )

    # --- the parts -----------------------------------------------------------------------------

    def _parts(self, whole: Component) -> list["_Part"]:
        breaks, known = self._breaks(), self.seen.known
        usual_before, usual_now = self.seen.usual
        mix = Component(usual_now, usual_before)
        labels = Component(usual_now[known], usual_now)
        taken = [part.component for part in breaks]
        rest = whole.less(*taken, Component(usual_now[known], usual_before))
        aged, nobody = self._age(rest), np.zeros(len(self.seen.now), dtype=bool)
        parts = [*breaks, *self._mixes(mix)]
        if not known.all():
            parts.append(_Part("label problems", (), labels, nobody, "which rows have a label yet"))
        if (stuck := self.seen.stuck_labels()) is not None:
            over = np.where(stuck, self.seen.lost_now - usual_now, 0.0)
            held = Component(over[known], np.zeros(len(self.seen.before)))
            said = f"{int(stuck.sum())} labels in a row are the same"
            parts.append(_Part("label problems", (), held, stuck, said))
            rest = rest.less(held)
        if aged is not None:
            parts.append(_Part("age", (), aged, nobody, "the loss rose before already"))
            rest = rest.less(aged)
        off = any(cause.kind == "probabilities off" for cause in self.causes)
        kind: LossKind = "probabilities off" if off else "concept drift"
        said = "rows like those before lose otherwise: what no input explains"
        return [*parts, _Part(kind, (), rest, known, said)]

    def _breaks(self) -> list["_Part"]:
        parts, answers = list[_Part](), self.seen.now.answers
        for each in self.seen.broken:
            if each.undone is not None:
                lost = self.seen.lost(answers) - self.seen.lost(each.undone)
                inside = ~np.all(np.isclose(answers, each.undone), axis=1)
                component = Component(lost[self.seen.known], np.zeros(len(self.seen.before)))
                said = "undone by the program, and the rows answered again"
            else:
                component = Component(np.zeros(int(self.seen.known.sum())), -each.done)
                inside = np.ones(len(self.seen.now), dtype=bool)
                said = "estimated by doing the same to the rows before"
            parts.append(_Part(each.cause.kind, each.cause.columns, component, inside, said))
        return parts

    def _mixes(self, mix: Component) -> Iterator["_Part"]:
        """Yield the effect of the mix, divided among the columns that explain it."""
        broken = {name for each in self.seen.broken for name in each.cause.columns}
        read, reference = (
            {each.name for each in self.seen.bundle.program.inputs},
            self.seen.bundle.reference,
        )
        columns = [
            (
                column,
                reference.columns[column.name],
                bins_of(reference.columns[column.name], self.seen.before.columns[column.name]),
                bins_of(reference.columns[column.name], self.seen.now.columns[column.name]),
            )
            for column in self.seen.bundle.schema
            if column.name in read - broken and column.value_type != "datetime"
        ]
        low, high = np.quantile(mix.draws, [0.025, 0.975])
        sign = 1.0 if mix.value >= 0 else -1.0
        moved = moved_columns(columns, self.seen.lost_before, sign=sign) if columns else ()
        if low <= 0 <= high or not moved:
            nobody = np.zeros(len(self.seen.now), dtype=bool)
            yield _Part("change of mix", (), mix, nobody, "no more than chance")
            return
        total = sum(each.effect for each in moved)
        for each in moved:
            part = each.effect / total
            component = Component(part * mix.now, part * mix.before)
            yield _Part(each.kind, (each.column.name,), component, each.inside, each.sentence)

    def _age(self, rest: Component) -> Component | None:
        """Return what the loss would have risen to anyway, by its slope in the rows before."""
        parts = np.array([part.mean() for part in np.array_split(rest.before, _PARTS)])
        places = (np.arange(_PARTS) + 0.5) / _PARTS * len(self.seen.before)
        slope, level = np.polyfit(places, parts, 1)
        left = parts - slope * places - level
        error = (left @ left / (_PARTS - 2) / np.square(places - places.mean()).sum()) ** 0.5
        if abs(slope) < _STEEP * error or slope * rest.value <= 0:
            return None
        ahead = (len(self.seen.before) + len(self.seen.now)) / 2
        reached = min(abs(slope) * ahead, abs(rest.value)) * float(np.sign(rest.value))
        return Component(np.zeros(len(rest.now)), np.zeros(len(rest.before)), reached)

    def _told(
        self, whole: Component | None, parts: Sequence["_Part"], usual: float
    ) -> Iterator[LossShare]:
        for part in parts:
            rows, growth = np.flatnonzero(part.inside), part.component.part_of(usual)
            said = f"{part.sentence[0].upper()}{part.sentence[1:]}"
            if growth.low <= 0 <= growth.high and len(rows):
                said = f"{said}; it may be chance"
            yield LossShare(
                kind=part.kind,
                columns=part.columns,
                sentence=f"{said}.",
                since=moment_of(self.seen.now, int(rows[0])) if len(rows) else "",
                growth=growth,
                share=None if whole is None else part.component.share_of(whole),
                rows=len(rows),
                proof=proving_rows(
                    self.seen.now,
                    part.inside,
                    columns=part.columns,
                    losses=self.seen.lost_now,
                    usual=self.seen.usual[1],
                    first=self.first,
                ),
                course=tuple(each / usual for each in part.component.course),
            )


@dataclass(frozen=True)
class _Part:
    """A cause, and what it adds row by row."""

    kind: LossKind
    columns: tuple[str, ...]
    component: Component
    inside: NDArray[np.bool_]
    sentence: str


def _together(before: LiveRows, known: LiveRows) -> LiveRows:
    columns: dict[str, Value] = {
        name: np.concatenate([values, known.columns[name]])
        for name, values in before.columns.items()
    }
    return replace(
        before,
        table=pl.concat([before.table, known.table], how="vertical_relaxed"),
        columns=columns,
        answers=np.concatenate([before.answers, known.answers]),
        truth=np.concatenate([before.truth, known.truth]),
        times=None,
        ids=None,
        arrived=None,
    )


def _nothing(before: LiveRows, now: LiveRows, sentence: str) -> LossSplit:
    return LossSplit(growth=None, before=len(before), now=len(now), sentence=sentence)
