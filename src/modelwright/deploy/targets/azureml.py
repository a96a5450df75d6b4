"""The target ``azureml``: a managed online endpoint of Azure Machine Learning."""

import re
from typing import Any

from modelwright.deploy.targets.containers import IMAGE_CHECKS, by_fields, image_parts, unchecked
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.image_here import image_serves
from modelwright.deploy.targets.serving_here import serves_here

_NAME = r"[a-zA-Z][-a-zA-Z0-9]{1,30}[a-zA-Z0-9]"
"""How Azure lets endpoints and deployments be called."""


def _routes(said: Any) -> list[Any]:
    config = said["environment"]["inference_config"]
    return [config[f"{name}_route"] for name in ("liveness", "readiness", "scoring")]


TARGET = FolderTarget(
    name="azureml",
    sentence="A managed online endpoint of Azure Machine Learning.",
    parts=image_parts("azureml"),
    validators=(
        *IMAGE_CHECKS,
        by_fields(
            "the endpoint has a name that Azure takes",
            "endpoint.yml",
            {
                "3 to 32 letters": lambda said: re.fullmatch(_NAME, said["name"]) is not None,
                "keys": lambda said: said["auth_mode"] == "key",
            },
        ),
        by_fields(
            "the deployment says where the image is asked",
            "deployment.yml",
            {
                "a name": lambda said: re.fullmatch(_NAME, said["name"]) is not None,
                "three routes at one port": lambda said: (
                    len({route["port"] for route in _routes(said)}) == 1
                ),
                "servers": lambda said: said["instance_count"] >= 1,
            },
        ),
        unchecked(
            "Azure's own reader takes deployment.yml",
            "pip install azure-ai-ml, and azure.ai.ml.load_online_deployment('deployment.yml')",
        ),
        serves_here,
        image_serves,
    ),
)
