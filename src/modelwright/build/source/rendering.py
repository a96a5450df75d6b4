"""Templates filled in."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from modelwright.build.source.literals import literal

TEMPLATES = (
    "README.md",
    "pyproject.toml",
    "settings.py",
    "features.py",
    "model.py",
    "train.py",
    "predict.py",
    "test_model.py",
)
SOMETIMES = {
    "learners.py": "has_learners",
    "design.py": "has_designer",
    "curves.py": "has_curves",
    "linear.py": "has_linear",
    "kernel.py": "has_kernel",
    "losses.py": "has_losses",
    "network.py": "has_network",
    "layers.py": "has_network",
    "scaling.py": "has_scaling",
    "calibration.py": "calibration",
    "split.py": "split",
    "texts.py": "has_texts",
    "topics.py": "has_topics",
    "carried.py": "carried",
}
"""Templates that are filled in where a fact is true."""


def render(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return the files of a project that are made from templates, by name.

    Parameters
    ----------
    facts
        All that a template names; what comes from data is written through the filter ``literal``.
    """
    names = (*TEMPLATES, *(name for name, fact in SOMETIMES.items() if facts[fact]))
    return {name: render_one(name, facts) for name in names}


def render_one(name: str, facts: Mapping[str, Any]) -> str:
    """Return one file of a project.

    Parameters
    ----------
    name
        Of the file.
    facts
        All that its template names.
    """
    return _tidy(_environment().get_template(f"{name}.jinja").render(facts))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("modelwright.build.source", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["literal"] = literal
    return environment


def _tidy(text: str) -> str:
    """Leave no more blank lines than two, which conditions may have left."""
    return re.sub(r"\n{4,}", "\n\n\n", text).strip("\n") + "\n"
