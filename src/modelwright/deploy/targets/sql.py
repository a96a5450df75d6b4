"""The target ``sql``: the view for the database that ``--set dialect=NAME`` names."""

from dataclasses import dataclass
from pathlib import Path

from modelwright.deploy.targets.base import Delivery, Target, Validation
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.forms import FORMS
from modelwright.deploy.targets.parts import BUNDLE
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.predictor.emitters.registry import EMITTERS

_PREFIX = "sql-"
_VIEW = "model.sql"
DIALECTS = tuple(name.removeprefix(_PREFIX) for name in FORMS if name.startswith(_PREFIX))
"""Databases that a view is written for."""


@dataclass(frozen=True)
class SqlTarget:
    """The view for one of several databases: what ``sql-DIALECT`` writes."""

    name: str = "sql"
    sentence: str = f"The model as a view; --set dialect= names one of {', '.join(DIALECTS)}."

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Write the view for the database that was chosen."""
        FORMS[f"{_PREFIX}{delivery.options.dialect}"].write(delivery, folder)

    def validate(self, folder: Path) -> tuple[Validation, ...]:
        """Check the view in the database that it was written for."""
        return _written_for(folder).validate(folder)


def _written_for(folder: Path) -> FolderTarget:
    """Return the target that wrote a folder: the one that would write the same view."""
    bundle, view = read_bundle(folder / BUNDLE), (folder / _VIEW).read_bytes()
    names = [f"{_PREFIX}{dialect}" for dialect in DIALECTS]
    able = (name for name in names if not EMITTERS[name].refusal(bundle))
    same = (name for name in able if EMITTERS[name].emit(bundle)[_VIEW] == view)
    # A view that somebody changed is told of by any of them.
    return FORMS[next(same, names[0])]


TARGET: Target = SqlTarget()
