"""What deploying hands on."""

from typing import ClassVar

import msgspec

from modelwright.documents.base import Document
from modelwright.documents.candidate import Gate
from modelwright.tasks.interval import Interval
from modelwright.tasks.task import Task


class Release(Document, frozen=True, kw_only=True):
    """A bundle that passed its acceptance tests, or the reason why there is none.

    Parameters
    ----------
    on_trial
        Whether it is tried beside the champion, and did not take its place.
    """

    file_name: ClassVar[str] = "release.json"

    target: str
    task: Task
    metric: str
    released: bool
    gates: tuple[Gate, ...]
    bundle_path: str = ""
    bundle_hash: str = ""
    bundle_bytes: int = 0
    row_latency_s: float | None = None
    previous_hash: str = ""
    holdout_score: Interval | None = None
    on_trial: bool = False


class Validation(msgspec.Struct, frozen=True, kw_only=False):
    """What one validator says about a folder.

    Parameters
    ----------
    name
        What ought to be so.
    passed
        Whether it is; None when it was not checked, and then `evidence` says what to install.
    evidence
        What was seen.
    """

    name: str
    passed: bool | None
    evidence: str


class Delivered(msgspec.Struct, frozen=True):
    """A bundle written as a folder for a host or a language.

    Parameters
    ----------
    target
        Its name.
    sentence
        What it is.
    folder
        Where it is.
    bundle_hash
        Of the bundle inside.
    validations
        What its validators said.
    """

    target: str
    sentence: str
    folder: str
    bundle_hash: str
    validations: tuple[Validation, ...]

    @property
    def passed(self) -> bool:
        """Whether no validator found a fault; what was not checked is no fault."""
        return all(each.passed is not False for each in self.validations)


class Deliveries(Document, frozen=True, kw_only=True):
    """Where the releases of a workspace were taken, the last one of each target and bundle."""

    file_name: ClassVar[str] = "deliveries.json"

    delivered: tuple[Delivered, ...]

    def and_then(self, done: tuple[Delivered, ...]) -> tuple[Delivered, ...]:
        """Return what is delivered when some more is."""
        new = {(each.target, each.bundle_hash) for each in done}
        kept = (each for each in self.delivered if (each.target, each.bundle_hash) not in new)
        return (*kept, *done)
