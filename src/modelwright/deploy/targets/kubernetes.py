"""The target ``kubernetes``: Deployment, Service, autoscaler and what keeps them safe."""

from pathlib import Path
from typing import Any

import yaml

from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.docker import HADOLINT, SAFE_IMAGE, copies_reach_the_image
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.image_here import image_serves
from modelwright.deploy.targets.parts import bundle, runtime, templates
from modelwright.deploy.targets.serving_here import serves_here
from modelwright.deploy.targets.validators import run_program, sound_bundle, verdict, whole

_LISTS = "kustomization.yaml"


def schemas_of_kubernetes(folder: Path) -> Validation:
    """Every object fits the schema of its kind, and has no field that the kind does not know."""
    objects = [path for path in _yamls(folder) if path.name != _LISTS]
    return run_program(
        "every object fits the schemas of Kubernetes",
        ["kubernetes-validate", "--strict", *(str(path.relative_to(folder)) for path in objects)],
        folder,
        install="pip install kubernetes-validate",
    )


def _listed(folder: Path) -> Validation:
    """Every object is listed in the kustomization of its folder, and every one listed is there."""
    faults = []
    for place in {path.parent for path in _yamls(folder)}:
        there = {path.name for path in place.glob("*.yaml")} - {_LISTS}
        listed = set(_read(place / _LISTS)["resources"])
        faults += [f"{name} is not both there and listed" for name in sorted(there ^ listed)]
    return verdict("every object is listed", faults, _LISTS)


def kept_small(folder: Path) -> Validation:
    """Every container runs without root and privileges, within limits."""
    faults = []
    for path in _yamls(folder):
        for pod in _pods(_read(path)):
            faults += [f"{path.name}: {fault}" for fault in _faults_of_pod(pod)]
    evidence = "no root, no privilege, read-only, limited memory, no token of the cluster"
    return verdict("every container is kept small", faults, evidence)


def _faults_of_pod(pod: dict[str, Any]) -> list[str]:
    kept = {
        "runs as root": pod["securityContext"].get("runAsNonRoot"),
        "has the token of the cluster": pod.get("automountServiceAccountToken") is False,
    }
    for container in pod["containers"]:
        context = container["securityContext"]
        kept |= {
            "writes its file system": context.get("readOnlyRootFilesystem"),
            "may gain privileges": context.get("allowPrivilegeEscalation") is False,
            "has capabilities": context["capabilities"] == {"drop": ["ALL"]},
            "has no limit of memory": container["resources"]["limits"].get("memory"),
        }
    return [fault for fault, keeps in kept.items() if not keeps]


def _pods(value: Any) -> list[dict[str, Any]]:
    """Return what describes pods, at any depth."""
    if isinstance(value, list):
        return [pod for each in value for pod in _pods(each)]
    if not isinstance(value, dict):
        return []
    return [value] if "containers" in value else _pods(list(value.values()))


def _yamls(folder: Path) -> list[Path]:
    own = [*folder.glob("*.yaml"), *(folder / "maintain").glob("*.yaml")]
    return sorted(own)


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


TARGET = FolderTarget(
    name="kubernetes",
    sentence="Servers on a cluster that come and go with the load, for kubectl apply --kustomize.",
    parts=(bundle, runtime, templates("shared", "docker", "kubernetes")),
    validators=(
        whole,
        sound_bundle,
        SAFE_IMAGE,
        copies_reach_the_image,
        HADOLINT,
        _listed,
        kept_small,
        schemas_of_kubernetes,
        serves_here,
        image_serves,
    ),
)
