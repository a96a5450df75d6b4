"""The target ``huggingface-space``: a Docker Space of Hugging Face."""

from pathlib import Path

import yaml

from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.containers import IMAGE_CHECKS, image_parts
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.image_here import image_serves
from modelwright.deploy.targets.serving_here import serves_here
from modelwright.deploy.targets.validators import verdict

_LONGEST_DESCRIPTION = 60


def _card(folder: Path) -> Validation:
    """README.md begins with what a Space is configured by."""
    name = "README.md begins with the card of a Docker Space"
    _, card, _ = (folder / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    said = yaml.safe_load(card)
    port = f"EXPOSE {said.get('app_port')}\n" in (folder / "Dockerfile").read_text(encoding="utf-8")
    kept = {
        "sdk: docker": said.get("sdk") == "docker",
        "the port of the image": port,
        "a short description": len(said.get("short_description", "")) <= _LONGEST_DESCRIPTION,
    }
    return verdict(name, [what for what, keeps in kept.items() if not keeps], ", ".join(kept))


TARGET = FolderTarget(
    name="huggingface-space",
    sentence="A Docker Space of Hugging Face.",
    parts=image_parts("huggingface-space"),
    validators=(*IMAGE_CHECKS, _card, serves_here, image_serves),
)
