"""Faults by name."""

from collections.abc import Sequence

from modelwright._plugins import named, registered
from modelwright.maintain.gameday.faults import feed, labels, levels, upstream, values, world
from modelwright.maintain.gameday.faults.base import Fault

FAULTS: dict[str, Fault] = {
    fault.name: fault
    for fault in (
        values.UNIT_CHANGE,
        values.SWAPPED_COLUMNS,
        values.STUCK_VALUES,
        values.MISSING_VALUES,
        levels.RENAMED_CATEGORIES,
        levels.NEW_CATEGORIES,
        feed.REPEATED_ROWS,
        feed.RESENT_ROWS,
        feed.MIXED_UP_ROWS,
        feed.SHIFTED_CLOCK,
        labels.LATE_LABELS,
        upstream.RETRAINED_ENCODER,
        world.COVARIATE_DRIFT,
        world.CONCEPT_DRIFT,
        world.HARMLESS_SEASON,
    )
}
"""The faults that come with modelwright."""


def known_faults() -> dict[str, Fault]:
    """Return every fault by name: those of modelwright, and those that packages registered."""
    return FAULTS | registered("faults")


def faults_named(names: Sequence[str]) -> tuple[Fault, ...]:
    """Return faults; all of them when none is named.

    Raises
    ------
    InputError
        With the nearest name, when there is none of that name.

    Examples
    --------
    >>> [fault.name for fault in faults_named(["unit change"])]
    ['unit change']
    >>> faults_named(["unit chance"])
    Traceback (most recent call last):
    ...
    modelwright.errors.InputError: There is no fault 'unit chance'. Did you mean 'unit change'?
    """
    known = known_faults()
    return tuple(named(name, known, "fault") for name in names or known)
