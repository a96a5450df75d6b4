"""Environments: one of its own for each peer, made once, with pinned versions."""

import fcntl
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from modelwright.errors import MissingDependencyError, WorkspaceError

ROOT = Path(__file__).parents[1]
_REQUIREMENTS = Path(__file__).parent / "requirements"
_STAMP = "bench.json"
_LOCK = "lock"
_MADE = {".pyc", ".so", ".draft"}
"""What is made from the sources."""

_LAST_WORDS = 2000


@dataclass(frozen=True, kw_only=True)
class Environment:
    """A virtual environment that is ready.

    Parameters
    ----------
    folder
        Where it is.
    fingerprint
        Of what was asked for; of modelwright, of its sources.
    versions
        Every installed package.
    size_bytes
        All files in it.
    """

    folder: str
    fingerprint: str
    versions: dict[str, str]
    size_bytes: int

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return Path(self.folder) / "bin" / "python"


def make_environment(peer: str, *, folder: Path, say: Callable[[str], None]) -> Environment:
    """Return the environment of a peer, made or brought up to date where needed.

    Parameters
    ----------
    peer
        ``"modelwright"`` is installed from this checkout as it is now, so that later edits do not
        reach a run that goes on for hours; others have a file in ``bench/requirements``.
    folder
        Holds one environment for each peer.
    say
        Told what is done.

    Raises
    ------
    MissingDependencyError
        It cannot be installed; with pip's last words.
    """
    home, wanted = folder / peer, _fingerprint(peer)
    stamp = home / _STAMP
    if stamp.exists():
        made = Environment(**json.loads(stamp.read_text(encoding="utf-8")))
        if made.fingerprint == wanted:
            return made
        stamp.unlink()
    say(f"installing {peer} in {home}")
    _install(peer, home)
    made = Environment(
        folder=str(home),
        fingerprint=wanted,
        versions=_versions(home),
        size_bytes=bytes_below(home),
    )
    stamp.write_text(json.dumps(asdict(made), indent=1), encoding="utf-8")
    return made


def make_environments(
    peers: Iterable[str], *, folder: Path, say: Callable[[str], None]
) -> tuple[dict[str, Environment], list[str]]:
    """Return the environments of peers by name, and a sentence about each that has none."""
    made, missing = {}, []
    for peer in dict.fromkeys(peers):
        try:
            made[peer] = make_environment(peer, folder=folder, say=say)
        except MissingDependencyError as error:
            missing.append(f"{peer} did not take part: {error}")
            say(missing[-1])
    return made, missing


@contextmanager
def held_alone(folder: Path) -> Iterator[Path]:
    """Keep other benches away from a folder of environments, and give it.

    Raises
    ------
    WorkspaceError
        Another bench runs with it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WorkspaceError(
                f"Another bench runs with the environments in {folder}.", "Wait for its end."
            ) from error
        yield folder


def bytes_below(folder: Path) -> int:
    """Return the size of all files of a folder; links count nothing."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files)


def _fingerprint(peer: str) -> str:
    digest = hashlib.sha256()
    for name, content in _asked_for(peer):
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()[:16]


def _asked_for(peer: str) -> Iterable[tuple[str, bytes]]:
    if peer != "modelwright":
        yield peer, _pins(peer).encode()
        return
    sources = (path for path in (ROOT / "src").rglob("*") if path.is_file())
    for path in sorted((*ROOT.glob("pyproject.toml"), *ROOT.glob("hatch_build.py"), *sources)):
        if path.suffix not in _MADE:
            yield str(path.relative_to(ROOT)), path.read_bytes()


def _pins(peer: str) -> str:
    lines = (_REQUIREMENTS / f"{peer}.txt").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line and not line.startswith("#"))


def _install(peer: str, home: Path) -> None:
    if not (home / "bin" / "python").exists():
        _run(peer, [sys.executable, "-m", "venv", str(home)])
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    if peer == "modelwright":
        _run(peer, [*pip, "--upgrade", str(ROOT)])
        _run(peer, [*pip, "--force-reinstall", "--no-deps", str(ROOT)])
    else:
        _run(peer, [*pip, "--requirement", str(_REQUIREMENTS / f"{peer}.txt")])


def _versions(home: Path) -> dict[str, str]:
    listed = _run(home.name, [str(home / "bin" / "python"), "-m", "pip", "list", "--format=json"])
    return {entry["name"].lower(): entry["version"] for entry in json.loads(listed)}


def _run(peer: str, command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout)[-_LAST_WORDS:].strip()
        raise MissingDependencyError(f"The environment of {peer} could not be made.", said)
    return done.stdout
