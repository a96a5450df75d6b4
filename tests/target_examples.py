"""What the validators of a target say, without the one that starts a server."""

from pathlib import Path

from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.serving_here import serves_here


def findings(target: FolderTarget, folder: Path) -> dict[str, Validation]:
    """Return what each validator says, by what ought to be so."""
    validators = [each for each in target.validators if each is not serves_here]
    return {found.name: found for found in (validator(folder) for validator in validators)}
