"""Contestants are run on drills, and what they said is read."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from bench.environments import ROOT, Environment, bytes_below
from bench.machine import environment_of
from bench.maintain.laying import TRUTH, read_truth
from bench.maintain.roster import Contestant
from bench.maintain.standing import Standing, standing_of
from bench.maintain.tables import Seen
from bench.process import run_watched
from modelwright.errors import ServiceError

_LONGEST_S = 3 * 3600.0
_SAID = 1500
_SILENT = {"DO_NOT_TRACK": "1", "NML_DISABLE_USAGE_LOGGING": "1"}
"""What keeps peers from sending reports of their use."""
_PEERS = ROOT / "bench" / "maintain" / "peers"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What one of a contestant's watchers said of a drill.

    Parameters
    ----------
    untouched, faults
        By window and by reading its signal.
    seconds
        Of a processor, for each window.
    failed
        Windows on which it failed, and how.
    """

    untouched: dict[int, dict[str, dict[str, Any]]]
    faults: dict[int, dict[str, dict[str, Any]]]
    seconds: list[float]
    failed: list[str]

    @property
    def readings(self) -> list[str]:
        """The names of the ways in which it can be read."""
        every = (*self.untouched.values(), *self.faults.values())
        return list(dict.fromkeys(name for signals in every for name in signals))

    def standing(self, reading: str, folder: Path) -> Standing:
        """Judge one reading by what was wrong."""
        untouched, faulty = (
            {number: signals[reading] for number, signals in part.items()}
            for part in (self.untouched, self.faults)
        )
        return standing_of(read_truth(folder), untouched, faulty)


def ask(
    contestant: Contestant,
    drill: Path,
    environment: Environment,
    *,
    again: bool,
    variables: Mapping[str, str],
) -> list[Told]:
    """Return what a contestant says of a drill, asked if it was not asked before.

    Raises
    ------
    ServiceError
        It broke off.
    """
    out = drill / f"{contestant.name}-{_conditions(contestant, drill, environment)}.json"
    if again or not out.exists():
        program = f"bench.maintain.peers.{contestant.name}"
        fresh, log = out.with_suffix(".new"), drill / f"{contestant.name}.log"
        seen = run_watched(
            (environment.python, "-m", program, drill, fresh),
            env=environment_of(1, ROOT, {**variables, **_SILENT}),
            log=log,
            timeout_s=_LONGEST_S,
        )
        if seen.exit_code:
            said = log.read_text(encoding="utf-8", errors="replace")[-_SAID:]
            raise ServiceError(f"{contestant.name} broke off on {drill.name}.", said)
        fresh.replace(out)
    return [msgspec.convert(each, Told, strict=False) for each in json.loads(out.read_bytes())]


def seen_of(
    told: Mapping[str, Sequence[Told]], drills: Path, environment: Environment
) -> list[Seen]:
    """Return what each reading of a contestant came to.

    Parameters
    ----------
    told
        By world, in the same order of watchers.
    drills
        Holds the folder of each world.
    environment
        Of the contestant.
    """
    every: dict[str, dict[str, Told]] = {}
    for world, watchers in told.items():
        for each in watchers:
            for reading in each.readings:
                every.setdefault(reading, {})[world] = each
    return [
        Seen(
            reading=reading,
            standings={
                world: each.standing(reading, drills / world) for world, each in by_world.items()
            },
            seconds=[second for each in by_world.values() for second in each.seconds],
            failed=sum(len(each.failed) for each in by_world.values()),
            environment_bytes=_installed_bytes(environment),
        )
        for reading, by_world in every.items()
    ]


def _installed_bytes(environment: Environment) -> int:
    """Return the size of all files without what Python made of them, which depends on the use."""
    made = sum(path.stat().st_size for path in Path(environment.folder).rglob("*.pyc"))
    return bytes_below(Path(environment.folder)) - made


def _conditions(contestant: Contestant, drill: Path, environment: Environment) -> str:
    """Return a fingerprint of the windows, of the environment and of the program."""
    programs = [_PEERS / f"{name}.py" for name in ("base", "frames", contestant.name)]
    digest = hashlib.sha256(environment.fingerprint.encode())
    for path in (drill / "drill.json", drill / TRUTH, *programs):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
