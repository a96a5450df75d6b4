"""The proposals of a health: the one that is meant, its tested bundle, and its gate."""

from collections.abc import Sequence
from pathlib import Path

from modelwright.documents import Gate, Health, Proposal
from modelwright.errors import InputError, WorkspaceError, nearest
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.tasks.figures import figure
from modelwright.tasks.interval import Interval

_GATE = "the past speaks for the remedy"


def proposal_named(health: Health, name: str) -> Proposal:
    """Return the proposal of a remedy.

    Raises
    ------
    InputError
        When nothing of that name was proposed.
    """
    found = {each.remedy: each for each in reversed(health.remedies)}
    if not found:
        raise InputError("No remedy was proposed yet.", "Test them: modelwright maintain --propose")
    if name not in found:
        raise InputError(f"The remedy {name!r} was not proposed.", nearest(name, found))
    return found[name]


def best_alone(remedies: Sequence[Proposal], *, healthy: bool) -> Proposal | None:
    """Return the best proposal that may act without asking and helps; None where there is none.

    A healthy model is let be, but for what evidently undoes a break: its inputs are wrong, although
    all rows together do as well as promised.
    """
    may = (each for each in remedies if each.alone and each.helps)
    return next((each for each in may if each.undoes or not healthy), None)


def slug(name: str) -> str:
    """Return a name as a folder's.

    Examples
    --------
    >>> slug("fix units")
    'fix-units'
    """
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())


def tested_folder(path: Path, proposal: Proposal) -> Path:
    """Return the folder of what was tested, when it is still the same."""
    if not proposal.bundle_path:
        raise InputError(
            f"There is nothing to apply in {proposal.remedy!r}.", f"Do it: {proposal.sentence}"
        )
    folder = path / proposal.bundle_path
    if read_bundle(folder).hash != proposal.bundle_hash:
        raise WorkspaceError(
            f"{folder} is not what was tested.", "Test it again: modelwright maintain --propose"
        )
    return folder


def gate_of(proposal: Proposal, *, anyway: bool) -> Gate:
    """Return the gate of a remedy: what the past says of it, and whether a person passes it."""
    evidence = "too few past rows have a label"
    if proposal.saves is not None:
        evidence = (
            f"it spared {_spared(proposal.saves)}, on {proposal.rows:,} rows of "
            f"{proposal.windows} past windows"
        )
    if proposal.led is not None:
        evidence += f"; to take what led by then, {_spared(proposal.led)}"
    if proposal.undoes:
        evidence += "; it undoes what broke, as the inputs themselves show"
    told = "; a person takes it anyway" if anyway and not proposal.helps else ""
    return Gate(name=_GATE, passed=proposal.helps or anyway, evidence=evidence + told)


def _spared(saves: Interval) -> str:
    return (
        f"{figure(saves.value, 3)} of the loss, {figure(saves.level, 3)} interval "
        f"{figure(saves.low, 3)} to {figure(saves.high, 3)}"
    )
