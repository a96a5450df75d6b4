"""What an emitter is: it writes a bundle's program in another language.

`deploy` calls `refusal`, then `emit`, and writes the files into a folder that the client takes
away. The folder holds a program that replays rows (`rows_file`): it is built by the commands of
`build`, takes the path of such a file as its last argument, compares each row and writes one line
of JSON with ``rows``, ``differ`` (rows whose class is another) and ``largest`` (difference between
two values). That program is the client's own test, and ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from modelwright.predictor.bundle import Bundle


@dataclass(frozen=True)
class Tools:
    """How a form is built and replayed, in its folder.

    Parameters
    ----------
    needs
        Programs that must be on the path.
    build
        Commands, one after another.
    replay
        The command that the path of a file of rows is appended to.
    modules
        Python modules that must be there, for a form that Python replays.
    settings
        Environment variables that must be set: where a server is that rows are replayed in.
    """

    needs: Sequence[str]
    build: Sequence[Sequence[str]]
    replay: Sequence[str]
    modules: Sequence[str] = ()
    settings: Sequence[str] = ()


class Emitter(Protocol):
    """Writes a program in another language."""

    @property
    def name(self) -> str:
        """How people call it: ``cpp``, ``java``, ``onnx``."""

    @property
    def title(self) -> str:
        """What is written, as a phrase."""

    @property
    def tolerance(self) -> float:
        """How far a value may be from the interpreter's, relative above 1 and absolute below."""

    @property
    def tools(self) -> Tools:
        """How what is written is built and replayed."""

    def refusal(self, bundle: Bundle) -> str:
        """Return why this bundle cannot be written so, as a sentence; empty when it can."""

    def emit(self, bundle: Bundle) -> Mapping[str, bytes]:
        """Return the files, by their path in the folder. The same bundle gives the same bytes.

        ``README.md`` says how to build, test and call it, and names the bundle's hash;
        ``cases.rows`` holds the bundle's recorded rows (`rows_file`).
        """
