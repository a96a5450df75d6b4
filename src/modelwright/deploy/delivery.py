"""A bundle as folders that a client can take away, each checked as far as this machine can."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from modelwright.deploy.targets.base import Delivery, Target
from modelwright.deploy.targets.checksums import CHECKS
from modelwright.deploy.targets.folder import require_room
from modelwright.deploy.targets.options import Options
from modelwright.deploy.targets.registry import target_named
from modelwright.documents import Delivered, Validation
from modelwright.errors import ModelwrightError


def deliver(
    bundle_folder: Path,
    out: Path,
    *,
    targets: Sequence[str],
    options: Options | None = None,
    report: Callable[[str], None],
) -> tuple[Delivered, ...]:
    """Write a bundle for some targets, and let their validators look at what was written.

    Parameters
    ----------
    bundle_folder
        The bundle.
    out
        The folder to write; with more than one target, each gets a folder of its name in it.
    targets
        Names.
    options
        What the person chose.
    report
        Told what happens, a sentence at a time.

    Raises
    ------
    BundleError
        When the folder is no sound bundle.
    InputError
        When a name is unknown, or a folder holds something else; nothing is written then. When
        the only target refuses the model; one of several says so in its validations.
    MissingDependencyError
        When the only target needs a library that is not installed.
    """
    delivery = Delivery.of(bundle_folder, options)
    chosen = [target_named(name) for name in dict.fromkeys(targets)]
    folders = [out if len(chosen) == 1 else out / target.name for target in chosen]
    for folder in folders:
        require_room(folder)
    deliver_one = _written_and_checked if len(chosen) == 1 else _delivered_or_refused
    return tuple(
        Delivered(
            target=target.name,
            sentence=target.sentence,
            folder=str(folder),
            bundle_hash=delivery.bundle.hash,
            validations=deliver_one(target, delivery, folder, report),
        )
        for target, folder in zip(chosen, folders, strict=True)
    )


def _delivered_or_refused(
    target: Target, delivery: Delivery, folder: Path, report: Callable[[str], None]
) -> tuple[Validation, ...]:
    """Deliver one of several: what one of them refuses must not lose the others."""
    try:
        return _written_and_checked(target, delivery, folder, report)
    except ModelwrightError as error:
        return (Validation("it can be written here", False, str(error)),)


def _written_and_checked(
    target: Target, delivery: Delivery, folder: Path, report: Callable[[str], None]
) -> tuple[Validation, ...]:
    target.write(delivery, folder)
    report(f"Checking {folder} as far as this machine can")
    validations = target.validate(folder)
    _write_checks(validations, folder)
    return validations


def _write_checks(validations: Sequence[Validation], folder: Path) -> None:
    """Leave what was seen in the folder: whoever takes it away can read how it was proven."""
    text = msgspec.json.format(msgspec.json.encode(validations), indent=1)
    (folder / CHECKS).write_bytes(text + b"\n")
