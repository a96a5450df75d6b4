"""The target ``kserve``: an InferenceService that speaks the Open Inference Protocol."""

from modelwright.deploy.probes import inference_protocol, recorded_answers
from modelwright.deploy.targets.containers import IMAGE_CHECKS, by_fields, image_parts, unchecked
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.image_here import image_asked_here
from modelwright.deploy.targets.serving_here import asked_here

TARGET = FolderTarget(
    name="kserve",
    sentence="An InferenceService of KServe on Kubernetes.",
    parts=image_parts("kserve"),
    validators=(
        *IMAGE_CHECKS,
        by_fields(
            "the service names its container as KServe wants it",
            "inferenceservice.yaml",
            {
                "v1beta1": lambda said: said["apiVersion"] == "serving.kserve.io/v1beta1",
                "its kind": lambda said: said["kind"] == "InferenceService",
                "kserve-container": lambda said: (
                    said["spec"]["predictor"]["containers"][0]["name"] == "kserve-container"
                ),
                "one port": lambda said: (
                    len(said["spec"]["predictor"]["containers"][0]["ports"]) == 1
                ),
                "no root": lambda said: said["spec"]["predictor"]["securityContext"][
                    "runAsNonRoot"
                ],
            },
        ),
        unchecked(
            "the cluster's own definition of InferenceService takes it",
            "kubectl apply --dry-run=server --filename inferenceservice.yaml",
        ),
        asked_here(
            "its runtime speaks the protocol on this machine",
            (recorded_answers, inference_protocol),
        ),
        image_asked_here((recorded_answers, inference_protocol)),
    ),
)
