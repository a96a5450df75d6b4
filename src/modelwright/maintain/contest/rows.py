"""The rows of a contest: what both models lost on them, in the order in which labels came."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.predictor.bundle import Bundle
from modelwright.predictor.labels import label_text
from modelwright.tasks.row_losses import RowLoss
from modelwright.tasks.targets import encode_target
from modelwright.tasks.task import Task
from modelwright.workspace.ledger.pairs import AnsweredRow
from modelwright.workspace.ledger.rows import ERROR
from modelwright.workspace.trial import Trial

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ContestRows:
    """What both models lost on labelled rows, in the order in which labels came.

    Parameters
    ----------
    champion_losses, challenger_losses : ndarray of shape (labelled,)
        In the shadow both are known; else NaN for the one that did not answer.
    is_canary : ndarray of shape (labelled,)
        Whether the challenger answered in the champion's stead.
    answered
        Rows with and without labels.
    shadowed, refused, first_refusal
        Rows that the challenger answered in the shadow, and could not; and why the first.
    champion_s, challenger_s
        Seconds for a row, in the middle of all; None where there is none.
    """

    champion_losses: Floats
    challenger_losses: Floats
    is_canary: NDArray[np.bool_]
    answered: int
    shadowed: int
    refused: int
    first_refusal: str
    champion_s: float | None
    challenger_s: float | None

    @property
    def means(self) -> tuple[float | None, float | None]:
        """The mean loss of both, None where there is no row."""
        return _mean(self.champion_losses), _mean(self.challenger_losses)


def read_contest(
    rows: Iterable[AnsweredRow], champion: Bundle, *, trial: Trial, loss: RowLoss
) -> ContestRows:
    """Read what both models answered, and what they lost where the truth is known.

    Parameters
    ----------
    rows
        In any order.
    champion
        Says what is answered.
    trial
        How the challenger is tried. Of a canary, rows that had to have the same model count once:
        one for each value of the key, or one for each request.
    loss
        What a row loses.

    Raises
    ------
    TargetError
        When a label is none of the task's.
    """
    seen = _Seen()
    kept = [row for row in rows if seen.keeps(row, trial)]
    kept.sort(key=lambda row: row.arrival or 0)
    if trial.role == "canary":
        kept = list(_one_of_each(kept, trial.key))
    task, target = champion.program.task, champion.facts.target
    truth = encode_target(
        pl.Series(target, [_text(row.label) for row in kept], dtype=pl.String), task
    )
    canary = np.array([row.is_canary for row in kept], dtype=bool)
    given = _losses([row.output for row in kept], truth, task, loss)
    if trial.role == "canary":
        losses = np.where(canary, np.nan, given), np.where(canary, given, np.nan)
    else:
        losses = given, _losses([row.beside for row in kept], truth, task, loss)
    return ContestRows(
        champion_losses=losses[0],
        challenger_losses=losses[1],
        is_canary=canary,
        answered=seen.answered,
        shadowed=seen.shadowed,
        refused=seen.refused,
        first_refusal=seen.first_refusal,
        champion_s=_median(seen.champion_s),
        challenger_s=_median(seen.challenger_s),
    )


@dataclass
class _Seen:
    """What is counted of all rows, while those with labels are kept."""

    answered: int = 0
    shadowed: int = 0
    refused: int = 0
    first_refusal: str = ""
    champion_s: list[float] = field(default_factory=list)
    challenger_s: list[float] = field(default_factory=list)

    def keeps(self, row: AnsweredRow, trial: Trial) -> bool:
        if row.is_canary and trial.role == "shadow":
            return False
        self.answered += 1
        (self.challenger_s if row.is_canary else self.champion_s).append(row.latency_s)
        if trial.role == "canary":
            return row.label is not None
        if row.beside is None:
            return False
        if ERROR in row.beside:
            self.refused += 1
            self.first_refusal = self.first_refusal or str(row.beside[ERROR])
            return False
        self.shadowed += 1
        if row.beside_latency_s is not None:
            self.challenger_s.append(row.beside_latency_s)
        return row.label is not None


def _one_of_each(rows: Iterable[AnsweredRow], key: str) -> Iterator[AnsweredRow]:
    """Yield one row of those that chance did not share out one by one."""
    seen = set[str]()
    for row in rows:
        value = None if not key else (row.inputs or {}).get(key)
        # Rows of one request were logged at one moment.
        name = str(row.at) if not key else row.id if value is None else label_text(value)
        if name not in seen:
            seen.add(name)
            yield row


def _losses(outputs: Sequence[Any], truth: NDArray[Any], task: Task, loss: RowLoss) -> Floats:
    if not outputs:
        return np.empty(0)
    if not task.is_classification:
        numbers = np.array([[output["answer"]] for output in outputs], dtype=np.float64)
        return loss.of(truth, numbers, np.zeros(len(outputs), dtype=np.int64))
    names = [label_text(label) for label in task.classes]
    places = {name: place for place, name in enumerate(names)}
    answers = np.array([[output["probabilities"][name] for name in names] for output in outputs])
    chosen = np.array([places[label_text(output["answer"])] for output in outputs])
    return loss.of(truth, answers, chosen)


def _text(label: Any) -> str | None:
    return None if label is None else label_text(label)


def _mean(losses: Floats) -> float | None:
    known = losses[~np.isnan(losses)]
    return float(known.mean()) if len(known) else None


def _median(seconds: list[float]) -> float | None:
    return float(np.median(seconds)) if seconds else None
