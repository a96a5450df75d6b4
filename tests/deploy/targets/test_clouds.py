"""The targets whose host is somebody else's platform."""

from dataclasses import replace

import msgspec
import pytest
import yaml

from modelwright.deploy.targets import azureml, huggingface_space, kserve
from modelwright.deploy.targets.aws_lambda import TARGET as LAMBDA
from modelwright.deploy.targets.lambda_here import answers_events
from modelwright.deploy.targets.options import Options
from modelwright.deploy.targets.registry import TARGETS
from modelwright.deploy.targets.validators import find_program
from target_examples import findings


def _fault(target, out, name):
    found = findings(target, out)[name]
    assert found.passed is False
    return found.evidence


def test_an_image_of_ones_own_is_named_everywhere(delivery, tmp_path):
    chosen = replace(delivery, options=Options(image="registry.example/left:7"))
    for name, file in (
        ("kserve", "inferenceservice.yaml"),
        ("cloud-run", "service.yaml"),
        ("azureml", "deployment.yml"),
    ):
        TARGETS[name].write(chosen, tmp_path / name)
        assert "registry.example/left:7" in (tmp_path / name / file).read_text()


def test_a_service_that_kserve_does_not_know_is_a_fault(delivery, out):
    kserve.TARGET.write(delivery, out)
    path = out / "inferenceservice.yaml"
    path.write_text(path.read_text().replace("kserve-container", "model"))
    name = "the service names its container as KServe wants it"
    assert _fault(kserve.TARGET, out, name) == "inferenceservice.yaml: kserve-container"
    path.write_text("predictor: [")
    assert "inferenceservice.yaml" in _fault(kserve.TARGET, out, name)


def test_a_name_that_azure_does_not_take_is_a_fault(delivery, out):
    chosen = replace(delivery, options=Options(name="a" * 40))
    azureml.TARGET.write(chosen, out)
    name = "the endpoint has a name that Azure takes"
    assert _fault(azureml.TARGET, out, name) == "endpoint.yml: 3 to 32 letters"


def test_a_space_has_its_card_first(delivery, out):
    facts = msgspec.structs.replace(delivery.bundle.facts, target='"late": {é}\n---')
    chosen = replace(delivery, bundle=replace(delivery.bundle, facts=facts))
    huggingface_space.TARGET.write(chosen, out)
    text = (out / "README.md").read_text()
    assert text.startswith("---\ntitle:")
    card = yaml.safe_load(text.split("---\n")[1])
    assert (card["sdk"], card["app_port"]) == ("docker", 8080)


def test_a_function_that_answers_otherwise_is_a_fault(delivery, out):
    LAMBDA.write(delivery, out)
    assert answers_events(out).passed
    module = out / "runtime/modelwright/serving/aws_lambda.py"
    module.write_text(module.read_text().replace('"/predict"', '"/prophesy"'))
    assert "rows: " in answers_events(out).evidence


@pytest.mark.skipif(find_program("cfn-lint") is None, reason="cfn-lint is not installed")
def test_a_template_with_a_mistake_is_a_fault(delivery, out):
    LAMBDA.write(delivery, out)
    path = out / "function.yaml"
    path.write_text(path.read_text().replace("MemorySize: 512", "MemorySize: much"))
    assert "cfn-lint" in _fault(LAMBDA, out, "cfn-lint finds nothing in function.yaml")
