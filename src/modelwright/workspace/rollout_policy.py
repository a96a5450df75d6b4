"""What may happen to champion and challenger without asking."""

from typing import Literal

import msgspec

from modelwright.errors import BriefError

Leave = Literal["ask", "automatic"]


class RolloutPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may happen to champion and challenger without asking: ``[rollout]`` in the brief.

    Parameters
    ----------
    promote
        ``"automatic"``: a challenger that is better takes over by itself.
    roll_back
        ``"ask"``: a champion that fails, dawdles or turns out worse than the one before stays
        until a person decides.
    error_rate
        The chance that a verdict about a challenger is wrong, over all looks together.
    worth
        The part of the champion's loss that a challenger must be able to save.

    Raises
    ------
    BriefError
        When a number is out of its range.
    """

    promote: Leave = "ask"
    roll_back: Leave = "automatic"
    error_rate: float = 0.05
    worth: float = 0.01

    def __post_init__(self) -> None:
        if not 0.0 < self.error_rate < 0.5:
            raise BriefError(
                f"`error_rate` in [rollout] is {self.error_rate:g}.", "Write a chance such as 0.05."
            )
        if not 0.0 <= self.worth < 1.0:
            raise BriefError(
                f"`worth` in [rollout] is {self.worth:g}.", "Write a share such as 0.01."
            )
