"""The outcome of a drill as text for a terminal."""

from modelwright.maintain.gameday.outcome import Gameday, Outcome
from modelwright.maintain.wording import percent
from modelwright.report.layout import aligned, field, left_out, title
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
    ordered = sorted(gameday.outcomes, key=lambda each: (each.harm != "harmful", each.found))
    return "\n".join(
        [
            title("Gameday"),
            *field("Verdict", f"{'✓' if gameday.passed else '✗'} {_verdict(gameday)}"),
            *field("Traffic", _traffic(gameday)),
            *field("Found", *_shares(gameday)),
            *field("Faults", *aligned([_HEAD, *map(_row, ordered)])),
            *field("Mended", *_mendings(ordered)),
            *field("Untouched", *_untouched(gameday)),
        ]
    )


_HEAD = ("fault", "in", "harm", "found", "named as")


def _verdict(gameday: Gameday) -> str:
    harmful = gameday.harmful
    found = sum(each.found for each in harmful)
    return f"{found} of {plural(len(harmful), 'fault')} that do harm were found."


def _traffic(gameday: Gameday) -> str:
    windows, rows = plural(gameday.windows, "window"), plural(gameday.window_rows, "row")
    return f"{clip(gameday.traffic)}: {windows} of {rows}"


def _shares(gameday: Gameday) -> list[str]:
    harmful = gameday.harmful
    if not harmful:
        return ["No fault did harm here, so there was nothing that had to be found."]
    at_once = sum(each.late == 0 for each in harmful)
    found = [each for each in harmful if each.found]
    right = sum(each.is_right for each in found)
    lines = [f"{_part(at_once, len(harmful))} in the window in which they began"]
    if found:
        lines.append(f"{_part(right, len(found))} with the right cause named first")
    if mended := [each for each in found if each.mended is not None]:
        share = sum(each.mended or 0.0 for each in mended) / len(mended)
        lines.append(
            f"{_part(len(mended), len(found))} with a remedy that helps without learning again, "
            f"which takes {percent(share)} of the added loss away"
        )
    return lines


def _part(some: int, all_of_them: int) -> str:
    return f"{some} of {all_of_them} ({percent(some / all_of_them)})"


def _row(outcome: Outcome) -> tuple[str, ...]:
    named = outcome.causes[0] if outcome.causes else None
    what: str = "—" if named is None else named.kind
    if named is not None and {*named.columns} != {*outcome.columns}:
        # Which columns is said where they are others than those that were broken.
        what = f"{what} {', '.join(named.columns)}".rstrip()
    mark = "" if not outcome.found else "✓ " if outcome.is_right else "✗ "
    return (
        outcome.fault,
        clip(", ".join(outcome.columns), _COLUMN) or "—",
        _harm(outcome),
        _late(outcome),
        mark + clip(what, _ALARM),
    )


def _mendings(ordered: list[Outcome]) -> list[str]:
    """Say what was mended, and which harm stays; nothing where nobody asked."""
    mended = [each for each in ordered if each.remedy]
    if not mended:
        return []
    stays = dict.fromkeys(
        each.fault for each in ordered if each.harm == "harmful" and each.found and not each.remedy
    )
    lines = aligned([_mended(each) for each in mended])
    if stays:
        lines.append(f"a person is called for: {', '.join(stays)}")
    return lines


def _mended(outcome: Outcome) -> tuple[str, ...]:
    share = "" if outcome.mended is None else f"{percent(outcome.mended)} of the added loss"
    where = clip(", ".join(outcome.columns), _COLUMN) or "—"
    return outcome.fault, where, outcome.remedy, share


def _harm(outcome: Outcome) -> str:
    if outcome.growth is None:
        return "yes"
    grown = f"loss {outcome.growth:+.0%}"
    return grown if outcome.harm == "harmful" else f"no, {grown}"


def _late(outcome: Outcome) -> str:
    if outcome.late is None:
        return "not found" if outcome.harm == "harmful" else "not told"
    return "at once" if outcome.late == 0 else f"{plural(outcome.late, 'window')} late"


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
