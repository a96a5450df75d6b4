"""Whether estimated scores of windows hold what labels say later."""

import re
from dataclasses import dataclass

from bench.drift.worlds import World
from modelwright.maintain.log.live_rows import live_rows_of
from modelwright.maintain.score.estimate import Agreement, Estimator
from modelwright.maintain.score.periods import realised_score
from modelwright.tasks.metrics import metric_named


@dataclass(frozen=True)
class Estimated:
    """Windows in the order of time.

    Parameters
    ----------
    windows
        With a realised score.
    stated, held
        How many had an estimate, and how many of these held the realised score.
    width
        The mean width of the intervals, beside that of the realised ones.
    refusals
        Why others had none, each with its number of windows.
    """

    windows: int
    stated: int
    held: int
    width: float
    refusals: dict[str, int]


def estimate_windows(world: World, *, window_rows: int = 500, late: int | None = 1) -> Estimated:
    """Estimate the score of each window before its labels come.

    Parameters
    ----------
    world
        A model and its traffic.
    window_rows
        Of a window.
    late
        By how many windows labels are late; None where none ever come.
    """
    bundle = world.bundle
    metric = metric_named(bundle.facts.metric, bundle.program.task)
    rows, estimator = live_rows_of(world.traffic, bundle), Estimator(bundle, metric)
    agreements, refusals = list[Agreement | None](), dict[str, int]()
    stated = held = windows = 0
    widths = list[float]()
    for number in range(len(rows) // window_rows):
        part = rows.part(number * window_rows, (number + 1) * window_rows)
        known = [] if late is None else agreements[: max(0, number + 1 - late)]
        foreseen = estimator.foresee(part)
        before = [each for each in known if each is not None]
        estimate = estimator.estimate(part, foreseen, before=before)
        agreements.append(estimator.agreement(part, foreseen))
        realised = realised_score(estimator, part)
        if realised is None:
            continue
        windows += 1
        if estimate.score is None:
            why = re.sub(r"[0-9.]+ %", "… %", estimate.reason)
            refusals[why] = refusals.get(why, 0) + 1
            continue
        stated += 1
        held += estimate.score.contains(realised.value)
        widths.append(
            (estimate.score.high - estimate.score.low) / max(1e-12, realised.high - realised.low)
        )
    width = sum(widths) / len(widths) if widths else 0.0
    return Estimated(windows, stated, held, width, refusals)


def in_words(told: Estimated, late: int | None) -> str:
    """Return a line."""
    labels = "no labels" if late is None else f"labels {late} window late"
    why = "; ".join(f"{count} windows: {reason}" for reason, count in told.refusals.items())
    return (
        f"{labels}: {told.held} of {told.stated} within the interval, {told.width:.1f} times as "
        f"wide as that of the labels; {told.windows - told.stated} of {told.windows} not estimated"
        + (f" ({why})" if why else "")
    )
