"""A blend of what the sample taught and what the stream did, weighed on rows set aside."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from modelwright.build.blending.blend import choose_weights, mix
from modelwright.build.certainty.finish import finish
from modelwright.build.engine import Built
from modelwright.build.question import Question
from modelwright.build.racing.search import proper
from modelwright.learners.base import Rows
from modelwright.predictor.compose import blend_programs
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program

STREAMED = "-streamed"
"""What the name of a configuration ends in when it learned from the stream."""


@dataclass(frozen=True)
class Weighing:
    """Chooses a blend on every other row that was set aside; the others may judge it.

    Parameters
    ----------
    question
        Metric, costs and seed.
    built
        What the sample taught.
    streamed
        What the stream taught, by name.
    check
        Rows that nothing was learned from.
    """

    question: Question
    built: Built
    streamed: dict[str, Program]
    check: Rows

    @cached_property
    def seen(self) -> Rows:
        """Rows on which the blend is chosen."""
        return self.check.take(np.arange(0, len(self.check), 2))

    @cached_property
    def unseen(self) -> Rows:
        """Rows that have no say in it."""
        return self.check.take(np.arange(1, len(self.check), 2))

    def weights(self) -> dict[str, float]:
        """Return the shares of the best blend, by name."""
        chosen = choose_weights(
            proper(self.question.metric),
            self.seen.target,
            list(self._answers.values()),
            seed=self.question.seed,
        )
        return {name: share for name, share in zip(self._answers, chosen, strict=True) if share}

    def blend(self, weights: dict[str, float]) -> Built:
        """Return what is built of these shares, calibrated on the rows that chose them."""
        members = [
            (program, weight / len(self._programs[name]))
            for name, weight in weights.items()
            for program in self._programs[name]
        ]
        done = finish(
            self.question,
            blend_programs([program for program, _ in members], [share for _, share in members]),
            self.seen.target,
            mix([self._answers[name] for name in weights], list(weights.values())),
        )
        return replace(
            self.built,
            program=done.program,
            weights=tuple(weights.get(each.learner.name, 0.0) for each in self.built.outcomes),
            calibration=done.calibration,
            decision=done.decision,
            watched=(self.seen, done.answers),
        )

    @cached_property
    def _programs(self) -> dict[str, tuple[Program, ...]]:
        of_sample = {
            self.built.outcomes[place].learner.name: tuple(each.program for each in learned)
            for place, learned in self.built.refits.items()
        }
        return of_sample | {name: (program,) for name, program in self.streamed.items()}

    @cached_property
    def _answers(self) -> dict[str, Floats]:
        return {
            name: np.mean([each.run(self.seen.columns) for each in programs], axis=0)
            for name, programs in self._programs.items()
        }
