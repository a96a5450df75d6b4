"""All remedies, tested on the past, the worthiest first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import msgspec
import numpy as np
from scipy import stats

from modelwright.compute.budget import Budget
from modelwright.documents import Proposal
from modelwright.errors import InputError
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.base import Remedy, Situation, Treatment
from modelwright.maintain.remedies.leader import find_leader
from modelwright.maintain.remedies.onset import find_onset
from modelwright.maintain.remedies.past import in_order, labelled_part, part_of
from modelwright.maintain.remedies.replay import Replayed, replay
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import paired_difference
from modelwright.tasks.metrics import Metric

FEWEST_LABELS = 200
"""Fewer labels say too little about a remedy."""
_MOST_ROWS = 20_000
"""The youngest rows; older ones say little about the trouble of today."""
_STRETCHES = 20
_RESAMPLES = 300
_CONFIDENCE = 0.95
_AS_GOOD = 0.99
"""Of what the first remedy spares: a value that was converted there and back is another one in its
last bit, and trees answer it otherwise in a row among thousands."""
IN_TROUBLE = 0.8
"""How certain it has to be that to follow the leader spares loss, where something is wrong since a
certain row: to wait for more costs loss then, and the next test takes back what did not help."""


@dataclass(frozen=True)
class Proposed:
    """A proposal with what would ship, and how it answered the past rows that judged it."""

    proposal: Proposal
    treatment: Treatment | None
    replayed: Replayed | None


def situation_of(situation: Situation, rows: LiveRows) -> Situation:
    """Return what is known from rows: those with a label, in order, and since when it is wrong."""
    known = labelled_part(in_order(rows))
    known = part_of(known, max(0, len(known) - _MOST_ROWS), len(known))
    labelled = replace(situation, rows=known, onset=0, broken=())
    onset = find_onset(labelled)
    return replace(labelled, onset=onset.row, broken=onset.columns)


def propose(
    situation: Situation,
    remedies: Sequence[Remedy],
    *,
    metric: Metric,
    report: Callable[[str], None],
    budget: Budget | None = None,
) -> tuple[Proposed, ...]:
    """Test remedies on the past, and return those that have something to offer, the best first.

    When the time is over, or Ctrl-C ends it, what was tested by then is returned.

    Parameters
    ----------
    situation
        As `situation_of` makes it.
    remedies
        Those to test.
    metric
        By which the model was chosen.
    report
        Told what happens, a sentence at a time.
    budget
        The time for all of them; None for any time.

    Returns
    -------
    tuple of Proposed
        Those that help with confidence first: the one that leads, then the others by the least
        that they spare. The level of each interval is corrected for the number of remedies that
        offer something (Bonferroni); to follow the leader is one rule and needs no correction, and
        less certainty where it is known since when something is wrong. A release before that spares
        as much as the first comes before it. What changes decisions alone comes after what mends
        answers. ``"call a person"`` stands last, or
        first where nothing helps.
    """
    tested = list(_tested(situation, remedies, budget=budget, report=report))
    level = 1.0 - (1.0 - _CONFIDENCE) / max(1, len(tested))
    found = [
        _proposed(remedy, replayed, situation, metric, level, seconds)
        for remedy, replayed, seconds in tested
    ]
    certain = IN_TROUBLE if situation.onset else _CONFIDENCE
    found = [*_led(tested, found, level=both_sides(certain))]
    # Decisions are judged by another measure than answers: better answers come first.
    order = {remedy.name: remedy.measure != "answers" for remedy, _, _ in tested}
    found.sort(key=lambda each: (order[each.proposal.remedy], _rank(each.proposal)))
    found.sort(key=lambda each: not each.proposal.helps)
    for first in found[:1]:
        found.sort(key=lambda each: not _is_as_good_a_way_back(each, first, situation))
    person = Proposed(_person(found), None, None)
    helps = any(each.proposal.helps for each in found)
    return (*found, person) if helps else (person, *found)


def _led(
    tested: Sequence[tuple[Remedy, Replayed, float]], found: Sequence[Proposed], *, level: float
) -> Iterator[Proposed]:
    """Yield what was found, with what it spared to follow the leader at the one that leads now."""
    leader = find_leader({each.name: of for each, of, _ in tested if each.measure == "answers"})
    for each in found:
        if leader and each.replayed and leader.remedy == each.proposal.remedy:
            led = None
            if len(leader.saved) >= FEWEST_LABELS:
                led = share_spared(leader.saved, each.replayed.usual, level)
            yield replace(each, proposal=msgspec.structs.replace(each.proposal, led=led))
        else:
            yield each


def both_sides(certain: float) -> float:
    """Return the level of an interval whose lower end is as certain as that."""
    return round(1.0 - 2 * (1.0 - certain), 6)


def _tested(
    situation: Situation,
    remedies: Sequence[Remedy],
    *,
    budget: Budget | None,
    report: Callable[[str], None],
) -> Iterator[tuple[Remedy, Replayed, float]]:
    """Yield the remedies that have something to offer, with the seconds that each took."""
    for place, remedy in enumerate(remedies):
        report(f"Testing on the past: {remedy.name}")
        began = perf_counter()
        try:
            replayed = replay(remedy, situation, budget=budget)
        except KeyboardInterrupt:
            replayed = None
        if replayed is None:
            left = ", ".join(each.name for each in remedies[place:])
            report(f"The time is over; not tested: {left}")
            return
        if replayed.treatment is not None:
            yield remedy, replayed, perf_counter() - began


def _proposed(
    remedy: Remedy,
    replayed: Replayed,
    situation: Situation,
    metric: Metric,
    level: float,
    seconds: float,
) -> Proposed:
    treatment = replayed.treatment
    assert treatment is not None
    saves = share_spared(replayed.saved, replayed.usual, level)
    gain = _gain(replayed, situation, metric, level) if remedy.measure == "answers" else None
    proposal = Proposal(
        remedy=remedy.name,
        option=treatment.option,
        is_evident=treatment.is_evident,
        sentence=treatment.sentence,
        columns=treatment.columns,
        saves=saves,
        gain=gain,
        worst=replayed.worst,
        undone=None if np.isnan(replayed.undone) else replayed.undone,
        windows=len(np.unique(replayed.windows)),
        rows=len(replayed.places),
        seconds=seconds,
    )
    return Proposed(proposal, treatment, replayed)


def share_spared(saved: Floats, usual: Floats, level: float) -> Interval | None:
    """Return the part of the loss that is spared; None where too few rows are known.

    Stretches of rows are independent units.

    Parameters
    ----------
    saved : ndarray of shape (rows,)
        By how much the loss of each was smaller.
    usual : ndarray of shape (rows,)
        The loss of each.
    level
        Of the interval.
    """
    total = usual.mean() if len(usual) else 0.0
    if len(saved) < 2 * _STRETCHES or not total > 0:
        return None
    means = np.array([part.mean() for part in np.array_split(saved, _STRETCHES)])
    reach = stats.t.ppf((1 + level) / 2, _STRETCHES - 1) * means.std(ddof=1) / _STRETCHES**0.5
    value = float(saved.mean() / total)
    return Interval(
        value=value,
        low=value - float(reach / total),
        high=value + float(reach / total),
        level=level,
        method=f"Student's t over {_STRETCHES} stretches of rows",
    )


def _gain(
    replayed: Replayed, situation: Situation, metric: Metric, level: float
) -> Interval | None:
    rows, places = situation.rows, replayed.places
    if not len(places):
        return None
    truth, before = rows.truth[places], rows.answers[places]
    program = situation.program

    def taken(answers: Floats) -> Floats:
        if metric.takes == "values":
            return np.asarray(answers[:, 0])
        return answers if metric.takes == "probabilities" else np.asarray(program.choose(answers))

    stretches = np.arange(len(places)) * _STRETCHES // len(places)
    try:
        return paired_difference(
            metric,
            truth,
            taken(replayed.answers),
            taken(before),
            groups=stretches,
            level=level,
            resamples=_RESAMPLES,
        )
    except InputError:
        # All labels are of one class, for example: the metric is undefined.
        return None


def _rank(proposal: Proposal) -> tuple[bool, bool, float]:
    """Return what sorts the leader first, then what undoes the break, then by the least spared."""
    leads = proposal.led is not None and proposal.led.low > 0
    return not leads, not proposal.undoes, -proposal.saves.low if proposal.saves else float("inf")


def _is_as_good_a_way_back(each: Proposed, first: Proposed, situation: Situation) -> bool:
    """Whether a release before spares as much as what stands first: then nothing new is needed."""
    if each.treatment is None or not (each.proposal.saves and first.proposal.saves):
        return False
    is_back = any(each.treatment.program is before.program for before in situation.earlier)
    enough = _AS_GOOD * first.proposal.saves.value
    return is_back and each.proposal.helps and each.proposal.saves.value >= enough


def _person(found: Sequence[Proposed]) -> Proposal:
    why = "for a second look" if any(each.proposal.helps for each in found) else _nothing(found)
    return Proposal(remedy="call a person", sentence=f"Let somebody look at the rows: {why}.")


def _nothing(found: Sequence[Proposed]) -> str:
    tried = ", ".join(each.proposal.remedy for each in found)
    return f"of what was tried, nothing helps with confidence ({tried or 'nothing applies'})"
