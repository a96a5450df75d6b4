"""The tests that a bundle passes before a release: a fresh process serves it, and is asked."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from modelwright.compute.limits import NO_LIMITS, Limits
from modelwright.compute.process import BackgroundProcess, free_port, python, run_isolated
from modelwright.deploy.clean import answers_when_installed
from modelwright.deploy.client import Client
from modelwright.deploy.measured import judge_served
from modelwright.deploy.probes import PROBES, measure_latency
from modelwright.documents import Gate
from modelwright.errors import ServiceError
from modelwright.predictor.bundle_folder import read_bundle

_TRAINING_LIBRARIES = (
    "catboost",
    "duckdb",
    "keras",
    "lightgbm",
    "matplotlib",
    "narwhals",
    "pandas",
    "polars",
    "pyarrow",
    "scipy",
    "sklearn",
    "tensorflow",
    "torch",
    "xgboost",
)
_LIST_IMPORTS = "import modelwright.serving.run, sys; print(*sys.modules)"
_START_S = 60.0


@dataclass(frozen=True)
class Acceptance:
    """What the tests found.

    Parameters
    ----------
    gates
        One per test.
    row_latency_s
        The median of a request with one row over the loopback; None when no server ran.
    """

    gates: tuple[Gate, ...]
    row_latency_s: float | None

    @property
    def passed(self) -> bool:
        """Whether every gate is green."""
        return all(gate.passed for gate in self.gates)


def accept(
    folder: Path,
    *,
    limits: Limits = NO_LIMITS,
    clean_environment: bool = False,
    report: Callable[[str], None],
) -> Acceptance:
    """Serve a bundle in a fresh process and ask it what clients ask, and what they should not.

    Parameters
    ----------
    folder
        The bundle.
    limits
        What the host allows.
    clean_environment
        Whether it is also installed from its lock file, which needs a package index.
    report
        Told what happens, a sentence at a time.

    Raises
    ------
    BundleError
        When the folder is no sound bundle.
    """
    report("Checking what the server imports")
    imports = _imports()
    report("Serving the bundle in a fresh process")
    served = _serve_and_ask(folder)
    report("Measuring what it takes where it is served")
    gates = [imports, *served.gates, judge_served(folder, limits)]
    if clean_environment:
        report("Installing it in a clean environment")
        gates.append(answers_when_installed(folder))
    return Acceptance(gates=tuple(gates), row_latency_s=served.row_latency_s)


def _imports() -> Gate:
    try:
        found = sorted(set(_TRAINING_LIBRARIES) & _imported_by(_LIST_IMPORTS))
    except ServiceError as error:
        passed, evidence = False, str(error)
    else:
        passed = not found
        wrong = f"the server imports {', '.join(found)}"
        evidence = wrong if found else f"none of {', '.join(_TRAINING_LIBRARIES)}"
    return Gate(name="serving needs no training library", passed=passed, evidence=evidence)


@cache
def _imported_by(listing: str) -> frozenset[str]:
    """Ask a fresh process once: what is installed is the same for every bundle."""
    listed = run_isolated(["-c", listing], timeout_s=_START_S)
    if listed.exit_code:
        raise ServiceError(listed.stderr.strip()[-300:])
    return frozenset(listed.stdout.split())


def _serve_and_ask(folder: Path) -> Acceptance:
    bundle, port = read_bundle(folder), free_port()
    serving = python("-m", "modelwright.serving", str(folder), "--port", str(port))
    # Should this process be killed, the server must not stay behind.
    command = [*serving, "--end-with-stdin"]
    gates: list[Gate] = []
    latency = None
    started = time.monotonic()
    with Client(port) as client:
        try:
            with BackgroundProcess(command, ready=client.is_ready, timeout_s=_START_S):
                ready_s = time.monotonic() - started
                gates.extend(probe(client, bundle) for probe in PROBES)
                latency = measure_latency(client, bundle)
            served = Gate(
                name="a fresh process serves the bundle",
                passed=True,
                evidence=(
                    f"ready after {ready_s:.1f} s; one row in {latency * 1e3:.2f} ms (median over "
                    "the loopback)"
                ),
            )
        except ServiceError as error:
            served = Gate(
                name="a fresh process serves the bundle", passed=False, evidence=str(error)
            )
    return Acceptance(gates=(served, *gates), row_latency_s=latency)
