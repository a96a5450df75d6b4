"""The folder's image is built and run on this machine, where somebody names an engine for it."""

import os
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from modelwright.deploy.client import Client
from modelwright.deploy.probes import Probe, recorded_answers
from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.engine import ENGINE, Engine
from modelwright.deploy.targets.folder import Validator
from modelwright.deploy.targets.parts import BUNDLE
from modelwright.deploy.targets.validators import find_program, not_checked, not_named, verdict
from modelwright.errors import ServiceError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle

HARDENED = ("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges")
"""How images are run that need no more: README.md names the same words."""
_MB = 1_000_000


def by_image(name: str, seen: Callable[[Engine, str, Path], tuple[list[str], str]]) -> Validator:
    """Return a validator that builds the folder's image and looks at it.

    Parameters
    ----------
    name
        What ought to be so.
    seen
        Given the engine, the image and the folder: the faults, and the evidence where there is
        none.
    """

    def validate(folder: Path) -> Validation:
        named = os.environ.get(ENGINE)
        if not named:
            return not_named(name, "engine such as docker or podman", ENGINE)
        program = find_program(named)
        if program is None:
            return not_checked(name, named, f"the engine that {ENGINE} names")
        engine = Engine(program)
        try:
            with engine.built(folder) as image:
                faults, evidence = seen(engine, image, folder)
                return verdict(
                    name, faults, f"{evidence}, {engine.size(image) / _MB:.0f} MB with its base"
                )
        except ServiceError as error:
            return Validation(name, False, str(error))

    return validate


def image_asked_here(probes: Sequence[Probe]) -> Validator:
    """Return a validator that builds the folder's image, runs it without rights and asks it.

    Parameters
    ----------
    probes
        What is asked.
    """

    def seen(engine: Engine, image: str, folder: Path) -> tuple[list[str], str]:
        bundle, inside = read_bundle(folder / BUNDLE), exposed(folder)
        started = time.monotonic()
        options = (*HARDENED, f"--publish=127.0.0.1::{inside}")
        with (
            engine.running(image, options) as container,
            Client(container.port(inside)) as client,
        ):
            container.wait_until(client.is_ready)
            ready_s = time.monotonic() - started
            faults, told = _asked(probes, client, bundle)
            user = container.user
            container.run(*_health(folder))
            code = container.stop()
        faults += ["it runs as root"] if user == "0" else []
        faults += [f"told to end, it ended with {code}"] if code else []
        return faults, f"{told}; user {user}, healthy, ready after {ready_s:.1f} s, ended when told"

    return by_image("its image, built here, answers without root and cannot write its files", seen)


image_serves = image_asked_here((recorded_answers,))


def exposed(folder: Path) -> int:
    """Return the port that the folder's image listens on."""
    (port,) = re.findall(r"^EXPOSE (\d+)$", _dockerfile(folder), re.MULTILINE)
    return int(port)


def _health(folder: Path) -> list[str]:
    (command,) = re.findall(r"^HEALTHCHECK [^\[]*CMD (\[.*\])$", _dockerfile(folder), re.MULTILINE)
    return msgspec.json.decode(command, type=list[str])


def _dockerfile(folder: Path) -> str:
    return (folder / "Dockerfile").read_text(encoding="utf-8")


def _asked(probes: Sequence[Probe], client: Client, bundle: Bundle) -> tuple[list[str], str]:
    gates = [probe(client, bundle) for probe in probes]
    faults = [f"{gate.name}: {gate.evidence}" for gate in gates if not gate.passed]
    return faults, "; ".join(gate.evidence for gate in gates)
