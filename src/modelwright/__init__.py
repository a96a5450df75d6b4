"""modelwright: the machine-learning engineer as a program.

- `Project`: a question, its workspace, and the five rooms in their order
- `TableClassifier`, `TableRegressor`: the engine alone, as scikit-learn estimators
- `load`: a bundle that answers data frames
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from modelwright import _notebook
from modelwright._version import __version__

if TYPE_CHECKING:
    from modelwright.engineer.project import Project
    from modelwright.estimators import TableClassifier, TableRegressor
    from modelwright.predictor.model import load

__all__ = ["Project", "TableClassifier", "TableRegressor", "__version__", "load"]

_HOMES = {
    "Project": "modelwright.engineer.project",
    "TableClassifier": "modelwright.estimators",
    "TableRegressor": "modelwright.estimators",
    "load": "modelwright.predictor.model",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `import modelwright` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'modelwright' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def _as_html(value: object) -> str:
    # Whoever only predicts must not load reports.
    return str(import_module("modelwright.report.notebook").show(value))


_notebook.told_by(_as_html)
