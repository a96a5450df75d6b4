from dataclasses import replace

import pytest

from example_bundle import make_bundle
from graph_models import graph_bundle
from modelwright.deploy.targets.base import Delivery
from modelwright.deploy.targets.facts import facts_of
from modelwright.deploy.targets.memory import memory_mb
from modelwright.deploy.targets.options import Options
from modelwright.deploy.targets.registry import target_named
from modelwright.predictor.bundle_folder import write_bundle


@pytest.mark.parametrize(("make", "needed"), [(make_bundle, 512), (graph_bundle, 1536)])
def test_a_graph_gets_what_it_may_take_and_others_do_not(tmp_path, make, needed):
    write_bundle(make(), tmp_path / "bundle")
    delivery = Delivery.of(tmp_path / "bundle")
    assert memory_mb(delivery) == facts_of(delivery)["memory_mb"] == needed


def test_what_was_chosen_counts(tmp_path):
    write_bundle(graph_bundle(), tmp_path / "bundle")
    chosen = Delivery.of(tmp_path / "bundle", Options(memory_mb=600))
    assert memory_mb(chosen) == 600


def test_a_large_model_gets_more(tmp_path):
    write_bundle(make_bundle(), tmp_path / "bundle")
    delivery = Delivery.of(tmp_path / "bundle")
    large = tmp_path / "large"
    large.mkdir()
    with (large / "program.safetensors").open("wb") as file:
        file.truncate(100 << 20)
    assert memory_mb(replace(delivery, bundle_folder=large)) == 1280


@pytest.mark.parametrize(
    ("target", "file", "line"),
    [
        ("compose", "compose.yaml", "mem_limit: 1536m"),
        ("kubernetes", "deployment.yaml", "memory: 1536Mi"),
        ("lambda", "function.yaml", "MemorySize: 1536"),
        ("systemd", "*.service", "MemoryMax=1536M"),
    ],
)
def test_hosts_let_a_graph_take_it(tmp_path, target, file, line):
    write_bundle(graph_bundle(), tmp_path / "bundle")
    target_named(target).write(Delivery.of(tmp_path / "bundle"), tmp_path / "out")
    (written,) = (tmp_path / "out").glob(file)
    assert line in written.read_text()
