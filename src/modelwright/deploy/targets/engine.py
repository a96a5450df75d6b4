"""The engine of containers that somebody names: Docker, Podman, or what takes their words."""

import os
import re
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from modelwright.errors import ServiceError

ENGINE = "MODELWRIGHT_VALIDATION_ENGINE"
"""Environment variable: the program that may build images here and run them, such as `podman`."""

_BUILD_S = 900.0
_TIMEOUT_S = 120.0
_START_S = 60.0
_POLL_S = 0.1
_GRACE_S = 20
_SHOWN_CHARACTERS = 600


@dataclass(frozen=True)
class Engine:
    """What builds images and runs them; it is configured as it configures itself.

    Parameters
    ----------
    program
        Where it is.
    """

    program: str

    @contextmanager
    def built(self, folder: Path) -> Iterator[str]:
        """Build a folder's image; it is gone when the block ends.

        Raises
        ------
        ServiceError
            When it cannot be built, with the last words of the engine.
        """
        image = f"localhost/modelwright-check:{secrets.token_hex(6)}"
        try:
            self.run("build", "--quiet", "--tag", image, str(folder), timeout_s=_BUILD_S)
            yield image
        finally:
            self._remove("rmi", "--force", image)

    @contextmanager
    def running(
        self, image: str, options: Sequence[str], words: Sequence[str] = ()
    ) -> Iterator["Container"]:
        """Run an image in the background, until the block ends.

        Parameters
        ----------
        image
            Its name.
        options
            How it is run.
        words
            What it is told.

        Raises
        ------
        ServiceError
            When it cannot be started.
        """
        name = f"modelwright-check-{secrets.token_hex(6)}"
        try:
            self.run("run", "--detach", "--name", name, *options, image, *words)
            yield Container(self, name)
        finally:
            self._remove("rm", "--force", "--volumes", name)

    def size(self, image: str) -> int:
        """Return the bytes of an image, with its base."""
        return int(self.run("image", "inspect", "--format", "{{.Size}}", image))

    def run(self, *words: str, timeout_s: float = _TIMEOUT_S) -> str:
        """Give the engine a command and return what it said.

        Raises
        ------
        ServiceError
            When it fails or takes longer than it may.
        """
        try:
            done = self.try_(*words, timeout_s=timeout_s)
        except subprocess.TimeoutExpired as error:
            raise ServiceError(
                f"{self._called(words)} was not done after {timeout_s:g} seconds."
            ) from error
        except OSError as error:
            raise ServiceError(f"{self.program} could not be run: {error.strerror}.") from error
        if done.returncode:
            said = " ".join(f"{done.stdout} {done.stderr}".split())[-_SHOWN_CHARACTERS:]
            raise ServiceError(f"{self._called(words)} failed with {done.returncode}: {said}")
        return done.stdout.strip()

    def try_(self, *words: str, timeout_s: float = _TIMEOUT_S) -> subprocess.CompletedProcess[str]:
        """Give the engine a command that may fail."""
        return subprocess.run(
            [self.program, *words],
            # Podman keeps a health check in images of this kind only.
            env={**os.environ, "BUILDAH_FORMAT": "docker"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
        )

    def _remove(self, *words: str) -> None:
        # What is said of the image before is what matters, not that it is still there.
        with suppress(OSError, subprocess.TimeoutExpired):
            self.try_(*words)

    def _called(self, words: Sequence[str]) -> str:
        return f"{Path(self.program).name} {words[0]}"


@dataclass(frozen=True)
class Container:
    """A running image.

    Parameters
    ----------
    engine
        What runs it.
    name
        What the engine calls it.
    """

    engine: Engine
    name: str

    def port(self, inside: int) -> int:
        """Return the port of this machine that leads to one inside: the same on its own network."""
        published = re.findall(r":(\d+)$", self.engine.run("port", self.name), re.MULTILINE)
        return int(published[0]) if published else inside

    def run(self, *words: str) -> str:
        """Run a command inside and return what it said; see `Engine.run`."""
        return self.engine.run("exec", self.name, *words)

    def stop(self) -> int:
        """Tell it to end, and return its exit code."""
        self.engine.run("stop", "-t", str(_GRACE_S), self.name)
        return int(self.engine.run("inspect", "--format", "{{.State.ExitCode}}", self.name))

    @property
    def user(self) -> str:
        """The number of the user that it runs as."""
        return self.run("python", "-c", "import os; print(os.getuid())")

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Wait until it is ready.

        Raises
        ------
        ServiceError
            When it ends before, or takes longer than it may; with its last words.
        """
        end = time.monotonic() + _START_S
        while not ready():
            if self._ended or time.monotonic() > end:
                said = self.engine.try_("logs", self.name)
                last = f"{said.stdout} {said.stderr}"[-_SHOWN_CHARACTERS:]
                raise ServiceError("The container did not get ready.", f"Its last words: {last}")
            time.sleep(_POLL_S)

    @property
    def _ended(self) -> bool:
        state = self.engine.run("inspect", "--format", "{{.State.Running}}", self.name)
        return state != "true"
