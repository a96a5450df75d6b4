import shutil
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from emitted_bundles import learned_bundle
from modelwright.data.records import RecordReader
from modelwright.errors import ServiceError
from modelwright.predictor import compiled
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.predictor.compiled import CompiledProgram, compile_program
from modelwright.predictor.emitters.adversarial import adversarial_records
from modelwright.predictor.kernel.library import kernel_available
from modelwright.predictor.model import load
from modelwright.testing import example_rows

pytestmark = pytest.mark.skipif(
    not (shutil.which("g++") and shutil.which("make")), reason="there is no g++ or no make"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory):
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture(scope="module")
def bundle(folder) -> Bundle:
    write_bundle(replace(learned_bundle("binary"), hash=""), folder / "bundle")
    return read_bundle(folder / "bundle")


@pytest.fixture(scope="module")
def program(bundle, folder) -> CompiledProgram:
    return compile_program(bundle, folder / "cache")


def test_answers_are_those_of_the_interpreter(bundle, program):
    rows = example_rows("binary", count=9_000, seed=5).columns
    strange = RecordReader(bundle.schema)(adversarial_records(bundle, count=500))
    for columns in (rows, {name: values[:1] for name, values in rows.items()}, strange):
        with np.errstate(all="ignore"):
            expected = bundle.program.run(columns)
        np.testing.assert_allclose(program.run(columns), expected, rtol=1e-12, atol=1e-12)


def test_what_was_compiled_is_found_again(bundle, folder, program, monkeypatch):
    monkeypatch.setattr(compiled, "_compile", None)
    rows = example_rows("binary", count=10, seed=5).columns
    assert compile_program(bundle, folder / "cache").run(rows).shape == (10, 2)


def test_a_library_of_another_bundle_is_not_used(bundle, folder, program):
    (library,) = (folder / "cache").glob("*.so")
    with pytest.raises(ServiceError, match="was compiled from"):
        CompiledProgram(replace(bundle, hash="other"), library)


def test_a_library_that_answers_otherwise_is_not_used(bundle, folder, program):
    (library,) = (folder / "cache").glob("*.so")
    wrong = msgspec.structs.replace(bundle.cases[0], expected=(0.3, 0.7))
    with pytest.raises(ServiceError, match="answers recorded rows otherwise"):
        CompiledProgram(replace(bundle, cases=(wrong,)), library)


def test_what_is_no_library_is_refused(bundle, tmp_path):
    (tmp_path / "x.so").write_bytes(b"nothing")
    with pytest.raises(ServiceError, match="no library for this machine"):
        CompiledProgram(bundle, tmp_path / "x.so")


def test_without_a_compiler_it_is_said_what_to_do(bundle, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(ServiceError, match="Install a C\\+\\+ compiler"):
        compile_program(bundle, tmp_path)


def test_a_model_answers_by_it_where_there_is_no_kernel(bundle, folder, monkeypatch):
    if kernel_available():
        model = load(folder / "bundle")
        assert model.compiled(folder / "cache").bundle is model.bundle
    monkeypatch.setattr("modelwright.predictor.program.library", lambda: None)
    model = load(folder / "bundle")
    records = [case.record for case in bundle.cases]
    made = model.compiled(folder / "cache")
    assert isinstance(made.bundle.runner, CompiledProgram)
    np.testing.assert_allclose(made.predict_proba(records), model.predict_proba(records), rtol=1e-9)
    assert made.predict(records).tolist() == model.predict(records).tolist()


def test_the_cache_is_where_the_environment_says(bundle, tmp_path, monkeypatch):
    monkeypatch.setenv(compiled.CACHE, str(tmp_path / "kept"))
    compile_program(bundle)
    assert len([*(tmp_path / "kept").iterdir()]) == 1
