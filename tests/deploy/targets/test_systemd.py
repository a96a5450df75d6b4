import pytest

from modelwright.deploy.targets.systemd import TARGET
from modelwright.deploy.targets.validators import find_program
from target_examples import findings

needs_systemd = pytest.mark.skipif(
    find_program("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


def _found(out):
    return {name.partition(":")[0]: each for name, each in findings(TARGET, out).items()}


@needs_systemd
def test_the_unit_is_read_without_a_word_and_safe(delivery, out):
    TARGET.write(delivery, out)
    assert "bundle " + delivery.bundle.hash[:12] in (out / "left.service").read_text()
    found = _found(out)
    assert found["systemd reads the unit without a word"].passed
    assert "exposure level" in found["systemd calls the service safe"].evidence


@needs_systemd
def test_a_misspelt_key_is_a_fault_though_systemd_only_warns(delivery, out):
    TARGET.write(delivery, out)
    unit = out / "left.service"
    unit.write_text(unit.read_text().replace("Restart=", "Restrat="))
    found = _found(out)["systemd reads the unit without a word"]
    assert found.passed is False
    assert "Restrat" in found.evidence


@needs_systemd
def test_a_unit_that_may_do_everything_is_a_fault(delivery, out):
    TARGET.write(delivery, out)
    unit = out / "left.service"
    kept, _, _ = unit.read_text().partition("# An account")
    unit.write_text(kept)
    assert _found(out)["systemd calls the service safe"].passed is False


def test_without_systemd_the_unit_is_not_checked(delivery, out, monkeypatch):
    TARGET.write(delivery, out)
    monkeypatch.setenv("PATH", "/nowhere")
    found = _found(out)["systemd reads the unit without a word"]
    assert found.passed is None
    assert "Install: the package systemd" in found.evidence
