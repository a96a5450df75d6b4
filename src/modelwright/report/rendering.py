"""Templates: what they may call, and how what came from data is escaped."""

import hashlib
import re
from base64 import b64encode
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from modelwright.compute.budget import format_duration
from modelwright.compute.limits import format_latency
from modelwright.report import everyday, hundreds, remedies, words
from modelwright.report.charts.dots import draw_dots
from modelwright.report.pictures import (
    costs,
    coverage,
    fairness,
    figures,
    live_score,
    loss_split,
    movements,
    robustness,
)
from modelwright.report.pictures.dependence import draw_dependences
from modelwright.report.pictures.drawings import draw_curves
from modelwright.report.sources import Sources

_TEMPLATES = PackageLoader("modelwright.report")


_TEXT = re.compile(r"<(style|script|textarea|option|pre|code)\b.*?</\1>|(?<=>)[^<]+", re.DOTALL)
"""What stands between tags; what is copied or sent back, and what is no text, is left as it is."""
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:%|[kMGT]?B|ms|s|min|h)(?!\w))")


class _Page(Template):
    """A template in whose pages no line breaks between a number and its unit."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        return _TEXT.sub(_with_units, super().render(*args, **kwargs))


def _with_units(found: re.Match[str]) -> str:
    return found[0] if found[1] else _BEFORE_UNIT.sub("\u00a0", found[0])


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
    made.template_class = _Page
    made.filters |= _FILTERS
    made.globals |= _FUNCTIONS
    return made


def render_file(template: str, **values: object) -> str:
    """Return a page that is one file: its style is inside, and nothing else is let in.

    Parameters
    ----------
    template
        Its name.
    **values
        What it shows.
    """
    style = source_of("style.css")
    # A policy that names the one style by its hash lets nothing else in, not even what a mistake
    # in escaping would have let through.
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = environment().get_template(template)
    return page.render(style=Markup(style), style_hash=digest, **values)


def load_templates() -> None:
    """Read all pages, so that the first one that is asked for does not wait for it."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)


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
    "association": words.association,
    "latency": format_latency,
    "number": words.number,
    "percent": words.percent,
    "plain": words.escape_markdown,
    "plural": words.plural,
    "scored": words.scored,
    "size": words.size,
    "times": words.times,
    "title_of": words.metric_title,
}

_FUNCTIONS: dict[str, Any] = {
    "cost_rows": live_score.cost_rows,
    "disturbance_kinds": robustness.KINDS,
    "draw_costs": costs.draw_costs,
    "draw_courses": loss_split.draw_courses,
    "draw_curves": draw_curves,
    "draw_dependences": draw_dependences,
    "draw_dots": draw_dots,
    "explain_kinds": robustness.explain_kinds,
    "hundreds": hundreds.hundreds,
    "periods_agree": live_score.periods_agree,
    "positive_name": hundreds.positive_name,
    "quality": everyday.quality,
    "say_exactness": movements.say_exactness,
    "say_movements": movements.say_movements,
    # A page that shows no documents has no sources either.
    "root": "",
    "source": Sources(()),
    "tabulate_robustness": robustness.tabulate_robustness,
    "remedy_facts": remedies.remedy_facts,
    "show_coverage": coverage.show_coverage,
    "fairness_rows": fairness.fairness_rows,
    "show_beside_blend": figures.show_beside_blend,
    "show_gains": figures.show_gains,
    "show_frontier": figures.show_frontier,
    "show_health": figures.show_health,
    "show_importances": figures.show_importances,
    "show_movements": movements.show_movements,
    "show_growth": figures.show_growth,
    "show_live_slices": live_score.show_live_slices,
    "show_outlook": figures.show_outlook,
    "show_periods": live_score.show_periods,
    "show_remedies": figures.show_remedies,
    "show_scores": figures.show_scores,
    "show_shares": loss_split.show_shares,
    "show_slices": figures.show_slices,
}
