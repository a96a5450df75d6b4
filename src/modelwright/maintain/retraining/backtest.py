"""Every policy of retraining, lived through on the past: what it gains against never, and costs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

import msgspec
import numpy as np
from scipy import stats

from modelwright.compute.budget import Budget
from modelwright.documents import Retraining, RetrainingPolicy
from modelwright.errors import InputError, ModelwrightError
from modelwright.maintain.remedies.answering import answers_or
from modelwright.maintain.remedies.base import School, Situation
from modelwright.maintain.remedies.past import joined, part_of
from modelwright.maintain.retraining.policy import SPANS, Policy, Span, lesson_of
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.interval import Interval

FEWEST_WINDOWS = 4
_MOST_WINDOWS = 12
_FEWEST_ROWS = 100
_EVERY = (1, 2, 4)
_CONFIDENCE = 0.95


@dataclass(frozen=True)
class _Learned:
    """The losses of all rows after a lesson, and how long it took."""

    losses: Floats
    seconds: float


def backtest(
    situation: Situation,
    *,
    made_at: datetime,
    window_rows: int = 500,
    budget: Budget | None = None,
    report: Callable[[str], None],
) -> Retraining:
    """Live through the past with each policy, and recommend the cheapest that is as good as any.

    When the time is over, or Ctrl-C ends it, the windows that were lived through by then decide.

    Parameters
    ----------
    situation
        With labelled rows in the order of time, and a school.
    made_at
        When.
    window_rows
        Rows of a window; more where there are many rows, fewer where there are few.
    budget
        The time for it; None for any time.
    report
        Told what happens, a sentence at a time.

    Returns
    -------
    Retraining
        A policy is recommended when it gains against never with confidence;
        of those that are no worse than the best with confidence, the one that learns least often.

    Raises
    ------
    InputError
        When there are too few labels, the model cannot learn again here, or the time is over
        before four windows were lived through.
    """
    if situation.school is None:
        raise InputError(
            "The model cannot learn again here: its training rows or its build are gone.",
            "Build it anew: modelwright run",
        )
    rows = situation.rows
    size = _size(len(rows), window_rows)
    windows = len(rows) // size
    course = _Course(situation, situation.school, size, windows)
    for number in range(1, windows):
        report(f"Learning again before window {number + 1} of {windows}")
        if not course.learn_all(number, budget):
            windows = _enough(number, windows)
            report(f"The time is over after window {windows}")
            course.end_at(windows)
            break
    policies = [Policy(every, span) for every in _EVERY if every < windows for span in SPANS]
    return course.told(policies, made_at)


class _Course:
    def __init__(self, situation: Situation, school: School, size: int, windows: int) -> None:
        self._situation = situation
        self._school = school
        self._size = size
        self._windows = windows
        self._rows = part_of(situation.rows, 0, size * windows)
        self._usual = self._losses(self._rows.answers)
        self._learned: dict[tuple[Span, int], _Learned | None] = {}

    def learn_all(self, number: int, budget: Budget | None) -> bool:
        """Learn from what is known before a window, each way; return whether there was time."""
        try:
            for span in SPANS:
                if budget is not None and not budget.remaining_s:
                    return False
                self.learn(span, number)
        except KeyboardInterrupt:
            return False
        return True

    def end_at(self, windows: int) -> None:
        """Forget the windows after a number of them."""
        self._windows = windows
        self._rows = part_of(self._rows, 0, self._size * windows)
        self._usual = self._usual[: len(self._rows)]

    def learn(self, span: Span, number: int) -> None:
        """Learn from what is known before a window."""
        known = joined(self._situation.before, part_of(self._rows, 0, number * self._size))
        trained = self._situation.trained
        lesson = lesson_of(span, known, window_rows=self._size, trained=trained)
        began = perf_counter()
        try:
            program = self._school.learn(lesson)
        except ModelwrightError:
            # Rows of one class alone, for example: the model before goes on.
            self._learned[span, number] = None
            return
        seconds = perf_counter() - began
        answers = answers_or(program, self._rows.columns, self._rows.answers)
        self._learned[span, number] = _Learned(self._losses(answers), seconds)

    def told(self, policies: Sequence[Policy], made_at: datetime) -> Retraining:
        """Return what each policy gains."""
        level = 1.0 - (1.0 - _CONFIDENCE) / len(policies)
        lived = {policy: self._live(policy) for policy in policies}
        told = [self._policy(policy, *lived[policy], level) for policy in policies]
        found = self._recommend([each for each, _, _ in lived.values()], told)
        facts = self._situation.bundle.facts
        return Retraining(
            made_at=made_at.isoformat(),
            bundle_hash=self._situation.bundle.hash,
            target=facts.target,
            metric=facts.metric,
            window_rows=self._size,
            windows=self._windows,
            rows=len(self._rows),
            usual=tuple(float(part.mean()) for part in np.split(self._usual, self._windows)),
            policies=tuple(
                msgspec.structs.replace(each, recommended=place == found)
                for place, each in enumerate(told)
            ),
            sentence=_say(None if found is None else told[found]),
        )

    def _live(self, policy: Policy) -> tuple[Floats, float, int]:
        """Return the loss of each row, the seconds of learning, and how often it learned."""
        losses, seconds, times = self._usual.copy(), 0.0, 0
        for number in policy.moments(self._windows):
            learned = self._learned.get((policy.span, number))
            if learned is not None:
                start = number * self._size
                losses[start:] = learned.losses[start : len(losses)]
                seconds, times = seconds + learned.seconds, times + 1
        return losses, seconds, times

    def _policy(
        self, policy: Policy, losses: Floats, seconds: float, times: int, level: float
    ) -> RetrainingPolicy:
        judged = slice(self._size, None)
        saved, usual = (self._usual - losses)[judged], self._usual[judged]
        return RetrainingPolicy(
            every=policy.every,
            span=policy.span,
            times=times,
            saves=_interval(saved, usual, self._windows - 1, level),
            seconds=seconds,
            losses=tuple(float(part.mean()) for part in np.split(losses, self._windows)),
        )

    def _recommend(
        self, losses: Sequence[Floats], policies: Sequence[RetrainingPolicy]
    ) -> int | None:
        helping = [at for at, each in enumerate(policies) if each.saves.low > 0]
        if not helping:
            return None
        best = max(helping, key=lambda at: policies[at].saves.value)
        as_good = [
            at
            for at in helping
            if at == best
            or _interval(
                (losses[at] - losses[best])[self._size :],
                self._usual[self._size :],
                self._windows - 1,
                _CONFIDENCE,
            ).low
            <= 0
        ]
        return min(as_good, key=lambda at: (policies[at].times, -policies[at].saves.value))

    def _losses(self, answers: Floats) -> Floats:
        return self._situation.judge.losses(self._situation.program, answers, self._rows.truth)


def _size(rows: int, wanted: int) -> int:
    size = max(wanted, rows // _MOST_WINDOWS)
    size = min(size, rows // FEWEST_WINDOWS)
    if size < _FEWEST_ROWS:
        raise InputError(
            f"{rows:,} rows have a label; a backtest of retraining needs "
            f"{FEWEST_WINDOWS * _FEWEST_ROWS:,}.",
            "Name a table with more: modelwright retraining DATA",
        )
    return size


def _enough(done: int, windows: int) -> int:
    if done < FEWEST_WINDOWS:
        raise InputError(
            f"The time was over after {done} of {windows} windows; {FEWEST_WINDOWS} are needed.",
            "Give more: --budget",
        )
    return done


def _interval(saved: Floats, usual: Floats, windows: int, level: float) -> Interval:
    """Return the part of the loss that is saved; stretches of a tenth of it are independent."""
    stretches = max(10, windows)
    means = np.array([part.mean() for part in np.array_split(saved, stretches)])
    total = max(1e-12, float(usual.mean()))
    reach = float(stats.t.ppf((1 + level) / 2, stretches - 1) * means.std(ddof=1))
    reach /= stretches**0.5
    value = float(saved.mean())
    return Interval(
        value=value / total,
        low=(value - reach) / total,
        high=(value + reach) / total,
        level=level,
        method=f"Student's t over {stretches} stretches of rows",
    )


def _say(policy: RetrainingPolicy | None) -> str:
    if policy is None:
        return "No policy gained with confidence: let the model be, and watch it."
    often = "every window" if policy.every == 1 else f"every {policy.every} windows"
    share = 100 * policy.saves.value
    return (
        f"Learn again {often} from {policy.span}: it would have spared {share:.0f} % of the loss, "
        f"for {policy.seconds / max(1, policy.times):.2g} s of learning each time."
    )
