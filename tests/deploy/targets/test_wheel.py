import zipfile

from modelwright.deploy.targets.wheel import TARGET
from target_examples import findings


def test_pip_installs_the_wheel_and_it_replays_the_rows(delivery, out):
    TARGET.write(delivery, out)
    (wheel,) = (out / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (module,) = (name for name in archive.namelist() if name.endswith("_model.py"))
        assert archive.read(module) == (out / module).read_bytes()
    found = findings(TARGET, out)["pip installs the wheel, and it replays the recorded rows"]
    assert found.passed


def test_a_wheel_that_answers_otherwise_is_a_fault(delivery, out):
    TARGET.write(delivery, out)
    cases = out / "cases.rows"
    cases.write_bytes(cases.read_bytes()[:-1])
    found = findings(TARGET, out)
    assert not found["pip installs the wheel, and it replays the recorded rows"].passed
    assert not found["the folder is as it was written"].passed
