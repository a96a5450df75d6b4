"""What targets have in common whose host runs an image: its parts, and objects in YAML."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.docker import HADOLINT, SAFE_IMAGE, copies_reach_the_image
from modelwright.deploy.targets.folder import Part, Validator
from modelwright.deploy.targets.parts import bundle, runtime, templates
from modelwright.deploy.targets.validators import sound_bundle, verdict, whole

IMAGE_CHECKS: tuple[Validator, ...] = (
    whole,
    sound_bundle,
    SAFE_IMAGE,
    copies_reach_the_image,
    HADOLINT,
)
CFN_LINT = "pip install cfn-lint"

Rule = Callable[[Any], bool]


def image_parts(folder: str) -> tuple[Part, ...]:
    """Return the parts of a folder that builds an image, and has templates of its own.

    Parameters
    ----------
    folder
        Below `templates`.
    """
    return (bundle, runtime, templates("shared", "docker", folder))


def by_fields(name: str, file: str, rules: Mapping[str, Rule]) -> Validator:
    """Return a validator that reads a file of YAML and looks at what it says.

    Parameters
    ----------
    name
        What ought to be so.
    file
        Its path in the folder.
    rules
        By what each rule says: whether what was read keeps it.
    """

    def validate(folder: Path) -> Validation:
        try:
            said = yaml.safe_load((folder / file).read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            return Validation(name, False, f"{file}: {error}")
        broken = [f"{file}: {rule}" for rule, keeps in rules.items() if not _kept(keeps, said)]
        return verdict(name, broken, f"{file}: {', '.join(rules)}")

    return validate


def unchecked(name: str, by: str) -> Validator:
    """Return a validator that says what only the host can check, and how to ask it.

    Parameters
    ----------
    name
        What ought to be so.
    by
        What to install or run.
    """
    return lambda _: Validation(name, None, f"not checked: only the host can. Install or run: {by}")


def _kept(rule: Rule, said: Any) -> bool:
    try:
        return rule(said)
    except (KeyError, IndexError, TypeError, AttributeError):
        return False
