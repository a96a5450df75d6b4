"""What learns: the settings, seeds and weights of the members of a blend."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelwright.build.blending.refits import Refit
from modelwright.build.engine import Built
from modelwright.build.source.carrying import Carried, carry
from modelwright.build.source.columns import Feature, embedded_of, features_of, raw_column
from modelwright.build.source.lines import blocks_of
from modelwright.learners.recipe import Recipe
from modelwright.predictor.operations.answers import Clip, Link
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.program import Program, Step

_SEEDS = ("seed", "data_random_seed", "random_seed", "random_state")


@dataclass(frozen=True)
class Rise:
    """What a trend adds to answers, between two ends in a straight line.

    Parameters
    ----------
    time
        Tells the time.
    ends, rises
        The first and the last moment, and what is added there.
    unknown
        What is added where the time is unknown.
    """

    time: Feature
    ends: tuple[float, float]
    rises: tuple[float, float]
    unknown: float

    @classmethod
    def of(cls, line: Curves, steps: Mapping[str, Step]) -> "Rise":
        """Return what a program's step says."""
        step = steps[line.inputs[0]]
        if not isinstance(step, DateParts):
            raise TypeError("A trend's time is a moment.")
        time = Feature("Moment", (raw_column(step),), {"parts": step.parts})
        (first, last), (start, end) = line.knots.tolist(), line.heights[:, 0].tolist()
        return cls(time, (first, last), (start, end), float(line.missing[0, 0]))


@dataclass(frozen=True)
class Way:
    """The way back from what a library answers to the scale of the target.

    Parameters
    ----------
    rise
        Of a trend, added first; None where there is none.
    shift
        Added on the logarithmic scale.
    least, most
        The ends of answers, on the scale that was learned; None where there is none.
    """

    rise: Rise | None = None
    shift: float = 0.0
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Member:
    """A member of the blend.

    Parameters
    ----------
    title
        What people read.
    recipe
        Of its first learning; seeds and rounds aside, it is that of all.
    settings
        Of the library, without seeds.
    seeds
        It learned once with each.
    weight
        Of all its learnings together.
    features
        What it reads.
    way
        From its answers to the target.
    fold
        From whose rows it learned; None where from all.
    """

    title: str
    recipe: Recipe
    settings: Mapping[str, Any]
    seeds: tuple[int, ...]
    weight: float
    features: tuple[Feature, ...]
    way: Way
    fold: int | None = None

    @property
    def times(self) -> tuple[Feature, ...]:
        """What tells its trend the time."""
        return (self.way.rise.time,) if self.way.rise else ()

    @property
    def is_linear(self) -> bool:
        """Whether it reads a design matrix, not the matrix that trees read."""
        return reads_design(self.recipe)

    @property
    def is_kernel_machine(self) -> bool:
        """Whether it compares rows with others."""
        return self.recipe.library == "scipy" and not self.is_linear

    @property
    def is_network(self) -> bool:
        """Whether it is a network."""
        return self.recipe.library == "numpy"


@dataclass(frozen=True)
class Members:
    """Of what a blend is made.

    Parameters
    ----------
    learned
        Those that are learned again.
    carried
        Those that are carried over as they were learned.
    """

    learned: tuple[Member, ...]
    carried: tuple[Carried, ...]


def reads_design(recipe: Recipe) -> bool:
    """Say whether a recipe is of a linear model, which reads a design matrix of its own."""
    return recipe.library == "scipy" and not recipe.estimator.startswith("kernel_")


def members_of(built: Built) -> Members | str:
    """Return the members of a blend, or why they cannot be written as a project."""
    learned: list[Member] = []
    carried: list[Carried] = []
    for place, refits in built.refits.items():
        title = built.outcomes[place].learner.title
        share = built.weights[place] / len(refits)
        for group in _alike(refits):
            made = _member(title, group, share * len(group))
            if isinstance(made, Member):
                learned.append(made)
                continue
            for refit in group:
                name = f"{_identifier(built.outcomes[place].learner.name)}_{len(carried) + 1}"
                kept = carry(name, title, made, weight=share, program=refit.program)
                if kept is None:
                    return f"{title} does what no few lines of Python do"
                carried.append(kept)
    if not learned:
        return "none of its members can be learned again without modelwright"
    return Members(tuple(learned), tuple(carried))


def _identifier(name: str) -> str:
    return re.sub("[^a-z0-9]+", "_", name.lower()).strip("_") or "member"


def _alike(learned: Sequence[Refit]) -> list[list[Refit]]:
    """Return the learnings in groups that differ in nothing but the seed."""
    groups: dict[str, list[Refit]] = {}
    for refit in learned:
        features = refit.recipe and _features(refit.program, refit.recipe)
        recipe = refit.recipe
        settings = recipe and (_without_seeds(recipe), recipe.rounds, _way(refit.program, recipe))
        key = (settings, features, refit.fold)
        groups.setdefault(repr(key), []).append(refit)
    return list(groups.values())


def _member(title: str, group: Sequence[Refit], weight: float) -> Member | str:
    """Return what is learned again, or why it is not."""
    first = group[0]
    if first.recipe is None:
        return "no library outside modelwright learns it"
    features = _features(first.program, first.recipe)
    if features is None:
        return "its features would take more code than the model"
    return Member(
        title=title,
        recipe=first.recipe,
        settings=_without_seeds(first.recipe),
        seeds=tuple(_seed(refit.recipe) for refit in group if refit.recipe),
        weight=weight,
        features=features,
        way=_way(first.program, first.recipe),
        fold=first.fold,
    )


def _without_seeds(recipe: Recipe) -> dict[str, Any]:
    return {key: value for key, value in recipe.settings.items() if key not in _SEEDS}


def _seed(recipe: Recipe) -> int:
    return int(next((recipe.settings[key] for key in _SEEDS if key in recipe.settings), 0))


def _features(program: Program, recipe: Recipe) -> tuple[Feature, ...] | None:
    if reads_design(recipe):
        return blocks_of(program, recipe.encoding)
    features = features_of(program, recipe.encoding)
    if features is None or recipe.library != "numpy":
        return features
    return (*features, *embedded_of(program))


def _way(program: Program, recipe: Recipe) -> Way:
    """Return what comes after the learner's own steps."""
    steps = {step.output: step for step in program.steps}
    rise, shift, least, most = None, 0.0, None, None
    for step in program.steps[recipe.own_steps :] if recipe.own_steps else ():
        if isinstance(step, Curves):
            rise = Rise.of(step, steps)
        if isinstance(step, Clip):
            least, most = step.low, step.high
        if isinstance(step, Link):
            break
        if isinstance(step, Linear):
            shift = float(step.bias[0])
    return Way(rise, shift, least, most)
