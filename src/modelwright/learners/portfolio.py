"""Configurations that are good and differ from each other, in the order in which they are tried."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from modelwright.learners.base import Learner
from modelwright.learners.catboost import CatBoost, installed
from modelwright.learners.extra_trees import ExtraTrees
from modelwright.learners.kernel_machine import KernelMachine
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.linear import Linear
from modelwright.learners.network import Network
from modelwright.learners.random_forest import RandomForest
from modelwright.learners.registry import learner_named
from modelwright.learners.search_space import SPACES, relative_cost
from modelwright.learners.torch.network import ENSEMBLE, TorchNetwork
from modelwright.learners.xgboost import XGBoost
from modelwright.tasks.task import Task


@dataclass(frozen=True)
class Place:
    """A configuration in the portfolio.

    Parameters
    ----------
    learner
        With its parameters.
    cost
        Of a fit, in that of the first configuration.
    """

    learner: Learner
    cost: float


PORTFOLIO: tuple[Place, ...] = (
    Place(LightGBM(), 1.0),
    Place(Linear(), 0.7),
    Place(XGBoost(), 1.5),
    Place(ExtraTrees(), 1.9),
    Place(Network(), 3.2),
    Place(KernelMachine(), 3.5),
    Place(
        LightGBM(
            name="lightgbm-large",
            title="LightGBM (large trees)",
            rate=0.03,
            leaves=150,
            feature_fraction=0.7,
            rows_per_leaf=4,
            lambda_l2=0.0,
        ),
        2.2,
    ),
    Place(CatBoost(), 4.7),
    Place(
        LightGBM(
            name="lightgbm-extra",
            title="LightGBM (random thresholds)",
            rate=0.08,
            extra_trees=True,
            leaves=64,
            feature_fraction=0.55,
            row_fraction=0.95,
            lambda_l1=0.9,
            lambda_l2=1.9,
        ),
        1.8,
    ),
    Place(
        XGBoost(
            name="xgboost-level",
            title="XGBoost (level by level)",
            by_depth=True,
            depth=6,
            rate=0.08,
            feature_fraction=0.9,
            row_fraction=0.65,
            lambda_l2=0.5,
        ),
        1.2,
    ),
    Place(
        LightGBM(
            name="lightgbm-small",
            title="LightGBM (small trees)",
            rate=0.1,
            leaves=10,
            feature_fraction=0.45,
            row_fraction=0.72,
        ),
        0.5,
    ),
    Place(
        LightGBM(
            name="lightgbm-rare",
            title="LightGBM (few columns a tree)",
            leaves=40,
            feature_fraction=0.3,
            row_fraction=0.85,
            rows_per_leaf=10,
            lambda_l1=0.7,
            lambda_l2=1.6,
        ),
        1.6,
    ),
    Place(RandomForest(), 1.7),
    Place(
        Network(name="network-long", title="Neural network (more epochs)", epochs=160),
        5.0,
    ),
)
"""Order and costs come from `python -m bench.study` over 28 public tables with 5,000 rows each.
The last one came later: it is for time that is left, where a network learns after 60 epochs too; so
did the kernel machine (ADR 48)."""

BY_NAME: tuple[Place, ...] = (Place(TorchNetwork(), 8.0), Place(ENSEMBLE, 25.0))
"""Learners that are tried only where somebody names them."""

ELASTIC_NET = Place(
    Linear(
        name="linear-sparse",
        title="Linear model of few columns",
        penalty="both",
        fewest_columns=30,
    ),
    2.0,
)
"""Tried where only lines are asked for: beside trees it gains nothing (ADR 38)."""

_MANY_CLASSES = 8
_UNITS_OF_MANY_CLASSES = 256
"""Of networks where many classes are learned: telling them apart takes more of them (letter: an
accuracy of 0.980 instead of 0.968; soybean: a log-loss less by 7 %)."""

_AT_ONCE = ("extra_trees", "random_forest", "network", "kernel_machine", "torch")
"""Families that learn all classes at once."""
_BY_CLASSES = 0.4
"""Measured with 19 and 26 classes."""
_PLACES = (*PORTFOLIO, *BY_NAME, ELASTIC_NET)
_COSTS = {place.learner.name: place.cost for place in _PLACES}


def portfolio_of(families: Sequence[str], task: Task) -> tuple[Learner, ...]:
    """Return the configurations of some learners, in the order in which they are tried.

    Parameters
    ----------
    families
        Names of learners. One that is not in the portfolio, such as another package's, comes last,
        as it is.
    task
        What is learned; learners that do not suit it are left out.

    Raises
    ------
    InputError
        When there is no learner of a name.

    Examples
    --------
    >>> [each.name for each in portfolio_of(["linear", "lightgbm"], Task(kind="regression"))][0]
    'lightgbm'
    """
    places = _PLACES if set(families) == {Linear().name} else _PLACES[:-1]
    known = [place.learner for place in places if family_of(place.learner) in families]
    found = {family_of(learner) for learner in known}
    others = [learner_named(name) for name in families if name not in found]
    suiting = [learner for learner in (*known, *others) if learner.suits(task)]
    return tuple(_for_many_classes(suiting) if task.n_outputs >= _MANY_CLASSES else suiting)


def _for_many_classes(learners: Sequence[Learner]) -> list[Learner]:
    """Make networks wide and put the usual one second: boosters, of a tree a class, are dear."""
    wide: list[Learner] = [
        replace(each, units=_UNITS_OF_MANY_CLASSES) if isinstance(each, Network) else each
        for each in learners
    ]
    early = [each for each in wide if each.name == Network().name]
    others = [each for each in wide if each not in early]
    return [*others[:1], *early, *others[1:]]


def usual_families() -> tuple[str, ...]:
    """Return the names of the learners in the portfolio that can be used here.

    Examples
    --------
    >>> usual_families()[0]
    'lightgbm'
    """
    found = dict.fromkeys(family_of(place.learner) for place in PORTFOLIO)
    return tuple(name for name in found if name != CatBoost().name or installed())


def family_of(learner: Learner) -> str:
    """Return the name of the learner that a configuration is one of.

    Examples
    --------
    >>> family_of(LightGBM(name="lightgbm-large"))
    'lightgbm'
    """
    return learner.name.partition("-")[0]


def can_vary(learners: Sequence[Learner]) -> bool:
    """Say whether something of at least one learner can be varied."""
    return any(family_of(learner) in SPACES for learner in learners)


def cost_of(learner: Learner, task: Task) -> float:
    """Return what a fit is expected to cost, in that of the portfolio's first configuration.

    Boosters grow a tree for each class, the others one model for all classes: of many classes they
    cost less beside a booster.

    Parameters
    ----------
    learner
        A configuration.
    task
        What is learned.
    """
    classes = task.n_outputs if task.kind == "multiclass" else 1
    return _usual_cost(learner) / (classes**_BY_CLASSES if family_of(learner) in _AT_ONCE else 1.0)


def _usual_cost(learner: Learner) -> float:
    if learner.name in _COSTS:
        return _COSTS[learner.name]
    family = family_of(learner)
    first = next((each for each in _PLACES if family_of(each.learner) == family), None)
    return first.cost * relative_cost(learner, first.learner) if first else 1.0
