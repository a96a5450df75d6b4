"""A contest as text for a terminal, with the picture of how the gain became known."""

from collections.abc import Iterator, Sequence

from modelwright.maintain.contest.contest import Contest, LookAt
from modelwright.report.terminal.layout import aligned, field, title
from modelwright.tasks.figures import figure

_SIGNS = {"promote": "✓", "wait": "·", "give up": "✗"}
_WIDTH = 41
_SHOWN = 12


def describe_contest(contest: Contest) -> str:
    """Return who does better, how sure that is, and how it became known.

    Parameters
    ----------
    contest
        What `judge_contest` returned.
    """
    sign, verdict = _SIGNS[contest.verdict], _verdict(contest)
    return "\n".join(
        [
            title("Champion and challenger"),
            *field("Verdict", f"{sign} {verdict}: {contest.sentence}"),
            *field("Models", *aligned(_models(contest))),
            *field("Rows", _rows(contest)),
            *field("Gain", *aligned(_looks(contest), right=[0])),
            *_next(contest),
        ]
    )


def _next(contest: Contest) -> Sequence[str]:
    if contest.trial.live or contest.verdict != "promote":
        return []
    said = (
        "Clients do not send its columns yet: let them send these, try it on what they send "
        f"(modelwright challenge {contest.challenger[:_SHOWN]} --shadow), and promote it then."
    )
    return field("Next", said)


def _verdict(contest: Contest) -> str:
    if not contest.trial.former:
        return contest.verdict
    said = {"promote": "roll back", "wait": "wait", "give up": "the new champion stays"}
    return said[contest.verdict]


def _models(contest: Contest) -> Iterator[tuple[str, ...]]:
    # A request may have many rows, and waits; in the shadow a row is timed alone.
    is_canary = contest.trial.role == "canary"
    asked, alone = ("", "") if is_canary else (" a request", " a row")
    yield "", "bundle", contest.loss, "ms a request" if is_canary else "ms"
    yield (
        "champion",
        contest.champion[:_SHOWN],
        _number(contest.champion_loss),
        _ms(contest.champion_s, asked),
    )
    yield (
        f"challenger ({contest.trial.sentence})",
        contest.challenger[:_SHOWN],
        _number(contest.challenger_loss),
        _ms(contest.challenger_s, alone),
    )


def _rows(contest: Contest) -> str:
    said = f"{contest.answered:,} answered, {contest.labelled:,} with both and a label"
    if contest.trial.role == "canary":
        said = f"{contest.answered:,} answered, {contest.labelled:,} of them compared by share"
    cut = f"; {contest.cut:,} count for less than they lost" if contest.cut else ""
    refused = (
        f"; the challenger refused {contest.refused:,}: {contest.first_refusal}"
        if contest.refused
        else ""
    )
    return f"{said}{cut}{refused}"


def _looks(contest: Contest) -> Iterator[tuple[str, ...]]:
    if not contest.looks:
        return
    # The first looks know little; what they do not know need not be seen whole.
    middle = contest.looks[len(contest.looks) // 2].gain
    reach = max(abs(middle.low), abs(middle.high)) or 1.0
    yield "rows", "worse   ◂   0   ▸   better".center(_WIDTH).rstrip(), "gain"
    for look in contest.looks:
        yield f"{look.rows:,}", _drawn(look, reach), _range(look)


def _drawn(look: LookAt, reach: float) -> str:
    def place(value: float) -> int:
        share = (min(max(value, -reach), reach) / reach + 1.0) / 2.0
        return round(share * (_WIDTH - 1))

    low, high = place(look.gain.low), place(look.gain.high)
    cells = ["─" if low <= at <= high else " " for at in range(_WIDTH)]
    cells[_WIDTH // 2] = "┼" if low <= _WIDTH // 2 <= high else "│"
    cells[place(look.gain.value)] = "●"
    return "".join(cells)


def _range(look: LookAt) -> str:
    gain = look.gain
    return f"{figure(gain.value)} ({figure(gain.low)} to {figure(gain.high)})"


def _number(value: float | None) -> str:
    return "unknown" if value is None else figure(value)


def _ms(seconds: float | None, what: str) -> str:
    return "unknown" if seconds is None else f"{1000 * seconds:.2f}{what}"
