"""What a drill showed, in words."""

from collections.abc import Sequence

from modelwright.documents.gameday import Gameday, Outcome
from modelwright.report.words import clip, percent, plural


def ordered(gameday: Gameday) -> list[Outcome]:
    """Return the faults, those that do harm first, and of them those that went unfound."""
    return sorted(gameday.outcomes, key=lambda each: (each.harm != "harmful", each.found))


def verdict_of(gameday: Gameday) -> str:
    """Say how many of the faults that do harm were found."""
    harmful = gameday.harmful
    found = sum(each.found for each in harmful)
    if not harmful:
        return "No fault did harm."
    if len(harmful) == 1:
        return f"{found} of 1 fault that does harm was found."
    return f"{found} of {len(harmful)} faults that do harm were found."


def traffic_of(gameday: Gameday) -> str:
    """Say which rows were judged, and in how many windows."""
    windows, rows = plural(gameday.windows, "window"), plural(gameday.window_rows, "row")
    return f"{clip(gameday.traffic)}: {windows} of {rows}"


def found_of(gameday: Gameday) -> list[str]:
    """Say how soon faults were found, with the right cause, and what was mended."""
    harmful = gameday.harmful
    if not harmful:
        return ["No fault did harm here, so there was nothing that had to be found."]
    at_once = sum(each.late == 0 for each in harmful)
    found = [each for each in harmful if each.found]
    right = sum(each.is_right for each in found)
    lines = [f"{_share(at_once, len(harmful))} in the window in which they began"]
    if found:
        lines.append(f"{_share(right, len(found))} with the right cause named first")
    if mended := [each for each in found if each.mended is not None]:
        share = sum(each.mended or 0.0 for each in mended) / len(mended)
        lines.append(
            f"{_share(len(mended), len(found))} with a remedy that helps without learning again, "
            f"which takes {percent(share)} of the added loss away"
        )
    return lines


def harm_of(outcome: Outcome) -> str:
    """Say whether a fault does harm, and what it does to the loss."""
    grown = grown_of(outcome)
    if not grown:
        return "yes"
    return grown if outcome.harm == "harmful" else f"no, {grown}"


def grown_of(outcome: Outcome) -> str:
    """Say what a fault does to the loss; nothing where it is none of the answers."""
    return "" if outcome.growth is None else f"loss {outcome.growth:+.0%}"


def late_of(outcome: Outcome) -> str:
    """Say when a fault was found."""
    if outcome.late is None:
        return "not found" if outcome.harm == "harmful" else "not told"
    return "at once" if outcome.late == 0 else f"{plural(outcome.late, 'window')} late"


def named_of(outcome: Outcome) -> str:
    """Return the cause that was named first; its columns too where they are not the fault's."""
    named = outcome.causes[0] if outcome.causes else None
    if named is None:
        return ""
    others = {*named.columns} != {*outcome.columns}
    return f"{named.kind} {', '.join(named.columns)}".rstrip() if others else named.kind


def part_of(mended: float) -> str:
    """Say which part of the loss that a fault added was taken away."""
    return f"{percent(mended)} of the added loss"


def without_remedy(gameday: Gameday) -> Sequence[str]:
    """Return the faults that do harm and were found, and that no remedy mends."""
    return [
        *dict.fromkeys(
            each.fault
            for each in ordered(gameday)
            if each.harm == "harmful" and each.found and not each.remedy
        )
    ]


def _share(some: int, all_of_them: int) -> str:
    return f"{some} of {all_of_them}"
