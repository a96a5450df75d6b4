"""Learners that a package of somebody's own registers, and their bundles asked elsewhere."""

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from modelwright.learners import registry
from modelwright.learners.registry import learner_named
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.predictor.operations.base import Floats

_FRAMEWORKS = ("torch", "keras", "tensorflow", "jax", "lightgbm", "sklearn")
_ASK = f"""
import json, sys
sys.modules.update(dict.fromkeys({_FRAMEWORKS}))
from modelwright import load
print(json.dumps(load(sys.argv[1]).predict_proba(json.load(sys.stdin)).tolist()))
"""


def bring(module: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a package in a folder whose learner `brought` is the `LEARNER` of a module."""
    facts = folder / "site" / "brought-1.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: brought\nVersion: 1\n")
    (facts / "entry_points.txt").write_text(
        "[modelwright.learners]\nbrought = brought_package:LEARNER\n"
    )
    monkeypatch.syspath_prepend(facts.parent)
    monkeypatch.setitem(sys.modules, "brought_package", module)
    monkeypatch.setitem(registry.LEARNERS, "brought", learner_named("brought"))


def answers_without_frameworks(bundle: Bundle, folder: Path) -> Floats:
    """Return what a process in which no framework can be imported answers the recorded rows."""
    write_bundle(bundle, folder)
    done = subprocess.run(
        [sys.executable, "-c", _ASK, str(folder)],
        input=json.dumps([case.record for case in bundle.cases]),
        capture_output=True,
        text=True,
    )
    assert not done.returncode, done.stderr
    return np.array(json.loads(done.stdout))
