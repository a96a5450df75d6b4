"""How often a model should learn again, as text and as a picture."""

from markupsafe import Markup

from modelwright.documents import Retraining, RetrainingPolicy
from modelwright.report.charts.axis import Axis
from modelwright.report.charts.plots import Frame, draw_line, draw_note, draw_plot
from modelwright.report.terminal.layout import aligned, field, title
from modelwright.report.words import plural

_STYLE = (
    "text{font:12px sans-serif;fill:#444}.grid{stroke:#ddd}path{fill:none;stroke-width:2}"
    ".never{stroke:#999;stroke-dasharray:5 4}.curve{stroke:#1f6feb}"
)


def describe_retraining(found: Retraining) -> str:
    """Return a backtest of retraining as text for a terminal.

    Parameters
    ----------
    found
        The document.
    """
    head = ("", "learns again", "from", "spares of the loss", "interval", "takes")
    rows = [head, *(_row(each) for each in found.policies)]
    past = f"{found.rows:,} labelled rows in {plural(found.windows, 'window')}"
    return "\n".join(
        [
            title("Retraining"),
            *field("Verdict", found.sentence),
            *field("Past", f"{past} of {found.window_rows:,}"),
            *field("Policies", *aligned(rows, right=[3])),
            *field("Picture", "reports/retraining.svg"),
        ]
    )


def draw_retraining(found: Retraining) -> str:
    """Return the loss of each window, without learning again and with the best policy, as SVG.

    Parameters
    ----------
    found
        The document.
    """
    best = found.recommended or max(found.policies, key=lambda each: each.saves.value)
    never = list(enumerate(found.usual, 1))
    again = list(enumerate(best.losses, 1))
    frame = Frame(
        x=Axis(1, max(2, found.windows)),
        y=Axis.over([*found.usual, *best.losses]),
        x_title="window",
        y_title="mean loss",
        label=found.sentence,
    )
    last, low = found.windows, best.losses[-1]
    plot = draw_plot(
        frame,
        draw_line(frame, never, look="never"),
        draw_line(frame, again),
        draw_note(frame, (last, found.usual[-1]), "never"),
        draw_note(frame, (last, low), _often(best)),
    )
    opening = Markup('<svg xmlns="http://www.w3.org/2000/svg" ')
    style = Markup("<style>{}</style></svg>").format(Markup(_STYLE))
    return str(plot).replace("<svg ", opening, 1).removesuffix("</svg>") + str(style) + "\n"


def _row(policy: RetrainingPolicy) -> tuple[str, ...]:
    saves = policy.saves
    return (
        "✓" if policy.recommended else "·",
        _often(policy),
        policy.span,
        _percent(saves.value),
        f"{_percent(saves.low)} to {_percent(saves.high)}",
        f"{policy.seconds:.1f} s for {plural(policy.times, 'time')}",
    )


def _often(policy: RetrainingPolicy) -> str:
    return "every window" if policy.every == 1 else f"every {policy.every} windows"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
