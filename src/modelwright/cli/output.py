"""Results on standard output, progress on standard error."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from modelwright.documents import Candidate, Document, Release

Report = Callable[[str, str], None]


def progress(
    *, quiet: bool, clock: Callable[[], float] = time.monotonic, began: float | None = None
) -> Report:
    """Return what prints progress: the seconds since the beginning, the room, the sentence.

    Parameters
    ----------
    quiet
        Whether nothing is said.
    clock
        Tells the time in seconds.
    began
        The beginning, on the clock; None for now.
    """
    start = clock() if began is None else began

    def say(room: str, sentence: str) -> None:
        if not quiet:
            click.echo(f"{clock() - start:7.1f} s  {room:<9} {sentence}", err=True)

    return say


def give_document(document: "Document", *, as_json: bool) -> int:
    """Print a document for a person, or as JSON for a script; return the exit code.

    Returns
    -------
    int
        0 when the document's answer is yes, 1 when it is no.
    """
    from modelwright.engineer.archive import is_yes

    if as_json:
        print_json(document)
    else:
        print_text(document)
    return 0 if is_yes(document) else 1


def give_release(release: "Release", candidate: "Candidate", *, as_json: bool) -> int:
    """Print a candidate and what became of it, each gate once; return the exit code."""
    import msgspec

    if not as_json:
        again = [gate for gate in candidate.gates if gate not in release.gates]
        print_text(msgspec.structs.replace(candidate, gates=again))
    return give_document(release, as_json=as_json)


def print_text(*documents: "Document") -> None:
    """Print documents for a person."""
    from modelwright.report.terminal.describe import describe

    for document in documents:
        click.echo(describe(document))


def print_json(value: object) -> None:
    """Print a document, or any value that JSON can hold."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
