"""What a build did, written down so that it can be done again."""

from collections.abc import Mapping, Sequence

import msgspec

from modelwright.build.aims.aim import Aim
from modelwright.build.aims.aimed import aim_at, aim_of, bare
from modelwright.build.blending.refits import Refit
from modelwright.build.racing.fits import Fit
from modelwright.build.racing.outcomes import Outcome
from modelwright.documents import Configuration, Schedule, ScheduledFit
from modelwright.learners.base import Learner
from modelwright.learners.portfolio import family_of
from modelwright.learners.registry import learner_named
from modelwright.learners.settings import settings_of, with_settings


def schedule_of(
    fits: Sequence[tuple[str, Fit]],
    folds: Sequence[int],
    outcomes: Sequence[Outcome],
    *,
    weights: Sequence[float],
    refits: Mapping[int, Sequence[Refit]],
    workers: int,
) -> Schedule:
    """Write down what was done.

    Parameters
    ----------
    fits
        Each with the name of its configuration, in the order in which they ended.
    folds
        On which configurations were compared.
    outcomes, weights
        Of all configurations, and their shares of the blend.
    refits
        What members learned from all rows, one seed after the other, by their place among the
        outcomes.
    workers
        How many fits ran side by side.
    """
    names = [outcome.learner.name for outcome in outcomes]
    return Schedule(
        configurations=tuple(configuration_of(outcome.learner) for outcome in outcomes),
        fits=(
            *(_scheduled(name, fit) for name, fit in fits),
            *(
                ScheduledFit(
                    name=names[place],
                    fold=None,
                    rounds=refit.rounds,
                    seconds=refit.seconds,
                    repeat=repeat,
                )
                for place, learned in refits.items()
                for repeat, refit in enumerate(learned)
                if refit.rounds is not None
            ),
        ),
        folds=tuple(folds),
        weights={name: weight for name, weight in zip(names, weights, strict=True) if weight},
        cores=workers,
    )


def configuration_of(learner: Learner) -> Configuration:
    """Write down a learner with its parameters.

    Examples
    --------
    >>> configuration_of(learner_named("linear")).learner
    'linear'
    """
    plain, aim = bare(learner), aim_of(learner)
    return Configuration(
        name=learner.name,
        learner=family_of(plain),
        settings={"name": plain.name, **settings_of(plain)},
        aim=None if aim is None else msgspec.json.decode(msgspec.json.encode(aim)),
    )


def learner_of(configuration: Configuration) -> Learner:
    """Return the learner that was written down.

    Raises
    ------
    InputError
        When there is no such learner here, or it has other parameters.

    Examples
    --------
    >>> learner_of(configuration_of(learner_named("linear"))) == learner_named("linear")
    True
    """
    learner = learner_named(configuration.learner)
    plain = with_settings(learner, **configuration.settings)
    if configuration.aim is None:
        return plain
    return aim_at(plain, msgspec.convert(configuration.aim, Aim))


def _scheduled(name: str, fit: Fit) -> ScheduledFit:
    return ScheduledFit(
        name=name, fold=fit.fold, rounds=fit.rounds, seconds=fit.seconds, cut_short=fit.cut_short
    )
