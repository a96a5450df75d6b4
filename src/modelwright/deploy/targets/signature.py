"""A signature of SHA256SUMS, and so of every file that it names, by a key of SSH."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.checksums import SIGNATURE, SUMS
from modelwright.errors import InputError

KEY_VARIABLE = "MODELWRIGHT_SIGNING_KEY"
"""Environment variable; the private key of SSH, or the public one of a key that an agent holds."""
NAMESPACE = "modelwright"
"""A signature made for something else is none here."""

_PROGRAM = "ssh-keygen"
_TIMEOUT_S = 60.0
_NAME = "what is signed is what is there"


def signed(sums: bytes) -> dict[str, bytes]:
    """Return the signature of SHA256SUMS as a file; none where no key is named.

    Parameters
    ----------
    sums
        The bytes of SHA256SUMS.

    Raises
    ------
    InputError
        When a key is named and cannot sign.

    Examples
    --------
    >>> os.environ.pop(KEY_VARIABLE, None)
    >>> signed(b"")
    {}
    """
    key = os.environ.get(KEY_VARIABLE)
    if not key:
        return {}
    if shutil.which(_PROGRAM) is None:
        raise InputError(
            f"{KEY_VARIABLE} names a key, and there is no {_PROGRAM} to sign with.",
            "Install OpenSSH, or sign SHA256SUMS elsewhere as the README says.",
        )
    with TemporaryDirectory() as place:
        file = Path(place, SUMS)
        file.write_bytes(sums)
        done = _call(["-Y", "sign", "-n", NAMESPACE, "-f", key, str(file)], b"")
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines() or ["it said nothing"]
            raise InputError(
                f"{KEY_VARIABLE} names a key that does not sign: {said[-1]:.200}",
                "Name a private key without a passphrase, or the public key of one in an agent.",
            )
        return {SIGNATURE: Path(place, SIGNATURE).read_bytes()}


def signature_holds(folder: Path) -> Validation:
    """Check that the signature, where there is one, is of SHA256SUMS as it is there.

    Whose key it is only the one who receives the folder can say.
    """
    signature = folder / SIGNATURE
    if not signature.is_file():
        return Validation(_NAME, None, f"not asked for: {KEY_VARIABLE} would name a key")
    if shutil.which(_PROGRAM) is None:
        return Validation(_NAME, None, f"{_PROGRAM} is not installed here: install OpenSSH")
    words = ["-Y", "check-novalidate", "-n", NAMESPACE, "-s", str(signature)]
    done = _call(words, (folder / SUMS).read_bytes())
    said = (done.stderr if done.returncode else done.stdout).decode(errors="replace").strip()
    return Validation(_NAME, not done.returncode, said[:200])


def _call(words: list[str], given: bytes) -> "subprocess.CompletedProcess[bytes]":
    # Nobody is asked for a passphrase: a deployment may run where nobody sits.
    environment = {**os.environ, "SSH_ASKPASS": "", "SSH_ASKPASS_REQUIRE": "never"}
    try:
        return subprocess.run(
            [_PROGRAM, *words],
            input=given,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT_S,
            env=environment,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(f"{_PROGRAM} did not end in {_TIMEOUT_S:.0f} seconds.") from error
