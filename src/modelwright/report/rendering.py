"""Templates: what they may call, and how what came from data is escaped."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from modelwright.compute.budget import format_duration
from modelwright.report import coverage, everyday, figures, words
from modelwright.report.charts.dots import draw_dots
from modelwright.report.drawings import draw_curves

_TEMPLATES = PackageLoader("modelwright.report")


@cache
def environment() -> Environment:
    """Return where templates are found; whatever they are given is escaped."""
    made = Environment(
        loader=_TEMPLATES,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= _FILTERS
    made.globals |= _FUNCTIONS
    return made


def source_of(name: str) -> str:
    """Return the text of a file among the templates."""
    text, _, _ = _TEMPLATES.get_source(environment(), name)
    return text


_FILTERS: dict[str, Any] = {
    "better": words.better_is,
    "clip": words.clip,
    "duration": format_duration,
    "gain": words.gain,
    "interval": words.interval,
    "listed": words.listed,
    "moment": words.moment,
    "number": words.number,
    "percent": words.percent,
    "plural": words.plural,
    "size": words.size,
    "times": words.times,
    "title_of": words.metric_title,
}

_FUNCTIONS: dict[str, Any] = {
    "draw_curves": draw_curves,
    "draw_dots": draw_dots,
    "hundreds": everyday.hundreds,
    "positive_name": everyday.positive_name,
    "quality": everyday.quality,
    "show_coverage": coverage.show_coverage,
    "show_gains": figures.show_gains,
    "show_frontier": figures.show_frontier,
    "show_health": figures.show_health,
    "show_importances": figures.show_importances,
    "show_growth": figures.show_growth,
    "show_outlook": figures.show_outlook,
    "show_scores": figures.show_scores,
    "show_slices": figures.show_slices,
}
