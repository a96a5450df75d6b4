from dataclasses import replace

import msgspec
import pytest

from example_bundle import make_bundle
from modelwright.deploy.targets.options import Options, options_from
from modelwright.errors import InputError


def test_options_are_read():
    chosen = options_from(["name=churn", "image=registry.example/churn:1", "port=9000", "cpus=2"])
    assert chosen == Options(name="churn", image="registry.example/churn:1", port=9000, cpus=2)


@pytest.mark.parametrize(
    "pair",
    [
        "port=80",
        "port=x",
        "replicas=0",
        "name=Churn",
        "name=a b",
        "image=x y",
        "image=a\nb",
        "base=python:3.11",
        "base=python@sha256:12\nRUN x",
        "port",
    ],
)
def test_a_value_that_does_not_fit_is_refused(pair):
    with pytest.raises(InputError, match=pair.partition("=")[0]):
        options_from([pair])


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("left", "left"),
        ("Is_Late?", "is-late"),
        ("2024", "model-2024"),
        ("é", "model"),
        ("y", "model-y"),
        ("x" * 90, "x" * 32),
    ],
)
def test_a_service_is_named_like_the_model_in_letters_that_hosts_take(target, name):
    bundle = make_bundle()
    facts = msgspec.structs.replace(bundle.facts, target=target)
    assert Options().service(replace(bundle, facts=facts)) == name


def test_an_image_is_named_by_service_and_version():
    bundle = replace(make_bundle(), hash="0123456789abcdef")
    assert Options(name="churn").image_of(bundle) == "churn:0123456789ab"
    assert Options(image="r/x:2").image_of(bundle) == "r/x:2"
