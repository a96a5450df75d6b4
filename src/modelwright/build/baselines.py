"""The simple things to beat: they always end, and what they take is told by one fold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from numpy.typing import NDArray

from modelwright.build.blending.refits import Refit, refit_members
from modelwright.build.racing.entry import Entry
from modelwright.build.racing.fits import Ground
from modelwright.build.racing.outcomes import Outcome, outcomes_of
from modelwright.build.racing.race import Raced
from modelwright.build.site import Site
from modelwright.compute.budget import Budget
from modelwright.documents import Schedule
from modelwright.documents.candidate import BASELINES
from modelwright.errors import BudgetError, ModelwrightError
from modelwright.learners.registry import LEARNERS
from modelwright.predictor.operations.linear import Constant
from modelwright.predictor.program import Program
from modelwright.tasks.answers import score_answers
from modelwright.tasks.metrics import Metric
from modelwright.tasks.rule import Rule

_SHARE, _LEAST_S = 0.04, 0.25
"""Of the time, what they may take: a rule asks every column, and there may be thousands."""
_REFITS = 2
"""Learning from all rows takes no longer than so many folds."""
_ENDLESS_S = 1e9


@dataclass(frozen=True)
class Baselines:
    """The simple things to beat, on one ground.

    Parameters
    ----------
    ground
        All training rows and their folds.
    budget
        Of the whole; each has a small share of it for its folds, and again for all rows.
    recorded
        The rounds of an earlier build by name and fold, None for all rows, to do the same again;
        empty to go as far as the time allows.
    """

    ground: Ground
    budget: Budget
    recorded: Mapping[tuple[str, int | None], int] = field(default_factory=dict)

    @classmethod
    def again(cls, ground: Ground, schedule: Schedule) -> Self:
        """Return them as a schedule has them, however long they take."""
        recorded = {(fit.name, fit.fold): fit.rounds for fit in schedule.baselines}
        return cls(ground, Budget.start(_ENDLESS_S), recorded)

    def race(self, folds: Sequence[int]) -> Raced:
        """Let each learn folds one after the other.

        Raises
        ------
        BudgetError
            When not even one of them can.
        """
        entries = tuple(Entry(LEARNERS[name]) for name in BASELINES)
        for entry in entries:
            self._run(entry, folds)
        if all(entry.failure for entry in entries):
            raise BudgetError(f"Not even a baseline could be made: {entries[0].failure}")
        fits = ((entry.learner.name, fit) for entry in entries for fit in entry.fits.values())
        return Raced(entries, tuple(folds), tuple(fits))

    def learn(self, outcome: Outcome, *, seed: int) -> Refit:
        """Let one learn from all rows.

        Raises
        ------
        BudgetError
            When it cannot in its share of the time.
        """
        rounds = self._rounds(outcome, None)
        if self.recorded and rounds is None:
            # There was no time for all rows.
            made = Refit.of_fold(outcome)
        else:
            made = self._learn(replace(outcome, rounds=rounds), seed)
        if made is None:
            raise BudgetError("Not even a baseline could learn from all rows in time.")
        return made

    def _learn(self, outcome: Outcome, seed: int) -> Refit | None:
        made = refit_members(
            [outcome],
            [0],
            Site.open(self.ground),
            budget=self._time(),
            seed=seed,
            report=lambda _: None,
        )
        return made.get(0)

    def _run(self, entry: Entry, folds: Sequence[int]) -> None:
        time = self._time()
        for done, fold in enumerate(folds):
            share = time.share(1 / (len(folds) - done))
            rounds = self._rounds(entry, fold)
            try:
                entry.fits[fold] = self.ground.fit(entry.learner, fold, budget=share, rounds=rounds)
            except ModelwrightError as error:
                entry.failure = str(error)
                return

    def _rounds(self, of: Entry | Outcome, fold: int | None) -> int | None:
        return self.recorded.get((of.learner.name, fold))

    def _time(self) -> Budget:
        return Budget.start(max(_LEAST_S, _SHARE * self.budget.seconds), self.budget.clock)


def baseline_outcomes(raced: Raced, ground: Ground) -> tuple[Outcome, ...]:
    """Return what came of each baseline.

    What a fold asked limits nobody who learns from all rows: these have more columns to ask, where
    all early rows are of one day or of one class.
    """
    return tuple(replace(outcome, rounds=None) for outcome in outcomes_of(raced, ground))


def baselines_s(ground: Ground, *, budget: Budget) -> float:
    """Return the seconds that baselines are expected to take, by the fold that is learned first."""
    last = len(ground.folds) - 1
    # Learners find the rows of this fold prepared.
    ground.fold_rows(last)
    began = budget.clock()
    Baselines(ground, budget).race([last])
    each_s = budget.clock() - began
    return min(each_s * (len(ground.folds) + _REFITS), _SHARE * budget.seconds)


def best_baseline(
    metric: Metric, truth: NDArray[Any], simple: Sequence[Outcome], rules: Sequence[Rule]
) -> int:
    """Return the place of the baseline with the best score, each with its own rule."""
    best, best_score = -1, float("nan")
    for index, (outcome, rule) in enumerate(zip(simple, rules, strict=False)):
        if outcome.answers is None:
            continue
        score = score_answers(metric, truth, outcome.answers, rule=rule)
        if best < 0 or metric.better(score, best_score):
            best, best_score = index, score
    return best


def called(outcome: Outcome, program: Program) -> str:
    """Return what people call a baseline that has learned; a rule names its column."""
    title = outcome.learner.title
    asks = outcome.learner.name == "rule" and not isinstance(program.steps[-1], Constant)
    return f"{title}, {program.inputs[0].name!r}" if asks else title
