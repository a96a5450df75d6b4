"""What answers cost by how often the model warns: the threshold against the costs stated."""

from dataclasses import replace

from modelwright.documents import Candidate, Curve, Plan
from modelwright.report.charts.axis import Axis
from modelwright.report.charts.plots import (
    Frame,
    Points,
    draw_hits,
    draw_line,
    draw_note,
    draw_plot,
    draw_points,
)
from modelwright.report.pictures.drawings import Drawing, draw_table
from modelwright.report.sources import Part, Said
from modelwright.report.words import clip
from modelwright.tasks.costs import Costs
from modelwright.tasks.savings import Counts

_CASES = 1_000


def draw_costs(plan: Plan | None, candidate: Candidate) -> Drawing | None:
    """Draw what a thousand cases of the holdout cost as the model warns more often.

    Parameters
    ----------
    plan
        It states the costs.
    candidate
        Its ROC curve tells what each threshold finds, and its counts what the chosen one does.

    Returns
    -------
    Drawing or None
        None where no costs are stated, or nothing was ranked.
    """
    evaluation = candidate.evaluation
    curve = next((each for each in evaluation.curves if each.name == "roc"), None)
    if plan is None or plan.costs is None or curve is None:
        return None
    costs, counts = plan.costs, evaluation.counts
    told = Said("", costs, curve, *(Part(evaluation, name) for name in Counts.__struct_fields__))
    return replace(_draw(costs, _points(costs, counts, curve), _chosen(costs, counts)), part=told)


def _points(costs: Costs, counts: Counts, curve: Curve) -> Points:
    """Return the share of cases warned about and their cost, for each point of the ROC curve."""
    others = counts.rows - counts.positives
    return tuple(
        _place(costs, counts, warned=alarms * others + found * counts.positives, right=found)
        for alarms, found in zip(curve.x, curve.y, strict=True)
    )


def _chosen(costs: Costs, counts: Counts) -> tuple[float, float]:
    right = counts.warned_right / counts.positives
    return _place(costs, counts, warned=counts.warned, right=right)


def _place(costs: Costs, counts: Counts, *, warned: float, right: float) -> tuple[float, float]:
    found = right * counts.positives
    alarms = warned - found
    paid = (
        found * costs.true_positive
        + alarms * costs.false_positive
        + (counts.positives - found) * costs.false_negative
        + (counts.rows - counts.positives - alarms) * costs.true_negative
    )
    return warned / counts.rows, _CASES * paid / counts.rows


def _draw(costs: Costs, points: Points, chosen: tuple[float, float]) -> Drawing:
    unit = f", {clip(costs.unit, 20)}" if costs.unit else ""
    frame = Frame(
        x=Axis(0.0, 1.0, most_ticks=6),
        y=Axis.over((0.0, chosen[1], *(cost for _, cost in points)), most_ticks=6),
        x_title="share of cases that it warns about",
        y_title=f"cost of a thousand cases{unit}",
        label="What a thousand cases cost against the share of cases that it warns about",
    )
    svg = draw_plot(
        frame,
        draw_line(frame, points),
        draw_points(frame, [chosen], radius=5.0),
        draw_note(frame, (0.98, frame.y.low + 0.04 * (frame.y.high - frame.y.low)), "dot: chosen"),
        draw_hits(frame, points),
    )
    return draw_table(
        Drawing(
            title="What a threshold costs",
            sentence="At the left it never warns, at the right always; lower is cheaper. The "
            "threshold was chosen on other rows, so the dot need not be the lowest point.",
            svg=svg,
            headings=(frame.x_title, frame.y_title),
            rows=(),
            points=len(points),
        ),
        points,
    )
