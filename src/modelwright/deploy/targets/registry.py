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
    systemd,
    vertex,
)
from modelwright.deploy.targets.base import Target
from modelwright.deploy.targets.forms import FORMS
from modelwright.errors import InputError

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
        *FORMS.values(),
    )
}
"""The targets that come with modelwright."""

_ELSEWHERE = {
    "wheel": "The target 'python' writes a module with make_wheel.py, which makes a wheel of it.",
    "sql": "Each database has one: "
    f"{', '.join(repr(name) for name in FORMS if name.startswith('sql-'))}.",
}
"""Where to find what somebody may look for under another name."""


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
    known = known_targets()
    if name in _ELSEWHERE and name not in known:
        raise InputError(f"There is no target {name!r}.", _ELSEWHERE[name])
    return named(name, known, "target")
