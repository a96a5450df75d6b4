import pytest

from graph_models import graph_bundle
from modelwright.errors import ServiceError
from modelwright.predictor.compiled import compile_program
from modelwright.predictor.emitters.registry import EMITTERS


@pytest.mark.parametrize("name", EMITTERS)
def test_no_other_form_runs_a_graph(name):
    reason = EMITTERS[name].refusal(graph_bundle())
    assert "graph" in reason
    assert "--to local" in reason


def test_a_graph_is_not_compiled(tmp_path):
    with pytest.raises(ServiceError, match="cannot be compiled: Its model is a graph"):
        compile_program(graph_bundle(), tmp_path)
