"""What was measured, as tables of a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from statistics import median

from bench.maintain.standing import Count, Standing
from bench.maintain.worlds import SHUFFLED, TWENTY
from bench.table import NOTHING, markdown
from modelwright.tasks.intervals import wilson_interval


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one reading of one contestant came to.

    Parameters
    ----------
    reading
        As the tables name it.
    standings
        By world.
    seconds
        Of a processor, for each window.
    failed
        Windows on which it failed.
    environment_bytes
        Of its environment.
    """

    reading: str
    standings: Mapping[str, Standing]
    seconds: Sequence[float]
    failed: int
    environment_bytes: int

    def over(self, worlds: Sequence[str]) -> Standing:
        """Return the standing over some worlds."""
        return reduce(add, (self.standings.get(name, Standing()) for name in worlds), Standing())


def as_tables(seen: Sequence[Seen], worlds: Sequence[str]) -> str:
    """Return all tables.

    Parameters
    ----------
    seen
        In the order of the rows.
    worlds
        Those that all of them judged.
    """
    ordered = [name for name in worlds if name != TWENTY and not name.endswith(SHUFFLED)]
    shuffled = [name for name in worlds if name.endswith(SHUFFLED)]
    both = [*ordered, *shuffled]
    parts = [_faults(seen, both), _nothing_wrong(seen, both, ordered, shuffled)]
    if TWENTY in worlds:
        parts.append(_twenty(seen))
    parts += [_by_fault(seen, both), _by_world(seen, both), _costs(seen)]
    return "\n".join(parts)


def share(count: Count) -> str:
    """Return a share with its interval and what it is of.

    Examples
    --------
    >>> share(Count(hits=19, of=20))
    '95 % (76 to 99) of 20'
    >>> share(Count())
    '·'
    """
    if not count.of:
        return NOTHING
    found = wilson_interval(count.hits, count.of)
    ends = f"{100 * found.low:.0f} to {100 * found.high:.0f}"
    return f"{100 * found.value:.0f} % ({ends}) of {count.of}"


def _faults(seen: Sequence[Seen], worlds: Sequence[str]) -> str:
    head = ("", "harmful faults, found in their first window", "the right column first")
    rows = []
    for each in seen:
        told = each.over(worlds)
        # Most name no kind of fault at all.
        cause = share(told.cause) if told.cause.hits else NOTHING
        rows.append((each.reading, share(told.found), share(told.column), cause))
    return markdown((*head, "the right cause first"), rows)


def _nothing_wrong(
    seen: Sequence[Seen], both: Sequence[str], ordered: Sequence[str], shuffled: Sequence[str]
) -> str:
    head = ("alarms", "in harmless changes", "in untouched windows, in the order of time")
    rows = []
    for each in seen:
        counts = (
            each.over(both).harmless,
            each.over(ordered).untouched,
            each.over(shuffled).untouched,
        )
        rows.append((each.reading, *map(share, counts)))
    return markdown((*head, "in untouched windows, shuffled"), rows)


def _twenty(seen: Sequence[Seen]) -> str:
    head = ("twenty columns", "one off by five sigma: alarmed", "that column named first")
    rows = []
    for each in seen:
        told = each.standings.get(TWENTY, Standing())
        rows.append((each.reading, *map(share, (told.found, told.column, told.untouched))))
    return markdown((*head, "alarms without any drift"), rows)


def _by_fault(seen: Sequence[Seen], worlds: Sequence[str]) -> str:
    every = [each.over(worlds).by_fault for each in seen]
    faults = list(dict.fromkeys(fault for told in every for fault in told))
    rows = []
    for fault in faults:
        counts = [told.get(fault, Count()) for told in every]
        of = max(count.of for count in counts)
        rows.append((fault, f"{of}", *(f"{count.hits}" for count in counts)))
    return markdown(("found in their first window", "of", *(each.reading for each in seen)), rows)


def _by_world(seen: Sequence[Seen], worlds: Sequence[str]) -> str:
    rows = []
    for name in worlds:
        told = [each.standings.get(name, Standing()) for each in seen]
        of = max(each.found.of for each in told)
        windows = max(each.untouched.of for each in told)
        cells = (f"{each.found.hits}, {each.untouched.hits}" for each in told)
        rows.append((name, f"{of}, {windows}", *cells))
    return markdown(("found, false alarms", "of", *(each.reading for each in seen)), rows)


def _costs(seen: Sequence[Seen]) -> str:
    head = ("", "a window, s of a processor", "most", "windows that failed", "environment, MB")
    rows = []
    for each in seen:
        middle = f"{median(each.seconds):.3f}" if each.seconds else NOTHING
        most = f"{max(each.seconds):.3f}" if each.seconds else NOTHING
        size = f"{each.environment_bytes / 1e6:.0f}"
        rows.append((each.reading, middle, most, f"{each.failed}", size))
    return markdown(head, rows)
