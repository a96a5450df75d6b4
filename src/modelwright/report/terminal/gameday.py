"""The outcome of a drill as text for a terminal."""

from modelwright.documents.gameday import Gameday, Outcome
from modelwright.report.gameday import (
    found_of,
    harm_of,
    late_of,
    named_of,
    ordered,
    part_of,
    traffic_of,
    verdict_of,
    without_remedy,
)
from modelwright.report.terminal.layout import aligned, field, left_out, title
from modelwright.report.words import clip, plural

_SHOWN = 5
_COLUMN, _ALARM = 18, 48


def describe_gameday(gameday: Gameday) -> str:
    """Return what was injected and what was found, the faults that went unfound first.

    Parameters
    ----------
    gameday
        What `run_drill` returned.
    """
    faults = ordered(gameday)
    return "\n".join(
        [
            title("Gameday"),
            *field("Verdict", f"{'✓' if gameday.passed else '✗'} {verdict_of(gameday)}"),
            *field("Traffic", traffic_of(gameday)),
            *field("Found", *found_of(gameday)),
            *field("Faults", *aligned([_HEAD, *map(_row, faults)])),
            *field("Mended", *_mendings(gameday)),
            *field("Untouched", *_untouched(gameday)),
        ]
    )


_HEAD = ("fault", "in", "harm", "found", "named as")


def _row(outcome: Outcome) -> tuple[str, ...]:
    mark = "" if not outcome.found else "✓ " if outcome.is_right else "✗ "
    return (
        outcome.fault,
        clip(", ".join(outcome.columns), _COLUMN) or "—",
        harm_of(outcome),
        late_of(outcome),
        mark + clip(named_of(outcome) or "—", _ALARM),
    )


def _mendings(gameday: Gameday) -> list[str]:
    """Say what was mended, and which harm stays; nothing where nobody asked."""
    mended = [each for each in ordered(gameday) if each.remedy]
    if not mended:
        return []
    lines = aligned([_mended(each) for each in mended])
    if stays := without_remedy(gameday):
        lines.append(f"a person is called for: {', '.join(stays)}")
    return lines


def _mended(outcome: Outcome) -> tuple[str, ...]:
    share = "" if outcome.mended is None else part_of(outcome.mended)
    where = clip(", ".join(outcome.columns), _COLUMN) or "—"
    return outcome.fault, where, outcome.remedy, share


def _untouched(gameday: Gameday) -> list[str]:
    alarms = gameday.false_alarms
    if not alarms:
        return [f"no alarm in {plural(gameday.windows, 'window')}"]
    shown = [
        f"window {each.window}: {each.action}: {clip(each.sentence, 150)}"
        for each in alarms[:_SHOWN]
    ]
    several = f"an alarm in {len(alarms)} of {plural(gameday.windows, 'window')}"
    return [several, *shown, *left_out(len(alarms) - _SHOWN, "in the JSON")]
