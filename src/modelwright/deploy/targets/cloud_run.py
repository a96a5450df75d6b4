"""The target ``cloud-run``: a service of Google Cloud Run."""

from typing import Any

from modelwright.deploy.targets.containers import IMAGE_CHECKS, by_fields, image_parts, unchecked
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.image_here import image_serves
from modelwright.deploy.targets.serving_here import serves_here


def _container(said: Any) -> Any:
    (container,) = said["spec"]["template"]["spec"]["containers"]
    return container


TARGET = FolderTarget(
    name="cloud-run",
    sentence="A service of Google Cloud Run, from no server to many, as it is asked.",
    parts=image_parts("cloud-run"),
    validators=(
        *IMAGE_CHECKS,
        by_fields(
            "the service is one that Cloud Run reads",
            "service.yaml",
            {
                "Knative's v1": lambda said: said["apiVersion"] == "serving.knative.dev/v1",
                "its kind": lambda said: said["kind"] == "Service",
                "the port that is asked": lambda said: (
                    _container(said)["ports"][0]["containerPort"]
                    == _container(said)["startupProbe"]["httpGet"]["port"]
                ),
                "limits": lambda said: (
                    {*_container(said)["resources"]["limits"]} == {"cpu", "memory"}
                ),
            },
        ),
        unchecked(
            "Cloud Run takes service.yaml",
            "gcloud run services replace service.yaml --dry-run",
        ),
        serves_here,
        image_serves,
    ),
)
