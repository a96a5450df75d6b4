import shutil
import subprocess

import pytest

from modelwright.deploy.targets.checksums import SIGNATURE, SUMS, faults_in
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.signature import KEY_VARIABLE, NAMESPACE, signature_holds
from modelwright.errors import InputError

TARGET = FolderTarget(
    name="folder",
    sentence="A folder.",
    parts=(lambda _: {"README.md": b"# read\n"},),
    validators=(signature_holds,),
)


@pytest.fixture
def key(tmp_path, monkeypatch):
    if shutil.which("ssh-keygen") is None:
        pytest.skip("Folders are signed by ssh-keygen, which is not installed.")
    path = tmp_path / "key"
    words = ["-q", "-t", "ed25519", "-N", "", "-C", "somebody", "-f", str(path)]
    subprocess.run(["ssh-keygen", *words], check=True)
    monkeypatch.setenv(KEY_VARIABLE, str(path))
    return path


def test_whoever_trusts_the_key_can_check_the_folder(key, delivery, out, tmp_path):
    TARGET.write(delivery, out)
    assert faults_in(out) == []
    public = (tmp_path / "key.pub").read_text()
    (tmp_path / "allowed").write_text(f"you@example.org {public}")
    words = ["-Y", "verify", "-n", NAMESPACE, "-f", str(tmp_path / "allowed")]
    done = subprocess.run(
        ["ssh-keygen", *words, "-I", "you@example.org", "-s", str(out / SIGNATURE)],
        input=(out / SUMS).read_bytes(),
        capture_output=True,
    )
    assert done.returncode == 0
    (found,) = TARGET.validate(out)
    assert found.passed
    # Written again, it replaces itself.
    TARGET.write(delivery, out)


def test_a_signature_of_something_else_is_a_fault(key, delivery, out):
    TARGET.write(delivery, out)
    with (out / SUMS).open("ab") as sums:
        sums.write(b"0" * 64 + b"  more\n")
    (found,) = TARGET.validate(out)
    assert not found.passed


def test_a_key_that_does_not_sign_stops_the_target(key, delivery, out):
    key.write_text("no key")
    with pytest.raises(InputError, match="does not sign"):
        TARGET.write(delivery, out)
    assert not out.exists()


def test_nothing_is_signed_without_a_key(delivery, out, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    TARGET.write(delivery, out)
    assert not (out / SIGNATURE).exists()
    (found,) = TARGET.validate(out)
    assert (found.passed, KEY_VARIABLE in found.evidence) == (None, True)
