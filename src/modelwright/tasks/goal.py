"""What a person wants to reach: a metric and the score that is good enough."""

import re

import msgspec

from modelwright.errors import BriefError
from modelwright.tasks.metrics import Metric, metric_named
from modelwright.tasks.task import Task

_AT_LEAST, _AT_MOST = (">=", "=>", ">", "≥", "at least"), ("<=", "=<", "<", "≤", "at most")
_FORM = re.compile(
    r"\s*(?P<metric>[^\s<>=≤≥][^<>=≤≥]*?)\s*"
    rf"(?P<sign>{'|'.join(map(re.escape, (*_AT_LEAST, *_AT_MOST)))})\s*"
    r"(?P<number>[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(?P<unit>%|[^\d\s].*)?"
)


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """A score that is good enough.

    Parameters
    ----------
    metric
        As the person wrote it.
    value
        The score.
    is_floor
        Whether scores are to be at least this; otherwise at most.
    unit
        Of the score, for people only.
    """

    metric: str
    value: float
    is_floor: bool
    unit: str = ""

    def in_words(self) -> str:
        """Return it as a person would write it.

        Examples
        --------
        >>> parse_goal("mae <= 10 min").in_words()
        'mae ≤ 10 min'
        """
        sign = "≥" if self.is_floor else "≤"
        return f"{self.metric} {sign} {self.value:,.6g} {self.unit}".rstrip()

    def metric_for(self, task: Task) -> Metric:
        """Return the metric of the goal.

        Raises
        ------
        BriefError
            When the goal asks for worse scores than it allows.
        InputError
            When there is no such metric for the task; the nearest name is offered.
        """
        try:
            metric = metric_named(self.metric, task)
        except BriefError as error:
            key = "goal" if error.key else ""
            raise BriefError(error.found, error.remedy, key=key) from error
        if self.is_floor != (metric.direction == "maximize"):
            better, sign = ("more", "≥") if metric.direction == "maximize" else ("less", "≤")
            raise BriefError(
                f"The goal is {self.in_words()!r}, but {better} is better in {metric.title}.",
                f"Write: {self.metric} {sign} {self.value:g}",
            )
        return metric

    def is_reached(self, score: float) -> bool:
        """Say whether a score is good enough."""
        return score >= self.value if self.is_floor else score <= self.value


def parse_goal(text: str) -> Goal:
    """Read a goal: a metric, a sign and a number.

    Raises
    ------
    BriefError
        When it is of another form.

    Examples
    --------
    >>> parse_goal("auc >= 0.85").value
    0.85
    >>> parse_goal("accuracy at least 90%").value
    0.9
    >>> parse_goal("very good")
    Traceback (most recent call last):
    ...
    modelwright.errors.BriefError: 'very good' is no goal. Write a metric, a sign and a number,
    such as 'roc_auc >= 0.85', 'mae <= 10' or, with [costs], 'saves >= 5000 a month'.
    """
    found = _FORM.fullmatch(text)
    if found is None or not found["number"].strip("+-"):
        raise BriefError(
            f"{text!r} is no goal.",
            "Write a metric, a sign and a number, such as 'roc_auc >= 0.85', 'mae <= 10' or, with "
            "[costs], 'saves >= 5000 a month'.",
        )
    value, unit = float(found["number"].replace(",", "")), found["unit"] or ""
    return Goal(
        metric=found["metric"].strip(),
        value=value / 100 if unit == "%" else value,
        is_floor=found["sign"] in _AT_LEAST,
        unit="" if unit == "%" else unit.strip(),
    )
