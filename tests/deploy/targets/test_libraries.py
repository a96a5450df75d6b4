import re
import tomllib
from pathlib import Path

from graph_models import graph_bundle
from modelwright.deploy.targets.libraries import lock_of, names_in
from modelwright.deploy.targets.mlmodel import GRAPH_NEEDS
from modelwright.testing import example_bundle

ROOT = Path(__file__).parents[3]


def test_a_graph_needs_its_runtime_and_other_bundles_do_not():
    usual, graph = (lock_of(each).decode() for each in (example_bundle(), graph_bundle()))
    more = set(names_in(graph)) - set(names_in(usual))
    assert {"onnx", "onnxruntime", "protobuf"} <= more
    # Each once, so that pip takes both lists as one.
    assert len(names_in(graph)) == len(set(names_in(graph)))
    assert graph.count("--hash=sha256:") > usual.count("--hash=sha256:")
    version = re.search(r"^onnxruntime==1\.(\d+)", graph, re.M)
    assert version
    assert 24 <= int(version[1]) < 29


def test_what_a_graph_needs_is_the_extra():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert list(GRAPH_NEEDS) == extras["optional-dependencies"]["onnx"]
