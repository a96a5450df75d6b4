import pytest

from example_bundle import make_bundle
from modelwright.errors import ServiceError
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.serving.container import (
    VertexRoutes,
    container_port,
    model_folder,
    named_port,
    vertex_routes,
)


def test_the_environment_names_both_routes_or_none():
    assert vertex_routes({"AIP_HTTP_PORT": "8080"}) is None
    named = {"AIP_HEALTH_ROUTE": "/h", "AIP_PREDICT_ROUTE": "/p"}
    assert vertex_routes(named) == VertexRoutes(health="/h", predict="/p")
    for wrong in ({"AIP_HEALTH_ROUTE": "/h"}, {**named, "AIP_PREDICT_ROUTE": "/{name}"}):
        with pytest.raises(ServiceError, match="AIP_PREDICT_ROUTE is"):
            vertex_routes(wrong)


def test_the_platform_may_name_the_port():
    assert container_port({}) == 8080
    assert container_port({"SAGEMAKER_BIND_TO_PORT": "8123"}) == 8123
    assert named_port({"SAGEMAKER_BIND_TO_PORT": "8123", "AIP_HTTP_PORT": "80"}) == 80
    assert named_port({"AIP_HTTP_PORT": ""}) is None
    with pytest.raises(ServiceError, match="SAGEMAKER_BIND_TO_PORT is 'http', no port"):
        container_port({"SAGEMAKER_BIND_TO_PORT": "http"})


def test_the_model_lies_in_the_folder_or_in_the_only_folder_in_it(tmp_path):
    assert model_folder(tmp_path / "none") == tmp_path / "none"
    write_bundle(make_bundle(), tmp_path / "model" / "left-1")
    assert model_folder(tmp_path / "model") == tmp_path / "model" / "left-1"
    assert model_folder(tmp_path / "model" / "left-1") == tmp_path / "model" / "left-1"
