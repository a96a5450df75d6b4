"""What explains an alarm: the causes, the likeliest first."""

from collections.abc import Collection, Iterator, Sequence

from modelwright.documents import BrokenRule, Cause
from modelwright.maintain.inputs.drift import ANSWERS, Change
from modelwright.maintain.score.performance import Performance


def name_causes(
    broken: Sequence[BrokenRule],
    changes: Sequence[Change],
    performance: Performance,
    *,
    costly: Cause | None = None,
    rough: Collection[str] = (),
) -> tuple[Cause, ...]:
    """Rank the causes: a broken column explains what follows from it, a changed world comes last.

    Parameters
    ----------
    broken
        Rules of the contract that live rows break.
    changes
        What `measure_drift` found, the largest change first.
    performance
        What `measure_performance` found.
    costly
        What `find_costly_levels` found, which explains a score that is worse.
    rough
        Columns of which windows of training differed as much: they explain nothing.
    """
    return (
        *_broken_columns(changes),
        *_broken_rules(broken),
        *([costly] if costly else _changed_relation(performance)),
        *_changed_columns([each for each in changes if each.drift.column not in rough]),
    )


def _broken_columns(changes: Sequence[Change]) -> Iterator[Cause]:
    for change in changes:
        if change.fault is not None:
            column = change.drift.column
            sentence = f"{column!r} {change.fault.sentence}. {change.drift.sentence}"
            yield Cause(kind=change.fault.kind, columns=(column,), sentence=sentence)


def _broken_rules(broken: Sequence[BrokenRule]) -> Iterator[Cause]:
    for rule in broken:
        columns = (rule.column,) if rule.column else ()
        yield Cause(kind="broken rule", columns=columns, sentence=rule.sentence)


def _changed_relation(performance: Performance) -> Iterator[Cause]:
    if performance.is_off:
        yield Cause(kind="probabilities off", sentence=performance.sentence)
    elif performance.is_worse:
        yield Cause(kind="concept drift", sentence=performance.sentence)


def _changed_columns(changes: Sequence[Change]) -> Iterator[Cause]:
    for change in changes:
        if change.is_alarm and change.fault is None and change.drift.column != ANSWERS:
            columns, sentence = (change.drift.column,), change.drift.sentence
            yield Cause(kind="covariate drift", columns=columns, sentence=sentence)
