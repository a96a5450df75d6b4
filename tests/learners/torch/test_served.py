"""From a module to a bundle that answers where there is no torch."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

pytest.importorskip("torch", reason="torch is missing")

from modelwright import TableClassifier
from modelwright.learners.torch.module import TorchModule
from torch_modules import Residual

LEARNER = TorchModule("brought", "Brought network", Residual, epochs=5, device="cpu")
_ASK = """
import sys
sys.modules.update(dict.fromkeys(("torch", "keras", "tensorflow", "lightgbm", "sklearn")))
import json
from modelwright import load
rows = json.load(open(sys.argv[2]))
print(json.dumps(load(sys.argv[1]).predict_proba(rows).tolist()))
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


def test_a_registered_module_is_learned_saved_and_asked_without_torch(registered, tmp_path):
    draw = np.random.default_rng(0)
    table = pl.DataFrame({"size": draw.normal(size=400), "shop": draw.choice(["a", "b", "c"], 400)})
    target = np.where(table["size"].to_numpy() + (table["shop"] == "a").to_numpy() > 0.5, "y", "n")
    model = TableClassifier(learners=["brought"], budget="30s").fit(table, target)
    model.save(tmp_path / "bundle")
    (tmp_path / "rows.json").write_text(table[:50].write_json())
    asked = subprocess.run(
        [sys.executable, "-c", _ASK, str(tmp_path / "bundle"), str(tmp_path / "rows.json")],
        capture_output=True,
        text=True,
        check=True,
    )
    answers = np.array(json.loads(asked.stdout))
    np.testing.assert_allclose(answers, model.predict_proba(table[:50]), rtol=1e-12)
    assert ((answers[:, 1] > 0.5) == (target[:50] == "y")).mean() > 0.8
