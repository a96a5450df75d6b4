"""Remedies as a person reads them in a terminal."""

from collections.abc import Iterator, Sequence

from modelwright.documents import Proposal
from modelwright.report.terminal.layout import field, title
from modelwright.report.words import interval, metric_title, plural
from modelwright.tasks.interval import Interval


def describe_remedies(remedies: Sequence[Proposal], *, metric: str) -> str:
    """Return what may be done, the worthiest first, as text for a terminal.

    Parameters
    ----------
    remedies
        Of a health document.
    metric
        The model's.
    """
    if not remedies:
        return "No remedy was tested yet. Run: modelwright maintain --propose"
    parts = (line for each in remedies for line in describe_remedy(each, metric=metric))
    return "\n".join([title("Remedies"), *parts])


def describe_remedy(proposal: Proposal, *, metric: str) -> list[str]:
    """Return one remedy as lines.

    Examples
    --------
    >>> person = Proposal(remedy="call a person", sentence="Let somebody look at the rows.")
    >>> print(*describe_remedy(person, metric="roc_auc"), sep="\\n")
    · call a person
              Let somebody look at the rows.
    """
    sign = "✓" if proposal.helps else "·"
    return [f"{sign} {proposal.remedy}", *field(" ", *_told(proposal, metric))]


def remedy_lines(remedies: Sequence[Proposal]) -> list[str]:
    """Return remedies as rows of a table in a health document: sign, name, what they spare."""
    return [f"{'✓' if each.helps else '·'} {each.remedy}: {_brief(each)}" for each in remedies]


def remedy_facts(proposal: Proposal, metric: str) -> tuple[str, ...]:
    """Return what the past says of a remedy beside what it spared, as sentences."""
    return tuple(f"{fact}." for fact in _facts(proposal, metric))


def _told(proposal: Proposal, metric: str) -> Iterator[str]:
    yield proposal.sentence
    if proposal.saves is not None:
        yield (
            f"Spares {share_spared(proposal.saves)} of the loss, on {proposal.rows:,} rows of "
            f"{plural(proposal.windows, 'past window')}"
        )
    yield from _facts(proposal, metric)
    if proposal.command:
        yield f"Run: {proposal.command}"


def _facts(proposal: Proposal, metric: str) -> Iterator[str]:
    if proposal.is_evident:
        yield "It undoes what broke: read like this, the column lies as before it changed at once"
    if proposal.led is not None:
        yield f"It leads: to take, at each window, what had done best spared {_led(proposal.led)}"
    if proposal.gain is not None:
        yield f"Gain in {metric_title(metric)}: {interval(proposal.gain)}"
    if proposal.worst is not None and proposal.windows:
        yield f"{_worst(proposal.worst)}{_undone(proposal)}"
    if proposal.alone:
        yield "It may act alone, by [maintain] in modelwright.toml"


def _led(led: Interval) -> str:
    return f"{share_spared(led)} of the loss"


def _worst(share: float) -> str:
    if share < 0:
        return f"In the worst window the loss was {_percent(-share)} larger"
    return f"In the worst window it spared {_percent(share)}"


def _undone(proposal: Proposal) -> str:
    if proposal.undone is None or proposal.undone <= 0:
        return ""
    return f"; should the trouble end, the loss would be {_percent(proposal.undone)} larger"


def _brief(proposal: Proposal) -> str:
    if proposal.saves is None:
        return proposal.sentence
    return f"{share_spared(proposal.saves)} of the loss. {proposal.sentence}"


def share_spared(saves: Interval) -> str:
    """Write the part of the loss that a remedy spared.

    Examples
    --------
    >>> share_spared(Interval(value=0.0003, low=-0.0006, high=0.0312, method="blocks"))
    '0 % (0 % to 3 %)'
    """
    return f"{_percent(saves.value)} ({_percent(saves.low)} to {_percent(saves.high)})"


def _percent(share: float) -> str:
    # Adding zero takes the sign from a zero.
    return f"{round(100 * share) + 0} %"
