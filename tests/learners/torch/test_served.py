"""From a module to a bundle that answers where there is no torch."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is missing")

from emitted_bundles import learned_bundle
from modelwright.learners import registry
from modelwright.learners.registry import learner_named
from modelwright.learners.torch.module import TorchModule
from modelwright.predictor.bundle_folder import write_bundle
from torch_modules import Residual

LEARNER = TorchModule("brought", "Brought network", Residual, epochs=5, device="cpu")
_ASK = """
import json, sys
sys.modules.update(dict.fromkeys(("torch", "keras", "tensorflow", "lightgbm", "sklearn")))
from modelwright import load
print(json.dumps(load(sys.argv[1]).predict_proba(json.load(sys.stdin)).tolist()))
"""


@pytest.fixture
def registered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package of somebody's own that brings a learner."""
    folder = tmp_path / "site" / "brought-1.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: brought\nVersion: 1\n")
    (folder / "entry_points.txt").write_text(
        "[modelwright.learners]\nbrought = brought_package:LEARNER\n"
    )
    monkeypatch.syspath_prepend(folder.parent)
    monkeypatch.setitem(sys.modules, "brought_package", sys.modules[__name__])


def test_a_registered_module_is_learned_saved_and_asked_without_torch(
    registered, tmp_path, monkeypatch
):
    monkeypatch.setitem(registry.LEARNERS, "brought", learner_named("brought"))
    bundle = learned_bundle("binary", members=["brought"], rounds=3)
    write_bundle(bundle, tmp_path / "bundle")
    done = subprocess.run(
        [sys.executable, "-c", _ASK, str(tmp_path / "bundle")],
        input=json.dumps([case.record for case in bundle.cases]),
        capture_output=True,
        text=True,
    )
    assert not done.returncode, done.stderr
    expected = [case.expected for case in bundle.cases]
    np.testing.assert_allclose(json.loads(done.stdout), expected, rtol=1e-12)
