"""Targets by name."""

from modelwright._plugins import named, registered
from modelwright.deploy.targets import (
    aws_lambda,
    azureml,
    batch,
    cloud_run,
    compose,
    docker,
    huggingface_space,
    kserve,
    kubernetes,
    local,
    mlflow,
    offline,
    sagemaker,
    schedule,
    sql,
    systemd,
    vertex,
    wheel,
)
from modelwright.deploy.targets.base import Target
from modelwright.deploy.targets.forms import FORMS

TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        local.TARGET,
        mlflow.TARGET,
        offline.TARGET,
        batch.TARGET,
        systemd.TARGET,
        docker.TARGET,
        compose.TARGET,
        kubernetes.TARGET,
        kserve.TARGET,
        sagemaker.TARGET,
        aws_lambda.TARGET,
        cloud_run.TARGET,
        azureml.TARGET,
        vertex.TARGET,
        huggingface_space.TARGET,
        schedule.TARGET,
        wheel.TARGET,
        sql.TARGET,
        *FORMS.values(),
    )
}
"""The targets that come with modelwright."""


def known_targets() -> dict[str, Target]:
    """Return every target by name: those of modelwright, and those that packages registered."""
    return TARGETS | registered("targets")


def target_named(name: str) -> Target:
    """Return a target.

    Raises
    ------
    InputError
        With the nearest name, when there is none of that name.

    Examples
    --------
    >>> target_named("docker").name
    'docker'
    >>> target_named("dokcer")
    Traceback (most recent call last):
    ...
    modelwright.errors.InputError: There is no target 'dokcer'. Did you mean 'docker'?
    """
    return named(name, known_targets(), "target")
