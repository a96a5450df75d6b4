"""Learners by name."""

from modelwright._plugins import named, registered
from modelwright.learners.base import Learner
from modelwright.learners.baseline import Constant, Rule
from modelwright.learners.catboost import CatBoost
from modelwright.learners.extra_trees import ExtraTrees
from modelwright.learners.kernel_machine import KernelMachine
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.linear import Linear
from modelwright.learners.network import Network
from modelwright.learners.random_forest import RandomForest
from modelwright.learners.torch.network import ENSEMBLE, TorchNetwork
from modelwright.learners.xgboost import XGBoost

LEARNERS: dict[str, Learner] = {
    learner.name: learner
    for learner in (
        Constant(),
        Rule(),
        Linear(),
        Network(),
        KernelMachine(),
        LightGBM(),
        XGBoost(),
        ExtraTrees(),
        RandomForest(),
        CatBoost(),
        TorchNetwork(),
        ENSEMBLE,
    )
}
"""The learners that come with modelwright."""


def learner_named(name: str) -> Learner:
    """Return a learner that comes with modelwright or that another package has registered.

    Raises
    ------
    InputError
        With the nearest name, when there is none of that name.

    Examples
    --------
    >>> learner_named("linear").title
    'Linear model'
    >>> learner_named("lightgmb")
    Traceback (most recent call last):
    ...
    modelwright.errors.InputError: There is no learner 'lightgmb'. Did you mean 'lightgbm'?
    """
    known: dict[str, Learner] = LEARNERS | registered("learners")
    return named(name, known, "learner")
