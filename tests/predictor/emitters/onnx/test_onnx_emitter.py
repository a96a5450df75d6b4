import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from example_bundle import BINARY, MULTICLASS, REGRESSION, ROWS, make_bundle, make_covered_bundle
from modelwright.predictor.compose import append_step
from modelwright.predictor.emitters.onnx import ONNX
from modelwright.predictor.emitters.rows_file import rows_file
from modelwright.predictor.operations.answers import Isotonic
from modelwright.predictor.program import Input


@pytest.fixture(scope="module", params=[BINARY, MULTICLASS, REGRESSION], ids=lambda t: t.kind)
def folder(request, tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("onnx")
    for name, content in ONNX.emit(make_covered_bundle(request.param)).items():
        (made / name).write_bytes(content)
    return made


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True)


def test_recorded_rows_are_replayed(folder):
    done = run(folder, "replay.py")
    said = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert (said["rows"], said["differ"]) == (len(make_bundle().cases), 0)
    assert said["largest"] < 1e-12


def test_the_example_answers(folder):
    done = run(folder, "example.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("answers [[")


def test_a_wrong_answer_and_a_wrong_class_are_found(tmp_path):
    bundle = make_bundle()
    for name, content in ONNX.emit(bundle).items():
        (tmp_path / name).write_bytes(content)
    data = bytearray(rows_file(bundle, ROWS))
    data[-20:-12] = np.float64(np.nan).tobytes()
    data[-4:] = np.int32(1 - int.from_bytes(data[-4:], "little")).tobytes()
    (tmp_path / "wrong.rows").write_bytes(data)
    done = run(tmp_path, "replay.py", "wrong.rows")
    said = {"rows": len(ROWS), "differ": 1, "largest": "inf"}
    assert (done.returncode, json.loads(done.stdout)) == (1, said), done.stderr
    (tmp_path / "wrong.rows").write_bytes(data[:-1])
    assert "ends too soon" in run(tmp_path, "replay.py", "wrong.rows").stderr


def test_the_same_bundle_gives_the_same_bytes():
    assert ONNX.emit(make_bundle()) == ONNX.emit(make_bundle())


def test_the_readme_names_inputs_outputs_and_the_bundle():
    bundle = replace(make_covered_bundle(BINARY), hash="f00d")
    text = ONNX.emit(bundle)["README.md"].decode()
    for part in ("`f00d`", "`job` | string", "`seen` | int64", "`sets` | bool", "no, yes", "90%"):
        assert part in text


def test_hostile_names_stay_names(tmp_path):
    bundle = make_bundle()
    column = msgspec.structs.replace(bundle.schema["age"], name="a`|\n\"'}}{% x")
    steps = [
        msgspec.structs.replace(
            step,
            inputs=tuple(n.replace("column:age", f"column:{column.name}") for n in step.inputs),
        )
        for step in bundle.program.steps
    ]
    inputs = (Input(name=column.name, type="number"), *bundle.program.inputs[1:])
    hostile = replace(
        bundle,
        program=msgspec.structs.replace(bundle.program, inputs=inputs, steps=tuple(steps)),
        schema=msgspec.structs.replace(bundle.schema, columns=(column, *bundle.schema.columns[1:])),
        cases=(),
    )
    for name, content in ONNX.emit(hostile).items():
        (tmp_path / name).write_bytes(content)
    assert run(tmp_path, "example.py").returncode == 0


@pytest.mark.parametrize("name", ["", "a\0", "\ud800"])
def test_a_name_that_onnx_has_no_way_to_write_is_refused(name):
    bundle = make_bundle()
    inputs = (Input(name=name, type="number"), *bundle.program.inputs[1:])
    wrong = replace(bundle, program=msgspec.structs.replace(bundle.program, inputs=inputs))
    assert "rename the column" in ONNX.refusal(wrong)
    assert ONNX.refusal(bundle) == ""


def test_a_calibration_without_a_slope_is_refused():
    step = Isotonic(inputs=("",), output="", x=np.array([0.0, 5e-324]), y=np.array([0.0, 1.0]))
    bundle = make_bundle()
    steep = replace(bundle, program=append_step(bundle.program, step))
    assert "rises faster" in ONNX.refusal(steep)
