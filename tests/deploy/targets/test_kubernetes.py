import pytest
import yaml

from modelwright.deploy.targets.kubernetes import TARGET, schemas_of_kubernetes
from modelwright.deploy.targets.validators import find_program
from target_examples import findings

needs_schemas = pytest.mark.skipif(
    find_program("kubernetes-validate") is None, reason="kubernetes-validate is not installed"
)


@pytest.fixture
def written(delivery, out):
    TARGET.write(delivery, out)
    return out


def test_the_objects_belong_together(written, delivery):
    objects = {
        each["kind"]: each
        for path in written.glob("*.yaml")
        for each in [yaml.safe_load(path.read_text())]
    }
    labels = objects["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert labels["app.kubernetes.io/version"] == delivery.bundle.hash[:12]
    for kind in ("Service", "PodDisruptionBudget", "NetworkPolicy"):
        spec = objects[kind]["spec"]
        selector = spec.get("selector") or spec["podSelector"]
        assert (selector.get("matchLabels") or selector).items() <= labels.items()
    annotations = objects["Kustomization"]["commonAnnotations"]
    assert annotations == {"modelwright.dev/bundle": delivery.bundle.hash}


def test_the_load_says_how_many_servers_there_are_also_during_an_update(written):
    def spec(name):
        return yaml.safe_load((written / name).read_text())["spec"]

    assert "replicas" not in spec("deployment.yaml")
    assert spec("autoscaler.yaml")["minReplicas"] == 2


def test_an_object_that_is_not_listed_is_a_fault(written):
    lists = written / "kustomization.yaml"
    lists.write_text(lists.read_text().replace("  - network.yaml\n", ""))
    found = findings(TARGET, written)["every object is listed"]
    assert (found.passed, found.evidence) == (False, "network.yaml is not both there and listed")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("runAsNonRoot: true", "runAsNonRoot: false", "deployment.yaml: runs as root"),
        ("drop: [ALL]", "add: [SYS_ADMIN]", "deployment.yaml: has capabilities"),
        ("readOnlyRootFilesystem: true", "stdin: true", "deployment.yaml: writes its file system"),
    ],
)
def test_a_container_that_may_more_is_a_fault(written, old, new, fault):
    path = written / "deployment.yaml"
    path.write_text(path.read_text().replace(old, new))
    found = findings(TARGET, written)["every container is kept small"]
    assert (found.passed, found.evidence) == (False, fault)


@needs_schemas
def test_an_unknown_field_and_a_wrong_type_are_faults(written):
    assert schemas_of_kubernetes(written).passed
    path = written / "deployment.yaml"
    whole = path.read_text()
    for wrong in (
        whole.replace("strategy:", "strategie:"),
        whole.replace("periodSeconds: 2", "periodSeconds: soon"),
    ):
        path.write_text(wrong)
        assert schemas_of_kubernetes(written).passed is False
