from dataclasses import replace

import msgspec
import numpy as np
import pytest

from example_bundle import make_bundle
from modelwright.compute.limits import Limits
from modelwright.deploy import acceptance
from modelwright.deploy.acceptance import accept
from modelwright.deploy.client import Client, Reply
from modelwright.deploy.probes import strange_rows
from modelwright.documents import Gate
from modelwright.errors import BundleError, ServiceError
from modelwright.predictor.bundle_folder import write_bundle


def _silent(sentence: str) -> None: ...


def test_a_server_that_does_not_start_is_a_red_gate(tmp_path, monkeypatch):
    write_bundle(make_bundle(), tmp_path / "b")
    monkeypatch.setattr(acceptance, "free_port", lambda: 1 << 20)
    result = accept(tmp_path / "b", report=_silent)
    assert not result.passed
    assert result.row_latency_s is None
    assert "before it was ready" in result.gates[1].evidence


def test_an_import_of_a_training_library_is_a_red_gate(tmp_path, monkeypatch):
    write_bundle(make_bundle(), tmp_path / "b")
    monkeypatch.setattr(acceptance, "_LIST_IMPORTS", "import polars, sys; print(*sys.modules)")
    gate, *others = accept(tmp_path / "b", report=_silent).gates
    assert (gate.passed, gate.evidence) == (False, "the server imports polars")
    assert all(other.passed for other in others)


def test_a_threshold_that_moved_is_noticed(tmp_path, monkeypatch):
    bundle = make_bundle()
    write_bundle(bundle, tmp_path / "b")
    changed = replace(bundle, program=msgspec.structs.replace(bundle.program, threshold=0.9999))
    monkeypatch.setattr(acceptance, "read_bundle", lambda folder: changed)
    failed = [gate.name for gate in accept(tmp_path / "b", report=_silent).gates if not gate.passed]
    assert "recorded rows get their recorded answers" in failed


def test_a_damaged_bundle_cannot_be_tested(tmp_path):
    with pytest.raises(BundleError):
        accept(tmp_path, report=_silent)


def test_a_model_without_recorded_rows_is_tested_too(tmp_path):
    write_bundle(replace(make_bundle(), cases=()), tmp_path / "b")
    assert accept(tmp_path / "b", report=_silent).passed


def test_a_client_says_when_nobody_answers():
    with Client(1) as client:
        assert not client.is_ready()
        with pytest.raises(ServiceError, match="did not answer GET /v2"):
            client.get("/v2")


def test_limits_are_kept_where_it_is_served(tmp_path):
    write_bundle(make_bundle(), tmp_path / "b")
    result = accept(tmp_path / "b", limits=Limits(size_bytes=10), report=_silent)
    (red,) = [gate for gate in result.gates if not gate.passed]
    assert red.name == "the limits of the host are kept where it is served"


def test_a_number_in_another_unit_is_answered_and_told(tmp_path):
    write_bundle(make_bundle(), tmp_path / "b")
    gates = {gate.name: gate for gate in accept(tmp_path / "b", report=_silent).gates}
    told = gates["a number in another unit is answered"].evidence
    assert told.startswith("2 such rows; most moves age times 1000, from ")


@pytest.mark.parametrize(("status", "passed"), [(400, True), (500, False), (200, False)])
def test_what_the_model_has_no_answer_to_is_refused(monkeypatch, status, passed):
    class Refusing:
        def post(self, path, content):
            body = {"error": "No answer."} if status != 200 else {"predictions": [{"answer": None}]}
            return Reply(status=status, body=body)

    bundle = make_bundle()
    none = lambda program, columns: np.full((len(next(iter(columns.values()))), 2), np.nan)  # noqa: E731
    monkeypatch.setattr(type(bundle.program), "run", none)
    gate = strange_rows(Refusing(), bundle)
    assert gate.passed == passed
    assert ("the model has no answer to" in gate.evidence) == passed


def test_a_clean_environment_is_asked_for(tmp_path, monkeypatch):
    write_bundle(make_bundle(), tmp_path / "b")
    asked = []

    def installed(folder):
        asked.append(folder)
        return Gate(name="clean", passed=False, evidence="numpy is missing")

    monkeypatch.setattr(acceptance, "answers_when_installed", installed)
    assert accept(tmp_path / "b", report=_silent).passed
    assert not accept(tmp_path / "b", clean_environment=True, report=_silent).passed
    assert asked == [tmp_path / "b"]
