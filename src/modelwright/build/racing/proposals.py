"""Configurations that nobody has tried yet, proposed by how the tried ones did.

Each family of learners has a study of its own (Akiba et al., "Optuna", 2019; its sampler is the
tree-structured Parzen estimator of Bergstra et al., "Algorithms for hyper-parameter optimization",
2011). The family that did best has every second turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from modelwright.learners.base import Learner
from modelwright.learners.portfolio import family_of
from modelwright.learners.search_space import SPACES, VARIED_WHERE_BEST, Choice, Space, Span
from modelwright.learners.settings import settings_of, with_settings

_RANDOM_FIRST = 8
"""Results from which on a family's proposals follow them; before, they are drawn at random."""


@dataclass
class Proposals:
    """Proposes configurations of some families.

    Parameters
    ----------
    learners
        The first of each family is what proposals differ from; families of which nothing can be
        varied are passed over.
    seed
        The same seed and results give the same proposals.

    Examples
    --------
    >>> from modelwright.learners.registry import learner_named
    >>> proposals = Proposals([learner_named("lightgbm"), learner_named("linear")], seed=0)
    >>> proposals.propose().name, proposals.propose().name
    ('lightgbm-trial1', 'lightgbm-trial2')
    """

    learners: Sequence[Learner]
    seed: int
    _made: int = 0
    _studies: dict[str, optuna.Study] = field(default_factory=dict)
    _models: dict[str, Learner] = field(default_factory=dict)
    _least: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for learner in self.learners:
            family = family_of(learner)
            if family in SPACES and family not in self._models:
                self._models[family] = learner
                self._studies[family] = _new_study(self.seed)

    def tell(self, learner: Learner, loss: float) -> None:
        """Note how a configuration did.

        Parameters
        ----------
        learner
            One that cannot be varied, or lies outside the ranges, teaches nothing.
        loss
            The lower the better.
        """
        family = family_of(learner)
        if family not in self._models:
            return
        space, settings = SPACES[family], settings_of(learner)
        if all(each.holds(settings[name]) for name, each in space.items()):
            trial = optuna.trial.create_trial(
                params={name: settings[name] for name in space},
                distributions=_distributions(space),
                value=loss,
            )
            self._studies[family].add_trial(trial)
            self._least[family] = min(loss, self._least.get(family, inf))

    def propose(self) -> Learner:
        """Return the next configuration."""
        family = self._next_family()
        self._made += 1
        trial = self._studies[family].ask(_distributions(SPACES[family]))
        model = self._models[family]
        return with_settings(
            model,
            name=f"{family}-trial{self._made}",
            title=f"{model.title}, trial {self._made}",
            **trial.params,
        )

    def _next_family(self) -> str:
        """Return the family that did best every other time, and in turns those worth a variant."""
        ranked = sorted(self._models, key=lambda family: self._least.get(family, inf))
        if self._made % 2 == 0:
            return ranked[0]
        others = [each for each in ranked[1:] if each not in VARIED_WHERE_BEST] or ranked[:1]
        return others[self._made // 2 % len(others)]


def _new_study(seed: int) -> optuna.Study:
    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=_RANDOM_FIRST)
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        return optuna.create_study(sampler=sampler)
    finally:
        optuna.logging.set_verbosity(before)


def _distributions(space: Space) -> dict[str, BaseDistribution]:
    return {name: _distribution(each) for name, each in space.items()}


def _distribution(each: Span | Choice) -> BaseDistribution:
    if isinstance(each, Choice):
        return CategoricalDistribution(each.values)
    if each.whole:
        return IntDistribution(int(each.low), int(each.high), log=each.by_factor)
    return FloatDistribution(each.low, each.high, log=each.by_factor)
