"""The target ``vertex``: an endpoint of Google's Vertex AI."""

from modelwright.deploy.probes import recorded_answers
from modelwright.deploy.targets.containers import IMAGE_CHECKS, image_parts
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.image_here import image_asked_here
from modelwright.deploy.targets.sagemaker import invocations
from modelwright.deploy.targets.serving_here import asked_here

TARGET = FolderTarget(
    name="vertex",
    sentence="An endpoint of Google's Vertex AI.",
    parts=image_parts("vertex"),
    validators=(
        *IMAGE_CHECKS,
        asked_here(
            "its runtime answers instances, on this machine", (recorded_answers, invocations)
        ),
        image_asked_here((recorded_answers, invocations)),
    ),
)
