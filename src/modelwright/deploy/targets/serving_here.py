"""The folder's own runtime serves the folder's own bundle, on this machine."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

from modelwright.compute.process import BackgroundProcess, free_port, python
from modelwright.deploy.client import Client
from modelwright.deploy.probes import Probe, measure_latency, recorded_answers
from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.folder import Validator
from modelwright.deploy.targets.parts import BUNDLE, RUNTIME
from modelwright.deploy.targets.validators import verdict
from modelwright.errors import ServiceError
from modelwright.predictor.bundle_folder import read_bundle

_START_S = 60.0
_MIB = 1 << 20


def asked_here(name: str, probes: Sequence[Probe]) -> Validator:
    """Return a validator that serves the bundle by the folder's runtime, and asks it.

    Parameters
    ----------
    name
        What ought to be so.
    probes
        What is asked.
    """

    def validate(folder: Path) -> Validation:
        return _serve_and_ask(name, folder, probes)

    return validate


serves_here = asked_here("its runtime serves its bundle on this machine", (recorded_answers,))


def _serve_and_ask(name: str, folder: Path, probes: Sequence[Probe]) -> Validation:
    """Serve the bundle in a fresh process that finds modelwright in the folder only."""
    bundle, port = read_bundle(folder / BUNDLE), free_port()
    serving = python("-m", "modelwright.serving", str(folder / BUNDLE))
    command = [*serving, "--port", str(port), "--end-with-stdin"]
    environment = {
        **os.environ,
        "PYTHONPATH": str((folder / RUNTIME).absolute()),
        # Whoever looks at the folder afterwards finds it as it was written.
        "PYTHONDONTWRITEBYTECODE": "1",
        "MODELWRIGHT_TOKEN": "",
    }
    started = time.monotonic()
    with Client(port) as client:
        try:
            with BackgroundProcess(
                command, ready=client.is_ready, timeout_s=_START_S, env=environment
            ) as process:
                ready_s = time.monotonic() - started
                gates = [probe(client, bundle) for probe in probes]
                latency_s = measure_latency(client, bundle)
                held = _memory(process.pid)
        except ServiceError as error:
            return Validation(name, False, str(error))
    seen = f"ready after {ready_s:.1f} s, one row in {latency_s * 1e3:.2f} ms, {held}"
    faults = [f"{gate.name}: {gate.evidence}" for gate in gates if not gate.passed]
    told = "; ".join(gate.evidence for gate in gates)
    return verdict(name, faults, f"{told}; {seen}")


def _memory(pid: int) -> str:
    """Return what a process holds, in words; on Linux only."""
    status = Path(f"/proc/{pid}/status")
    if not status.is_file():
        return "memory not measured"
    for line in status.read_text().splitlines():
        if line.startswith("VmRSS:"):
            return f"{int(line.split()[1]) * 1024 / _MIB:.0f} MiB of memory"
    return "memory not measured"
