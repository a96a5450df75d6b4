"""Champion against challenger on the labelled rows that clients asked meanwhile."""

from collections.abc import Iterable
from typing import Literal

import msgspec
import numpy as np

from modelwright.maintain.contest.rows import ContestRows, read_contest
from modelwright.maintain.wording import percent
from modelwright.predictor.bundle import Bundle
from modelwright.tasks.betting import refutes_share
from modelwright.tasks.figures import figure
from modelwright.tasks.interval import Interval
from modelwright.tasks.row_losses import RowLoss
from modelwright.tasks.sequential import FIRST, Gains, paired_gains, shared_gains
from modelwright.workspace.ledger.pairs import AnsweredRow
from modelwright.workspace.trial import Trial

Verdict = Literal["promote", "wait", "give up"]

ERROR_RATE = 0.05
"""The chance that a challenger that is no better is ever promoted, or a better one ever given up,
over all looks together."""
WORTH = 0.01
"""A challenger that saves no more than this part of the champion's loss is not worth the change."""
_REFUSED = 0.01
"""A challenger may refuse at most this share of the rows that the champion answers."""


class LookAt(msgspec.Struct, frozen=True, kw_only=True):
    """What was known after some rows.

    Parameters
    ----------
    rows
        That were compared until then.
    gain
        By how much the challenger loses less in a row.
    """

    rows: int
    gain: Interval


class Contest(msgspec.Struct, frozen=True, kw_only=True):
    """What champion and challenger did on the same rows, or on shares of them.

    Parameters
    ----------
    champion, challenger
        Their hashes.
    trial
        How the challenger is tried.
    loss
        What a row loses, by name.
    answered, labelled
        Rows since the trial's moment, and those of them whose truth is known.
    compared
        Labelled rows that decide; the first ones only say how much a row may count.
    champion_loss, challenger_loss
        Their means, before anything is cut; None before there are any.
    gain
        By how much the challenger loses less in a row, with bounds that hold at every look; None
        before there are enough labels.
    cut
        Rows that count for less than they lost, because that was far more than the first ones did.
    refused, first_refusal
        Rows that the challenger could not answer in the shadow, and why the first.
    champion_s, challenger_s
        Seconds until a request was answered, in the middle of all rows; of a challenger in the
        shadow those of a row, of the model alone. None before there are any.
    looks
        What was known on the way.
    verdict
        ``"promote"``: the challenger is better; ``"give up"``: it is worse, or no gain that is
        worth the change is left; ``"wait"``: labels will tell.
    sentence
        Why.
    """

    champion: str
    challenger: str
    trial: Trial
    loss: str
    answered: int
    labelled: int
    compared: int
    champion_loss: float | None
    challenger_loss: float | None
    gain: Interval | None
    cut: int
    refused: int
    first_refusal: str
    champion_s: float | None
    challenger_s: float | None
    looks: tuple[LookAt, ...]
    verdict: Verdict
    sentence: str


def judge_contest(
    champion: Bundle,
    challenger: Bundle,
    rows: Iterable[AnsweredRow],
    *,
    trial: Trial,
    loss: RowLoss,
    error_rate: float = ERROR_RATE,
    worth: float = WORTH,
) -> Contest:
    """Compare two models on what has been labelled so far; look as often as you like.

    Parameters
    ----------
    champion, challenger
        The bundles.
    rows
        What clients asked since the trial's moment.
    trial
        How the challenger is tried: in the shadow, each row is answered by both; a canary's rows
        are compared with the champion's.
    loss
        What a row loses.
    error_rate
        The chance that a verdict is wrong, over all looks together.
    worth
        The part of the champion's loss that a challenger must be able to save.

    Raises
    ------
    TargetError
        When a label is none of the task's.
    """
    read = read_contest(rows, champion, trial=trial, loss=loss)
    gains = _gains(read, trial, loss)
    looks = gains.looks(error_rate=error_rate)
    gain = looks[-1].gain if looks else None
    means = read.means
    verdict, sentence = _judge(read, gain, means, worth=worth)
    return Contest(
        champion=champion.hash,
        challenger=challenger.hash,
        trial=trial,
        loss=loss.title,
        answered=read.answered,
        labelled=len(read.champion_losses),
        compared=len(gains.values),
        champion_loss=means[0],
        challenger_loss=means[1],
        gain=gain,
        cut=gains.cut,
        refused=read.refused,
        first_refusal=read.first_refusal,
        champion_s=read.champion_s,
        challenger_s=read.challenger_s,
        looks=tuple(LookAt(rows=look.rows, gain=look.gain) for look in looks),
        verdict=verdict,
        sentence=sentence,
    )


def _gains(read: ContestRows, trial: Trial, loss: RowLoss) -> Gains:
    if trial.role == "shadow":
        return paired_gains(read.champion_losses, read.challenger_losses, span=loss.span)
    losses = np.where(read.is_canary, read.challenger_losses, read.champion_losses)
    return shared_gains(losses, read.is_canary, share=trial.share, span=loss.span)


def _judge(
    read: ContestRows,
    gain: Interval | None,
    means: tuple[float | None, float | None],
    *,
    worth: float,
) -> tuple[Verdict, str]:
    tried = read.refused + read.shadowed
    if refutes_share(read.refused, tried, _REFUSED, error_rate=ERROR_RATE):
        return "give up", f"The challenger refuses {percent(read.refused / tried)} of the rows."
    old, new = means
    if gain is None or old is None or new is None:
        found = len(read.champion_losses)
        return "wait", f"{found:,} labels so far; the first {FIRST} only say what a row may count."
    said = f"{figure(gain.value)} a row ({figure(gain.low)} to {figure(gain.high)})"
    if gain.low > 0 and new < old:
        return "promote", f"The challenger loses less: {said}, whenever one looks."
    if gain.high < 0:
        return "give up", f"The challenger loses more: {said}, whenever one looks."
    if gain.high < worth * abs(old):
        least = f"{percent(worth)} of what the champion loses"
        return "give up", f"A gain of {least} is ruled out: {said}."
    return "wait", f"The gain is {said}: it may be none.{_more(gain, read)}"


def _more(gain: Interval, read: ContestRows) -> str:
    """Say how many labels would decide, if the gain stayed what it is."""
    if gain.value <= 0:
        return ""
    factor = ((gain.value - gain.low) / gain.value) ** 2
    more = (factor - 1.0) * len(read.champion_losses)
    return f" At this gain, about {float(f'{more:.1g}'):,.0f} more labels decide." if more else ""
