"""From a module to a bundle that answers where there is no torch."""

import sys

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is missing")

from brought_learners import answers_without_frameworks, bring
from emitted_bundles import learned_bundle
from modelwright.learners.torch.module import TorchModule
from torch_modules import Residual

LEARNER = TorchModule("brought", "Brought network", Residual, epochs=5, device="cpu")


def test_a_registered_module_is_learned_saved_and_asked_without_torch(tmp_path, monkeypatch):
    bring(sys.modules[__name__], tmp_path, monkeypatch)
    bundle = learned_bundle("binary", members=["brought"], rounds=3)
    answers = answers_without_frameworks(bundle, tmp_path / "bundle")
    np.testing.assert_allclose(answers, [case.expected for case in bundle.cases], rtol=1e-12)
