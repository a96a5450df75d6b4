"""What a command takes while it runs: seconds, seconds of a processor and memory of each phase."""

import os
import re
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from bench.environments import ROOT

MIB = 1 << 20
_TOLD = re.compile(r"\s*[\d.]+ (?:s|min)\s+(\S+)\s+(.*)")
_POLL_S = 0.1
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Sample:
    """What the processes of a command held and had taken at a moment."""

    at_s: float
    cpu_s: float
    held_bytes: int


@dataclass(frozen=True)
class Phase:
    """What one phase took.

    Parameters
    ----------
    name
        The room and its sentence, without numbers.
    seconds, cpu_s
        Of the clock and of processors.
    peak_mib
        The most memory of the command and the processes that it started, together.
    """

    name: str
    seconds: float
    cpu_s: float
    peak_mib: float


@dataclass
class Run:
    """What a command took.

    Parameters
    ----------
    phases
        In their order; the start comes first.
    exit_code
        Of the command.
    peak_bytes
        The most that it held.
    said
        What it told.
    """

    phases: list[Phase] = field(default_factory=list)
    exit_code: int = 0
    peak_bytes: int = 0
    said: list[str] = field(default_factory=list)

    @property
    def processor_s(self) -> dict[str, float]:
        """Seconds of processors, by phase: other work on the machine changes them least."""
        return self._summed("cpu_s")

    @property
    def cpu_s(self) -> float:
        """Of processors, in all."""
        return sum(phase.cpu_s for phase in self.phases)

    @property
    def peak_mib(self) -> dict[str, float]:
        """The most memory, by phase."""
        found: dict[str, float] = {}
        for phase in self.phases:
            found[phase.name] = max(found.get(phase.name, 0.0), phase.peak_mib)
        return found

    def _summed(self, field_name: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for phase in self.phases:
            found[phase.name] = found.get(phase.name, 0.0) + getattr(phase, field_name)
        return found


def run_command(command: Sequence[str], *, echo: bool = False) -> Run:
    """Run a command of modelwright, and see what each phase takes that it tells of.

    Parameters
    ----------
    command
        Which writes its progress to standard error, as `modelwright` does.
    echo
        Whether what it tells is shown at once.
    """
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}", "MODELWRIGHT_HISTORY": "off"}
    run, marks, samples = Run(), [(0.0, "start: Python")], [Sample(0.0, 0.0, 0)]
    began = time.monotonic()
    with subprocess.Popen(
        command, stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        watch = threading.Thread(target=_watch, args=(process, samples, began))
        watch.start()
        for line in process.stdout:
            run.said.append(line.rstrip())
            if echo:
                print(line, end="", flush=True)
            if said := _TOLD.match(line):
                marks.append((time.monotonic() - began, f"{said[1]}: {_plain(said[2])}"))
        run.exit_code = process.wait()
        watch.join()
    marks.append((time.monotonic() - began, ""))
    run.phases = [
        _phase(name, (start, end), samples) for (start, name), (end, _) in pairwise(marks)
    ]
    run.peak_bytes = max(each.held_bytes for each in samples)
    return run


def _phase(name: str, span: tuple[float, float], samples: Sequence[Sample]) -> Phase:
    inside = [each.held_bytes for each in samples if span[0] <= each.at_s <= span[1] + _POLL_S]
    cpu_s = _cpu_until(span[1], samples) - _cpu_until(span[0], samples)
    return Phase(name, span[1] - span[0], cpu_s, max(inside, default=0) / MIB)


def _cpu_until(moment: float, samples: Sequence[Sample]) -> float:
    return max((each.cpu_s for each in samples if each.at_s <= moment + _POLL_S), default=0.0)


def _watch(process: "subprocess.Popen[str]", samples: list[Sample], began: float) -> None:
    while process.poll() is None:
        known = _family(process.pid)
        at_s = time.monotonic() - began
        cpu_s = sum(cpu for cpu, _ in known)
        samples.append(Sample(at_s, cpu_s, sum(held for _, held in known)))
        time.sleep(_POLL_S)


def _family(pid: int, words: bytes = b"") -> list[tuple[float, int]]:
    """Return processor seconds and memory of a process and of each that it started.

    One that is called as who started it is not begun yet, and its memory is theirs.
    """
    try:
        called = Path(f"/proc/{pid}/cmdline").read_bytes()
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        children = [child for task in tasks for child in task.read_text(encoding="ascii").split()]
    except OSError:  # it ended between two looks
        return []
    ticks = sum(int(stat[at]) for at in (11, 12, 13, 14))
    held = 0 if called == words else int(stat[21]) * os.sysconf("SC_PAGE_SIZE")
    others = (each for child in children for each in _family(int(child), called))
    return [(ticks / _TICKS, held), *others]


def _plain(sentence: str) -> str:
    """Return a sentence without its numbers, names of files, and what it came to.

    Examples
    --------
    >>> _plain("Reading 90,000 training rows"), _plain("LightGBM: 1 min 3 s a fold")
    ('Reading training rows', 'LightGBM')
    """
    about = sentence.partition(": ")[0]
    words = [word for word in about.split() if not re.search(r"\d|/", word)]
    return " ".join(words)
