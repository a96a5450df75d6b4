"""What a person asks: the question, the data, the limits."""

from typing import Any, Literal

import msgspec

from modelwright.compute.limits import parse_bytes
from modelwright.data.relations.table import RelatedSource
from modelwright.tasks.costs import Costs
from modelwright.tasks.task import Label
from modelwright.workspace.rollout_policy import RolloutPolicy

_WORK_BYTES = 10**9
"""No program of a table takes as much: who allows it means the process."""


class Upkeep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be done to the released model without asking.

    Parameters
    ----------
    may
        Names of remedies that may act alone, when the past speaks for them with confidence.
    """

    may: tuple[str, ...] = ()


Errand = Literal[
    "ask", "plan", "explore", "build", "deploy", "maintain", "explain", "predict", "roll back"
]


class Deputy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an agent may do without a person.

    Parameters
    ----------
    may
        Names of errands; a person is asked before any other is done.
    """

    may: tuple[Errand, ...] = (
        "ask",
        "plan",
        "explore",
        "build",
        "maintain",
        "explain",
        "predict",
    )


class Tracking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where else it is written what became of the question: a tracking server of MLflow.

    Parameters
    ----------
    to
        Its address; empty for none.
    experiment, model
        What it shall be called there; the workspace's name when empty.
    """

    to: str = ""
    experiment: str = ""
    model: str = ""


class Brief(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the person asks: the question, the data, the limits.

    Parameters
    ----------
    data
        A file, folder, glob or database URL.
    target
        The column to predict.
    table, query
        Which rows of a database.
    sample
        About how many of the rows at most, drawn at random; 0 for all.
    memory
        What the rooms may take, such as ``"2GB"``; of a table that does not fit, as many rows are
        drawn at random as do.
    question
        The question in the person's words, for reports.
    task, metric, positive
        Override what is inferred.
    time, group, weight
        Columns with a role of their own.
    moment
        The column that holds the moment at which the prediction is made; a moment in another
        column that lies after it was not known then.
    holdout_from
        Rows from this moment or number (of `time`) on are the holdout.
    exclude
        Columns never to use.
    keep
        Columns to use although they look like leaks.
    kinds, roles
        Override the inferred kind or role by column.
    costs
        What each kind of mistake costs, for the threshold.
    goal
        The score that is good enough, such as ``"roc_auc >= 0.85"``, or what is to be saved:
        ``"saves >= 5000 a month"``.
    budget_s
        Wall time for everything, in seconds.
    seed
        The same seed and data give the same model, if the budget cut nothing short.
    max_latency, max_size, max_memory
        What the host allows the model to take for a row, on disk and when it is loaded, such as
        ``"5ms"`` and ``"10MB"``. A memory from 1 GB on bounds the rooms too, where `memory` says
        nothing.
    related
        Related tables by the name that their features shall have.
    pushed
        Whether the database of the rows computes the features of related tables, which have to be
        in it too.
    messages
        Who is told of alarms: channels by name.
    maintain
        What may be done to the released model without asking; it changes no answer of the rooms
        before.
    agent
        What an agent may do without a person.
    rollout
        What may happen to champion and challenger without asking.
    tracking
        Where else it is written what became of the question.
    """

    data: str
    target: str
    table: str = ""
    query: str = ""
    sample: int = 0
    memory: str | float = ""
    question: str = ""
    task: str = ""
    metric: str = ""
    positive: Label | None = None
    time: str = ""
    group: str = ""
    weight: str = ""
    moment: str = ""
    holdout_from: str = ""
    exclude: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    kinds: dict[str, str] = {}
    roles: dict[str, str] = {}
    costs: Costs | None = None
    goal: str = ""
    budget_s: float = 300.0
    seed: int = 0
    max_latency: str | float = ""
    max_size: str | float = ""
    max_memory: str | float = ""
    related: dict[str, RelatedSource] = {}
    pushed: bool = False
    messages: dict[str, dict[str, Any]] = {}
    maintain: Upkeep = Upkeep()
    agent: Deputy = Deputy()
    rollout: RolloutPolicy = RolloutPolicy()
    tracking: Tracking = Tracking()

    @property
    def work_bytes(self) -> int:
        """What the rooms may take; 0 for as much as there is.

        Raises
        ------
        BriefError
            When it cannot be read.

        Examples
        --------
        >>> Brief(data="orders.csv", target="returned", max_memory="2GB").work_bytes
        2000000000
        >>> Brief(data="orders.csv", target="returned", max_memory="50MB").work_bytes
        0
        """
        if self.memory != "":
            return parse_bytes(self.memory)
        most = 0 if self.max_memory == "" else parse_bytes(self.max_memory)
        return most if most >= _WORK_BYTES else 0
