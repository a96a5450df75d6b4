"""What is inside, for those who look after known faults: a CycloneDX bill of materials.

It has no moment, and a serial number made from the model's hash: the same folder, the same bill.
"""

import hashlib
import re
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from email.parser import HeaderParser
from io import BytesIO
from typing import Any

import msgspec

from modelwright._version import __version__
from modelwright.deploy.targets.base import Delivery
from modelwright.deploy.targets.folder import Part

SBOM = "sbom.cdx.json"

_SPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "modelwright.dev")


def with_inventory(part: Part) -> Part:
    """Return a part that adds the bill of materials of the wheels that another part gives.

    Parameters
    ----------
    part
        Gives wheels.
    """

    def listed(delivery: Delivery) -> dict[str, bytes]:
        given = part(delivery)
        bill = msgspec.json.format(
            msgspec.json.encode(bill_of_materials(delivery, given)), indent=1
        )
        return {**given, SBOM: bill + b"\n"}

    return listed


def bill_of_materials(delivery: Delivery, wheels: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the bill of materials of a delivery.

    Parameters
    ----------
    delivery
        What is delivered.
    wheels
        Its libraries: the bytes of each wheel by its path.
    """
    model = _model(delivery)
    runtime = {
        "type": "library",
        "bom-ref": "modelwright",
        "name": "modelwright",
        "version": __version__,
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }
    libraries = [_library(wheels[path]) for path in sorted(wheels) if path.endswith(".whl")]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_SPACE, delivery.bundle.hash)}",
        "version": 1,
        "metadata": {"component": model},
        "components": [runtime, *libraries],
        "dependencies": [
            {"ref": model["bom-ref"], "dependsOn": ["modelwright"]},
            {"ref": "modelwright", "dependsOn": [each["bom-ref"] for each in libraries]},
        ],
    }


def _model(delivery: Delivery) -> dict[str, Any]:
    bundle = delivery.bundle
    return {
        "type": "machine-learning-model",
        "bom-ref": f"model-{bundle.hash[:12]}",
        "name": bundle.name,
        "version": bundle.hash[:12],
        "description": " ".join(bundle.facts.question.split()),
        "hashes": [{"alg": "SHA-256", "content": bundle.hash}],
    }


def _library(wheel: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(BytesIO(wheel)) as archive:
        (about,) = (name for name in archive.namelist() if _is_about(name))
        headers = HeaderParser().parsestr(archive.read(about).decode("utf-8", "replace"))
    name = re.sub(r"[-_.]+", "-", headers["Name"]).lower()
    purl = f"pkg:pypi/{name}@{headers['Version']}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": headers["Version"],
        "purl": purl,
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(wheel).hexdigest()}],
        "licenses": [{"license": {"name": text}} for text in _licences(headers)],
    }


def _is_about(name: str) -> bool:
    return name.count("/") == 1 and name.endswith(".dist-info/METADATA")


def _licences(headers: Any) -> Iterator[str]:
    """Yield the licence in one line, as the library states it."""
    stated = headers.get("License-Expression") or headers.get("License") or ""
    if stated.strip():
        yield stated.strip().splitlines()[0]
        return
    for classifier in headers.get_all("Classifier", []):
        if classifier.startswith("License ::"):
            yield classifier.rpartition(" :: ")[2]
