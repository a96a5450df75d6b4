"""What a target is: a way to write a bundle so that it runs on one kind of host.

`deploy --to NAME` calls `write` once, with a folder that is not there or empty, and `validate`
afterwards on what was written. A target may assume that the bundle is sound and was released. It
touches nothing outside its folder, asks no network, and writes the same bytes for the same input:
no time, no name of this machine, no path of it, no secret.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from modelwright.deploy.targets.options import Options
from modelwright.documents import Validation
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle

__all__ = ["Delivery", "Target", "Validation"]


@dataclass(frozen=True)
class Delivery:
    """What is written.

    Parameters
    ----------
    bundle
        The model.
    bundle_folder
        Where it was read from; its files are copied byte by byte.
    options
        What the person chose.
    """

    bundle: Bundle
    bundle_folder: Path
    options: Options = field(default_factory=Options)

    @classmethod
    def of(cls, bundle_folder: Path, options: Options | None = None) -> "Delivery":
        """Read a bundle to deliver it.

        Raises
        ------
        BundleError
            When the folder is no sound bundle.
        """
        return cls(read_bundle(bundle_folder), bundle_folder, options or Options())


class Target(Protocol):
    """A way to write a bundle so that it runs on one kind of host."""

    @property
    def name(self) -> str:
        """What `--to` calls it: lower-case letters and hyphens."""

    @property
    def sentence(self) -> str:
        """What a person gets, in one sentence."""

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Write everything that the host needs, and a README.md that says how to run it.

        Raises
        ------
        InputError
            When the folder holds something else, or the target cannot take this model.
        """

    def validate(self, folder: Path) -> tuple[Validation, ...]:
        """Check what was written as far as this machine can; what it cannot is said, not passed."""
