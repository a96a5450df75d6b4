"""The target ``offline``: all that a machine without a network needs."""

import hashlib
import json
from pathlib import Path

from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.inventory import SBOM, with_inventory
from modelwright.deploy.targets.libraries import LOCK, names_in
from modelwright.deploy.targets.parts import bundle, runtime, templates
from modelwright.deploy.targets.serving_here import serves_here
from modelwright.deploy.targets.signature import signature_holds
from modelwright.deploy.targets.validators import by_program, sound_bundle, verdict, whole
from modelwright.deploy.targets.wheels import WHEELS, wheels


def _pinned(folder: Path) -> Validation:
    """Every library that the runtime imports is there, as the bytes that are pinned."""
    pinned = (folder / LOCK).read_text(encoding="utf-8")
    found = sorted((folder / WHEELS).glob("*.whl"))
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}
    faults = [f"{name} is not pinned" for name, digest in digests.items() if digest not in pinned]
    there = {name.partition("-")[0].replace("_", "-").lower() for name in digests}
    faults += [f"{name} is missing" for name in names_in(pinned) if name not in there]
    return verdict("every library is there, as pinned", faults, f"{len(found)} wheels by SHA-256")


def _listed(folder: Path) -> Validation:
    """The bill of materials names the model and every wheel, by their hashes."""
    bill = json.loads((folder / SBOM).read_text(encoding="utf-8"))
    listed = {entry["content"] for each in bill["components"] for entry in each.get("hashes", [])}
    faults = [
        f"{path.name} is not listed"
        for path in sorted((folder / WHEELS).glob("*.whl"))
        if hashlib.sha256(path.read_bytes()).hexdigest() not in listed
    ]
    if bill["bomFormat"] != "CycloneDX":
        faults.append("it is no bill of CycloneDX")
    evidence = f"{SBOM}: {len(bill['components'])} components"
    return verdict("the bill of materials lists what is inside", faults, evidence)


TARGET = FolderTarget(
    name="offline",
    sentence="A server for a machine without a network: libraries, hashes, a bill, a signature.",
    parts=(bundle, runtime, templates("shared", "local", "offline"), with_inventory(wheels)),
    validators=(
        whole,
        sound_bundle,
        _pinned,
        _listed,
        signature_holds,
        by_program("the shell reads ctl", ["sh", "-n", "ctl"], install="a POSIX shell"),
        serves_here,
    ),
)
