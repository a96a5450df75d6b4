"""The changes of a contract, as text for a terminal."""

from collections.abc import Sequence

from modelwright.data.contracts.diff import Change
from modelwright.report.terminal.layout import field, left_out, title
from modelwright.report.words import metric_title, number, plural

_SIGNS = {"breaking": "✗", "warning": "!", "note": "·"}
_SHOWN = 15
_UNKNOWN = (
    "how much is not known: the old contract does not say how far the score depends on each "
    "column. That of a built model does, where the build had the time to measure it."
)


def describe_changes(changes: Sequence[Change], *, metric: str) -> str:
    """Return what changed, what hurts the model first.

    Parameters
    ----------
    changes
        Sorted, the worst first.
    metric
        In which losses are told; empty where none is.
    """
    breaking = [change for change in changes if change.severity == "breaking"]
    verdict = (
        f"✗ {plural(len(breaking), 'change')} will hurt the model"
        if breaking
        else "✓ Nothing breaks the model"
    )
    lines = [f"{_SIGNS[change.severity]} {_line(change, metric)}" for change in changes[:_SHOWN]]
    return "\n".join(
        [
            title("Contract"),
            *field("Verdict", f"{verdict}; {plural(len(changes), 'change')} in all."),
            *field("Changes", *lines, *left_out(len(changes) - _SHOWN, "with --json")),
            *(field("By", _UNKNOWN) if breaking and not metric else []),
        ]
    )


def _line(change: Change, metric: str) -> str:
    if change.loss is None:
        return f"{change.sentence}."
    if not change.loss:
        return f"{change.sentence}; the model does not depend on it."
    return (
        f"{change.sentence}; without it the model loses {number(change.loss)} in "
        f"{metric_title(metric)}."
    )
