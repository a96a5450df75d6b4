"""What a build did, written down so that it can be done again."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from modelwright.build.aims.aim import Aim
from modelwright.build.aims.aimed import aim_at, aim_of, bare
from modelwright.build.blending.refits import Refit
from modelwright.build.racing.outcomes import Outcome
from modelwright.build.racing.race import Raced
from modelwright.documents import Configuration, Schedule, ScheduledFit
from modelwright.learners.base import Learner
from modelwright.learners.portfolio import family_of
from modelwright.learners.registry import learner_named
from modelwright.learners.settings import settings_of, with_settings

Refits = Mapping[int, Sequence[Refit]]


def schedule_of(
    raced: Raced,
    simple: Raced,
    outcomes: Sequence[Outcome],
    *,
    weights: Sequence[float],
    refits: Refits,
    baseline: Refits,
    workers: int,
) -> Schedule:
    """Write down what was done.

    Parameters
    ----------
    raced, simple
        What configurations, and the simple things to beat, did on the folds that compare them.
    outcomes, weights
        Of all of them, the simple ones first, and their shares of the blend.
    refits, baseline
        What members, and the best simple thing, learned from all rows, one seed after the other, by
        their place among the outcomes.
    workers
        How many fits ran side by side.
    """
    names = [outcome.learner.name for outcome in outcomes]
    return Schedule(
        configurations=tuple(configuration_of(outcome.learner) for outcome in outcomes),
        fits=(*_on_folds(raced), *_on_all_rows(refits, names)),
        folds=raced.folds,
        weights={name: weight for name, weight in zip(names, weights, strict=True) if weight},
        cores=workers,
        baselines=(*_on_folds(simple), *_on_all_rows(baseline, names)),
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


def _on_folds(raced: Raced) -> Iterator[ScheduledFit]:
    for name, fit in raced.fits:
        yield ScheduledFit(
            name=name,
            fold=fit.fold,
            rounds=fit.rounds,
            seconds=fit.seconds,
            cut_short=fit.cut_short,
        )


def _on_all_rows(refits: Refits, names: Sequence[str]) -> Iterator[ScheduledFit]:
    """Yield what was learned from all rows; a fold's program that ships is none of it."""
    for place, learned in refits.items():
        for repeat, refit in enumerate(learned):
            if refit.rounds is not None:
                yield ScheduledFit(
                    name=names[place],
                    fold=None,
                    rounds=refit.rounds,
                    seconds=refit.seconds,
                    repeat=repeat,
                )
