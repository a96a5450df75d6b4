"""Who answers: the champion, and the challenger that is tried beside it."""

from dataclasses import dataclass
from pathlib import Path

from modelwright.predictor.bundle import Bundle
from modelwright.workspace.trial import Trial


@dataclass(frozen=True)
class Lineup:
    """Where the bundles are.

    Parameters
    ----------
    champion
        The folder of the bundle that answers.
    challenger
        The folder of the one that is tried; None for none.
    trial
        How it is tried.
    """

    champion: Path
    challenger: Path | None = None
    trial: Trial | None = None


@dataclass(frozen=True)
class Rival:
    """A challenger, ready to answer.

    Parameters
    ----------
    bundle
        What answers.
    trial
        How it is tried.
    folder
        Where it was read.
    """

    bundle: Bundle
    trial: Trial
    folder: Path

    @property
    def is_canary(self) -> bool:
        """Whether clients get its answers."""
        return self.trial.role == "canary"

    @property
    def needs_shadow(self) -> bool:
        """Whether it answers, unseen, what the champion has answered."""
        return self.trial.role == "shadow" and self.trial.live
