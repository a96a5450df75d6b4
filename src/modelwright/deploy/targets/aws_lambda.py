"""The target ``lambda``: a function of AWS Lambda, from a container."""

import re

from modelwright.deploy.targets.containers import CFN_LINT, image_parts
from modelwright.deploy.targets.docker import HADOLINT, copies_reach_the_image
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.lambda_here import answers_events, image_answers_events
from modelwright.deploy.targets.validators import by_program, by_rules, sound_bundle, whole

TARGET = FolderTarget(
    name="lambda",
    sentence="A function of AWS Lambda, with a URL that asks for signed requests.",
    parts=image_parts("lambda"),
    validators=(
        whole,
        sound_bundle,
        by_rules(
            "the image asks Lambda for events, without root",
            "Dockerfile",
            {
                "the loop": lambda text: '"modelwright.serving.aws_lambda"' in text,
                "no root": lambda text: re.search(r"^USER [1-9]", text, re.M) is not None,
                "no server": lambda text: '"--port"' not in text,
            },
        ),
        copies_reach_the_image,
        HADOLINT,
        by_program(
            "cfn-lint finds nothing in function.yaml",
            ["cfn-lint", "--region", "us-east-1", "--template", "function.yaml"],
            install=CFN_LINT,
        ),
        answers_events,
        image_answers_events,
    ),
)
