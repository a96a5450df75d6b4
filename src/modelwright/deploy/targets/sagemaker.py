"""The target ``sagemaker``: a real-time endpoint of Amazon SageMaker."""

from modelwright.deploy.client import Client
from modelwright.deploy.probes import recorded_answers
from modelwright.deploy.targets.containers import CFN_LINT, IMAGE_CHECKS, image_parts
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.image_here import image_asked_here
from modelwright.deploy.targets.serving_here import asked_here
from modelwright.deploy.targets.validators import by_program
from modelwright.documents import Gate
from modelwright.predictor.bundle import Bundle


def invocations(client: Client, bundle: Bundle) -> Gate:
    """`GET /ping` is answered, and `POST /invocations` gives an answer for each recorded row."""
    rows = [case.record for case in bundle.cases]
    ping = client.get("/ping")
    reply = client.post("/invocations", {"instances": rows or [{}]})
    given = reply.body.get("predictions", [])
    passed = ping.status == 200 and reply.status == 200 and len(given) == len(rows or [{}])
    return Gate(
        name="the platform's routes are answered",
        passed=passed,
        evidence=f"/ping {ping.status}, /invocations {reply.status} with {len(given)} answers",
    )


TARGET = FolderTarget(
    name="sagemaker",
    sentence="A real-time endpoint of Amazon SageMaker.",
    parts=image_parts("sagemaker"),
    validators=(
        *IMAGE_CHECKS,
        by_program("the shell reads serve", ["sh", "-n", "serve"], install="a POSIX shell"),
        by_program(
            "cfn-lint finds nothing in endpoint.yaml",
            ["cfn-lint", "--region", "us-east-1", "--template", "endpoint.yaml"],
            install=CFN_LINT,
        ),
        asked_here(
            "its runtime answers as SageMaker asks, on this machine",
            (recorded_answers, invocations),
        ),
        image_asked_here((recorded_answers, invocations)),
    ),
)
